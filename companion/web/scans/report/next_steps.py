"""What to do about a finding: letters to write and questions to ask that exist here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from companion.checklists import reading
from companion.content.library import CONTENT, read_words


@dataclass(frozen=True, slots=True)
class Step:
    """A letter (by its own words for what the patient wants) or a question."""

    id: str
    title: str
    url: str


def letters(slugs: Iterable[str], language: str) -> tuple[Step, ...]:
    """The letters that have a page and words, in the order given."""
    found = []
    for slug in slugs:
        title = _wish(slug, language) or _wish(slug, "en")
        url = _address("letter", slug)
        if title and url:
            found.append(Step(slug, title, url))
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


@lru_cache(maxsize=256)
def _wish(slug: str, language: str) -> str:
    path = CONTENT / "letters" / slug / f"{language}.md"
    return read_words(path).get("wish", {}).get("", "") if path.exists() else ""
