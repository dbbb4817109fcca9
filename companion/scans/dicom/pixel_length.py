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
_HALVED = {"YBR_FULL_422": (2, 3), "YBR_PARTIAL_422": (2, 3), "YBR_PARTIAL_420": (1, 2)}
"""Of three samples a pixel, the part that is kept where colours are coarser (see PS3.3,
C.7.6.3.1.2)."""


def check(parse: DataSetParse) -> tuple[Note | None, bytes]:
    """A note on the length of the pixels at the top, or none, and their surplus."""
    if parse.plain is None:
        return _absent(parse), b""
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


def _absent(parse: DataSetParse) -> Note | None:
    """The note for a picture that is described and not there."""
    described = all(_number(parse, role) for role in (ROWS, COLUMNS, BITS))
    if not described or parse.has_pixels or parse.role_texts[ELSEWHERE] or parse.notes:
        return None
    return Note.NO_PIXELS


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
