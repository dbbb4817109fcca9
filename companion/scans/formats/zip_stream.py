"""A ZIP as a stream: its entries as they arrive, none of it held.

Written from the format's description (PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5).
Reading goes by the local headers, in the order of the bytes, so that an entry which
is encrypted or damaged does not spoil the next; the central directory at the end is
compared with what was found. What cannot be known from a stream (where a stored entry
ends whose length only follows it) ends the reading with a note that says what to do.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from companion.scans.findings import Note
from companion.scans.formats.strings import text_runs
from companion.scans.formats.zip_methods import Decoder, decoder_for
from companion.scans.formats.zip_names import EntryNames, extra_fields, words_in_extra
from companion.signatures import ZIP_END_SIGNATURE, ZIP_ENTRY_SIGNATURE, ZIP_SPLIT_SIGNATURE

# Signatures inside the archive; those that it can begin with are in ``signatures``.
CENTRAL, DESCRIPTOR = b"PK\x01\x02", b"PK\x07\x08"
PIECE = 262_144
TAIL = 8 * 1024 * 1024
"""Bytes of the end that are kept, for the central directory (about 60,000 entries)."""
RATIO = 250
"""What unpacks to more than this many times its size is not a scan, from ``RATIO_FROM``
bytes on; an empty slice packs about 1,000 times, but is small."""
RATIO_FROM = 64 * 1024 * 1024


class ArchiveError(Exception):
    """Reading cannot go on; ``note`` says why."""

    def __init__(self, note: Note) -> None:
        self.note = note
        super().__init__(note)


@dataclass(slots=True)
class Member:
    """One entry, to be read before the next is asked for."""

    name: str = field(repr=False)
    chunks: Iterator[bytes]
    notes: set[Note] = field(default_factory=set)
    """What went wrong; complete once ``chunks`` has ended."""
    folder: bool = False


@dataclass(slots=True)
class CentralDirectory:
    """What the central directory at the end of a ZIP says."""

    names: list[str] = field(default_factory=list, repr=False)
    comments: list[str] = field(default_factory=list, repr=False)
    comment: str = field(default="", repr=False)
    days: set[str] = field(default_factory=set)
    """Days on which entries were last changed, ``2024-01-15``."""
    links: int = 0
    hidden_bytes: int = 0
    found: bool = False
    whole: bool = False
    """Whether the record at the very end of a ZIP is there, to its last byte."""


@dataclass(slots=True)
class _Header:
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: str = field(repr=False)
    streamed: bool = False
    wide: bool = False


class Archive:
    """Reads one ZIP from ``chunks``; iterate ``members()``, then ask ``central_directory()``."""

    def __init__(
        self, chunks: Iterable[bytes], *, entry_bytes: int, room: Callable[[int], bool]
    ) -> None:
        """``room(n)`` counts n unpacked bytes and says whether more may follow."""
        self._source = _Stream(chunks)
        self._entry_bytes = entry_bytes
        self._room = room
        self._unpacked = 0
        self.names: Counter[str] = Counter()
        """Names of the entries that were read, and how many have each."""
        self._entry_names = EntryNames()
        self._start_of_directory = 0
        self._ended: Note | None = None

    def members(self) -> Iterator[Member]:
        """Every entry in the order of the bytes. Raises ``ArchiveError``."""
        while True:
            signature = self._source.take_up_to(4)
            if signature in {CENTRAL, ZIP_END_SIGNATURE, b"PK\x06\x06", b"PK\x06\x08"}:
                self._start_of_directory = self._source.offset - 4
                return
            if signature in {ZIP_SPLIT_SIGNATURE, DESCRIPTOR} and self._source.offset == 4:
                continue  # the signature of a ZIP that was once split in parts
            if not signature or len(signature) < 4:
                raise ArchiveError(Note.ZIP_TRUNCATED)
            if signature != ZIP_ENTRY_SIGNATURE:
                raise ArchiveError(Note.ZIP_DAMAGED)
            header = self._header()
            self.names[header.name] += 1
            notes: set[Note] = set()
            if self._entry_names.was_guessed(header.name):
                notes.add(Note.LETTERS_GUESSED)
            member = Member(header.name, iter(()), notes, folder=header.name.endswith("/"))
            member.chunks = self._watched(header, notes)
            yield member
            for _ in member.chunks:
                pass  # the caller may have stopped early; the next entry comes after
            if self._ended:
                raise ArchiveError(self._ended)

    def central_directory(self) -> CentralDirectory:
        """Read the archive to its end; never raises."""
        while self._source.some(PIECE):
            pass
        return _read_directory(
            self._source.tail(), self._source.offset, self._start_of_directory, self._entry_names
        )

    def names_as_written(self) -> tuple[str, ...]:
        """Entry names whose letters were guessed, as the format's own code page reads them."""
        return self._entry_names.as_written()

    def differs(self, directory: CentralDirectory) -> bool:
        """Whether the central directory names other entries than the archive holds."""
        return directory.found and Counter(directory.names) != self.names

    def _header(self) -> _Header:
        fields = struct.unpack("<HHHHHIIIHH", self._take(26))
        _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
        raw = self._take(name_length)
        extra = self._take(extra_length)
        header = _Header(
            flags, method, crc, packed, size, self._entry_names.read(raw, flags, extra)
        )
        for kind, body in extra_fields(extra):
            if kind == 0x0001:
                header.wide = True
                if size == 0xFFFFFFFF and len(body) >= 8:
                    header.size = struct.unpack_from("<Q", body)[0]
                if packed == 0xFFFFFFFF and len(body) >= 16:
                    header.packed = struct.unpack_from("<Q", body, 8)[0]
        header.streamed = bool(flags & 8) and not header.packed
        return header

    def _take(self, count: int) -> bytes:
        data = self._source.take_up_to(count)
        if len(data) < count:
            raise ArchiveError(Note.ZIP_TRUNCATED)
        return data

    def _watched(self, header: _Header, notes: set[Note]) -> Iterator[bytes]:
        try:
            yield from self._data(header, notes)
        except ArchiveError as error:
            self._ended = error.note
            raise

    def _data(self, header: _Header, notes: set[Note]) -> Iterator[bytes]:
        """Unpacked bytes of one entry; leaves the source at its end."""
        decoder = decoder_for(
            header.method, ends_with_mark=bool(header.flags & 2), size=header.size
        )
        if header.flags & 1 or (header.method and decoder is None):
            notes.add(Note.ZIP_ENCRYPTED if header.flags & 1 else Note.ZIP_METHOD)
            if header.streamed:
                raise ArchiveError(Note.ZIP_ENCRYPTED if header.flags & 1 else Note.ZIP_METHOD)
            self._skip(header.packed, notes)
            self._descriptor(header)
            return
        if header.streamed and not header.method:
            notes.add(Note.ZIP_NOT_STREAMABLE)
            raise ArchiveError(Note.ZIP_NOT_STREAMABLE)
        crc = size = 0
        source = self._packed(header, notes)
        unpacked = source if decoder is None else self._unpack(source, decoder, header, notes)
        for piece in unpacked:
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            if not self._fits(len(piece), size):
                notes.add(Note.ZIP_UNPACKS_TOO_MUCH)
                if header.streamed:
                    raise ArchiveError(Note.ZIP_UNPACKS_TOO_MUCH)
                for _ in source:
                    pass
                self._descriptor(header)
                return
            yield piece
        if not header.streamed:
            for _ in source:  # packed bytes after the end of the stream
                pass
        self._check(header, crc, size, notes)

    def _fits(self, more: int, size: int) -> bool:
        self._unpacked += more
        if not self._room(more) or size > self._entry_bytes:
            return False
        return self._unpacked < max(RATIO_FROM, RATIO * self._source.offset)

    def _packed(self, header: _Header, notes: set[Note]) -> Iterator[bytes]:
        """The packed bytes of one entry, as many as its header says."""
        if header.streamed:
            while piece := self._source.some(PIECE):
                yield piece
            return
        yield from self._pieces(header.packed, notes)

    def _pieces(self, count: int, notes: set[Note]) -> Iterator[bytes]:
        """The next ``count`` bytes; ``ArchiveError`` where the archive ends before."""
        while count:
            piece = self._source.some(min(count, PIECE))
            if not piece:
                notes.add(Note.ZIP_TRUNCATED)
                raise ArchiveError(Note.ZIP_TRUNCATED)
            count -= len(piece)
            yield piece

    def _unpack(
        self, source: Iterator[bytes], decoder: Decoder, header: _Header, notes: set[Note]
    ) -> Iterator[bytes]:
        for packed in source:
            piece = packed
            while not decoder.eof:
                try:
                    out = decoder.decompress(piece, PIECE)
                except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError):
                    notes.add(Note.ZIP_DAMAGED)
                    if header.streamed:
                        raise ArchiveError(Note.ZIP_DAMAGED) from None
                    return
                if out:
                    yield out
                piece = getattr(decoder, "unconsumed_tail", b"")
                if not piece and (len(out) < PIECE or getattr(decoder, "needs_input", True)):
                    break
            if decoder.eof:
                if header.streamed:
                    self._source.back(decoder.unused_data)
                return
        notes.add(Note.ZIP_TRUNCATED if header.streamed else Note.ZIP_DAMAGED)
        if header.streamed:
            raise ArchiveError(Note.ZIP_TRUNCATED)

    def _skip(self, count: int, notes: set[Note]) -> None:
        for _ in self._pieces(count, notes):
            pass

    def _check(self, header: _Header, crc: int, size: int, notes: set[Note]) -> None:
        known = (header.crc, header.size)
        if header.flags & 8:
            stated = self._descriptor(header)
            known = stated if stated is not None else known
        if known != (crc, size & 0xFFFFFFFF if not header.wide else size):
            notes.add(Note.ZIP_DAMAGED)

    def _descriptor(self, header: _Header) -> tuple[int, int] | None:
        """Read what follows an entry's data: checksum and sizes."""
        if not header.flags & 8:
            return None
        start = self._source.take_up_to(4)
        if start in {ZIP_ENTRY_SIGNATURE, CENTRAL}:
            self._source.back(start)
            return None
        body = start if start != DESCRIPTOR else self._source.take_up_to(4)
        body += self._source.take_up_to(8)
        # Sizes are of 8 bytes where either half of the archive says so: look what follows.
        following = self._source.take_up_to(4)
        if following[:2] != b"PK" and len(following) == 4:
            body += following + self._source.take_up_to(4)
        else:
            self._source.back(following)
        if len(body) == 20:
            crc, _, size = struct.unpack("<IQQ", body)
            return crc, size if header.wide else size & 0xFFFFFFFF
        if len(body) != 12:
            raise ArchiveError(Note.ZIP_TRUNCATED)
        crc, _, size = struct.unpack("<III", body)
        return crc, size


