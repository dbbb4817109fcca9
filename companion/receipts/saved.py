"""A receipt read back from its file; everything in it is checked, for anyone may have made it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from companion.receipts.receipt import (
    FORMAT,
    MOST_BYTES,
    MOST_FILES,
    VERSION,
    FileKind,
    FileReceipt,
    Lack,
    Receipt,
    ReceiptError,
    WhyNot,
    check,
    set_hash,
)
from companion.scans.findings import Certainty

_HASH = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"[0-9.]{1,64}")
_CODE = re.compile(r"[A-Z0-9_ ]{1,16}")
_LARGEST = 2**50


def read_receipt(data: bytes | str, *, max_bytes: int = MOST_BYTES) -> Receipt:
    """Read a receipt back. Raises ``ReceiptError``, whose ``why`` is a ``WhyNot``.

    Keys that a later receipt of the same version may add are passed over, but count for
    ``check``, which tells whether anything was changed since it was made.
    """
    if len(data) > max_bytes:
        raise ReceiptError(WhyNot.TOO_LARGE)
    try:
        document = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ReceiptError(WhyNot.NOT_JSON) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ReceiptError(WhyNot.NOT_A_RECEIPT)
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ReceiptError(WhyNot.DAMAGED)
    if version > VERSION:
        raise ReceiptError(WhyNot.NEWER)
    receipt = _receipt(document)
    try:
        whole = document.get("check") == check(document) and document.get("set") == set_hash(
            row.file for row in receipt.files
        )
    except (ValueError, RecursionError):
        raise ReceiptError(WhyNot.DAMAGED) from None
    if not whole:
        raise ReceiptError(WhyNot.EDITED)
    return receipt


def _no_constant(_: str) -> None:
    """NaN and infinities are no JSON."""
    raise ValueError("no number")


def _receipt(document: Mapping[str, Any]) -> Receipt:
    rows = document.get("files")
    counts = document.get("counts")
    if not isinstance(rows, list) or not isinstance(counts, dict):
        raise ReceiptError(WhyNot.DAMAGED)
    if len(rows) > MOST_FILES:
        raise ReceiptError(WhyNot.TOO_LARGE)
    made_on = document.get("made_on")
    try:
        day = date.fromisoformat(made_on if isinstance(made_on, str) else "")
    except ValueError:
        raise ReceiptError(WhyNot.DAMAGED) from None
    return Receipt(day, tuple(map(_row, rows)), _count(counts, "not_read"))


def _row(table: Any) -> FileReceipt:
    if not isinstance(table, dict):
        raise ReceiptError(WhyNot.DAMAGED)
    lacks = table.get("lacks", [])
    if not isinstance(lacks, list) or len(lacks) > len(Lack):
        raise ReceiptError(WhyNot.DAMAGED)
    program = table.get("program", "")
    try:
        return FileReceipt(
            file=_matched(table, "file", _HASH, needed=True),
            size=_count(table, "size"),
            kind=FileKind(str(table.get("kind"))),
            study=_matched(table, "study", _UID),
            series=_matched(table, "series", _UID),
            instance=_matched(table, "instance", _UID),
            frame=_matched(table, "frame", _UID),
            sop_class=_matched(table, "sop_class", _UID),
            syntax=_matched(table, "syntax", _UID),
            colours=_matched(table, "colours", _CODE),
            number=_count(table, "number") if "number" in table else None,
            header=_matched(table, "header", _HASH),
            shown=_matched(table, "shown", _HASH),
            stored=_matched(table, "stored", _HASH),
            points=_matched(table, "points", _HASH),
            frames=_count(table, "frames"),
            lossy=_flag(table, "lossy"),
            removed=_flag(table, "removed"),
            program=Certainty(program).value if program else "",
            signatures=_count(table, "signatures"),
            lacks=tuple(map(Lack, lacks)),
        )
    except (ValueError, TypeError):
        raise ReceiptError(WhyNot.DAMAGED) from None


def _matched(
    table: Mapping[str, Any], key: str, pattern: re.Pattern[str], *, needed: bool = False
) -> str:
    value = table.get(key, "")
    if value == "" and not needed:
        return ""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ReceiptError(WhyNot.DAMAGED)
    return value


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST:
        raise ReceiptError(WhyNot.DAMAGED)
    return value


def _flag(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ReceiptError(WhyNot.DAMAGED)
    return value
