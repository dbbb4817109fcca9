"""A patient's notes: answers to questions, steps done, and facts about the scan.

It travels by form and by file, never by server. ``Notes.from_saved`` reads what a
file holds and drops what it does not know; ``Notes.to_saved`` is its opposite.
Values are kept out of ``repr``, so that no traceback or log shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from companion.checklists.catalogue import Catalogue
from companion.checklists.conditions import Facts

STATUSES = ("asked", "clear", "unclear", "no-answer", "refused")
OPEN = ("asked", "unclear", "no-answer", "refused")
"""Asked, and not answered to the patient's satisfaction."""
NOTE_MOST = 500
"""Characters in a note."""
WHO_MOST = 80
"""Characters in "who answered"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on one question."""

    status: str = ""
    """One of ``STATUSES``, or ``""`` while it was not asked."""
    note: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    heard: bool = False
    """The patient heard the warning sign given with the question."""

    def __bool__(self) -> bool:
        return bool(self.status or self.note or self.who or self.heard)


@dataclass(frozen=True, slots=True)
class Notes:
    """All that a patient has answered, over every checklist."""

    facts: Facts = field(default_factory=dict, repr=False)
    on: date | None = field(default=None, repr=False)
    """The day of the scan."""
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)
    habits: frozenset[str] = field(default_factory=frozenset, repr=False)

    def answer(self, question: str) -> Answer:
        return self.answers.get(question, Answer())

    def too_long(self) -> dict[str, int]:
        """Question id -> characters in its note, where there are too many."""
        return {
            name: len(answer.note)
            for name, answer in self.answers.items()
            if len(answer.note) > NOTE_MOST
        }

    def filled_from(self, other: Notes) -> Notes:
        """These notes, with what is empty here taken from ``other``."""
        answers = dict(other.answers)
        answers.update({name: answer for name, answer in self.answers.items() if answer})
        facts = dict(other.facts)
        facts.update({name: values for name, values in self.facts.items() if values})
        return Notes(facts, self.on or other.on, answers, self.habits | other.habits)

    def to_saved(self) -> dict[str, Any]:
        """As plain JSON, for the file that the patient saves."""
        saved: dict[str, Any] = {
            "facts": {name: list(values) for name, values in self.facts.items() if values},
            "answers": {
                name: {
                    key: value
                    for key, value in (
                        ("status", answer.status),
                        ("note", answer.note),
                        ("who", answer.who),
                        ("heard", answer.heard),
                    )
                    if value
                }
                for name, answer in self.answers.items()
                if answer
            },
            "habits": sorted(self.habits),
        }
        if self.on:
            saved["on"] = self.on.isoformat()
        return saved

    @classmethod
    def from_saved(cls, saved: object, catalogue: Catalogue) -> Notes:
        """Read a file's part. Unknown names and values are dropped, long notes cut."""
        table = _table(saved)
        facts = {
            name: _known(values, catalogue.facts[name].values)[: catalogue.facts[name].most]
            for name, values in _table(table.get("facts")).items()
            if name in catalogue.facts
        }
        answers = {
            name: _answer(_table(answer))
            for name, answer in _table(table.get("answers")).items()
            if name in catalogue.questions
        }
        return cls(
            facts={name: values for name, values in facts.items() if values},
            on=a_date(table.get("on")),
            answers={name: answer for name, answer in answers.items() if answer},
            habits=frozenset(_known(table.get("habits"), tuple(catalogue.habits))),
        )


def a_date(value: object) -> date | None:
    """A date written as ``2026-11-21``; anything else is no date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def plain(text: str) -> str:
    """A note as plain text: control and text-direction characters removed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter for letter in lines if letter == "\n" or (letter.isprintable() or letter == "\t")
    ).strip()


def _answer(table: Mapping[str, Any]) -> Answer:
    status = table.get("status")
    return Answer(
        status=status if isinstance(status, str) and status in STATUSES else "",
        note=_text(table.get("note"))[:NOTE_MOST],
        who=_text(table.get("who"))[:WHO_MOST],
        heard=table.get("heard") is True,
    )


def _text(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _known(values: object, allowed: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(value for value in allowed if value in values)
