"""What the pages of a checklist show, from a walk: the values that templates read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url

from companion.checklists import plan, reading
from companion.checklists.answers import NOTE_MOST, WHO_MOST
from companion.checklists.catalogue import Catalogue, Fact, Question
from companion.content import law
from companion.content.library import LANGUAGES, SOURCE
from companion.letters import catalogue as letter_catalogue
from companion.letters.case import say_date
from companion.letters.letter import letter_language
from companion.providers import profiles
from companion.web.checklists import printed
from companion.web.checklists.walk import Walk
from companion.web.words import page_language, screen

PILLS = ("clear", "unclear", "no-answer", "refused", "asked", "")
"""The answers in the order that they stand on the page."""

STEP_WORDS = {
    "": "not_done",
    "asked": "started",
    "clear": "done",
    "unclear": "not_sure",
    "no-answer": "could_not",
    "refused": "said_no",
}


def common(
    request: HttpRequest,
    walk: Walk,
    shown: set[str] | None = None,
    *,
    facts_shown: bool = False,
    stages: bool = False,
) -> dict[str, Any]:
    """What every page of the walk needs: its words, facts and hidden fields.

    ``stages``: the page lets the patient choose among all checklists.
    """
    catalogue, language = reading.load(), page_language()
    names = set(shown or ())
    if not walk.one and shown is not None:
        names.add("habits")
    provider = profiles.at(request)
    return {
        "words": screen("checklists", language),
        "walk": walk,
        "slug": walk.slug,
        "notes": walk.notes,
        "hidden": walk.hidden(names, facts_shown=facts_shown),
        "facts": [
            _fact_shown(catalogue, fact, walk, language)
            for fact in catalogue.facts.values()
            if not fact.first and (not fact.only or walk.slug in fact.only)
        ],
        "first_facts": [
            _fact_shown(catalogue, fact, walk, language)
            for fact in catalogue.facts.values()
            if fact.first and (stages or walk.slug in fact.only)
        ],
        "too_many": [
            {
                "id": name,
                "label": catalogue.say("choices", name, language),
                "kept": [
                    catalogue.say("choices", name, language, value)
                    for value in walk.notes.facts[name]
                ],
            }
            for name in walk.too_many
        ],
        "places": _places(walk.place or (provider.jurisdiction if provider else ""), language),
        "habits": [
            {
                "id": name,
                "text": catalogue.say("habits", name, language),
                "done": name in walk.notes.habits,
            }
            for name, on in catalogue.habits.items()
            if walk.slug in on
        ],
        "care_first": catalogue.say("common", "care-first", language),
        "provider": provider,
        "at_query": f"?{urlencode({'at': walk.at})}" if walk.at else "",
        "note_most": NOTE_MOST,
        "who_most": WHO_MOST,
        "paper_size": paper_size("", walk.place),
        "language": language,
        "paper_languages": [
            (code, screen("checklists", language)["print"].get(code, name))
            for code, name in LANGUAGES.items()
        ],
    }


def _fact_shown(catalogue: Catalogue, fact: Fact, walk: Walk, language: str) -> dict[str, Any]:
    return {
        "id": fact.id,
        "many": fact.most > 1,
        "most": fact.most,
        "label": catalogue.say("choices", fact.id, language),
        "choices": [
            {
                "value": value,
                "label": catalogue.say("choices", fact.id, language, value),
                "chosen": value in walk.notes.facts.get(fact.id, ()),
            }
            for value in fact.values
        ],
    }


def question_shown(
    request: HttpRequest, walk: Walk, question: Question, language: str
) -> dict[str, Any]:
    """One question with its help, its answer and the hospital's own words."""
    catalogue = reading.load()
    words = screen("checklists", language)["walk"]
    text = question.text(language)
    answer = walk.notes.answer(question.id)
    provider = profiles.at(request)
    hospital = provider.answer(question.id, language) if provider else None
    return {
        "id": question.id,
        "text": text,
        "step": question.step,
        "must": question.must,
        "expert": question.expert,
        "topic": catalogue.say("topics", question.topic, language),
        "sources": dict.fromkeys(
            catalogue.say("sources", one, language) for one in question.sources
        ),
        "terms": catalogue.terms_in((text.ask, text.why, text.good, text.flag), language),
        "taught": catalogue.taught_beside(question.id, language),
        "answer": answer,
        "left": NOTE_MOST - len(answer.note),
        "over": len(answer.note) - NOTE_MOST,
        "status": words[STEP_WORDS[answer.status]] if question.step else words[_key(answer.status)],
        "statuses": [
            {
                "value": status,
                "label": words[STEP_WORDS[status]] if question.step else words[_key(status)],
                "chosen": answer.status == status,
            }
            for status in PILLS
        ],
        "hospital": hospital,
        "hospital_in": words.get(f"in_{hospital.language}", hospital.language)
        if hospital and hospital.language != language
        else "",
    }


