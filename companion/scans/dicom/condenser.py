"""A file's chunks -> the bytes worth holding: all of it but the middle of pixel data.

A film of a beating heart may be a gigabyte, and all but a few kilobytes of it are
pixels. The condenser skips pixel data as chunks arrive, so that one file never takes
more than ``held_bytes`` of memory, and keeps account of what it left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from companion.scans.dicom import tags
from companion.scans.dicom.structure import FRAGMENT_HEAD, FRAGMENT_TAIL, UNDEFINED

LOOK_AT = (1 << 20, 4 << 20, 16 << 20)
"""Sizes at which a file that is still arriving is searched for its pixel data."""

Locate = Callable[[bytes], tuple[int, int, bool] | None]
"""Offset and length of the pixel data's value, and whether little endian; or None."""


@dataclass(slots=True)
class Condensed:
    """What was held of a file."""

    data: bytes = field(repr=False)
    size: int
    """Bytes of the whole file."""
    gaps: dict[int, int] = field(default_factory=dict)
    """For a value that starts at an offset of ``data``, how many of its bytes are not
    held: those between its head and its tail."""
    heads: dict[int, int] = field(default_factory=dict)
    """For such a value, how many bytes of it are held in front of the gap."""
    cut: bool = False
    """The file was larger than what is held, and not by pixel data: its end is missing."""

    def pieces(self) -> list[tuple[int, bytes]]:
        """What is held, each piece with its offset in the file."""
        found: list[tuple[int, bytes]] = []
        start = moved = 0
        for value in sorted(self.gaps):
            end = value + self.heads[value]
            found.append((start + moved, bytes(self.data[start:end])))
            start, moved = end, moved + self.gaps[value]
        return [*found, (start + moved, bytes(self.data[start:]))]


def condense(chunks: Iterable[bytes], held_bytes: int, locate: Locate) -> Condensed:
    """Read ``chunks`` to their end, holding at most about ``held_bytes``."""
    state = _State(held_bytes, locate)
    first: bytes | None = None
    for chunk in chunks:
        # A file that comes in one piece and is small needs no copy.
        if first is None and not state.held:
            first = chunk
            continue
        if first is not None:
            state.take(first)
            first = None
            state.started = True
        state.take(chunk)
    if first is not None and not state.started:
        if len(first) <= held_bytes:
            return Condensed(first, len(first))
        state.take(first)
    return state.result()


class _State:
    def __init__(self, held_bytes: int, locate: Locate) -> None:
        self.held = bytearray()
        self.started = False
        self._held_bytes = held_bytes
        self._locate = locate
        self._looks = [size for size in LOOK_AT if size < held_bytes]
        self._size = 0
        self._gaps: dict[int, int] = {}
        self._cut = False
        self._skip = 0
        self._tail = 0  # bytes to be held after those that are skipped
        self._heads: dict[int, int] = {}
        self._value = 0  # offset in what is held at which the value being cut starts
        self._keep = 0  # bytes of the current fragment that are still to be held
        self._fragments: struct.Struct | None = None
        self._header = bytearray()

    def take(self, chunk: bytes) -> None:
        self._size += len(chunk)
        self._take(memoryview(chunk))

    def result(self) -> Condensed:
        return Condensed(bytes(self.held), self._size, self._gaps, self._heads, self._cut)

    def _take(self, chunk: memoryview) -> None:
        while chunk:
            if self._keep:
                part = chunk[: self._keep]
                self._hold(part)
                self._keep -= len(part)
            elif self._skip:
                part = chunk[: self._skip]
                self._skip -= len(part)
                self._gaps[self._value] = self._gaps.get(self._value, 0) + len(part)
                self._heads[self._value] = len(self.held) - self._value
                if not self._skip:
                    self._keep, self._tail = self._tail, 0
            elif self._fragments:
                part = chunk[: 8 - len(self._header)]
                self._header += part
                self._hold(part)
                if len(self._header) == 8:
                    self._fragment()
            else:
                part = chunk[: self._looks[0] - len(self.held)] if self._looks else chunk
                self._hold(part)
                if self._looks and len(self.held) >= self._looks[0]:
                    self._look()
            chunk = chunk[len(part) :]

    def _hold(self, part: memoryview) -> None:
        room = self._held_bytes - len(self.held)
        if len(part) > room:
            self._cut = True
        self.held += part[: max(room, 0)]

    def _look(self) -> None:
        while self._looks and len(self.held) >= self._looks[0]:
            self._looks.pop(0)
        found = self._locate(bytes(self.held))
        if found is None:
            return
        start, length, little = found
        self._looks = []
        rest = bytes(self.held[start:])
        self._value = start
        del self.held[start:]
        if length == UNDEFINED:
            self._fragments = struct.Struct("<HHI" if little else ">HHI")
        else:
            self._split(length, FRAGMENT_HEAD, FRAGMENT_HEAD)
        self._take(memoryview(rest))

    def _fragment(self) -> None:
        """Read the header of one fragment of compressed pixel data."""
        assert self._fragments is not None  # noqa: S101 - narrows the type
        group, number, length = self._fragments.unpack(bytes(self._header))
        self._header.clear()
        tag = group << 16 | number
        if tag != tags.ITEM or length == UNDEFINED:
            self._fragments = None  # its end, or not what it should be: hold what follows
            return
        self._value = len(self.held)
        # Many small fragments are held whole; of large ones head and tail are enough.
        few = len(self._gaps) < 64
        self._split(length, FRAGMENT_HEAD if few else 256, FRAGMENT_TAIL if few else 256)

    def _split(self, length: int, head: int, tail: int) -> None:
        """How much of a value to hold at its beginning and its end."""
        if length <= head + tail:
            self._keep, self._skip, self._tail = length, 0, 0
        else:
            self._keep, self._skip, self._tail = head, length - head - tail, tail
