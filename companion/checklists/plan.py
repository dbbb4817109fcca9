"""What to do next: from the answers to what is open, what to watch, and the letters."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.checklists.answers import OPEN, Notes
from companion.checklists.catalogue import Catalogue, Question


@dataclass(frozen=True, slots=True)
class NextLetter:
    """A letter that follows, and the questions that go into it."""

    slug: str
    questions: tuple[Question, ...]
    first: bool
    """One of its questions is still open; otherwise it is only a possibility."""
    questions_text: str = field(repr=False, default="")
    """The questions to ask in writing, one a line, for the letter's form."""


@dataclass(frozen=True, slots=True)
class Plan:
    answered: tuple[Question, ...]
    open: tuple[Question, ...]
    not_asked: tuple[Question, ...]
    warnings: tuple[Question, ...]
    """Questions where the patient heard the warning sign or was refused."""
    letters: tuple[NextLetter, ...]


def make(catalogue: Catalogue, notes: Notes, listed: tuple[Question, ...], language: str) -> Plan:
    """The plan over every answer given; ``listed`` are the questions of this walk.

    A question that stays open leads to the first of its letters, one that was
    refused or showed a warning sign to all of them. ``language`` is the one that the
    letters are written in: the hospital reads the questions in them, not the patient.
    """
    answered = [question for question in catalogue.questions.values() if notes.answer(question.id)]
    asked = [question for question in answered if notes.answer(question.id).status]
    still_open = [q for q in asked if notes.answer(q.id).status in OPEN]
    warnings = [
        question
        for question in answered
        if notes.answer(question.id).heard or notes.answer(question.id).status == "refused"
    ]
    sure: dict[str, list[Question]] = {}
    maybe: dict[str, list[Question]] = {}
    for question in answered:
        follows = question in still_open or question in warnings
        for number, slug in enumerate(question.letters):
            strong = follows and (number == 0 or question in warnings)
            if strong:
                sure.setdefault(slug, []).append(question)
            else:
                maybe.setdefault(slug, []).append(question)
    letters = [
        _letter(slug, questions, notes, language, first=True)
        for slug, questions in sorted(sure.items(), key=lambda item: -len(item[1]))
    ]
    letters += [
        _letter(slug, questions, notes, language, first=False)
        for slug, questions in sorted(maybe.items(), key=lambda item: -len(item[1]))
        if slug not in sure
    ]
    return Plan(
        answered=tuple(q for q in asked if notes.answer(q.id).status == "clear"),
        open=tuple(still_open),
        not_asked=tuple(q for q in listed if not notes.answer(q.id).status),
        warnings=tuple(warnings),
        letters=tuple(letters),
    )


def _letter(
    slug: str, questions: list[Question], notes: Notes, language: str, *, first: bool
) -> NextLetter:
    """A letter with its questions; only questions, not steps, are asked in writing."""
    lines = [
        " ".join(question.text(language).ask.split())
        for question in questions
        if not question.step and notes.answer(question.id).status != "clear"
    ]
    return NextLetter(slug, tuple(questions), first, "\n".join(lines))


def study(catalogue: Catalogue, notes: Notes, language: str) -> str:
    """The scan as a letter names it, "MRI of the head"; ``""`` when too little is known."""

    def fact(name: str) -> str:
        return next(iter(notes.facts.get(name, ())), "other")

    scan, body = fact("scan"), fact("body")
    if scan == body == "other":
        return ""
    of = catalogue.say("studies", "body", language, body)
    pattern = catalogue.say("studies", "scan", language, "" if scan == "other" else scan)
    return pattern.format(of=of).strip()


def acts_for(catalogue: Catalogue, notes: Notes, language: str) -> str:
    """Who writes when it is not the patient, with a gap for the name; else ``""``."""
    who = next(iter(notes.facts.get("who", ())), "me")
    return catalogue.say("studies", "acts", language, who)
