"""What a printed checklist, wallet card or answer sheet holds, as plain values.

``companion.web.checklists.printed`` turns these into pages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from companion.checklists.answers import STATUSES, Notes
from companion.checklists.catalogue import Catalogue, Question
from companion.checklists.choosing import choose, every
from companion.checklists.conditions import Facts
from companion.content.untranslated import alike, joined

Density = Literal["roomy", "normal", "dense", "tight"]
DENSITIES: tuple[Density, ...] = ("roomy", "normal", "dense", "tight")

# What fits between the margins of US Letter, the shorter of the two papers, after the
# head: millimetres for all, and for each density those of one line of text, of what
# stands around a question, and the characters on a line; for each habit those of its line.
_ROOM = 218
_HABIT = 5
_LINE = {"roomy": 5.3, "normal": 4.6, "dense": 3.8, "tight": 3.4}
_ROW = {"roomy": 7.6, "normal": 7.2, "dense": 5.6, "tight": 4.7}
_WIDTH = {"roomy": 74, "normal": 84, "dense": 98, "tight": 108}
_SHORTEST, _TALLEST = 4, 13
"""Millimetres to write an answer in."""
_LEAST = 3
"""The same where two languages with long words, such as German and French, share the page."""
_WANTED = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One question on paper, in each language of the sheet."""

    id: str
    must: bool
    texts: tuple[tuple[str, str], ...]
    """(language, text)."""
    boxes: tuple[str, ...] = ()
    """For each language, the line of boxes to tick."""

    @property
    def sides(self) -> tuple[tuple[str, str, str], ...]:
        """(language, text, boxes): one side for each language."""
        return tuple(
            (language, text, boxes)
            for (language, text), boxes in zip(self.texts, self.boxes, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A label in each language of the sheet."""

    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed checklist."""

    slug: str
    languages: tuple[str, ...]
    title: Label
    care_first: Label
    rows: tuple[Row, ...]
    habits: tuple[Label, ...]
    density: Density
    """How close the lines must stand to stay on one page; ``everything`` may need more."""
    write_in: int
    """Millimetres of room to write each answer in."""


@dataclass(frozen=True, slots=True)
class Card:
    """One wallet card, in one language."""

    language: str
    title: str
    questions: tuple[str, ...]
    consent_title: str
    consent: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of a patient's own answers."""

    row: Row
    status: Label
    note: str = field(repr=False)
    who: str = field(repr=False)
    heard: bool


def sheet(
    catalogue: Catalogue,
    slug: str,
    languages: Sequence[str],
    facts: Facts | None = None,
    *,
    everything: bool = False,
) -> Sheet:
    """A blank checklist: the questions that fit ``facts``, or all of them.

    ``slug`` must be a checklist (``KeyError``); ``languages`` one or two of
    ``content.library.LANGUAGES``, the main one first.
    """
    found = every(catalogue, slug) if everything else choose(catalogue, slug, facts or {})
    boxes = tuple(_boxes(catalogue, language) for language in languages)
    rows = tuple(_row(question, languages, boxes) for question in found)
    checklist = catalogue.checklists[slug]
    habits = tuple(
        _label(catalogue, "habits", name, languages)
        for name, on in catalogue.habits.items()
        if slug in on
    )
    density, write_in = _fitted(rows, len(languages), len(habits))
    return Sheet(
        slug=slug,
        languages=tuple(languages),
        title=Label(tuple((one, checklist.words[one]["title"]) for one in languages)),
        care_first=_label(catalogue, "common", "care-first", languages),
        rows=rows,
        habits=habits,
        density=density,
        write_in=write_in,
    )


def card(catalogue: Catalogue, language: str) -> Card:
    """The wallet card: the five must-asks and the consent sentence."""

    def say(name: str) -> str:
        return catalogue.say("common", name, language)

    return Card(
        language=language,
        title=say("card-title"),
        questions=tuple(question.text(language).card for question in catalogue.musts),
        consent_title=say("card-consent-title"),
        consent=say("consent-sentence"),
        labels={name: say(name) for name in ("name", "signature", "date", "cut")},
    )


def answer_rows(
    catalogue: Catalogue, notes: Notes, languages: Sequence[str]
) -> tuple[AnswerRow, ...]:
    """The patient's own answers, in the order of the checklists."""
    return tuple(
        AnswerRow(
            row=_row(question, languages),
            status=_label(catalogue, "common", answer.status or "not-asked", languages),
            note=answer.note,
            who=answer.who,
            heard=answer.heard,
        )
        for question in catalogue.questions.values()
        if (answer := notes.answer(question.id))
    )


def label(catalogue: Catalogue, name: str, languages: Sequence[str]) -> Label:
    """One of the common words, in each language of a sheet."""
    return _label(catalogue, "common", name, languages)


def _label(catalogue: Catalogue, kind: str, name: str, languages: Sequence[str]) -> Label:
    return Label(tuple((one, catalogue.say(kind, name, one)) for one in languages))


def _boxes(catalogue: Catalogue, language: str) -> str:
    """The answers to tick, as one text: far quicker to lay out than a box each."""
    labels = [catalogue.say("common", status, language) for status in STATUSES]
    boxes = (alike("\u2610\u00a0" + one.replace(" ", "\u00a0"), one) for one in labels)
    return joined("\u2002 ", boxes)


def _row(question: Question, languages: Sequence[str], boxes: tuple[str, ...] = ()) -> Row:
    return Row(
        question.id,
        question.must,
        tuple((one, question.text(one).ask) for one in languages),
        boxes,
    )


def _fitted(rows: tuple[Row, ...], languages: int, habits: int) -> tuple[Density, int]:
    """The largest type that leaves room to write, and how much room that is."""
    room = _ROOM - _HABIT * habits * languages
    write_in = 0
    for density in DENSITIES:
        width = _WIDTH[density] / languages - (4 if languages > 1 else 0)
        lines = sum(max(math.ceil(len(text) / width) for _, text in row.texts) for row in rows)
        spare = room - lines * _LINE[density] - len(rows) * _ROW[density]
        write_in = int(spare / len(rows))
        if write_in >= _WANTED:
            break
    return density, max(_SHORTEST if write_in > 0 else _LEAST, min(write_in, _TALLEST))
