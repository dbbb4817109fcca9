"""How a report leaves the page and comes back: packed into it, as JSON, as CSV.

The server keeps nothing, so the page holds its own report in a hidden field, and
every download is a POST of that field. Anyone may have made what comes back, so it is
bounded and checked like any stranger's input.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import csv
import io
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from django.conf import settings

from companion.scans import saved_report
from companion.scans.findings import ElementRow, Report, ReportError
from companion.web import json_text
from companion.web.templatetags.values import spelled_out

_BZIP2 = b"BZh"
_MOST_ELEMENTS = 3_000
"""Rows of the element table that a page holds; more stay in ``manage.py inspect``."""
_ROW = dict.fromkeys(("path", "tag", "vr", "name", "place"), str) | {"distinct": int, "files": int}
_FIELDS = tuple(field.name for field in fields(ElementRow))
_COLUMNS = (
    "table", "group", "rule", "hipaa", "certainty", "place", "tag", "path", "vr", "name", "values",
    "distinct", "files", "example",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def pack(report: Report) -> str:
    """The report and its element table as one line of text for a hidden field."""
    document = {"report": report.to_json(), "columns": _columns(report.elements[:_MOST_ELEMENTS])}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # A quarter smaller than zlib's, and it is the largest part of a page of unlike files.
    return base64.urlsafe_b64encode(bz2.compress(text.encode("utf-8", "replace"))).decode()


def unpack(packed: str) -> Report:
    """Read ``pack``'s text back. Raises ``ReportError``."""
    most = settings.COMPANION_LIMITS["report_json_bytes"]
    try:
        data = _unpacked(base64.urlsafe_b64decode(packed.encode("ascii")), most)
    except (UnicodeEncodeError, binascii.Error, zlib.error, OSError, EOFError):
        raise ReportError("damaged") from None
    try:
        document = json.loads(json_text.whole(data))
        items = _items(document["columns"]) if "columns" in document else document["elements"]
        elements = tuple(_row(item) for item in items[:_MOST_ELEMENTS])
        inner = json.dumps(document["report"])
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ReportError("damaged") from None
    return replace(saved_report.read(inner, max_bytes=2 * most), elements=elements)


def _columns(rows: Sequence[ElementRow]) -> dict[str, list[Any]]:
    """The table column by column, which packs a tenth smaller than row by row; a tag only where
    the path does not end in it."""
    columns = {name: [getattr(row, name) for row in rows] for name in _FIELDS}
    columns["tag"] = ["" if row.tag == _last_tag(row.path) else row.tag for row in rows]
    return columns


def _items(columns: Any) -> list[dict[str, Any]]:
    """The rows of ``_columns``. Raises ``ValueError`` where a column is missing or shorter."""
    rows = zip(*(columns[name] for name in _FIELDS), strict=True)
    items = [dict(zip(_FIELDS, row, strict=True)) for row in rows]
    return [{**item, "tag": item["tag"] or _last_tag(str(item["path"]))} for item in items]


def _last_tag(path: str) -> str:
    return path.rpartition(".")[2][:8]


def _unpacked(data: bytes, most: int) -> bytes:
    """At most ``most`` bytes of what ``data`` holds. Raises ``ReportError``.

    Pages that were open while this program was renewed still hold a field packed by zlib, or
    rows in the place of columns.
    """
    unpacker = bz2.BZ2Decompressor() if data.startswith(_BZIP2) else zlib.decompressobj()
    unpacked = unpacker.decompress(data, most)
    if not unpacker.eof:
        raise ReportError("too-large" if len(unpacked) >= most else "damaged")
    return unpacked


def open_saved(data: bytes) -> Report:
    """Read a saved ``companion-report`` JSON. Raises ``ReportError``."""
    most = settings.COMPANION_LIMITS["report_json_bytes"]
    if len(data) > most:
        raise ReportError("too-large")
    try:
        text = json_text.whole(data)
    except ValueError:
        raise ReportError("not-json") from None
    return saved_report.read(text, max_bytes=most)


def as_json(report: Report) -> bytes:
    """The ``companion-report`` contract, the same as ``manage.py inspect --json``."""
    return (json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "replace"
    )


def as_csv(report: Report) -> bytes:
    """Findings, then every element, one row each; no cell can act as a formula."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for finding in report.findings:
        writer.writerow(
            _cells(
                "finding", finding.group, finding.rule, finding.hipaa or "", finding.certainty,
                finding.place, finding.tag or "", finding.path, "", finding.name,
                " | ".join(finding.values), finding.distinct, finding.files, finding.example,
            )
        )  # fmt: skip
    for row in report.elements:
        writer.writerow(
            _cells(
                "element", "", "", "", "", row.place, row.tag, row.path, row.vr, row.name,
                " | ".join(row.values), row.distinct, row.files, "",
            )
        )  # fmt: skip
    # The byte order mark makes spreadsheets read UTF-8.
    return ("\ufeff" + file.getvalue()).encode("utf-8", "replace")


def _cells(*values: str | int) -> Iterable[str]:
    return [cell(str(value)) for value in values]


def cell(text: str) -> str:
    """Text that a spreadsheet displays and never evaluates; invisible characters spelled out.

    A cell that begins like a formula gets an apostrophe, which spreadsheets hide
    (OWASP, CSV injection).
    """
    shown = spelled_out(text)
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) else shown


def _row(item: Any) -> ElementRow:
    if not isinstance(item, dict) or set(item) != set(_FIELDS):
        raise ValueError
    for name, kind in _ROW.items():
        if type(item[name]) is not kind:
            raise ValueError
    values = item["values"]
    if not isinstance(values, list) or not all(isinstance(text, str) for text in values):
        raise ValueError
    return ElementRow(**{**item, "values": tuple(values)})
