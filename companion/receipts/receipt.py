"""What a receipt is, and how it is written: format ``companion-receipt``, version 1.

The one hash of a set needs no program of ours to be checked: it is the SHA-256 of the files'
own SHA-256 in hexadecimal digits, sorted, each followed by a line feed
(``sha256sum FILES | cut -c1-64 | sort | sha256sum``). It goes on paper, and on paper it binds
what the files are. ``check`` binds the rest of the receipt, so that a slip in it is seen; who
edits a receipt on purpose can make a new one, which the paper then tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companion.receipts.details import Details
    from companion.receipts.signatures import SignatureCheck
    from companion.receipts.traces import Trace

FORMAT = "companion-receipt"
VERSION = 1
MOST_FILES = 10_000
MOST_BYTES = 16_000_000
"""Of a receipt: one of 10,000 files with five long UIDs each takes 9 MB."""


class FileKind(StrEnum):
    """What a file is, as far as a receipt tells files apart."""

    SCAN = "scan"  # DICOM, with or without a picture
    DIRECTORY = "directory"  # a disc's index (DICOMDIR)
    OTHER = "other"  # only its own fingerprint is taken


class Lack(StrEnum):
    """What could not be taken of a file; what is not here was taken."""

    FILE_CUT = "file-cut"  # its bytes ended early: not even its own fingerprint is the file's
    HEADER_NOT_READ = "header-not-read"  # a part was not understood: no fingerprint of it
    PICTURE_CUT = "picture-cut"  # fewer points than the header asks for
    PICTURE_NOT_UNPACKED = "picture-not-unpacked"  # compressed, and not decoded here
    TOO_LARGE = "too-large"  # longer than what is held: only the file's fingerprint was taken


class WhyNot(StrEnum):
    """Why a receipt cannot be read."""

    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    NOT_A_RECEIPT = "not-a-receipt"
    NEWER = "newer-version"
    DAMAGED = "damaged"  # a field is missing or is not what it should be
    EDITED = "edited"  # whole, but something in it was changed since it was made


class ReceiptError(Exception):
    """A receipt that cannot be read; ``why`` says why, never what it holds."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose scan a file says it is; of files at hand only, never in a receipt."""

    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """The fingerprints of one file, in hexadecimal digits; empty where there is none."""

    file: str
    """Of the file's bytes."""
    size: int
    """Bytes."""
    kind: FileKind = FileKind.OTHER
    study: str = ""
    series: str = ""
    instance: str = ""
    frame: str = ""
    """Frame of Reference UID: which pictures lie in one space."""
    sop_class: str = ""
    syntax: str = ""
    """Transfer Syntax UID: how the file is written and its picture compressed."""
    colours: str = ""
    """Photometric Interpretation: how colours or shades are kept; a code of the standard's."""
    number: int | None = None
    """Instance Number: which picture of its series."""
    header: str = ""
    """Of the clinical header, without what transport changes (``clinical``)."""
    shown: str = ""
    """Of that part of it that says how the picture is to be seen: side, window, place."""
    stored: str = ""
    """Of the pixel data as stored, compressed or not."""
    points: str = ""
    """Of the picture's points, in one form for every way to store them (``points``)."""
    frames: int = 0
    """Pictures in the file."""
    lossy: bool = False
    """The file says that it was compressed with loss."""
    removed: bool = False
    """The file says that names were taken out of it (Patient Identity Removed)."""
    program: str = ""
    """How certain it is that a program made this (``Certainty``); empty for no sign of it."""
    signatures: int = 0
    lacks: tuple[Lack, ...] = ()

    name: str = field(default="", repr=False, compare=False)
    """As it was given; of files at hand only, never in a receipt."""
    identity: Identity | None = field(default=None, repr=False, compare=False)
    details: Details | None = field(default=None, repr=False, compare=False)
    """The elements in words, of files at hand and where they were asked for."""

    def to_json(self) -> dict[str, Any]:
        """As a receipt has it: no name, no value."""
        row: dict[str, Any] = {"file": self.file, "size": self.size, "kind": self.kind.value}
        for key in ("study", "series", "instance", "frame", "sop_class", "syntax", "colours"):
            if value := getattr(self, key):
                row[key] = value
        if self.number is not None:
            row["number"] = self.number
        for key in ("header", "shown", "stored", "points", "frames", "program", "signatures"):
            if value := getattr(self, key):
                row[key] = value
        for key in ("lossy", "removed"):
            if getattr(self, key):
                row[key] = True
        if self.lacks:
            row["lacks"] = [lack.value for lack in self.lacks]
        return row


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file or an archive of the set that no fingerprint could be taken of."""

    name: str = field(repr=False)
    note: str
    """A ``Note``, which ``content/identifiers/notes`` has in words."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The fingerprints of a set of files, on one day."""

    made_on: date
    files: tuple[FileReceipt, ...] = field(repr=False)
    not_read: int = 0
    """Files and archives of which there is nothing in the receipt."""

    unread: tuple[NotRead, ...] = field(default=(), repr=False, compare=False)
    """The same with their names; of files at hand only, as the rest."""
    signatures: tuple[SignatureCheck, ...] = field(default=(), repr=False, compare=False)
    traces: tuple[Trace, ...] = field(default=(), repr=False, compare=False)

    @property
    def set_hash(self) -> str:
        """The one hash of the set: see the module."""
        return set_hash(row.file for row in self.files)

    @property
    def scans(self) -> int:
        """Files that are scans."""
        return sum(row.kind is FileKind.SCAN for row in self.files)

    @property
    def pictures(self) -> int:
        """Pictures in all files."""
        return sum(row.frames for row in self.files)

    @property
    def at_hand(self) -> bool:
        """Whether the elements of its files are known, and not only their fingerprints."""
        return any(row.details is not None for row in self.files)

    def to_json(self) -> dict[str, Any]:
        """What a person keeps; ``read_receipt`` reads it back."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "made_on": self.made_on.isoformat(),
            "set": self.set_hash,
            "counts": {
                "files": len(self.files),
                "scans": self.scans,
                "pictures": self.pictures,
                "not_read": self.not_read,
            },
            "files": [row.to_json() for row in self.files],
        }
        document["check"] = check(document)
        return document


def set_hash(hashes: Iterable[str]) -> str:
    """The one hash of files by their SHA-256 in hexadecimal digits."""
    lines = "".join(f"{one}\n" for one in sorted(hashes))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def check(document: dict[str, Any]) -> str:
    """The SHA-256 of all of a receipt but ``check`` itself, in JSON without blanks, keys sorted."""
    rest = {key: value for key, value in document.items() if key != "check"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
