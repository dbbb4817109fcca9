"""Text whose letters are numbers: of 32 bits each (UTF-32), or written out, ``81\\117\\105``.

Numbers between 32 and 255 are what measurements are, too. So letters count only where they
follow each other as in words, and by far more than chance would have it (``likeness``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice

from companion.scans.formats.encoded_text import Encoded
from companion.scans.formats.likeness import is_evident, is_of_numbers

_SIGN = re.compile(rb"\0\0\0[\t\n\r\x20-\xff]\0\0\0[\t\n\r\x20-\xff]\0\0\0[\t\n\r\x20-\xff]\0\0")
"""In either byte order, and what a search finds fast."""
_LITTLE = re.compile(rb"(?:[\t\n\r\x20-\xff]\0\0\0|[\0-\xff][\x01-\x06]\0\0){6,}+")
_BIG = re.compile(rb"(?:\0\0\0[\t\n\r\x20-\xff]|\0\0[\x01-\x06][\0-\xff]){6,}+")
_WRITTEN = re.compile(
    rb"(?:[1-9][0-9]{1,2}|9)(?:[\\,;\s]{1,4}+(?:[1-9][0-9]{1,2}|9)){11,}+[\\,;\s]*"
)
_NUMBER = re.compile(rb"[0-9]+")
_MOST_RUNS, _MOST_BYTES = 400, 1 << 20
_NO_CHANCE = 24.0
"""Bits beyond the length of the data from which a text is no chance."""
_PRINTABLE = frozenset((*range(0x20, 0x7F), *range(0xA0, 0x100), 9, 10, 13))


def may_hold(data: bytes) -> bool:
    """Whether there are numbers that may be letters, one behind the other."""
    return _SIGN.search(data, 0, _MOST_BYTES) is not None or _is_written(data)


def runs(data: bytes, _words: set[bytes]) -> Iterator[Encoded]:
    """Runs of such numbers that are words, as text in UTF-8; the data themselves stay."""
    if _is_written(data):
        codes = [int(found) for found in _NUMBER.findall(data)]
        if _PRINTABLE.issuperset(codes):
            yield from _proven("".join(map(chr, codes)), 0, len(data), len(codes))
        return
    for pattern, codec in ((_LITTLE, "utf-32-le"), (_BIG, "utf-32-be")):
        for found in islice(pattern.finditer(data, 0, _MOST_BYTES), _MOST_RUNS):
            text = found[0].decode(codec, "replace")
            yield from _proven(text, found.start(), found.end(), len(data))


def _is_written(data: bytes) -> bool:
    return data[:1].isdigit() and _WRITTEN.fullmatch(data, 0, _MOST_BYTES) is not None


def _proven(text: str, start: int, end: int, size: int) -> Iterator[Encoded]:
    lines = text.split("\n")
    needed = _NO_CHANCE + math.log2(size + 1)
    if any(not is_of_numbers(line) and is_evident(line, needed) for line in lines):
        yield Encoded("numbers", text.encode("utf-8", "replace"), False, start, end, stays=True)
