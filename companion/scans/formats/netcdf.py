"""MINC volumes of the brain, in netCDF's classic format: what their attributes say.

"NetCDF Classic Format Specification" (Unidata), versions 1, 2 and 5; MINC 1 keeps a patient's
name, birth date and number as texts of a variable "patient". The voxels are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.findings import Kind, Note
from companion.scans.formats import code_pages
from companion.scans.formats.registry import NOTE, Inside, Passages, document_format

MOST = 20_000
"""Dimensions, attributes and variables together that are read of one file."""
_LONGEST = 1_000_000
"""Bytes of one attribute's text, and of one name."""
_MARK = b"CDF"
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
"""Bytes of a value of each type: byte, char, short, int, float, double, and version 5's."""
_TEXT = 2
_LISTS = frozenset({0, 10, 11, 12})
"""What begins a list: nothing in it, dimensions, variables, attributes."""


def is_netcdf(data: bytes) -> bool:
    """Whether the bytes begin like a netCDF file in the classic format."""
    return data[:3] == _MARK and data[3:4] in (b"\1", b"\2", b"\5") and len(data) >= 32


@document_format("netcdf", Kind.IMAGE, fits=is_netcdf)
def _read_inside(data: bytes, _inside: Inside) -> Passages:
    return read(data)


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of the attributes, a variable's together; a note where it is damaged."""
    header = _Header(data)
    try:
        yield from header.texts()
    except (_DamagedError, RecursionError):
        yield NOTE, Note.PART_NOT_CHECKED


class _DamagedError(Exception):
    """A header that says what cannot be."""


class _Header:
    """The header of a file, read from its beginning."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 4
        self.wide = 8 if data[3] == 5 else 4
        """Bytes of a count; version 2 has wider offsets only."""
        self.offset = 4 if data[3] == 1 else 8
        self.left = MOST

    def texts(self) -> Iterator[tuple[str, str]]:
        self.count()  # records
        for _ in range(self.list()):
            self.name()
            self.count()
        yield from self.said("")
        for _ in range(self.list()):
            variable = self.name()
            self.skip(self.wide * self.bounded(self.count()))
            yield from self.said(variable)
            self.skip(4 + self.wide + self.offset)

    def said(self, variable: str) -> Iterator[tuple[str, str]]:
        """The texts among the attributes that come next, as one passage."""
        lines = []
        for _ in range(self.list()):
            name = self.name()
            kind, count = self.number(4), self.count()
            if kind not in _SIZES:
                raise _DamagedError
            size = _SIZES[kind] * count
            raw = self.take(size, most=_LONGEST if kind == _TEXT else len(self.data))
            if kind == _TEXT and (text := _decoded(raw)):
                called = f"{variable} {name}" if variable else name
                lines.append(f"{called.replace('_', ' ')}: {text}")
        if lines:
            yield "MINC header", "\n".join(lines)

    def list(self) -> int:
        """How many things the list that begins here has."""
        if self.number(4) not in _LISTS:
            raise _DamagedError
        count = self.bounded(self.count())
        self.left -= count
        return count

    def bounded(self, count: int) -> int:
        if count > self.left:
            raise _DamagedError
        return count

    def name(self) -> str:
        return self.take(self.count(), most=_LONGEST).decode("utf-8", "replace")

    def count(self) -> int:
        return self.number(self.wide)

    def number(self, size: int) -> int:
        raw = self.data[self.at : self.at + size]
        self.skip(size)
        return int.from_bytes(raw, "big")

    def take(self, size: int, *, most: int) -> bytes:
        """The next bytes, which are filled up to a multiple of four."""
        if size > most:
            raise _DamagedError
        start = self.at
        self.skip(size + -size % 4)
        return self.data[start : start + size]

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise _DamagedError


def _decoded(raw: bytes) -> str:
    body = raw.strip(b"\0 \r\n")
    page = None if body.isascii() else code_pages.guess([body])
    return body.decode(page or "utf-8", "replace")
