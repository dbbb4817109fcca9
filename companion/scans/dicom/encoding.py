"""How a data set is written: its VRs and byte order, and the head of each element.

A head is an element's tag, VR and length (PS3.5, 7.1). Reading it is part of the parser's
hot loop: each way to write a data set has a function of its own, so that nothing is asked
anew for each of a million elements.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""VRs whose length takes 32 bits."""
SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())

Head = tuple[int, bytes, int, int]
"""Tag, VR (empty where the file names none), length of the value, offset of the value.
The tag is 0 where there is no room for a head."""
_NO_HEAD: Head = (0, b"", 0, 0)

ReadHead = Callable[[bytes, int, int], Head]
"""Reads the head at an offset of the data; the last argument is where its container ends."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a data set is written."""

    explicit: bool
    little: bool
    read_head: ReadHead = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reader = _explicit_reader if self.explicit else _implicit_reader
        object.__setattr__(self, "read_head", reader("little" if self.little else "big"))


def _implicit_reader(byte_order: Literal["little", "big"]) -> ReadHead:
    unpack = struct.Struct("<HHI" if byte_order == "little" else ">HHI").unpack_from

    def read_head(data: bytes, position: int, end: int) -> Head:
        if position + 8 > end:
            return _NO_HEAD
        group, number, length = unpack(data, position)
        return group << 16 | number, b"", length, position + 8

    return read_head


def _explicit_reader(byte_order: Literal["little", "big"]) -> ReadHead:
    mark = "<" if byte_order == "little" else ">"
    unpack = struct.Struct(f"{mark}HH2sH").unpack_from
    unpack_length = struct.Struct(f"{mark}I").unpack_from

    def read_head(data: bytes, position: int, end: int) -> Head:
        if position + 8 > end:
            return _NO_HEAD
        group, number, vr, length = unpack(data, position)
        if vr in SHORT_VRS:
            return group << 16 | number, vr, length, position + 8
        if vr in LONG_VRS:
            if position + 12 > end:
                return _NO_HEAD
            return group << 16 | number, vr, unpack_length(data, position + 8)[0], position + 12
        return read_unusual(group << 16 | number, vr, length, data, position, end)

    def read_unusual(tag: int, vr: bytes, short: int, data: bytes, position: int, end: int) -> Head:
        """A VR that is not in the standard: read as if implicit, or as an unknown VR."""
        if tag >> 16 == 0xFFFE or not (vr.isalpha() and vr.isupper()):
            return tag, b"", unpack_length(data, position + 4)[0], position + 8
        if short == 0 and position + 12 <= end:
            # A VR newer than this program has a length of 32 bits (PS3.5, 7.1.2).
            length = unpack_length(data, position + 8)[0]
            if position + 12 + length <= end:
                return tag, vr, length, position + 12
        return tag, vr, short, position + 8

    return read_head


EXPLICIT = Encoding(explicit=True, little=True)
IMPLICIT = Encoding(explicit=False, little=True)
BIG = Encoding(explicit=True, little=False)
