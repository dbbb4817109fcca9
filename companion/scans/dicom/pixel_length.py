"""How many bytes of pixels there should be, and what is in a surplus.

A file whose pixels are fewer or more than its rows, columns and frames ask for is odd,
not unread: it gets a note, and the surplus is searched for text.
"""

from __future__ import annotations

from companion.scans.dicom import tags
from companion.scans.dicom.structure import (
    BITS,
    COLOURS,
    COLUMNS,
    ELSEWHERE,
    FRAMES,
    ROWS,
    SAMPLES,
    DataSetParse,
)
from companion.scans.findings import Note

_BITS = {tags.FLOAT_PIXEL_DATA: 32, tags.DOUBLE_FLOAT_PIXEL_DATA: 64}
_MOST_COMPRESSED = 20
"""How many times fewer bytes than its pixels a picture may have."""
_HALVED = {"YBR_FULL_422": (2, 3), "YBR_PARTIAL_422": (2, 3), "YBR_PARTIAL_420": (1, 2)}
"""Of three samples a pixel, the part that is kept where colours are coarser (see PS3.3,
C.7.6.3.1.2)."""


def check(parse: DataSetParse) -> tuple[Note | None, bytes]:
    """A note on the length of the pixels at the top, or none, and their surplus."""
    if parse.plain is None:
        return None, b""
    tag, start, length = parse.plain
    sizes = _sizes(parse, _BITS.get(tag, 0))
    if not sizes or length in sizes or (not length & 1 and length - 1 in sizes):
        return None, b""
    asked = max((size for size in sizes if size < length), default=0)
    if not asked:
        return Note.PIXELS_SHORT, b""
    gap = parse.gaps.get(start, 0)
    end = start + length - gap
    held = length if not gap else length - gap - parse.heads[start]
    surplus = min(length - asked, held)
    if surplus < length - asked:
        parse.notes.add(Note.TOO_LARGE)
    return Note.PIXELS_LONG, parse.data[end - surplus : end]


def is_absent(parse: DataSetParse) -> bool:
    """Whether a picture is described and not there."""
    described = all(_number(parse, role) for role in (ROWS, COLUMNS, BITS))
    there = parse.has_pixels or parse.plain is not None or parse.has_hidden_pixels
    return described and not there and not parse.role_texts[ELSEWHERE]


def may_be_picture(parse: DataSetParse, length: int) -> bool:
    """Whether so many bytes of private data may be the picture that is described: as many
    as its pixels, or as they are when compressed without loss."""
    return any(size // _MOST_COMPRESSED <= length for size in _sizes(parse, 0))


def _sizes(parse: DataSetParse, bits: int) -> set[int]:
    """Lengths in bytes that the header asks for; empty where it does not say."""
    rows, columns = _number(parse, ROWS), _number(parse, COLUMNS)
    bits = bits or _number(parse, BITS)
    if not (rows and columns and bits):
        return set()
    samples, frames = _number(parse, SAMPLES) or 1, _number(parse, FRAMES) or 1
    frame = rows * columns * samples * bits
    sizes = {-(-frame * frames // 8), -(-frame // 8) * frames}
    colours = parse.role_texts[COLOURS].strip().upper()
    if samples == 3 and colours in _HALVED:
        part, whole = _HALVED[colours]
        sizes.add(frame * frames * part // whole // 8)
    return sizes


def _number(parse: DataSetParse, role: int) -> int:
    text = parse.role_texts[role].strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0
