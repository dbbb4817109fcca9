"""What an inspection found: frozen, free of Django, to and from JSON.

The JSON is a contract (``companion-report`` version 1): the page's download and
``manage.py inspect --json`` are the same. Values are patients' own data, so they
are kept out of every ``repr``: a traceback or a log line cannot carry them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from companion.content import identifiers
from companion.content.identifiers import CERTAINTIES, GROUPS

FORMAT = "companion-report"
VERSION = 1
EDITION = f"DICOM {identifiers.EDITION}"

KINDS = (
    "dicom", "dicomdir", "image", "pdf", "document", "program", "archive", "other",
)  # fmt: skip
STATUSES = ("read", "partly-read", "not-read")
PLACES = (
    "header", "nested", "private", "file-meta", "uid", "preamble", "trailing",
    "overlay", "icon", "picture", "face", "document", "report-text", "annotation",
    "waveform", "directory", "file-name", "archive", "other-file",
)  # fmt: skip
MAX_VALUES = 20
"""Distinct values that one finding carries."""
MAX_VALUE_LENGTH = 200
"""Characters at which a value is cut."""


MAX_FILES = 20_000
MAX_FINDINGS = 20_000
"""Bounds on what ``Report.from_json`` takes."""

NOTES = (
    # read, with something to know
    "no-preamble",  # a DICOM file without the 128 bytes and the mark at the start
    "no-meta",  # no group 0002: how the file is written was guessed
    "padding",  # zero bytes or the standard's padding at the end
    "padding-not-empty",  # the standard's padding, with something in it
    "picture-not-looked-at",  # a JPEG, PNG ...: only what is written beside the picture
    "pixels-short",  # fewer bytes of pixels than rows, columns ... ask for
    "pixels-long",  # more of them: the surplus was searched for text
    "no-pixels",  # rows and columns, and no pixel data
    "zip-path-escapes",  # a name in a ZIP that points outside its folder
    "zip-link",
    "zip-same-name",
    # DICOM, partly or not read
    "empty",  # a file of no bytes
    "nothing-inside",  # a DICOM header with no data behind it
    "truncated",  # ends before it should
    "length-lies",  # a length inside points past the end of what holds it
    "not-understood",  # from some place on, the bytes make no sense
    "trailing-bytes",  # bytes stand after the end, and are not DICOM
    "second-dataset",  # a second scan stands behind the first
    "tag-twice",  # an element stands twice; programs show only one of them
    "too-deep",
    "too-many-elements",
    "long-value",  # a text so long that only its beginning was kept
    "value-not-decoded",  # a text that does not fit its character set
    "took-too-long",
    "too-large",  # only a part of the file was held and read
    "unpacks-too-much",  # deflated data beyond the limit
    "bad-deflate",
    "encrypted-content",
    "part-not-checked",  # a document or picture inside could not be checked
    "inside-unknown",  # a document inside, of a kind that is only searched for loose text
    "also-archive",  # its preamble is the beginning of a ZIP
    # other files
    "not-checked",  # reading the file failed, took too long or took too much memory
    "text-only",  # a program or an old office file: only its loose text was searched
    "document-cut",  # too long: its end was not searched
    "unknown-format",  # only its readable text was searched
    "password",  # a document that opens only with a password
    # archives
    "zip-encrypted",
    "zip-truncated",  # the ZIP ends early: entries up to there are listed
    "zip-not-streamable",  # unzip it and choose the folder
    "zip-damaged",  # wrong checksum, wrong size, or not readable from here on
    "zip-method",  # packed in a way that is not supported
    "zip-unpacks-too-much",
    "zip-too-many",
    "zip-in-zip",  # a ZIP in a ZIP in a ZIP: not opened
    "zip-hidden-bytes",  # bytes in the ZIP that belong to no entry
    "zip-differs",  # its table of contents and what stands in it differ
    "rar",
    "seven-zip",
    "tar",
    "compressed",  # gzip, bzip2, xz
    "disc-image",  # ISO or other image of a disc: how to open it
    # the upload as a whole
    "too-many-files",
    "too-much-data",
    "cut-off",  # the upload ended before the file did
    "report-cut",  # a bound on the number of different values or texts was met
    # files on this machine
    "cannot-open",
    "broken-link",
    "folder-link",
    "no-ordinary-file",  # a pipe, a device
)
"""Codes of ``FileRecord.notes``; their words are in ``content/identifiers``."""


class ReportError(Exception):
    """A report that cannot be read back: ``code`` says why, never what it held.

    ``not-json``, ``not-a-report``, ``wrong-version``, ``too-large`` or ``damaged``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that was uploaded, or one entry of an archive."""

    name: str = field(repr=False)
    kind: str
    status: str
    modality: str = ""
    notes: tuple[str, ...] = ()
    """Note codes (``truncated``, ``encrypted`` ...), whose words are in
    ``content/identifiers``; the JSON carries the English sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier in one place, whatever the number of files it stands in."""

    rule: str
    group: str
    hipaa: str | None
    certainty: str
    place: str
    tag: str | None
    path: str
    name: str
    values: tuple[str, ...] = field(repr=False)
    distinct: int
    files: int
    example: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One row of the table of every element: not part of the JSON contract."""

    path: str
    tag: str
    vr: str
    name: str
    place: str
    values: tuple[str, ...] = field(repr=False)
    distinct: int
    files: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that one inspection found."""

    files: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]
    elements: tuple[ElementRow, ...] = ()
    edition: str = EDITION

    def to_json(self) -> dict[str, Any]:
        """The ``companion-report`` contract as a plain dictionary.

        Notes become their English sentences; values are cut to ``MAX_VALUES`` and
        ``MAX_VALUE_LENGTH``.
        """
        sentences = identifiers.notes("en")
        return {
            "format": FORMAT,
            "version": VERSION,
            "edition": self.edition,
            "files": [
                {
                    "name": record.name,
                    "kind": record.kind,
                    "status": record.status,
                    "modality": record.modality,
                    "notes": [sentences.get(note, note) for note in record.notes],
                }
                for record in self.files
            ],
            "findings": [
                {
                    "rule": finding.rule,
                    "group": finding.group,
                    "hipaa": finding.hipaa,
                    "certainty": finding.certainty,
                    "place": finding.place,
                    "tag": finding.tag,
                    "path": finding.path,
                    "name": finding.name,
                    "values": cut_values(finding.values),
                    "distinct": finding.distinct,
                    "files": finding.files,
                    "example": finding.example,
                }
                for finding in self.findings
            ],
        }

    @classmethod
    def from_json(cls, data: bytes | str, *, max_bytes: int = 20_000_000) -> Report:
        """Read a report back; everything in it is checked, for anyone may have made it.

        Raises ``ReportError``.
        """
        if len(data) > max_bytes:
            raise ReportError("too-large")
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            raise ReportError("not-json") from None
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ReportError("not-a-report")
        if document.get("version") != VERSION:
            raise ReportError("wrong-version")
        files = _tables(document, "files", MAX_FILES)
        findings = _tables(document, "findings", MAX_FINDINGS)
        codes = {sentence: code for code, sentence in identifiers.notes("en").items()}
        return cls(
            files=tuple(_file_from(table, codes) for table in files),
            findings=tuple(_finding_from(table) for table in findings),
            edition=_text(document, "edition", 40),
        )


def cut_values(values: Iterable[str]) -> list[str]:
    """The first ``MAX_VALUES`` of ``values``, each cut at ``MAX_VALUE_LENGTH``."""
    kept: list[str] = []
    for value in values:
        if len(kept) == MAX_VALUES:
            break
        kept.append(value[:MAX_VALUE_LENGTH])
    return kept


def _tables(document: Mapping[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    value = document.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ReportError("damaged")
    if len(value) > most:
        raise ReportError("too-large")
    return value


def _text(table: Mapping[str, Any], name: str, most: int = 1_000) -> str:
    value = table.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise ReportError("damaged")
    return value


def _choice(table: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = _text(table, name)
    if value not in allowed:
        raise ReportError("damaged")
    return value


def _count(table: Mapping[str, Any], name: str) -> int:
    value = table.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**40:
        raise ReportError("damaged")
    return value


def _texts(table: Mapping[str, Any], name: str, most: int, length: int) -> tuple[str, ...]:
    value = table.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise ReportError("damaged")
    if not all(isinstance(item, str) and len(item) <= length for item in value):
        raise ReportError("damaged")
    return tuple(value)


def _file_from(table: Mapping[str, Any], codes: Mapping[str, str]) -> FileRecord:
    notes = _texts(table, "notes", len(NOTES), 1_000)
    return FileRecord(
        name=_text(table, "name", 5_000),
        kind=_choice(table, "kind", KINDS),
        status=_choice(table, "status", STATUSES),
        modality=_text(table, "modality", 64),
        notes=tuple(codes.get(note, note) for note in notes),
    )


def _finding_from(table: Mapping[str, Any]) -> Finding:
    hipaa = table.get("hipaa")
    if hipaa is not None and hipaa not in tuple("ABCDEFGHIJKLMNOPQR"):
        raise ReportError("damaged")
    tag = None if table.get("tag") is None else _text(table, "tag", 8)
    return Finding(
        rule=_text(table, "rule", 80),
        group=_choice(table, "group", GROUPS),
        hipaa=hipaa,
        certainty=_choice(table, "certainty", CERTAINTIES),
        place=_choice(table, "place", PLACES),
        tag=tag,
        path=_text(table, "path", 2_000),
        name=_text(table, "name", 1_000),
        values=_texts(table, "values", MAX_VALUES, MAX_VALUE_LENGTH),
        distinct=_count(table, "distinct"),
        files=_count(table, "files"),
        example=_text(table, "example", 5_000),
    )
