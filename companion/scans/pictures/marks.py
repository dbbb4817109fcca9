"""What looks like a line of letters and is none: the same mark again and again.

Rows of crosses, the marks of a ruler, buttons side by side and a heart's trace are of one height
and stand on one line, as letters do. But each is like the one before it, and letters are not.
"""

from __future__ import annotations

import re

import numpy as np

from companion.scans.pictures.contrast import Floats
from companion.scans.pictures.window import Grey

ALIKE = 0.78
"""How alike a row and the same row moved along may be. Of 84 lines in seven alphabets and fonts
of all kinds the highest was 0.74; rows of shapes begin at 0.80."""
UPRIGHT = 0.15
"""How much of what differs in the middle of a line may differ from row to row, and not only from
column to column. Of the same 84 lines the least was 0.33; bars of a code or a test plate have 0."""
_ROWS = 24
"""Of a line, from which it is compared in fewer pixels."""
_STROKES = frozenset("十一二三口日□■〇○●◇|丨│lI1-_=+x×.,·:;'`/\\~<>^*()[]")
"""What the reader takes crosses, ticks, boxes, dots and arrows for."""
_NUMBER = re.compile(r"[/.:,-]*\d[\d/.:,-]*")
"""Such as the eleventh of November."""
_FEWEST = 3


def is_row_of_marks(part: Grey) -> bool:
    """Whether the pixels of a line, longer than high, repeat themselves along it or are bars."""
    step = max(1, part.shape[0] // _ROWS)
    row = part[::step, ::step].astype(np.float32)
    high, long = row.shape
    if _are_bars(row):
        return True
    for moved in range(max(4, round(0.4 * high)), round(0.55 * long) + 1):
        if _alike(row[:, moved:], row[:, :-moved]) > ALIKE:
            return True
    return False


def _are_bars(row: Floats) -> bool:
    """Whether the middle of a line is upright bars, of whatever widths."""
    third = len(row) // 3
    middle = row[third : len(row) - third]
    differs = float(middle.var())
    return len(middle) > 1 and differs > 0 and float(middle.var(axis=0).mean()) < UPRIGHT * differs


def _alike(one: Floats, other: Floats) -> float:
    """Their correlation; 0 where one of them is even."""
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size else 0.0


def is_strokes(text: str) -> bool:
    """Whether what was read is strokes and boxes alone, or one character all over."""
    letters = "".join(text.split())
    if len(letters) < _FEWEST:
        return bool(letters) and all(one in _STROKES and not one.isascii() for one in letters)
    if _NUMBER.fullmatch(letters):
        return False
    plain = letters.isascii() and letters.isalnum()
    return len(set(letters)) == 1 or (not plain and _STROKES.issuperset(letters))
