"""Where an inspection begins: files as they arrive -> what they say about a person.

``inspect`` reads every byte of every file, one file in memory at a time, and keeps
nothing. It needs no Django, no thread, no socket and no file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from companion import signatures
from companion.scans import assess
from companion.scans.findings import (
    ElementRow,
    FileRecord,
    Kind,
    Note,
    Place,
    Report,
    Status,
    cut_values,
)
from companion.scans.formats import documents
from companion.scans.formats.packed_files import PackedFile, open_packed_file
from companion.scans.formats.zip_stream import Archive, ArchiveError, Member
from companion.scans.inventory import FactKind, Inventory
from companion.scans.limits import Limits
from companion.scans.offering import Look, Offering
from companion.scans.other_files import Isolate
from companion.scans.pictures import Looked
from companion.scans.reader import HARMLESS, Reader

__all__ = [
    "CutOff", "Entry", "Examined", "Limits", "OnProgress", "Progress", "Report", "examine",
    "inspect",
]  # fmt: skip

ARCHIVES_DEEP = 2
"""A ZIP in a ZIP is opened; one inside that is listed and not opened."""
_UNREADABLE_MEMBER = frozenset({Note.ZIP_ENCRYPTED, Note.ZIP_METHOD, Note.ZIP_NOT_STREAMABLE})


class CutOff(Exception):  # noqa: N818 - it is a state of the upload, not a fault in it
    """Raised by an entry's chunks: the upload ended before the file did.

    ``note`` says so where there is another reason.
    """

    def __init__(self, note: Note = Note.CUT_OFF) -> None:
        self.note = note
        super().__init__(note)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it was given: its name with folders, and its bytes as they come."""

    name: str = field(repr=False)
    chunks: Iterable[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an inspection has come."""

    files: int
    read: int
    """Bytes."""
    looked: int = 0
    """Signs of life of what looks at the pictures."""


OnProgress = Callable[[Progress], None]


def directly(function: Callable[..., Any], *arguments: Any) -> Any:
    """No isolation: call in this process; None where the call failed."""
    try:
        return function(*arguments)
    except (Exception, RecursionError):  # noqa: BLE001 - parsers of documents raise anything
        return None


def inspect(
    entries: Iterable[Entry],
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    isolate: Isolate = directly,
    look: Look | None = None,
) -> Report:
    """Read all entries and say what they hold about a person.

    ``isolate(function, *arguments)`` calls readers of documents where a crash or a
    hang does no harm, and returns None for those. ``look`` is handed the pictures; without
    it they are not looked at. Raises only what the entries raise, but for ``CutOff``.
    """
    return examine(entries, limits, on_progress, isolate, look).report


@dataclass(frozen=True, slots=True)
class Examined:
    """A report with all that it was made from, whose values are not cut: for a copy."""

    report: Report
    inventory: Inventory = field(repr=False)
    looked: Looked | None = field(repr=False)
    """What the pictures show, by the files' names; None where nobody looked."""
    to_the_end: bool
    """Whether all entries were read, and no limit of the whole was reached."""


def examine(
    entries: Iterable[Entry],
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    isolate: Isolate = directly,
    look: Look | None = None,
) -> Examined:
    """``inspect``, with every value and every box that it saw."""
    inspection = _Inspection(limits or Limits(), on_progress, isolate, look)
    to_the_end = all(inspection.take(entry) for entry in entries)
    return inspection.examined(to_the_end=to_the_end)


class _Inspection:
    def __init__(
        self,
        limits: Limits,
        on_progress: OnProgress | None,
        isolate: Isolate,
        look: Look | None = None,
    ) -> None:
        self.limits = limits
        self.inventory = Inventory()
        self._offering = Offering(look) if look is not None else None
        on_part = self._offering.part if self._offering else None
        self._reader = Reader(self.inventory, limits, isolate, on_part=on_part)
        self._on_progress = on_progress
        self._files = 0
        self._bytes = 0
        self._unpacked = 0

    def take(self, entry: Entry) -> bool:
        """Read one entry; False when a limit of the whole is reached."""
        notes: set[Note] = set()
        return self._take(entry.name, self._counted(entry.chunks, notes), notes, depth=0)

    def examined(self, *, to_the_end: bool) -> Examined:
        """What was found in all that was taken."""
        self._reader.settle()
        looked = self._offering.settle(self.inventory.files) if self._offering else None
        rows = tuple(
            ElementRow(
                element.path,
                element.tag,
                element.vr,
                element.name,
                element.place,
                tuple(cut_values(element.values)),
                element.distinct,
                element.files,
            )
            for element in self.inventory.elements
        )
        found = assess.assess(self.inventory, looked)
        report = Report(
            found.files,
            found.findings,
            rows,
            people=found.people,
            thumbnails=looked.thumbnails if looked else (),
        )
        return Examined(report, self.inventory, looked, to_the_end)

    def _take(self, name: str, chunks: Iterator[bytes], notes: set[Note], depth: int) -> bool:
        if self._files >= self.limits.files:
            note = Note.ZIP_TOO_MANY if depth else Note.TOO_MANY_FILES
            self.inventory.add_file(FileRecord(name, Kind.OTHER, Status.NOT_READ, "", (note,)))
            return False
        self._files += 1
        start = _peek(chunks)
        if (
            _is_zip(start)
            and not signatures.DICOM.fits(start := _peek(chunks, start))
            and not documents.is_office(start, name)
        ):
            self._archive(name, _with(start, chunks), notes, depth)
        elif opened := open_packed_file(name, start := _peek(chunks, start, 265), depth):
            self._packed(name, opened, _with(start, chunks), notes, depth)
        else:
            self._read(name, _with(start, chunks), notes)
        self._report_progress()
        return Note.TOO_MUCH_DATA not in notes

    def _read(self, name: str, chunks: Iterator[bytes], notes: set[Note]) -> None:
        if self._offering is None:
            self._reader.read(name, chunks, notes)
            return
        record = self._reader.read(name, self._offering.file(name, chunks), notes)
        place = len(self.inventory.files) - 1
        self._offering.read(record, place, pictured=self.inventory.pictured)

    def _archive(self, name: str, chunks: Iterator[bytes], notes: set[Note], depth: int) -> None:
        """Read a ZIP's entries, and list it after them."""
        if depth >= ARCHIVES_DEEP:
            for _ in chunks:
                pass
            notes.add(Note.ZIP_IN_ZIP)
            self.inventory.add_file(
                FileRecord(name, Kind.ARCHIVE, Status.NOT_READ, "", tuple(sorted(notes)))
            )
            return
        archive = Archive(chunks, entry_bytes=self.limits.entry_bytes, room=self._room)
        members = 0
        try:
            for member in archive.members():
                members += 1
                if member.folder:
                    self.inventory.add_text(Place.ARCHIVE, "ZIP folder name", member.name)
                    continue
                if not self._member(f"{name}/{member.name}", member, depth):
                    notes.add(Note.ZIP_TOO_MANY)
                    break
        except ArchiveError as error:
            notes.add(error.note)
        self._central_directory(name, archive, notes)
        if Note.CUT_OFF in notes:
            notes.discard(Note.ZIP_TRUNCATED)
        status = Status.READ if notes <= HARMLESS else Status.PARTLY_READ
        if not members and not notes <= HARMLESS:
            status = Status.NOT_READ
        self.inventory.add_file(FileRecord(name, Kind.ARCHIVE, status, "", tuple(sorted(notes))))

    def _packed(
        self,
        name: str,
        opened: PackedFile,
        chunks: Iterator[bytes],
        notes: set[Note],
        depth: int,
    ) -> None:
        """Read what a packed file or a tar holds, and list it after that."""
        members = 0
        for member in opened.members(chunks, notes, self._room):
            members += 1
            if not self._take(f"{name}/{member.name}", member.chunks, member.notes, depth + 1):
                notes.add(Note.ZIP_TOO_MANY)
                break
        if Note.CUT_OFF in notes:
            notes.discard(Note.PACKED_CUT)
        status = Status.READ if notes <= HARMLESS else Status.PARTLY_READ
        if not members and not notes <= HARMLESS:
            status = Status.NOT_READ
        self.inventory.add_file(FileRecord(name, Kind.ARCHIVE, status, "", tuple(sorted(notes))))

    def _member(self, name: str, member: Member, depth: int) -> bool:
        start = _peek_member(member)
        if member.notes & _UNREADABLE_MEMBER:
            kind = documents.sniff(name, b"")
            self._files += 1
            self.inventory.add_file(
                FileRecord(name, kind, Status.NOT_READ, "", tuple(sorted(member.notes)))
            )
            return True
        return self._take(name, _with(start, _quiet(member)), member.notes, depth + 1)

    def _central_directory(self, name: str, archive: Archive, notes: set[Note]) -> None:
        """What the ZIP says in addition to its entries: comments, days, entries that differ."""
        self.inventory.begin(name)
        directory = archive.central_directory()
        if directory.comment:
            self.inventory.add_text(Place.ARCHIVE, "ZIP comment", directory.comment)
        for comment in directory.comments:
            self.inventory.add_text(Place.ARCHIVE, "ZIP entry comment", comment)
        for day in sorted(directory.days)[:100]:
            self.inventory.add_text(Place.ARCHIVE, "ZIP entry date", day)
        for entry in archive.names_as_written():
            self.inventory.add_text(Place.ARCHIVE, "ZIP entry name in code page 437", entry)
        whole = not notes
        if directory.links:
            notes.add(Note.ZIP_LINK)
        if any(count > 1 for count in archive.names.values()):
            notes.add(Note.ZIP_SAME_NAME)
        if any(_escapes(entry) for entry in (*archive.names, *directory.names)):
            notes.add(Note.ZIP_PATH_ESCAPES)
        if whole and not directory.whole:
            notes.add(Note.ZIP_TRUNCATED)
        if directory.hidden_bytes:
            whole = False
            notes.add(Note.ZIP_HIDDEN_BYTES)
            self.inventory.add_fact(FactKind.ARCHIVE_HIDDEN_BYTES, Place.ARCHIVE)
        if whole and archive.differs(directory):
            notes.add(Note.ZIP_DIFFERS)
            for entry in directory.names:
                self.inventory.add_text(Place.ARCHIVE, "ZIP table of contents", entry)

    def _room(self, more: int) -> bool:
        self._unpacked += more
        return self._unpacked <= self.limits.unpacked_bytes

    def _counted(self, chunks: Iterable[bytes], notes: set[Note]) -> Iterator[bytes]:
        """The chunks, counted; ends early where the upload did or a limit is reached."""
        try:
            for chunk in chunks:
                self._bytes += len(chunk)
                if self._bytes > self.limits.total_bytes:
                    notes.add(Note.TOO_MUCH_DATA)
                    return
                if self._bytes & 0xFFFFFF < len(chunk):
                    self._report_progress()
                yield chunk
        except CutOff as cut:
            notes.add(cut.note)

    def _report_progress(self) -> None:
        if self._on_progress is not None:
            self._on_progress(Progress(self._files, self._bytes))


def _peek(chunks: Iterator[bytes], start: bytes = b"", enough: int = 0) -> bytes:
    """The first bytes: at least eight where there are so many, 132 with ``start`` given."""
    enough = enough or (132 if start else 8)
    while len(start) < enough and (chunk := next(chunks, None)) is not None:
        start = start + chunk if start else chunk
    return start


def _is_zip(start: bytes) -> bool:
    return signatures.ZIP.fits(start) or signatures.ZIP_ONCE_SPLIT.fits(start)


def _peek_member(member: Member) -> bytes:
    try:
        return _peek(member.chunks)
    except ArchiveError as error:
        if not member.notes:
            member.notes.add(error.note)
        return b""


def _with(start: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if start:
        yield start
    yield from chunks


def _quiet(member: Member) -> Iterator[bytes]:
    """An entry's bytes up to where the archive breaks, which the archive then reports."""
    try:
        yield from member.chunks
    except ArchiveError as error:
        member.notes.add(error.note)


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or name[1:2] == ":"
