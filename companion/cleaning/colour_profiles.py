"""An ICC colour profile with what colours need of it, and nothing else.

Its texts name the scanner, often with the serial number, and whoever calibrated it. They become
blank where they stand, so that every offset stays true; what no tag points to becomes zeros.

Layout: ICC.1:2022, 7.2 (header), 7.3 (table of tags), 10.15 (multi-localized text); ICC.1:2001,
6.5.17 (description).
"""

from __future__ import annotations

import struct

_HEADER, _ENTRY = 128, 12
_MOST_TAGS = 100
_MARK = slice(36, 40)
_SIZE_OF_BLANK_TEXT = 30
_OF_COLOURS = frozenset(
    b"XYZ |curv|para|mft1|mft2|mAB |mBA |sf32|uf32|ui08|ui16|chrm|cicp|meas|view|sig ".split(b"|")
)
"""Types of tags that hold numbers for computing colours (ICC.1:2022, 10)."""
_ANY_DAY = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
_BLANKED = ((slice(24, 36), _ANY_DAY), (slice(48, 56), bytes(8)), (slice(80, 128), bytes(48)))
"""Of the header: the day, the device's maker and model, the creator, the sum, what is reserved."""


def bare_profile(profile: bytes) -> bytes | None:
    """The profile without its texts, as long as it says that it is; None where it is none."""
    size = int.from_bytes(profile[:4], "big")
    if profile[_MARK] != b"acsp" or not _HEADER + 4 <= size <= len(profile):
        return None
    count = int.from_bytes(profile[_HEADER : _HEADER + 4], "big")
    table = _HEADER + 4 + _ENTRY * count
    if count > _MOST_TAGS or table > size:
        return None
    bare = bytearray(size + size % 2)
    bare[:table] = profile[:table]
    for part, value in _BLANKED:
        bare[part] = value
    for number in range(count):
        at = _HEADER + 4 + _ENTRY * number
        start, length = struct.unpack_from(">II", profile, at + 4)
        if start < table or length < 8 or start + length > size:
            return None
        element = profile[start : start + length]
        bare[start : start + length] = element if element[:4] in _OF_COLOURS else _blank(element)
    return bytes(bare)


def _blank(element: bytes) -> bytes:
    """A text of the same type and length that says nothing; zeros in any other type."""
    kind, length = element[:4], len(element)
    if kind == b"desc":
        return (kind + struct.pack(">II", 0, 1)).ljust(length, b"\0")[:length]
    if kind == b"mluc" and length >= _SIZE_OF_BLANK_TEXT:
        one = struct.pack(">III4sII", 0, 1, 12, b"enUS", 2, 28) + " ".encode("utf-16-be")
        return (kind + one).ljust(length, b"\0")
    return kind.ljust(length, b"\0")
