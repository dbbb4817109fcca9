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

_SIGN = re.compile(rb"\0\0\0[A-Za-z\xc0-\xff]" * 3)
"""In either byte order, and what a search finds fast: three letters, as rows of small numbers
hardly have."""
_LITTLE = re.compile(rb"(?:[\t\n\r\x20-\xff]\0\0\0|[\0-\xff][\x01-\x06]\0\0)++")
_BIG = re.compile(rb"(?:\0\0\0[\t\n\r\x20-\xff]|\0\0[\x01-\x06][\0-\xff])++")
_MOST_BEFORE = 4_000
"""Letters that are looked at in front of such a sign."""
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
    after = 0
    for sign in islice(_SIGN.finditer(data, 0, _MOST_BYTES), _MOST_RUNS):
        if sign.start() < after:
            continue
        # Between the zeros stand the letters, before them or behind.
        for unit, first, codec in (
            (_LITTLE, sign.start() - 1, "utf-32-le"),
            (_BIG, sign.start(), "utf-32-be"),
        ):
            start = _beginning(data, unit, first, after)
            if found := unit.match(data, start, _MOST_BYTES):
                after = max(after, found.end())
                text = found[0].decode(codec, "replace")
                yield from _proven(text, start, found.end(), len(data))


def _beginning(data: bytes, unit: re.Pattern[bytes], at: int, least: int) -> int:
    """Where a text begins that goes on at an offset."""
    for start in range(at - 4, max(least, at - 4 * _MOST_BEFORE) - 1, -4):
        if not unit.match(data, start, start + 4):
            break
        at = start
    return max(at, 0)


def _is_written(data: bytes) -> bool:
    return data[:1].isdigit() and _WRITTEN.fullmatch(data, 0, _MOST_BYTES) is not None


def _proven(text: str, start: int, end: int, size: int) -> Iterator[Encoded]:
    lines = text.split("\n")
    needed = _NO_CHANCE + math.log2(size + 1)
    if any(not is_of_numbers(line) and is_evident(line, needed) for line in lines):
        yield Encoded("numbers", text.encode("utf-8", "replace"), False, start, end, stays=True)
