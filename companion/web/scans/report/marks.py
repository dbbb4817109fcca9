"""Where things stand in a picture: outlines in its own pixels, and the places in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from companion.scans.findings import Box, Finding, Thumbnail

_ROWS = ("upper", "middle", "lower")
_COLUMNS = ("left", "center", "right")
_MARGIN = 0.004
"""By which a box is grown on each side, as a part of the longer side of the picture: the
edges of letters reach over the box of their reader."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An outlined place in a picture, in its own pixels."""

    x: int
    y: int
    width: int
    height: int
    maybe: bool = False
    """What stands there may be nothing."""


def mark(box: Box, thumbnail: Thumbnail, *, maybe: bool = False) -> Mark:
    """The box, a little wider than the letters, and within the picture whatever it says."""
    margin = max(thumbnail.width, thumbnail.height) * _MARGIN
    left, right = (
        min(thumbnail.width, max(0, side))
        for side in (floor(box.x - margin), ceil(box.x + box.width + margin))
    )
    top, bottom = (
        min(thumbnail.height, max(0, side))
        for side in (floor(box.y - margin), ceil(box.y + box.height + margin))
    )
    return Mark(left, top, right - left, bottom - top, maybe)


def places(boxes: Iterable[Box], thumbnail: Thumbnail, words: Any) -> tuple[str, ...]:
    """Where boxes stand, in words, each place once: the picture in three by three parts."""
    found = dict.fromkeys(place(box, thumbnail) for box in boxes)
    return tuple(words["in_picture"][part] for part in found)


def place(box: Box, thumbnail: Thumbnail) -> str:
    """The one of nine parts of the picture in which a box stands, a key of its words."""
    row = _ROWS[_third(box.y + box.height / 2, thumbnail.height)]
    return f"{row}_{_COLUMNS[_third(box.x + box.width / 2, thumbnail.width)]}"


def _third(middle: float, whole: int) -> int:
    return min(2, max(0, int(3 * middle / whole)))


def boxes_in(finding: Finding, thumbnail: Thumbnail) -> list[Box]:
    """What was found in this frame."""
    here = (thumbnail.file, thumbnail.frame)
    return [box for box in finding.boxes if (box.file, box.frame) == here]
