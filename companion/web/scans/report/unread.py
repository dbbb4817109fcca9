"""What could not be read: how much of how much, which files, and what to do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import ngettext

from companion.content import identifiers
from companion.scans.findings import SCANS, ElementRow, FileRecord, Kind, Note, Report, Status

NAMES_AT_MOST = 12
GROUPS_AT_MOST = 12

ADVICE = {
    "disc-image": "iso", "seven-zip": "seven_zip", "rar": "rar", "tar": "packed",
    "compressed": "packed", "zip-encrypted": "locked_zip", "password": "password",
    "zip-not-streamable": "zip", "zip-damaged": "zip", "zip-method": "zip",
    "zip-in-zip": "zip", "zip-too-many": "zip",
    "empty": "again", "truncated": "again", "zip-truncated": "again", "cut-off": "again",
    "nothing-inside": "ask", "length-lies": "ask", "not-understood": "ask",
    "bad-deflate": "ask", "encrypted-content": "ask", "text-only": "nothing",
}  # fmt: skip
"""Note on a file -> what to do about it, in ``screens/report`` under ``what-to-do``."""

_SAYS_WHAT = {"iso", "seven_zip", "rar", "packed"}
"""Advice that begins with what the file is, so that no reason is needed before it."""
_BROKEN_OFF = {Note.ZIP_TRUNCATED, Note.CUT_OFF}
_CUT = {Note.TRUNCATED, Note.EMPTY}
_COUNTED_IN = {"NumberOfStudyRelatedInstances", "ImagesInAcquisition"}
"""Elements in which a file says how many pictures belong together."""
_LISTED_IN = "ReferencedFileID"
"""The element in which a disc's table of contents names each of its scans (PS3.3 F.3.2.2)."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Files that share a reason and a remedy."""

    reasons: tuple[str, ...]
    advice: tuple[str, ...]
    names: tuple[str, ...] = field(repr=False)
    """Names of the patient's own files: shown, so that they can be found again."""
    more: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the set was read."""

    files: int
    """Without the boxes that were opened: the ZIP itself is none of its files."""
    unopened: int
    """Not read at all."""
    in_part: int
    cut: int
    """Files that end too early."""
    arrived: int
    """Percent of the data of those files that is here; 0 where one does not say how long it
    should be."""
    programs: int
    """Programs, of which only the loose text is read: listed, but nothing to begin with."""
    broke_off: bool
    """The download or the upload ended before the files did."""
    scans: int
    """Scans that came through whole."""
    expected: int
    """Scans that belong together as the files say; 0 where none says so."""
    listed: int
    """Files in the disc's table of contents; 0 where all of them are here."""

    @property
    def unread(self) -> int:
        """Files that were read in part or not at all."""
        return self.unopened + self.in_part

    @property
    def whole(self) -> bool:
        """Nothing was left unread or is known to be missing."""
        return not self.unread and not self.broke_off and not self.listed


def without_boxes(records: Sequence[FileRecord]) -> tuple[FileRecord, ...]:
    """The files, without archives whose files are listed beside them."""
    opened = {
        record.name
        for record in records
        if record.kind == Kind.ARCHIVE and record.status is not Status.NOT_READ
    }
    return tuple(record for record in records if record.name not in opened)


def share(report: Report) -> Share:
    """How much of ``report``'s files was read."""
    files = without_boxes(report.files)
    scans = sum(r.kind == Kind.DICOM and Note.TRUNCATED not in r.notes for r in files)
    listed = max((row.distinct for row in report.elements if row.name == _LISTED_IN), default=0)
    expected = max(listed, _expected(report.elements))
    return Share(
        files=len(files),
        unopened=sum(r.status == Status.NOT_READ for r in files),
        in_part=sum(r.status == Status.PARTLY_READ for r in files),
        cut=sum(not _CUT.isdisjoint(r.notes) for r in files),
        arrived=_arrived([r for r in files if not _CUT.isdisjoint(r.notes)]),
        programs=sum(r.status == Status.PARTLY_READ and r.kind == Kind.PROGRAM for r in files),
        broke_off=any(not _BROKEN_OFF.isdisjoint(r.notes) for r in report.files),
        scans=scans,
        expected=expected if expected > scans else 0,
        listed=listed if listed > sum(r.kind == Kind.DICOM for r in files) else 0,
    )


def _arrived(records: Sequence[FileRecord]) -> int:
    if not records or not all(record.expected_size for record in records):
        return 0
    return 100 * sum(r.size for r in records) // sum(r.expected_size for r in records)


def how_much(arrived: int, files: int) -> str:
    """``arrived`` percent of the data of cut files, as a sentence."""
    text = ngettext(
        "About %(part)d%% of its data arrived.", "About %(part)d%% of their data arrived.", files
    )
    return text % {"part": arrived}


def _expected(rows: Sequence[ElementRow]) -> int:
    """The number of pictures that the files themselves give, where they give one."""
    for row in rows:
        if row.name in _COUNTED_IN and row.distinct == 1 and row.values[0].strip().isdigit():
            return int(row.values[0])
    return 0


def unread(report: Report, words: Any, language: str) -> tuple[tuple[Unread, ...], int]:
    """The files that were not read in full by reason, and how many reasons were left out."""
    sentences = identifiers.notes(language)
    found: dict[tuple[str, ...], list[FileRecord]] = {}
    for record in report.files:
        if record.status != Status.READ:
            found.setdefault(tuple(record.notes), []).append(record)
    groups = []
    said: set[str] = set()
    for notes, records in found.items():
        names = [record.name for record in records]
        arrived = _arrived(records)
        steps = dict.fromkeys(ADVICE[note] for note in notes if note in ADVICE)
        fresh = [step for step in steps if step not in said]
        said.update(fresh)
        groups.append(
            Unread(
                reasons=(
                    *(
                        sentences.get(note, note)
                        for note in notes
                        if not (ADVICE.get(note) in fresh and ADVICE.get(note) in _SAYS_WHAT)
                    ),
                    *([how_much(arrived, len(records))] if arrived else []),
                ),
                advice=tuple(words["what_to_do"][step] for step in fresh),
                names=tuple(names[:NAMES_AT_MOST]),
                more=max(0, len(names) - NAMES_AT_MOST),
            )
        )
    return tuple(groups[:GROUPS_AT_MOST]), max(0, len(groups) - GROUPS_AT_MOST)


def scans_of(records: Sequence[FileRecord]) -> int:
    """Files that are scans or a disc's table of contents."""
    return sum(record.kind in SCANS for record in records)
