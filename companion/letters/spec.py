"""What a letter is made of, as the content folder describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from companion.content.law import Jurisdiction
from companion.content.library import WordsFile
from companion.letters import person
from companion.letters.grammar import Answer, Situation, Template

KINDS = ("line", "text", "lines", "date", "choice", "choices", "flag")
ABOUT = ("you", "them", "scan", "matter", "sending")
STRENGTHS = ("right", "request", "both", "notice", "complaint")
TO_HOSPITAL = (
    "privacy-office", "records", "radiology", "front-desk", "study", "information-rights",
)  # fmt: skip
"""The recipients that are offices of the hospital; all others are somebody else."""
FLAG = ("yes", "no")
DEATH = "died_on"
"""The question that is asked only of who writes for somebody who has died."""
LIMIT_DAY = "event_date"
"""The day from which a time limit of the patient's own runs."""
HOSPITAL = ("hospital", "hospital_address")
"""The questions that name a hospital which the letter does not go to."""
DERIVED = frozenset(
    {"today", "answer_by", "reference", "place_name", "regulator", "regulator_contact"}
)
FIRST_DUE = ("passed", "ahead", "confirm-passed", "confirm-ahead", "asked")
DERIVED_CHOICES = ("first_rule", "first_due", "first_to", "waited", "writer")
"""What a condition may ask about the letter before: the rule that timed it, how the day
its answer was due lies to this letter's, who got it, and whether the time they have is over;
and about every letter who writes it (``person.WRITERS``)."""
WRITER_SECTIONS = ("opening", "A", "B", "enclosures")
"""What a letter says in addition when somebody else writes it for the patient."""
PAGE_SECTIONS = ("title", "wish", "search", "can", "cannot", "at-hand", "send", "next")
LETTER_SECTIONS = ("subject", "opening", "A", "B", "answer", "enclosures")
MAY_BE_MISSING = {"send", "opening", "A", "B", "enclosures"}


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. ``options`` only where it is a choice or a flag."""

    id: str
    kind: Literal["line", "text", "lines", "date", "choice", "choices", "flag"]
    about: str
    options: tuple[str, ...]
    only: tuple[str, ...]
    """Jurisdictions that ask it; empty for all."""
    limit: int
    """Characters that an answer may have."""
    autocomplete: str
    """What a browser may know: ``off`` keeps a short line out of what it offers to whoever
    types next, and also out of what its Back brings again without scripts. So nothing else
    is ``off``: browsers offer no long text, no day and no choice."""
    past: bool
    """A date that cannot lie in the future."""
    most: int = 0
    """Options that may be chosen together; 0 for all."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    label: str
    hint: str
    options: Mapping[str, str]
    """How each option reads on the form."""
    printed: Mapping[str, str]
    """How each option reads in the letter."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A letter as the content folder describes it: facts, questions and words."""

    slug: str
    number: str
    want: str
    order: int
    layout: Literal["letter", "slip"]
    jurisdictions: tuple[str, ...]
    recipient: str
    hospital_first: Template
    """Not empty where the letter goes to the hospital, and to ``recipient`` only later."""
    fields: tuple[Field, ...]
    required: frozenset[str]
    follow_ups: tuple[str, ...]
    not_for: frozenset[str]
    """The options of ``relation`` that the letter makes no sense for."""
    asks_record: bool
    """Whether it asks for the record itself, which the law on records of the dead is about."""
    strength: Mapping[str, str]
    deadline: Mapping[str, str]
    deadline_hospital: Mapping[str, str]
    """The rule while the letter goes to the hospital first."""
    wait: Mapping[str, str]
    """The time that the organisation has before this letter, from ``original_date``."""
    answer_days: int
    """The days asked for where the law sets none."""
    law_checked_on: date
    law_checked_by: str
    translation_checked_by: Mapping[str, str]
    """Who held a translation against the English, by language; nobody for most."""
    languages: tuple[str, ...]
    """The languages that the letter itself is written in; its page is shown in all."""
    words: Mapping[str, WordsFile]
    """By language: the sections shown on the page, as Markdown."""
    templates: Mapping[str, Mapping[str, Template]]
    """By language: the sections of the letter itself, and the page's, parsed."""
    field_words: Mapping[str, Mapping[str, FieldWords]]

    @property
    def is_slip(self) -> bool:
        """Whether it is handed over the desk, and prints as half a page with boxes to tick."""
        return self.layout == "slip"

    def default_addressee(self, jurisdiction: Jurisdiction, given: Mapping[str, object]) -> str:
        """Who opens the letter, as named in the shared words (``recipient ...``).

        ``given`` holds checked answers, or what a form sent.
        """
        first = self.hospital_first.fill(_situation(jurisdiction, given))
        return "privacy-office" if first else self.recipient

    def rule_for(self, jurisdiction: Jurisdiction, who: str) -> str:
        """The deadline rule of the letter when ``who`` gets it; ``""`` where the law has none."""
        first = jurisdiction.nearest(self.deadline_hospital) if who in TO_HOSPITAL else ""
        return first or jurisdiction.nearest(self.deadline)

    def required_in(self, jurisdiction: Jurisdiction) -> frozenset[str]:
        """The questions that may not be left empty there.

        Where the patient's own time limit runs from a day, that day is one of them.
        """
        name = jurisdiction.nearest(self.deadline)
        own = name and jurisdiction.rules[name].yours
        asked = {one.id for one in self.fields}
        return self.required | {LIMIT_DAY} if own and LIMIT_DAY in asked else self.required

    def offered_in(self, jurisdiction: Jurisdiction) -> bool:
        return any(jurisdiction.within(one) for one in self.jurisdictions)

    def asked_in(
        self, jurisdiction: Jurisdiction, given: Mapping[str, object] | None = None
    ) -> tuple[Field, ...]:
        """The questions of this letter there, in the form's order.

        With ``given``, what a form sent, the hospital is not asked for a second time
        where the letter goes to the hospital itself.
        """
        asked = tuple(
            one
            for one in self.fields
            if (not one.only or any(jurisdiction.within(only) for only in one.only))
            and (one.id != DEATH or given is None or _first(given.get("relation")) == "died")
        )
        if given is None or not self.hospital_first.fill(_situation(jurisdiction, given)):
            return asked
        return tuple(one for one in asked if one.id not in HOSPITAL)

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.id == name)


def _first(answer: object) -> object:
    """A form sends one answer as it is, or as the only one of a list."""
    return answer[0] if isinstance(answer, (list, tuple)) and answer else answer


def _situation(jurisdiction: Jurisdiction, given: Mapping[str, object]) -> Situation:
    answers: dict[str, Answer] = {}
    for name, value in given.items():
        if isinstance(value, str):
            answers[name] = value
        elif isinstance(value, (list, tuple)):
            answers[name] = tuple(one for one in value if isinstance(one, str))
    return Situation(jurisdiction.family, answers, {}, str)


@dataclass(frozen=True, slots=True)
class Catalogue:
    letters: Mapping[str, Spec]
    shared: Mapping[str, WordsFile]
    """By language: words that all letters share."""
    persons: Mapping[str, person.Words]
    """By language: how a letter names the patient, by who writes it."""
    for_others: Mapping[str, Mapping[str, Template]]
    """By language: what a letter says in addition when somebody else writes it."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that every letter is written in."""
        return tuple(
            language
            for language in self.shared
            if all(language in spec.languages for spec in self.letters.values())
        )

    def text(self, language: str, section: str, part: str = "") -> str:
        """A shared text. ``KeyError`` when the words file lacks it."""
        return self.shared[language][section][part]
