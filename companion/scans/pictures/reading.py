"""A picture in eight bits -> the writing that a person could read in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.pictures import Letters, lines
from companion.scans.pictures.lines import Line
from companion.scans.pictures.window import Shown

LONGEST = 960
"""Pixels of the longer side in the first pass."""
SURE = 0.5
READABLE = 0.6
"""How sure the reader has to be of a line's characters."""
FEWEST = 2
"""Characters of a line that is told of; a single letter says which side is which."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One line, judged: read, or in letters that cannot be read."""

    line: Line
    letters: Letters
    text: str = field(default="", repr=False)


def read(shown: Shown) -> list[Writing]:
    """The lines of writing in a picture, in reading order."""
    found = []
    for box in lines.boxes(shown, LONGEST, SURE):
        line = lines.read(shown, box)
        if line.score >= READABLE and len(line.text) >= FEWEST:
            found.append(Writing(line, Letters.READ, line.text))
    return sorted(found, key=lambda one: (one.line.top, one.line.left))
