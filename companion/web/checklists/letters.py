"""The letters that follow from a walk, and the fields that open their forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from companion.checklists import plan
from companion.checklists.catalogue import Catalogue
from companion.content import law
from companion.content.library import SOURCE
from companion.letters import catalogue as letter_catalogue
from companion.letters.case import say_date
from companion.letters.recipient_language import languages_to_ask, letter_language
from companion.providers import profiles
from companion.web.checklists.walk import Walk
from companion.web.place import usual_place
from companion.web.words import page_language


@dataclass(frozen=True, slots=True)
class LetterOffer:
    """A letter that follows, with the fields that open its form."""

    slug: str
    title: str
    why: str
    first: bool
    questions: list[str]
    fields: list[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetterAtOnce:
    """A letter by what happened: a link to its empty form."""

    what: str
    title: str
    url: str


def letters_jurisdiction(request: HttpRequest, walk: Walk) -> law.Jurisdiction:
    """Where the letters of this walk go: the patient's choice, else the hospital's
    jurisdiction, else that of the page's language or the deployment's."""
    provider = profiles.at(request)
    for name in (walk.jurisdiction, provider.jurisdiction if provider else ""):
        if name in law.jurisdictions():
            return law.jurisdiction(name)
    return usual_place(page_language())


def letters_language(request: HttpRequest, walk: Walk) -> str:
    """The language that the letters of this walk are written in: the recipient's."""
    languages = letter_catalogue.catalogue().languages
    return letter_language(languages, letters_jurisdiction(request, walk), page_language())


def asks_language(request: HttpRequest, walk: Walk) -> bool:
    """Whether the letter's own page will ask for the language: the place has several."""
    languages = letter_catalogue.catalogue().languages
    return bool(languages_to_ask(languages, letters_jurisdiction(request, walk)))


def letter_offer(
    request: HttpRequest, walk: Walk, letter: plan.NextLetter, catalogue: Catalogue
) -> LetterOffer:
    """A letter with the fields that open its form.

    The page speaks the patient's language, the fields that of the letter.
    """
    language = page_language()
    return LetterOffer(
        slug=letter.slug,
        title=_letter_title(letter.slug, language),
        why=catalogue.say("next-letters", letter.slug, language),
        first=letter.first,
        questions=[question.text(language).ask for question in letter.questions],
        fields=list(_letter_fields(request, walk, letter, catalogue)),
    )


def letters_at_once(request: HttpRequest, walk: Walk, catalogue: Catalogue) -> list[LetterAtOnce]:
    """The letters that what happened calls for by itself, for those who come to write one.

    Once the patient said what happened, only what fits it.
    """
    language = page_language()
    where = {"place": walk.jurisdiction, "at": walk.at}
    query = urlencode({name: value for name, value in where.items() if value})
    return [
        LetterAtOnce(
            what=catalogue.say("choices", fact.id, language, value),
            title=_letter_title(slug, language),
            url=reverse("letter", args=[slug]) + (f"?{query}" if query else ""),
        )
        for fact in catalogue.facts.values()
        if walk.slug in fact.only
        for value, slugs in fact.letters.items()
        if value in (walk.notes.facts.get(fact.id) or fact.letters)
        for slug in slugs
        if offered(slug, walk.jurisdiction)
    ]


def _letter_fields(
    request: HttpRequest, walk: Walk, letter: plan.NextLetter, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    for name, fact in walk.letter_facts.items():
        if name not in ("from", "place", "at") and not (
            name == "questions" and letter.questions_text
        ):
            yield from ((name, text) for text in ([fact] if isinstance(fact, str) else fact))
    for name, text in _facts_for_letter(request, walk, letter, catalogue):
        if text and name not in walk.letter_facts:
            yield name, text
    if letter.questions_text:
        yield "questions", letter.questions_text
    if walk.jurisdiction:
        yield "place", walk.jurisdiction
    if walk.at:
        yield "at", walk.at
    if walk.letter_options:
        yield from walk.letter_options.items()
        yield "answered", "yes"
    if walk.letter == letter.slug:
        yield "reference", walk.reference


def _facts_for_letter(
    request: HttpRequest, walk: Walk, letter: plan.NextLetter, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """The scan, its day and who writes, in the words of the letter's language."""
    notes, language = walk.notes, letters_language(request, walk)
    study = plan.study(catalogue, notes, language)
    if notes.on:
        yield "study_date", notes.on.isoformat()
        day = say_date(
            letter_catalogue.catalogue(), notes.on, language, letters_jurisdiction(request, walk)
        )
        study = f"{study}, {day}" if study else ""
    yield "study_list", study
    if "representative" in {one.id for one in letter_catalogue.letters()[letter.slug].fields}:
        yield "representative", plan.acts_for(catalogue, notes, language)


def _letter_title(slug: str, language: str) -> str:
    words = letter_catalogue.letters()[slug].words
    return words.get(language, words[SOURCE])["title"][""]


def offered(slug: str, jurisdiction: str) -> bool:
    """Whether the letter exists in a jurisdiction; ``""``: in any."""
    letter = letter_catalogue.letters().get(slug)
    return letter is not None and (
        not jurisdiction or letter.offered_in(law.jurisdiction(jurisdiction))
    )
