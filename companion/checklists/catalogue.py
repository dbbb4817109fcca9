"""The checklists, their questions, and the words around them, as values.

``companion.checklists.reading.load()`` reads them from the content files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from companion.checklists.conditions import Condition
from companion.content.library import SOURCE, WordsFile

Words = Mapping[str, WordsFile]
"""Language -> id -> part -> text."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """One question in one language."""

    ask: str
    """What to say aloud, or the step to take."""
    why: str
    good: str
    flag: str
    card: str
    """A shorter form for the wallet card; ``""`` unless it is a must-ask."""
    page: str = ""
    """What the link to ``Question.page`` says; ``""`` where there is none."""

    def parts(self) -> tuple[str, ...]:
        return tuple(
            part
            for part in (self.ask, self.why, self.good, self.flag, self.card, self.page)
            if part
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One question to ask or step to take."""

    id: str
    checklist: str
    step: bool
    """A step to take oneself, not a question to ask somebody."""
    topic: str
    sources: tuple[str, ...]
    letters: tuple[str, ...]
    """Slugs of the letters it leads to; the first is offered when it stays open."""
    page: str
    """Name of the page of ours where the step is done; ``""`` for most."""
    weight: int
    must: bool
    expert: bool
    when: Mapping[str, Condition]
    """Checklist -> when the question comes up there by itself."""
    first: Condition | None
    """When it goes before the others of a list."""
    words: Mapping[str, QuestionWords]

    def text(self, language: str) -> QuestionWords:
        return self.words.get(language, self.words[SOURCE])


@dataclass(frozen=True, slots=True)
class Checklist:
    slug: str
    order: int
    questions: tuple[Question, ...]
    """Its own questions, in the order of the visit."""
    words: Mapping[str, Mapping[str, str]]
    """Language -> ``title``, ``stage``, ``lede``."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the patient may tell, with its choices."""

    id: str
    values: tuple[str, ...]
    most: int
    """How many values may be chosen at once; 1 for a plain choice."""
    only: tuple[str, ...]
    """The checklists that ask for it; empty for all."""
    first: bool
    """Asked in plain sight, before all else."""
    letters: Mapping[str, tuple[str, ...]]
    """Value -> slugs of the letters that it calls for by itself, before any question."""


@dataclass(frozen=True, slots=True)
class Term:
    """A hard word that is explained beside the text that uses it."""

    id: str
    name: str
    means: str
    found_by: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Reminder:
    id: str
    days: int
    """Days from the scan; negative is before it."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All checklists, and the words and facts they share."""

    checklists: Mapping[str, Checklist]
    questions: Mapping[str, Question]
    facts: Mapping[str, Fact]
    statements: Mapping[str, tuple[str, ...]]
    """Statement id -> the questions it is taught beside."""
    habits: Mapping[str, tuple[str, ...]]
    """Habit id -> the checklists that show it."""
    reminders: tuple[Reminder, ...]
    terms: Mapping[str, tuple[Term, ...]]
    """Language -> the glossary."""
    words: Mapping[str, Words]
    """Kind of words ("common", "topics", "phrases" ...) -> language -> id -> part -> text."""

    def say(self, kind: str, name: str, language: str, part: str = "") -> str:
        """One text of the shared words; English, marked, when a language lacks it."""
        words = self.words[kind]
        return words.get(language, words[SOURCE])[name].get(part, "")

    @property
    def musts(self) -> tuple[Question, ...]:
        """The five must-asks, the first to ask first."""
        found = [question for question in self.questions.values() if question.must]
        return tuple(sorted(found, key=lambda question: -question.weight))

    def terms_in(self, texts: tuple[str, ...], language: str) -> tuple[Term, ...]:
        """The glossary's words that occur in ``texts``, in the glossary's order."""
        whole = "\n".join(texts)
        return tuple(
            term
            for term in self.terms.get(language, self.terms[SOURCE])
            if term.found_by.search(whole)
        )

    def taught_beside(self, question: str, language: str) -> tuple[str, ...]:
        """The plain statements that belong beside a question."""
        return tuple(
            self.say("statements", name, language)
            for name, beside in self.statements.items()
            if question in beside
        )
