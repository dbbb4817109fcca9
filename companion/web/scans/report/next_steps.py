"""What to do about a finding: letters to write and questions to ask that exist here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from companion.checklists import reading
from companion.letters import catalogue


@dataclass(frozen=True, slots=True)
class Step:
    """A letter (by its own words for what the patient wants) or a question."""

    id: str
    title: str
    url: str


def letters(slugs: Iterable[str], language: str) -> tuple[Step, ...]:
    """The letters that have a page and words, in the order given."""
    found = []
    known = catalogue.letters()
    for slug in slugs:
        url = _address("letter", slug)
        if slug in known and url:
            found.append(Step(slug, known[slug].words[language]["wish"][""], url))
    return tuple(found)


def questions(names: Iterable[str], language: str) -> tuple[Step, ...]:
    """Questions to ask somebody; a step that the patient takes alone is left out."""
    known = reading.load().questions
    found = []
    for name in names:
        question = known.get(name)
        if question and not question.step:
            url = _address("checklist", question.checklist)
            found.append(Step(name, question.text(language).ask, url))
    return tuple(found)


def _address(view: str, slug: str) -> str:
    try:
        return reverse(view, args=[slug])
    except NoReverseMatch:
        return ""
