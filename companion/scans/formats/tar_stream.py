"""A tar as a stream: its members as they arrive, none of it held.

Python's own ``tarfile`` reads the heads; it is given a file that only goes forward and never
hands out more than ``MOST`` bytes at once, so that a head that lies takes no memory.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

MOST = 1024 * 1024
"""Bytes that are read at once: no honest head is longer."""
PIECE = 262_144


class TarError(Exception):
    """Reading cannot go on: damaged, cut short or over a bound."""


@dataclass(slots=True)
class TarMember:
    """One ordinary file, to be read before the next is asked for."""

    name: str = field(repr=False)
    chunks: Iterator[bytes]


class TarArchive:
    """Reads one tar from ``chunks``; iterate ``members()``."""

    def __init__(self, chunks: Iterable[bytes], *, room: Callable[[int], bool]) -> None:
        """``room(n)`` counts n bytes of members and says whether more may follow."""
        self._file = _Forward(chunks)
        self._room = room
        self.odd = 0
        """Members that are no ordinary files: links, devices, files with holes."""

    def members(self) -> Iterator[TarMember]:
        """Every ordinary file, in the order of the bytes. Raises ``TarError``."""
        try:
            with tarfile.TarFile(fileobj=self._file, mode="r", ignore_zeros=False) as archive:  # type: ignore[arg-type]
                while (entry := archive.next()) is not None:
                    archive.members = []  # type: ignore[attr-defined]  # it would keep every head
                    if entry.isdir():
                        continue
                    if not entry.isreg() or entry.issparse():
                        self.odd += 1
                        continue
                    member = TarMember(entry.name, self._data(entry))
                    yield member
                    for _ in member.chunks:
                        pass  # the caller may have stopped early
            if self._file.last.strip(b"\0"):
                raise TarError  # tarfile takes a damaged head for the end
        except (tarfile.TarError, OSError, ValueError, OverflowError, EOFError) as error:
            raise TarError from error

    def _data(self, entry: tarfile.TarInfo) -> Iterator[bytes]:
        self._file.seek(entry.offset_data)
        left = entry.size
        while left:
            piece = self._file.read(min(left, PIECE))
            if not piece or not self._room(len(piece)):
                raise TarError
            left -= len(piece)
            yield piece


class _Forward:
    """Chunks as a file that is read forward."""

    mode, name = "rb", ""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self._position = 0
        self.last = b""
        """What was read last: zeros, or nothing, at the end of a whole tar."""

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        if position < self._position:
            raise OSError("it only goes forward")
        while self._position < position:
            if not self.read(min(position - self._position, PIECE)):
                break
        return self._position

    def read(self, count: int) -> bytes:
        if count > MOST:
            raise OSError("more at once than any head has")
        pieces = []
        while count:
            if self._at >= len(self._buffer):
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._buffer, self._at = chunk, 0
            piece = self._buffer[self._at : self._at + count]
            self._at += len(piece)
            self._position += len(piece)
            count -= len(piece)
            pieces.append(piece)
        self.last = b"".join(pieces)
        return self.last
