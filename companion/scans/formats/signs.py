"""Signs that something packed, or written in code, may stand in a value: asked of every value.

Most values have none, and are told by a few searches for bytes that text hardly has.
"""

from __future__ import annotations

import re

from companion.scans.formats import base85, coded_letters, encoded_text, numbered_text, utf7
from companion.scans.formats.proof import begins_unmarked, is_perhaps_zlib

SHORTEST = 8
"""Bytes below which nothing is looked for."""
FOR_FILES = (encoded_text, base85, utf7, numbered_text)
"""For a file as a whole: its own reader undoes the codes of letters."""
ALPHABETS = (*FOR_FILES, coded_letters)
ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")
_MARKS = (
    # The byte that is rarest in text first: most values do not have it at all.
    (b"\x1f", b"\x1f\x8b\x08"), (b"&", b"1AY&SY"), (b"\xfd", b"\xfd7zXZ\0"),
    (b"\x03", b"PK\x03\x04"), (b"\xbc", b"7z\xbc\xaf\x27"), (b"\x1a", b"Rar!\x1a"),
    (b"%", b"%PDF-"), (b"\x02", b"DICM\x02\0"), (b"\0", b"\0ustar"),
)  # fmt: skip
_FEW_HEADS = 100
"""Places that may be heads of zlib which are looked at before the search itself."""


def may_hold(data: bytes) -> bool:
    """Whether there is anything to look into, as fast as can be told."""
    if len(data) < SHORTEST:
        return False
    return may_hold_packed(data) or any(one.may_hold(data) for one in ALPHABETS)


def may_hold_packed(data: bytes) -> bool:
    """The same of what is packed, or a file: only the data as a whole can prove that."""
    for rare, mark in _MARKS:
        if rare in data and mark in data:
            return True
    return _may_hold_zlib(data) or begins_unmarked(data)


def _may_hold_zlib(data: bytes) -> bool:
    for count, match in enumerate(ZLIB.finditer(data)):
        if count >= _FEW_HEADS or is_perhaps_zlib(data, match.start()):
            return True
    return False
