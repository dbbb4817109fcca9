"""Labelled lines of a finding in the words of the page: ``made: outline`` is "Made: outlines"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from companion.scans import labels
from companion.scans.labels import Label
from companion.web.dates import day_in_words
from companion.web.scans.report.chosen import Words
from companion.web.scans.report.days import as_day
from companion.web.words import page_language, screen

RULES = frozenset({"ai-result", "ai-picture", "ai-maker", "written-report"})
"""Rules whose values are lines."""
_CODED = {
    Label.MADE: "made",
    Label.HOW: "how",
    Label.KIND: "kind",
    Label.SIGNED: "yes_no",
    Label.COMPLETE: "yes_no",
    Label.QUALITY: "quality",
}
"""Labels whose texts are codes, and the passage of ``screens/codes`` that has them."""


_OPEN = frozenset({Label.PROGRAM, Label.VERSION, Label.MAKER})


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line: what it says of, and the text, in words where it is a code."""

    id: str
    label: str
    text: str = field(repr=False)
    coded: bool
    """The text is ours, and nothing that a file holds."""

    @property
    def open(self) -> bool:
        """It never hides: a program and its maker are no details of a patient."""
        return self.coded or self.id in _OPEN


def labelled(values: Iterable[str]) -> tuple[Labelled, ...]:
    """The lines among ``values``; a value without a known label is "as written"."""
    words = screen("codes", page_language())
    lines = []
    for value in values:
        label, text = labels.read(value)
        id_ = label or str(Label.WRITTEN)
        text, coded = _in_words(id_, text, words)
        lines.append(Labelled(id_, words["label"][id_.replace(" ", "_")], text, coded))
    return tuple(lines)


def _in_words(label: str, text: str, words: Words) -> tuple[str, bool]:
    if label in _CODED:
        known = words[_CODED[Label(label)]].get(text.strip().lower().replace(" ", "_"))
        return (known, True) if known else (text, False)
    day = as_day(text) if label == Label.DATE else None
    return (day_in_words(day), False) if day else (text, False)