def noted_shown(
    walk: Walk, question: Question, language: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    """One answered question, as the plan lists it."""
    answer = walk.notes.answer(question.id)
    key = STEP_WORDS[answer.status] if question.step else _key(answer.status)
    return {
        "ask": question.text(language).ask,
        "flag": question.text(language).flag if answer.heard else "",
        "status": words["walk"][key],
        "answer": answer,
    }


def letters_place(request: HttpRequest, walk: Walk) -> law.Jurisdiction:
    """Where the letters of this walk go: as told, else the hospital's, else the usual one."""
    provider = profiles.at(request)
    for name in (walk.place, provider.jurisdiction if provider else ""):
        if name in law.jurisdictions():
            return law.jurisdiction(name)
    return law.jurisdiction(settings.COMPANION_JURISDICTION)


def letters_language(request: HttpRequest, walk: Walk) -> str:
    """The language that the letters of this walk are written in: the recipient's."""
    languages = letter_catalogue.catalogue().languages
    return letter_language(languages, letters_place(request, walk), page_language())


def letter_shown(
    request: HttpRequest, walk: Walk, letter: plan.NextLetter, catalogue: Catalogue
) -> dict[str, Any]:
    """A letter with the fields that its form is opened with.

    The page speaks the patient's language, the fields that of the letter.
    """
    language = page_language()
    facts: list[tuple[str, str]] = []
    for name, told in walk.letter_facts.items():
        if name not in ("from", "place", "at") and not (
            name == "questions" and letter.questions_text
        ):
            facts += [(name, one) for one in ([told] if isinstance(told, str) else told)]
    facts += [
        (name, text)
        for name, text in _told_to_letter(request, walk, letter, catalogue)
        if text and name not in walk.letter_facts
    ]
    if letter.questions_text:
        facts.append(("questions", letter.questions_text))
    if walk.place:
        facts.append(("place", walk.place))
    if walk.at:
        facts.append(("at", walk.at))
    facts += walk.wish.items()
    if walk.wish:
        facts.append(("answered", "yes"))
    if walk.letter == letter.slug:
        facts.append(("reference", walk.reference))
    return {
        "slug": letter.slug,
        "title": _letter_title(letter.slug, language),
        "why": catalogue.say("next-letters", letter.slug, language),
        "first": letter.first,
        "questions": [question.text(language).ask for question in letter.questions],
        "fields": facts,
    }


def _told_to_letter(
    request: HttpRequest, walk: Walk, letter: plan.NextLetter, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """The scan, its day and who writes, in the words of the letter's language."""
    notes, language = walk.notes, letters_language(request, walk)
    study = plan.study(catalogue, notes, language)
    if notes.on:
        yield "study_date", notes.on.isoformat()
        day = say_date(
            letter_catalogue.catalogue(), notes.on, language, letters_place(request, walk)
        )
        study = f"{study}, {day}" if study else ""
    yield "study_list", study
    if "representative" in {one.id for one in letter_catalogue.letters()[letter.slug].fields}:
        yield "representative", plan.acts_for(catalogue, notes, language)


def _letter_title(slug: str, language: str) -> str:
    words = letter_catalogue.letters()[slug].words
    return words.get(language, words[SOURCE])["title"][""]


def offered(slug: str, place: str) -> bool:
    """Whether the letter exists where the hospital is; all do while that is not told."""
    letter = letter_catalogue.letters().get(slug)
    return letter is not None and (not place or letter.offered_in(law.jurisdiction(place)))


def asks_shown(catalogue: Catalogue, language: str) -> dict[str, Any]:
    """What no single hospital can change."""
    names = [name for name in catalogue.words["asks"][SOURCE] if name != "intro"]
    return {
        "intro": catalogue.say("asks", "intro", language),
        "list": [catalogue.say("asks", name, language) for name in names],
    }


def _places(chosen: str, language: str) -> list[dict[str, Any]]:
    return [
        {"id": place.id, "name": place.name[language], "chosen": place.id == chosen}
        for place in law.jurisdictions().values()
        if place.offered
    ]


def in_other_languages(name: str, walk: Walk) -> list[dict[str, Any]]:
    """This page in each language, by its own address even when a print failed here."""
    here, address = page_language(), reverse(name, args=[walk.slug])
    query = f"?{urlencode({'at': walk.at})}" if walk.at else ""
    return [
        {
            "code": code,
            "name": own_name,
            "url": translate_url(address, code) + query,
            "current": code == here,
        }
        for code, own_name in settings.LANGUAGES
    ]


def paper_size(asked: str, place: str) -> printed.Paper:
    """What was asked for, else what is used where the hospital is, else US Letter."""
    if asked in ("letter", "a4"):
        return asked  # type: ignore[return-value]
    return law.jurisdiction(place).paper if place else "letter"


def _key(status: str) -> str:
    return status.replace("-", "_") or "not_asked"
