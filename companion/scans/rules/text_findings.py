"""Gathers what detectors find in texts into one finding for each place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion.scans.dicom.loose_text import is_loose
from companion.scans.findings import MAX_VALUE_LENGTH, Certainty, Finding
from companion.scans.inventory import Element, Passage
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Text
from companion.scans.rules.table import make_finding

_MOST_SORTED = 4_000
"""Values of one place among which the labelled ones are looked for."""


@dataclass(slots=True)
class _Spot:
    where: Element | Passage = field(repr=False)
    certainty: Certainty
    values: dict[str, None] = field(default_factory=dict, repr=False)
    files: int = 0
    where_of_passages: int = field(default=0, repr=False)
    example: str = field(default="", repr=False)


class _Lines:
    """A text's lines, as they stand and where they begin when folded."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._original = text.original.split("\n")
        self._ends = [found.start() for found in re.finditer("\n", text.folded)]

    def around(self, start: int) -> str:
        """The line that an offset in the folded text is in."""
        number = bisect_left(self._ends, start)
        if number >= len(self._original):
            return around(self.text.original, start)
        before = self._ends[number - 1] if number else -1
        return around(self._original[number], start - before - 1)


class Gatherer:
    """Findings by rule and place; passages of one kind are one place in all files."""

    def __init__(self) -> None:
        self._spots: dict[tuple[str, object], _Spot] = {}
        self._lines: _Lines | None = None

    def add(
        self, rule: str, text: Text, start: int, certainty: Certainty, *, turned: bool = False
    ) -> None:
        """Note that ``text`` falls under ``rule`` because of what begins at ``start``.

        ``turned``: it stands there from back to front, and is shown turned round.
        """
        where = text.element or text.passage
        if where is None:
            return
        key = id(where) if isinstance(where, Element) else passage_key(where)
        spot = self._spots.setdefault((rule, key), _Spot(where, certainty))
        shown = self._shown(text, start)
        if turned:
            shown = shown[::-1]
        if text.passage is not None:
            spot.where_of_passages |= text.passage.where
        if shown not in spot.values:
            spot.values[shown] = None
            counted = text.seen or text.passage
            spot.files += text.seen.files if text.seen else 0
            spot.example = spot.example or (counted.example if counted else "")
        if certainty is Certainty.LIKELY:
            spot.certainty = certainty

    def _shown(self, text: Text, start: int) -> str:
        """The words around an offset; where lines are strangers to each other, its line."""
        if text.passage is None or not is_loose(text.passage):
            return around(text.original, start)
        if self._lines is None or self._lines.text is not text:
            self._lines = _Lines(text)  # one text may have thousands of hits, one after the other
        return self._lines.around(start)

    def findings(self) -> Iterator[Finding]:
        """One finding for each rule and place."""
        for (rule, _), spot in self._spots.items():
            where = spot.where
            # Values of one element may share a file, but never have more than it has.
            files = spot.where_of_passages.bit_count() or spot.files
            most = where.files if isinstance(where, Element) else files
            yield make_finding(
                rule,
                certainty=spot.certainty,
                place=where.place,
                tag=where.tag,
                path=where.path,
                name=where.name,
                values=labelled_first(spot.values),
                files=max(1, min(files, most)),
                example=spot.example,
            )


def labelled_first(values: Iterable[str]) -> tuple[str, ...]:
    """Values in their order, but those with a label of a person's name, number ... first."""
    kept = list(values)
    first = sorted(kept[:_MOST_SORTED], key=lambda value: not is_labelled(value))
    return (*first, *kept[_MOST_SORTED:])


def passage_key(passage: Passage) -> tuple[str, str, str]:
    """What makes passages one place to a reader: the same place, path and label."""
    return passage.place, passage.path, passage.name


def around(text: str, at: int) -> str:
    """The part of a long text around an offset in it."""
    if len(text) <= MAX_VALUE_LENGTH:
        return text
    start = max(0, at - 60)
    return f"{'...' if start else ''}{text[start : start + 120]}..."
