"""What a web process and the child that reads an upload say to each other.

A message is one letter, the length of what follows, and that. The child trusts the
lengths, which come from us; the parent does not, because the child reads hostile files.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from typing import Any

from companion.scans.findings import (
    Certainty,
    Day,
    ElementRow,
    FileRecord,
    Finding,
    Kind,
    Person,
    Place,
    Report,
    Status,
)
from companion.scans.isolation.looked import box, pack_thumbnails, unpack_thumbnails

HEAD = struct.Struct("<cI")

# To the child.
SET_UP = b"L"  # JSON: limits; the first message
FILE = b"B"  # a file begins: its name
DATA = b"D"  # bytes of it
FILE_END = b"E"
PATH = b"P"  # JSON: name and path of a file that the child opens itself (command line only)
CUT_OFF = b"X"  # the upload ended before the file did
FINISH = b"F"
# To the parent.
PROGRESS = b"p"  # JSON: files and bytes
REPORT = b"r"
FAILED = b"f"  # JSON: type, file and line of what went wrong; never a value

MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer that the parent takes."""
_MOST_ROW_CHARACTERS = 8_000_000


def message(kind: bytes, body: bytes = b"") -> bytes:
    """One message, ready to be written."""
    return HEAD.pack(kind, len(body)) + body


def pack_report(report: Report) -> bytes:
    """A report as the parent gets it: with codes of notes, and with the table of elements."""
    room = _MOST_ROW_CHARACTERS
    rows = []
    for row in report.elements[:20_000]:
        values = row.values
        room -= sum(map(len, values))
        if room < 0:
            values = ()
        rows.append(
            [row.path, row.tag, row.vr, row.name, row.place, values, row.distinct, row.files]
        )
    return json.dumps(
        {
            "edition": report.edition,
            "files": [asdict(record) for record in report.files],
            "findings": [asdict(finding) for finding in report.findings],
            "elements": rows,
            "people": [asdict(person) for person in report.people],
            "thumbnails": pack_thumbnails(report.thumbnails),
        }
    ).encode()


def unpack_report(body: bytes) -> Report:
    """The report from ``pack_report``. Raises ``ValueError`` for anything else."""
    document: dict[str, Any] = json.loads(body)
    try:
        return Report(
            files=tuple(_file(table) for table in document["files"]),
            findings=tuple(_finding(table) for table in document["findings"]),
            elements=tuple(
                ElementRow(path, tag, vr, name, Place(place), tuple(values), distinct, files)
                for path, tag, vr, name, place, values, distinct, files in document["elements"]
            ),
            edition=str(document["edition"]),
            people=tuple(map(_person, document["people"])),
            thumbnails=unpack_thumbnails(document["thumbnails"]),
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError("not a report") from None


def _file(table: dict[str, Any]) -> FileRecord:
    codes = {"kind": Kind(table["kind"]), "status": Status(table["status"])}
    return FileRecord(**{**table, **codes, "notes": tuple(table["notes"])})


def _finding(table: dict[str, Any]) -> Finding:
    codes = {"certainty": Certainty(table["certainty"]), "place": Place(table["place"])}
    parts = {"values": tuple(table["values"]), "boxes": tuple(map(box, table["boxes"]))}
    return Finding(**{**table, **codes, **parts})


def _person(table: dict[str, Any]) -> Person:
    days = tuple(Day(**day) for day in table["days"])
    texts = {key: tuple(table[key]) for key in ("names", "codes", "numbers", "birth_dates")}
    return Person(**{**table, **texts, "days": days})
