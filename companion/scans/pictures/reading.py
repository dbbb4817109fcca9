"""A picture in eight bits -> the writing that a person could read in it.

Two passes: the picture as it is, and, where something may be written, the picture with its
contrast evened out and small pictures made twice as large. A box that the model marks is no
finding: it has to be read, or to have the shape of a line of letters.

The thresholds were set on made-up frames (``tests/scans/pictures/drawing.py``) and on the
frames of pydicom's and other packages' test files; ``tests/bench/pictures.py`` measures them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np
from PIL import Image

from companion.scans.pictures import Letters, lines, marks
from companion.scans.pictures.contrast import evened
from companion.scans.pictures.lines import Line
from companion.scans.pictures.prefilter import may_hold_writing
from companion.scans.pictures.window import Shown, in_grey, reduced

LONGEST, LONGEST_EVENED = 960, 1440
"""Pixels of the longer side in the first pass and in the second."""
SURE, SURE_EVENED = 0.5, 0.55
"""How likely a box has to be writing, on the whole."""
SMALL = 1000
"""Pixels of the longer side up to which a picture is doubled for the second pass."""
AROUND = 41
"""Pixels of the square in which contrast is evened out."""
READ, READ_WELL = 0.7, 0.8
"""How sure the reader has to be of a line's characters. Between the two figures a box that
looks like a line of letters is of an alphabet that the reader takes for another."""
FEWEST, FEWEST_EVENED = 2, 3
"""Characters of a line that is told of; a single letter says which side is which."""
LETTERS_SURE = 0.75
"""How likely a box is to be writing that is called letters without being read."""
LETTERS_LONG = 1.8
"""How many times longer than high such a box is at least."""
LETTERS_HIGH = 0.1
"""The most of the picture's longer side that is its height."""
MOST_LONGER = 2
"""Times that a box is made longer."""
MOST_LINES = 300
"""Lines that are read in one pass over a picture."""
SECONDS = 8.0
"""Processor time for one picture: a page full of small print takes it, and its last lines are
not read then; nor is there a second pass where the first took half of it."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One line, judged: read, or in letters that cannot be read."""

    line: Line
    letters: Letters
    text: str = field(default="", repr=False)
    """Of letters that cannot be read, what the reader took them for."""


def read(shown: Shown) -> list[Writing]:
    """The lines of writing in a picture, in reading order.

    All of them, unless it took more than ``SECONDS`` of processor time.
    """
    began = time.process_time()
    until = began + SECONDS
    first = list(_judged(shown, LONGEST, SURE, FEWEST, until))
    is_quick = time.process_time() - began < SECONDS / 2
    if is_quick and (first or may_hold_writing(in_grey(shown))):
        found = _merged(first, _second_pass(shown, until))
    else:
        found = first
    return sorted(found, key=lambda one: (one.line.top, one.line.left))


def _second_pass(shown: Shown, until: float) -> list[Writing]:
    even = evened(in_grey(reduced(shown, LONGEST_EVENED)), AROUND)
    height, width = even.shape
    scale = width / shown.shape[1]
    if max(height, width) <= SMALL:
        scale *= 2
        larger = Image.fromarray(even).resize((width * 2, height * 2), Image.Resampling.BICUBIC)
        even = np.asarray(larger)
    found = _judged(even, LONGEST_EVENED, SURE_EVENED, FEWEST_EVENED, until)
    return [Writing(_placed(one.line, scale, shown), one.letters, one.text) for one in found]


def _judged(
    shown: Shown, longest: int, sure: float, fewest: int, until: float
) -> Iterable[Writing]:
    """What is writing of the boxes of one pass."""
    found = lines.boxes(shown, longest, sure)[:MOST_LINES]
    for box in found:
        if time.process_time() > until:
            return
        whole = lines.read(shown, box)
        both = [] if whole.score >= READ_WELL else lines.parted(shown, box)
        for line in [lines.read(shown, one) for one in both] or [whole]:
            if marks.is_strokes(line.text):
                continue
            if line.score >= READ_WELL and len(line.text) >= fewest:
                all_of_it = line if both else _whole_line(shown, line, found)
                yield Writing(all_of_it, Letters.READ, all_of_it.text)
            elif _is_row_of_letters(line, shown):
                yield Writing(line, Letters.UNREAD, line.text)
            elif line.score >= READ and len(line.text) >= fewest and fewest == FEWEST:
                yield Writing(line, Letters.READ, line.text)


def _whole_line(shown: Shown, line: Line, others: list[Line]) -> Line:
    """A line with the letters that its box lacks at an end, if reading a longer one gives them
    and all that was read before, hardly less surely."""
    for _ in range(MOST_LONGER):
        wider = lines.longer(shown, line, others)
        if wider is None:
            break
        more = lines.read(shown, wider)
        old, new = ("".join(one.text.split()) for one in (line, more))
        if len(new) <= len(old) or old[1:-1] not in new or more.score < READ_WELL:
            break
        line = more
    return line


def _is_row_of_letters(line: Line, shown: Shown) -> bool:
    """Whether a box has the shape of a line of letters, whatever was read in it."""
    high, long = sorted((line.bottom - line.top, line.right - line.left))
    side = max(shown.shape[:2])
    return (
        line.sure >= LETTERS_SURE
        and not line.turned
        and long >= LETTERS_LONG * high
        and high <= LETTERS_HIGH * side
        and not (line.left == 0 and line.right == shown.shape[1])  # a trace, from edge to edge
        and not marks.is_row_of_marks(
            in_grey(shown[line.top : line.bottom, line.left : line.right])
        )
    )


def _merged(first: list[Writing], second: list[Writing]) -> list[Writing]:
    """Both passes' lines; of two in one place the one that was read better."""
    merged = list(first)
    for one in second:
        same = [other for other in merged if _overlap(one.line, other.line) > 0.5]
        if same and _worth(one) <= sum(map(_worth, same)):
            continue
        if not same and one.letters is Letters.UNREAD:
            continue  # evened noise looks like letters: seen in one pass only, it is none
        merged = [other for other in merged if other not in same] + [one]
    return merged


def _worth(one: Writing) -> float:
    """How much of a line was read: characters, by how sure they are."""
    return len(one.text) * one.line.score**4 if one.letters is Letters.READ else 0.0


def _overlap(one: Line, other: Line) -> float:
    """The part of the smaller box that the other covers."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min((line.right - line.left) * (line.bottom - line.top) for line in (one, other))
    return across * down / max(1, smaller)


def _placed(line: Line, scale: float, shown: Shown) -> Line:
    """A line of the second pass, in pixels of the picture as it is."""
    height, width = shown.shape[:2]
    return replace(
        line,
        left=int(line.left / scale),
        top=int(line.top / scale),
        right=min(width, ceil(line.right / scale)),
        bottom=min(height, ceil(line.bottom / scale)),
    )
