"""Whether a picture may hold writing at all: quick, without a model.

Most slices of a study hold none, and reading one takes a hundred times as long as this.
Writing is marks of one height in a row. What this misses is told in the documentation of
the page: letters that fill the picture, and single ones.
"""

from __future__ import annotations

import numpy as np

from companion.scans.pictures.contrast import means
from companion.scans.pictures.pieces import Pieces, pieces_of
from companion.scans.pictures.window import Grey, reduced

AROUND = 15
"""Pixels of the square that a mark has to stand out from."""
STANDS_OUT = 28
"""Grey levels."""
LOWEST, HIGHEST = 5, 48
"""Pixels of height of a mark."""
WIDEST = 1.9
"""Times its height."""
EMPTIEST, FULLEST = 0.18, 0.9
"""How much of its box a mark fills."""
IN_A_ROW = 4
LEVEL = 0.16
"""Of its height, by which a mark may stand above or below the one before it."""
APART = 0.9
"""Of its height, the widest gap within a row."""
LONGEST = 2048
"""Pixels of the longer side of the picture that is looked at."""
LARGER = 4
"""Times, by which letters may be higher: those are looked for in a picture that much smaller."""
SMALLEST_REDUCED = 96
"""Pixels of the longer side of that picture, below which there is no room for a row."""
MOST_MARKS = 1_500
"""Marks beyond which a picture is read: it is noise, or full of writing."""


def may_hold_writing(picture: Grey, *, large: bool = True) -> bool:
    """Whether there is a row of marks as writing makes it, bright on dark or dark on bright.

    ``large``: whether letters may be higher than ``HIGHEST``. On slices of a body hardly any
    are, and what looks like some is its grain.
    """
    picture = reduced(picture, LONGEST)
    if _has_rows(picture):
        return True
    if not large:
        return False
    # Letters that are too high to be marks are some in a quarter of the size.
    longest = max(picture.shape) // LARGER
    return longest >= SMALLEST_REDUCED and _has_rows(reduced(picture, longest))


def _has_rows(picture: Grey) -> bool:
    stands_out = picture.astype(np.float32) - means(picture, AROUND)
    return any(
        _has_row(pieces_of(mask)) for mask in (stands_out > STANDS_OUT, stands_out < -STANDS_OUT)
    )


def _has_row(pieces: Pieces) -> bool:
    height, width = pieces.bottom - pieces.top, pieces.right - pieces.left
    filled = pieces.area / np.maximum(height * width, 1)
    marks = pieces.where(
        (height >= LOWEST)
        & (height <= HIGHEST)
        & (width <= WIDEST * height)
        & (filled >= EMPTIEST)
        & (filled <= FULLEST)
    )
    if len(marks) > MOST_MARKS:
        return True
    if len(marks) < IN_A_ROW:
        return False
    order = np.argsort(marks.left, kind="stable")
    left, right, bottom = marks.left[order], marks.right[order], marks.bottom[order]
    height = bottom - marks.top[order]
    in_row = np.ones(len(order), np.int64)
    for number in range(1, len(order)):
        high = height[number]
        gap = left[number] - right[:number]
        before = (
            (gap <= APART * high)
            & (gap >= -0.2 * high)
            & (np.abs(bottom[:number] - bottom[number]) <= LEVEL * high)
            & (np.abs(height[:number] - high) <= 0.25 * high)
        )
        if before.any():
            in_row[number] += in_row[:number][before].max()
            if in_row[number] >= IN_A_ROW:
                return True
    return False
