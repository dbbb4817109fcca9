"""Files as they are given -> each file that a person would count, archives opened.

A ZIP that was packed anew is no other set: what is in it counts, each file by itself. What
cannot be opened is told, with the note that a report has for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion import signatures
from companion.receipts.receipt import NotRead
from companion.scans.findings import Note
from companion.scans.formats import documents
from companion.scans.formats.packed_files import open_packed_file
from companion.scans.formats.zip_stream import Archive, ArchiveError
from companion.scans.inspection import ARCHIVES_DEEP, CutOff, Entry
from companion.scans.limits import Limits

_SEVERE = frozenset({Note.ZIP_ENCRYPTED, Note.ZIP_METHOD, Note.ZIP_NOT_STREAMABLE})
"""Why the bytes of an archive's entry are not there at all."""
_HARMLESS = frozenset({Note.LETTERS_GUESSED, Note.ZIP_LINK})
_ENOUGH = 265


@dataclass(slots=True)
class Opened:
    """One file: its bytes are to be read before the next is asked for."""

    name: str = field(repr=False)
    chunks: Iterator[bytes] = field(repr=False)
    notes: set[Note] = field(default_factory=set)
    """What went wrong; complete once ``chunks`` has ended."""

    @property
    def whole(self) -> bool:
        """Whether its bytes came to their end."""
        return self.notes <= _HARMLESS


class Opening:
    """Opens entries one after the other, within the limits of one set."""

    def __init__(self, limits: Limits) -> None:
        self.unread: list[NotRead] = []
        self._limits = limits
        self._files = 0
        self._bytes = 0
        self._unpacked = 0

    def files(self, entries: Iterable[Entry]) -> Iterator[Opened]:
        """Every file of the entries; raises only what the entries raise, but for ``CutOff``."""
        for entry in entries:
            notes: set[Note] = set()
            yield from self._open(entry.name, self._counted(entry.chunks, notes), notes, 0)
            if self._files >= self._limits.files or Note.TOO_MUCH_DATA in notes:
                self._not_read(entry.name, Note.TOO_MANY_FILES, *notes)
                return

    def _open(
        self, name: str, chunks: Iterator[bytes], notes: set[Note], depth: int
    ) -> Iterator[Opened]:
        start = _peek(chunks)
        is_zip = signatures.ZIP.fits(start) or signatures.ZIP_ONCE_SPLIT.fits(start)
        if is_zip and not signatures.DICOM.fits(start) and not documents.is_office(start, name):
            yield from self._zip(name, _with(start, chunks), notes, depth)
        elif packed := open_packed_file(name, start, depth):
            for member in packed.members(_with(start, chunks), notes, self._room):
                if self._is_full(name):
                    break
                yield from self._open(
                    f"{name}/{member.name}", member.chunks, member.notes, depth + 1
                )
            if not notes <= _HARMLESS:
                self._not_read(name, *notes)
        else:
            self._files += 1
            yield Opened(name, _with(start, chunks), notes)

    def _zip(
        self, name: str, chunks: Iterator[bytes], notes: set[Note], depth: int
    ) -> Iterator[Opened]:
        if depth >= ARCHIVES_DEEP:
            for _ in chunks:
                pass
            self._not_read(name, Note.ZIP_IN_ZIP)
            return
        archive = Archive(chunks, entry_bytes=self._limits.entry_bytes, room=self._room)
        try:
            for member in archive.members():
                if member.folder:
                    continue
                if self._is_full(name):
                    break
                inside = f"{name}/{member.name}"
                body = _quiet(member.chunks, member.notes)
                first = next(body, b"")
                if member.notes & _SEVERE:
                    self._not_read(inside, *member.notes)
                    continue
                yield from self._open(inside, _with(first, body), member.notes, depth + 1)
        except ArchiveError as error:
            notes.add(error.note)
        if not notes <= _HARMLESS:
            self._not_read(name, *notes)

    def _is_full(self, name: str) -> bool:
        if self._files < self._limits.files:
            return False
        self._not_read(name, Note.ZIP_TOO_MANY)
        return True

    def _not_read(self, name: str, *notes: Note) -> None:
        if len(self.unread) < self._limits.files:
            note = min(one for one in notes if one not in _HARMLESS)
            self.unread.append(NotRead(name, note))

    def _room(self, more: int) -> bool:
        self._unpacked += more
        return self._unpacked <= self._limits.unpacked_bytes

    def _counted(self, chunks: Iterable[bytes], notes: set[Note]) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                self._bytes += len(chunk)
                if self._bytes > self._limits.total_bytes:
                    notes.add(Note.TOO_MUCH_DATA)
                    return
                yield chunk
        except CutOff as cut:
            notes.add(cut.note)


def _peek(chunks: Iterator[bytes]) -> bytes:
    """The first bytes: as many as tell what a file is, where there are so many."""
    start = b""
    while len(start) < _ENOUGH and (chunk := next(chunks, None)) is not None:
        start = start + chunk if start else chunk
    return start


def _with(start: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if start:
        yield start
    yield from chunks


def _quiet(chunks: Iterator[bytes], notes: set[Note]) -> Iterator[bytes]:
    """An entry's bytes up to where the archive breaks, which the archive then says."""
    try:
        yield from chunks
    except ArchiveError as error:
        notes.add(error.note)
