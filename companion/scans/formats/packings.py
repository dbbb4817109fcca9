"""How bytes are packed, and how each packing is undone: a piece at a time, within a budget.

gzip (RFC 1952), zlib (RFC 1950), deflate without a head (RFC 1951), bzip2, xz and the older
.lzma. A *stream* is one packed run of bytes; what comes out of it is believed only where a
check value or its structure proves that it was packed at all.
"""

from __future__ import annotations

import bz2
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from companion.scans import work
from companion.scans.work import Work, did

MB = 1024 * 1024
PIECE = 65_536
"""Bytes that are packed or unpacked at a time."""
RATIO = 200
"""How many times its size a stream may unpack to, from ``RATIO_FROM`` bytes on."""
RATIO_FROM = MB
MOST_OF_ONE = 4 * MB
"""Bytes that are kept of one stream."""
LZMA_MEMORY = 48 * MB
"""What a decoder of xz may take: files may ask for a window of gigabytes."""


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked: of one file (``begin``), and of all in one upload."""

    file_bytes: int = 24 * MB
    upload_bytes: int = 768 * MB
    file_parts: int = 400
    file_seconds: float = 0.35
    """Of work (``work.spent``) on unpacking."""
    words: set[bytes] = field(default_factory=set, repr=False)
    """Long words that were found to be no code."""
    _bytes: int = field(init=False, default=0)
    _parts: int = field(init=False, default=0)
    _seconds: float = field(init=False, default=0.0)
    _started: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new file: its own share of what is left."""
        self._bytes = min(self.file_bytes, self.upload_bytes)
        self._parts = self.file_parts
        self._seconds = self.file_seconds

    def start(self) -> None:
        """Unpacking begins: its work is counted until ``stop``."""
        self._started = work.spent()

    def stop(self) -> None:
        """Unpacking ends for now."""
        self._seconds -= work.spent() - self._started

    @property
    def is_late(self) -> bool:
        """Whether the file has had its time."""
        return work.spent() - self._started > self._seconds

    @property
    def is_spent(self) -> bool:
        """Whether nothing more of the file is unpacked."""
        return self._bytes <= 0 or self._parts <= 0 or self.is_late

    @property
    def room(self) -> int:
        """Bytes that one more stream may unpack to."""
        return max(0, min(self._bytes, MOST_OF_ONE))

    def take(self, count: int) -> bool:
        """Count bytes that were unpacked; False where there is no room for more."""
        did(Work.UNPACKED_BYTE, count)
        self._bytes -= count
        self.upload_bytes -= count
        return self._bytes > 0

    def take_part(self) -> bool:
        """Count a thing that was unpacked; False where it is one too many."""
        did(Work.PART)
        self._parts -= 1
        return self._parts >= 0


class End(Enum):
    """How the unpacking of a stream ended."""

    WHOLE = auto()
    """At the stream's own end, its check value right."""
    BROKEN = auto()
    """At bytes that make no sense, or at a wrong check value."""
    CUT = auto()
    """At the end of the data, or at a bound."""


@dataclass(slots=True)
class Stream:
    """What came out of one stream."""

    out: bytes = field(repr=False)
    end: End
    after: int = 0
    """Where the bytes behind the stream begin."""


class Decoder(Protocol):
    """What the decoders of zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


ERRORS = (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, MemoryError)
"""What decoders raise at bytes that make no sense to them."""


def undo(decoder: Decoder, data: bytes, start: int, budget: Budget, piece: int = PIECE) -> Stream:
    """Unpack the stream that begins at ``start``, as far as the budget goes."""
    out: list[bytes] = []
    more = tail = b""
    size, position, room = 0, start, budget.room
    end, hungry = End.CUT, True
    while not decoder.eof:
        packed = tail
        if hungry:
            packed = data[position : position + piece]
            position += len(packed)
            if not packed and len(more) < PIECE:
                break
        try:
            more = decoder.decompress(packed, PIECE)
        except ERRORS:
            end = End.BROKEN
            break
        tail = getattr(decoder, "unconsumed_tail", b"")
        hungry = getattr(decoder, "needs_input", not tail)
        out.append(more)
        size += len(more)
        if not budget.take(len(more)) or size > room or budget.is_late:
            break
        if size > max(RATIO_FROM, RATIO * (position - start)):
            break
    if decoder.eof:
        return Stream(b"".join(out), End.WHOLE, position - len(decoder.unused_data))
    return Stream(b"".join(out), end, len(data))


def salvage(data: bytes, start: int, budget: Budget) -> bytes:
    """What can be had of a deflated stream that is damaged somewhere: all before that."""
    return undo(zlib.decompressobj(-zlib.MAX_WBITS), data, start, budget, piece=32).out


# --- heads -----------------------------------------------------------------------------

_SYSTEMS = frozenset({*range(14), 255})
"""Operating systems that a gzip head may name."""
_METHODS = frozenset({0, 8, 9, 12, 14, 93, 95, 98, 99})
"""Methods that a ZIP's entry may be packed by."""
_NAME = re.compile(rb"[^\x00-\x1f\x7f]{1,255}")
_DICTIONARIES = frozenset(
    size.to_bytes(4, "little")
    for power in range(12, 31)
    for size in (1 << power, (1 << power) + (1 << power - 1))
)
"""Window sizes that writers of .lzma give (xz takes no others)."""


