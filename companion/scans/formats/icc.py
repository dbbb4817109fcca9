"""What an ICC colour profile says of itself: its description, its device.

Layout: ICC.1:2022, 7.3 (the table of tags), 10.15 (multi-localized text); ICC.1:2001,
6.5.17 (description).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

MOST_TAGS = 100
_TEXT_TAGS = (b"desc", b"dmnd", b"dmdd")
_USUAL = re.compile(
    r"(?:(?:[\w.]{1,20} ){0,2}sRGB|Adobe RGB|Apple RGB|Display P3|ProPhoto|ROMM|Generic|Gr[ae]y|"
    r"Dot Gain|Wide Gamut|eciRGB|IEC|Rec\.|RGB built-in|Color ?Match|CMYK)\b[\w .:/,()-]{0,60}",
    re.IGNORECASE,
)
"""The profiles that come with every computer and camera."""


def descriptions(profile: bytes) -> Iterator[str]:
    """Each different text of a profile that is not one that every machine has."""
    seen: set[str] = set()
    for text in _texts(profile):
        clean = text.strip("\0 \r\n")
        if clean and clean not in seen and not _USUAL.fullmatch(clean):
            seen.add(clean)
            yield clean


def _texts(profile: bytes) -> Iterator[str]:
    if profile[36:40] != b"acsp" or len(profile) < 132:
        return
    count = min(struct.unpack_from(">I", profile, 128)[0], MOST_TAGS)
    for number in range(count):
        at = 132 + 12 * number
        if at + 12 > len(profile):
            return
        name, start, size = struct.unpack_from(">4sII", profile, at)
        if name in _TEXT_TAGS:
            yield from _text(profile[start : start + min(size, 10_000)])


def _text(body: bytes) -> Iterator[str]:
    kind = body[:4]
    if kind == b"desc" and len(body) >= 12:
        length = struct.unpack_from(">I", body, 8)[0]
        yield body[12 : 12 + length].decode("latin-1")
        wide = 12 + length + 4
        if wide + 4 <= len(body):
            letters = struct.unpack_from(">I", body, wide)[0]
            yield body[wide + 4 : wide + 4 + 2 * letters].decode("utf-16-be", "replace")
    elif kind == b"mluc" and len(body) >= 16:
        records = min(struct.unpack_from(">I", body, 8)[0], 50)
        for number in range(records):
            at = 16 + 12 * number
            if at + 12 > len(body):
                return
            _, length, start = struct.unpack_from(">4sII", body, at)
            yield body[start : start + length].decode("utf-16-be", "replace")
