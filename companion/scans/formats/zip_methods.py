"""How entries of a ZIP are packed: a decoder for each method that is known.

PKWARE APPNOTE 6.3.10, section 4.4.5; LZMA in section 5.8.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Protocol

LZMA_MEMORY = 48 * 1024 * 1024


class Decoder(Protocol):
    """What the decoders of Python's own modules have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def decoder_for(method: int, *, ends_with_mark: bool, size: int) -> Decoder | None:
    """A decoder for a packing method; None for stored bytes and methods that are not known.

    ``ends_with_mark`` and ``size`` (unpacked bytes) say where an LZMA stream ends.
    """
    if method == 8:
        return zlib.decompressobj(-zlib.MAX_WBITS)
    if method == 12:
        return bz2.BZ2Decompressor()
    if method == 14:
        return _ZipLzma(-1 if ends_with_mark else size)
    return None


class _ZipLzma:
    """LZMA as a ZIP has it (APPNOTE 5.8): the coder's settings stand in front of the bytes."""

    def __init__(self, size: int) -> None:
        """``size``: unpacked bytes; -1 where a mark ends them."""
        self._size = size
        self._head = b""
        self._engine: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._engine is not None and self._engine.eof

    @property
    def needs_input(self) -> bool:
        return self._engine is None or self._engine.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data if self._engine else b""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        if self._engine is None:
            self._head += data
            if len(self._head) < 9:
                return b""
            head = self._head[4:9] + self._size.to_bytes(
                8, "little", signed=True
            )  # as .lzma has it
            self._engine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LZMA_MEMORY)
            data = head + self._head[9:]
        return self._engine.decompress(data, max_length)