class _Stream:
    """Chunks, read in pieces of any size, with the last of them kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self._last: deque[bytes] = deque()
        self._last_bytes = 0
        self.offset = 0

    def some(self, most: int) -> bytes:
        """At most ``most`` bytes; none at the end."""
        while self._at >= len(self._buffer):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._buffer, self._at = chunk, 0
            self._last.append(chunk)
            self._last_bytes += len(chunk)
            while self._last_bytes - len(self._last[0]) >= TAIL:
                self._last_bytes -= len(self._last.popleft())
        piece = self._buffer[self._at : self._at + most]
        self._at += len(piece)
        self.offset += len(piece)
        return piece

    def take_up_to(self, count: int) -> bytes:
        """``count`` bytes, fewer only at the end."""
        piece = self.some(count)
        while len(piece) < count and (more := self.some(count - len(piece))):
            piece += more
        return piece

    def back(self, data: bytes) -> None:
        """Put back what was read too far."""
        self._buffer = data + self._buffer[self._at :]
        self._at = 0
        self.offset -= len(data)

    def tail(self) -> bytes:
        return b"".join(self._last)[-TAIL:]


def _read_directory(
    tail: bytes, total: int, start_of_directory: int, entry_names: EntryNames
) -> CentralDirectory:
    """Read the central directory from the last bytes of an archive."""
    directory = CentralDirectory()
    at = tail.rfind(ZIP_END_SIGNATURE)
    if at < 0 or at + 22 > len(tail):
        return directory
    size, offset, comment_length = struct.unpack_from("<IIH", tail, at + 12)
    directory.whole = at + 22 + comment_length <= len(tail)
    directory.comment = entry_names.comment(tail[at + 22 : at + 22 + comment_length])
    directory.hidden_bytes = max(0, len(tail) - (at + 22 + comment_length))
    directory.comments += text_runs(tail[at + 22 + comment_length :])
    first = total - len(tail)
    position = start_of_directory - first if start_of_directory else at - size
    if offset not in {0xFFFFFFFF, start_of_directory} and start_of_directory:
        directory.hidden_bytes += 1
    if position < 0:
        return directory
    directory.found = True
    while tail[position : position + 4] == CENTRAL and position + 46 <= len(tail):
        system = tail[position + 5]
        flags = struct.unpack_from("<H", tail, position + 8)[0]
        date = struct.unpack_from("<H", tail, position + 14)[0]
        name_length, extra_length, comment_length = struct.unpack_from("<HHH", tail, position + 28)
        mode = struct.unpack_from("<I", tail, position + 38)[0] >> 16
        body = position + 46
        raw = tail[body : body + name_length]
        extra = tail[body + name_length : body + name_length + extra_length]
        directory.comments += words_in_extra(extra)
        end = body + name_length + extra_length + comment_length
        directory.names.append(entry_names.read(raw, flags, extra))
        if comment_length:
            directory.comments.append(entry_names.comment(tail[end - comment_length : end]))
        if system == 3 and mode & 0o170000 == 0o120000:
            directory.links += 1
        if date > 0x21:  # not the earliest that the format knows, 1980-01-01
            directory.days.add(f"{1980 + (date >> 9)}-{date >> 5 & 15:02d}-{date & 31:02d}")
        position = end
    return directory
