"""The answer sheet: the checklists' questions beside a hospital's own words."""

from __future__ import annotations

from dataclasses import dataclass

from companion.checklists import reading
from companion.content.library import SOURCE
from companion.providers.profiles import Answer, Provider

CHECKLISTS = ("before", "at-the-appointment", "after")
"""The checklists whose questions a hospital answers in advance."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, and the hospital's words on it if it has answered."""

    id: str
    ask: str
    short: str
    """The question in a few words, where paper is scarce."""
    must: bool
    answer: Answer | None
    here: Answer | None
    """The answer in the language asked for, and in no other."""


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    rows: tuple[Row, ...]

    @property
    def answered(self) -> int:
        return sum(row.answer is not None for row in self.rows)


def questions() -> dict[str, str]:
    """Question id -> its checklist, in the order of the sheet."""
    known = reading.load()
    return {
        question.id: slug for slug in CHECKLISTS for question in known.checklists[slug].questions
    }


def sections(provider: Provider, language: str) -> tuple[Section, ...]:
    """The whole sheet in a language; English questions where it has none.

    A step is the patient's own to take: it is left out unless a hospital has said
    something on it, and is never a question that it has not answered.
    """
    known = reading.load()
    found = []
    for slug in CHECKLISTS:
        checklist = known.checklists[slug]
        words = checklist.words.get(language) or checklist.words[SOURCE]
        rows = tuple(
            Row(
                question.id,
                question.text(language).ask,
                question.text(language).card or question.text(language).ask,
                question.must,
                provider.answer(question.id, language),
                provider.answers.get(question.id, {}).get(language),
            )
            for question in checklist.questions
            if not question.step or question.id in provider.answers
        )
        found.append(Section(slug, words["title"], rows))
    return tuple(found)