def is_gzip(data: bytes, at: int) -> bool:
    """Whether the ten bytes of a gzip head stand at an offset."""
    head = data[at : at + 10]
    return len(head) == 10 and not head[3] & 0xE0 and head[8] in {0, 2, 4} and head[9] in _SYSTEMS


def deflate_of_gzip(data: bytes, at: int) -> int:
    """Where the deflated bytes of a gzip stream begin: behind its head."""
    flags, position = data[at + 3], at + 10
    if flags & 4:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (8, 16):  # a name, a comment
        if flags & flag:
            end = data.find(b"\0", position)
            position = len(data) if end < 0 else end + 1
    return position + (2 if flags & 2 else 0)


def is_zlib(data: bytes, at: int) -> bool:
    """Whether two bytes can be a zlib head without a preset dictionary."""
    if at + 6 > len(data):
        return False
    first, second = data[at], data[at + 1]
    deflated = first & 15 == 8 and first >> 4 <= 7
    return deflated and not second & 0x20 and (first << 8 | second) % 31 == 0


def is_xz(data: bytes, at: int) -> bool:
    """Whether an xz head with its right check value stands at an offset."""
    flags = data[at + 6 : at + 8]
    return data[at + 8 : at + 12] == zlib.crc32(flags).to_bytes(4, "little")


def is_lzma(data: bytes, at: int) -> bool:
    """Whether a head of .lzma stands at an offset: it has no mark, only likely numbers."""
    if data[at + 1 : at + 5] not in _DICTIONARIES or data[at] >= 225:
        return False
    size = data[at + 5 : at + 13]
    return len(size) == 8 and (size == b"\xff" * 8 or size[5:] == b"\0\0\0")


def is_zip_entry(data: bytes, at: int) -> bool:
    """Whether a ZIP's local head with a likely name stands at an offset."""
    head = data[at : at + 30]
    if len(head) < 30 or head[5] or int.from_bytes(head[8:10], "little") not in _METHODS:
        return False
    length = int.from_bytes(head[26:28], "little")
    return bool(_NAME.fullmatch(data, at + 30, at + 30 + length))


TAR_MARK = 257
"""How far behind the start of a tar its mark stands."""


def is_tar(data: bytes, at: int) -> bool:
    """Whether a tar's head with its right check value stands at an offset."""
    try:
        tarfile.TarInfo.frombuf(data[at : at + tarfile.BLOCKSIZE], "utf-8", "replace")
    except tarfile.HeaderError:
        return False
    return True


def is_seven_zip(data: bytes, at: int) -> bool:
    """Whether a 7z head with its right check value stands at an offset."""
    return data[at + 8 : at + 12] == zlib.crc32(data[at + 12 : at + 32]).to_bytes(4, "little")


def gzip_decoder() -> Decoder:
    """For gzip, whose check value zlib compares itself."""
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def xz_decoder() -> Decoder:
    """For xz, with no more memory than the budget of a file allows."""
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)


def lzma_decoder() -> Decoder:
    """For the older .lzma."""
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LZMA_MEMORY)


def is_bzip2(data: bytes, at: int) -> bool:
    """Whether bzip2's head stands in front of its first block's mark."""
    return data[at - 4 : at - 1] == b"BZh"


@dataclass(frozen=True, slots=True)
class Packing:
    """A packing that is known by its head, wherever in a block it stands."""

    name: str
    mark: bytes
    offset: int
    """How far behind the start the mark stands."""
    fits: Callable[[bytes, int], bool]
    """Whether the head around a mark at an offset is one."""
    decoder: Callable[[], Decoder]


MARKED = (
    Packing("gzip", b"\x1f\x8b\x08", 0, is_gzip, gzip_decoder),
    Packing("bzip2", b"1AY&SY", 4, is_bzip2, bz2.BZ2Decompressor),
    Packing("xz", b"\xfd7zXZ\0", 0, is_xz, xz_decoder),
)

_NEVER_OPENED = re.compile(rb"7z\xbc\xaf\x27\x1c\0|Rar!\x1a\x07[\0\x01]")
_NO_DECODER = re.compile(
    rb"\x28\xb5\x2f\xfd[\x00-\x07\x20-\x27\x40-\x47\x60-\x67\x80-\x87\xa0-\xa7\xc0-\xc7\xe0-\xe7]"
    rb"|\x04\x22\x4d\x18[\x40-\x7f]|LZIP\x01|\x89LZO\0\r\n\x1a|\xff\x06\0\0sNaPpY|MSCF\0\0\0\0"
)
"""How Zstandard, LZ4, lzip, lzop, Snappy and cabinet files begin."""


def closed(data: bytes) -> Iterator[int]:
    """Where something begins that is packed, and that nothing here can open."""
    for match in _NEVER_OPENED.finditer(data):
        if match[0][:1] == b"R" or is_seven_zip(data, match.start()):
            yield match.start()
    if _NO_DECODER.match(data):
        yield 0
