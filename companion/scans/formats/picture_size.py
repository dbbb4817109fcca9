"""How wide and high a picture is, by its first bytes."""

from __future__ import annotations

import struct

from companion import signatures


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or BMP by its header; None where it has none.

    Nothing is decoded. Of a JPEG, the first frame header tells (ITU-T T.81, B.2.2), which the
    segments lead to.
    """
    width = height = 0
    if signatures.PNG.fits(data) and len(data) >= 24 and data[12:16] == b"IHDR":
        width, height = struct.unpack_from(">II", data, 16)
    elif signatures.GIF.fits(data) and len(data) >= 10:
        width, height = struct.unpack_from("<HH", data, 6)
    elif signatures.BMP.fits(data) and len(data) >= 26:
        width, height = struct.unpack_from("<ii", data, 18)
    elif signatures.JPEG.fits(data):
        at = 2
        while at + 9 <= len(data) and data[at] == 0xFF:
            if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
                height, width = struct.unpack_from(">HH", data, at + 5)
                break
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return (abs(width), abs(height)) if width and height else None
