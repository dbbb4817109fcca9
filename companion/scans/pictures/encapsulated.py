"""Which fragments of compressed pixel data make up which frame (PS3.5 A.4)."""

from __future__ import annotations

import struct
from itertools import pairwise

from companion.scans.dicom import tags
from companion.scans.pictures.stored import StoredPicture

_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ", b"\xff\x0a")
"""How code streams of JPEG, JPEG-LS, JPEG 2000, its files and JPEG XL begin."""
MOST_FRAME = 200_000_000
"""Compressed bytes of one frame."""


def frame_bytes(picture: StoredPicture, frame: int) -> bytes:
    """The compressed bytes of one frame; none where it cannot be told which they are.

    An offset table is believed only where it points at the beginnings of fragments; where
    there is none or it lies, the beginnings of code streams are counted.
    """
    fragments = picture.fragments
    if not fragments or frame >= picture.frames:
        return b""
    if picture.frames == 1:
        first, last = 0, len(fragments)
    elif len(fragments) == picture.frames:
        first, last = frame, frame + 1
    else:
        firsts = _by_table(picture) or _by_starts(picture)
        if frame >= len(firsts):
            return b""
        first = firsts[frame]
        last = firsts[frame + 1] if frame + 1 < len(firsts) else len(fragments)
    chosen = fragments[first:last]
    if sum(map(len, chosen)) > MOST_FRAME:
        return b""
    return b"".join(chosen)


def _by_table(picture: StoredPicture) -> list[int]:
    """The number of each frame's first fragment, by the offset tables."""
    extended = picture.values.get(tags.EXTENDED_OFFSET_TABLE, b"")
    table, form = (extended, "Q") if extended else (picture.offsets, "I")
    count = len(table) // struct.calcsize(form)
    if count != picture.frames:
        return []
    offsets = struct.unpack_from(f"{'<' if picture.little else '>'}{count}{form}", table)
    numbers, at = {}, 0
    for number, fragment in enumerate(picture.fragments):
        numbers[at] = number
        at += 8 + len(fragment)
    firsts = [numbers.get(offset, -1) for offset in offsets]
    rising = all(one < other for one, other in pairwise(firsts))
    return firsts if firsts and firsts[0] == 0 and rising else []


def _by_starts(picture: StoredPicture) -> list[int]:
    return [
        number
        for number, fragment in enumerate(picture.fragments)
        if bytes(fragment[:8]).startswith(_STARTS)
    ]
