"""What a compressed frame says of itself, read from its first bytes and from nothing else.

A decoder makes room for what the code stream announces, whatever the header around it
says. So the size is read here, and held against a bound, before any decoder sees a byte.

Sources: ITU-T T.81 B.2.2 (JPEG), T.87 C.2.2 (JPEG-LS), T.800 A.5.1 (JPEG 2000); PS3.5 G.5
(RLE).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

MOST_SEGMENTS = 2_000
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that no length follows."""
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""SOF markers: all of JPEG's (C4, C8 and CC are something else) and that of JPEG-LS."""
WITHOUT_LOSS = 0xC3
"""The SOF marker of lossless JPEG, the only process of that kind that scans use."""
_MOST_TILES = 65_535
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
"""Width to height, as JPEG XL abbreviates them."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a code stream says that it holds."""

    rows: int
    columns: int
    samples: int
    bits: int
    """Of a sample."""
    process: int = 0
    """The SOF marker of a JPEG; 0 for what has none."""
    colours: str = ""
    """``ycc`` or ``rgb`` where a JPEG names its colours, by an APP0 or APP14 segment."""
    mixed: bool = False
    """Whether JPEG 2000's own colour transform was used, which its decoder undoes."""


def of_jpeg(data: bytes) -> Announced | None:
    """What a JPEG or JPEG-LS stream announces; None where it is none, or says nothing."""
    at = data.find(b"\xff\xd8", 0, 256) + 2
    colours = ""
    if at < 2:
        return None
    for _ in range(MOST_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _NO_LENGTH:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAME_HEADERS:
            if length < 8 or at + 10 > len(data):
                return None
            bits, rows, columns, samples = struct.unpack_from(">BHHB", data, at + 4)
            ids = data[at + 10 : at + 10 + 3 * samples : 3]
            if not colours and ids == b"RGB":
                colours = "rgb"
            return Announced(rows, columns, samples, bits, marker, colours)
        if marker == 0xE0 and data.startswith(b"JFIF\0", at + 4):
            colours = "ycc"
        elif marker == 0xEE and data.startswith(b"Adobe", at + 4) and at + 16 <= len(data):
            colours = "ycc" if data[at + 15] else "rgb"
        elif marker in (0xD9, 0xDA):
            return None
        at += 2 + max(2, length)
    return None


def of_jpeg_2000(data: bytes) -> Announced | None:
    """What a JPEG 2000 or HTJ2K stream announces, bare or in the boxes of a JP2."""
    at = data.find(b"\xff\x4f\xff\x51", 0, 100_000)
    if at < 0 or at + 42 > len(data):
        return None
    across, down, left, top, tile_across, tile_down, tile_left, tile_top, samples = (
        struct.unpack_from(">8IH", data, at + 8)
    )
    if not (tile_across and tile_down and 0 < samples <= 16):
        return None
    if left >= across or top >= down or tile_left > left or tile_top > top:
        return None
    tiles = -(-(across - tile_left) // tile_across) * -(-(down - tile_top) // tile_down)
    sizes = data[at + 42 : at + 42 + 3 * samples]
    if tiles > _MOST_TILES or len(sizes) < 3 * samples or not all(sizes[1::3] + sizes[2::3]):
        return None
    if {*sizes[1::3], *sizes[2::3]} != {1}:
        return None  # components of differing sizes: no scan was met that has them
    bits = max((size & 0x7F) + 1 for size in sizes[::3])
    cod = data.find(b"\xff\x52", at, at + 100_000)
    mixed = cod >= 0 and data[cod + 8 : cod + 9] == b"\1"
    return Announced(down - top, across - left, samples, bits, mixed=mixed)


def of_jpeg_xl(data: bytes) -> Announced | None:
    """What a bare JPEG XL stream announces of its size (ISO 18181-1, A.3 and B.2).

    Samples and bits are left out: three of two bytes, the most that is decoded here.
    """
    if not data.startswith(b"\xff\x0a"):
        return None
    bits = int.from_bytes(data[2:14], "little")

    def take(count: int) -> int:
        nonlocal bits
        value, bits = bits & (1 << count) - 1, bits >> count
        return value

    def side() -> int:
        return take((9, 13, 18, 30)[take(2)]) + 1

    if take(1):
        rows, choose = (take(5) + 1) * 8, None
    else:
        rows, choose = side(), side
    ratio = take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return Announced(rows, rows * across // down, 3, 16)
    columns = choose() if choose else (take(5) + 1) * 8
    return Announced(rows, columns, 3, 16)


def rle_segments(data: bytes) -> list[bytes]:
    """The segments of an RLE frame (PS3.5 G.5); none where its table makes no sense."""
    if len(data) < 64:
        return []
    count, *offsets = struct.unpack_from("<16I", data)
    if not 0 < count <= 15:
        return []
    bounds = [*offsets[:count], len(data)]
    if bounds[0] < 64 or any(one > other for one, other in pairwise(bounds)):
        return []
    return [data[start:end] for start, end in pairwise(bounds)]
