"""How many bytes of pixels there should be, and what stands in a surplus.

A file whose pixels are fewer or more than its rows, columns and frames ask for is odd,
not unread: it gets a note, and the surplus is searched for text.
"""

from __future__ import annotations

from companion.scans.dicom.structure import (
    BITS,
    COLOURS,
    COLUMNS,
    DOUBLE_PIXELS,
    ELSEWHERE,
    FLOAT_PIXELS,
    FRAMES,
    ROWS,
    SAMPLES,
    Walk,
)

_BITS = {FLOAT_PIXELS: 32, DOUBLE_PIXELS: 64}
_HALVED = {"YBR_FULL_422": (2, 3), "YBR_PARTIAL_422": (2, 3), "YBR_PARTIAL_420": (1, 2)}
"""Of three samples a pixel, the part that is kept where colours are coarser (see PS3.3,
C.7.6.3.1.2)."""


def check(walk: Walk) -> tuple[str, bytes]:
    """A note on the length of the pixels at the top, or none, and their surplus."""
    if walk.plain is None:
        return _absent(walk), b""
    tag, start, length = walk.plain
    sizes = _sizes(walk, _BITS.get(tag, 0))
    if not sizes or length in sizes or (not length & 1 and length - 1 in sizes):
        return "", b""
    asked = max((size for size in sizes if size < length), default=0)
    if not asked:
        return "pixels-short", b""
    gap = walk.gaps.get(start, 0)
    end = start + length - gap
    held = length if not gap else length - gap - walk.heads[start]
    surplus = min(length - asked, held)
    if surplus < length - asked:
        walk.notes.add("too-large")
    return "pixels-long", walk.data[end - surplus : end]


def _absent(walk: Walk) -> str:
    """The note for a picture that is described and not there."""
    described = all(_number(walk, role) for role in (ROWS, COLUMNS, BITS))
    if not described or walk.has_pixels or walk.study[ELSEWHERE] or walk.notes:
        return ""
    return "no-pixels"


def _sizes(walk: Walk, bits: int) -> set[int]:
    """Lengths in bytes that the header asks for; empty where it does not say."""
    rows, columns = _number(walk, ROWS), _number(walk, COLUMNS)
    bits = bits or _number(walk, BITS)
    if not (rows and columns and bits):
        return set()
    samples, frames = _number(walk, SAMPLES) or 1, _number(walk, FRAMES) or 1
    frame = rows * columns * samples * bits
    sizes = {-(-frame * frames // 8), -(-frame // 8) * frames}
    colours = walk.study[COLOURS].strip().upper()
    if samples == 3 and colours in _HALVED:
        part, whole = _HALVED[colours]
        sizes.add(frame * frames * part // whole // 8)
    return sizes


def _number(walk: Walk, role: int) -> int:
    text = walk.study[role].strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0
