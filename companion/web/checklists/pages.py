"""What the pages of a checklist show of a walk: the values that their templates read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url

from companion.checklists import reading
from companion.checklists.answers import NOTE_MOST, WHO_MOST, Answer
from companion.checklists.catalogue import Catalogue, Fact, Question, QuestionWords, Term
from companion.content import law
from companion.content.library import LANGUAGES, SOURCE
from companion.letters import glyphs
from companion.letters.catalogue import catalogue as letter_catalogue
from companion.letters.facts import Problem
from companion.providers import profiles
from companion.web.checklists import printed
from companion.web.checklists.walk import Walk
from companion.web.place import usual_place
from companion.web.words import page_language, screen

STATUS_ORDER = ("clear", "unclear", "no-answer", "refused", "asked", "")
"""The statuses of an answer in the order of the page."""

STEP_WORDS = {
    "": "not_done",
    "asked": "started",
    "clear": "done",
    "unclear": "not_sure",
    "no-answer": "could_not",
    "refused": "said_no",
}
"""The words for a status of a step, which the patient takes alone."""

PRINTS = ("list", "large", "card", "answers")
PAPER_SIZES: tuple[printed.Paper, ...] = ("letter", "a4")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a control."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FactField:
    """The control for one fact about the scan."""

    id: str
    label: str
    many: bool
    """Several values may be chosen, at most ``most``."""
    most: int
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question with its help, its answer and the hospital's own words."""

    question: Question
    text: QuestionWords
    """The question's words in the language of the page."""
    topic: str
    sources: Iterable[str]
    terms: tuple[Term, ...]
    taught: tuple[str, ...]
    """What a study or a leaflet teaches about this question."""
    answer: Answer = field(repr=False)
    answer_label: str
    status: str
    statuses: list[Choice]
    note_count: int
    note_words: str
    """How much room the note has left: a number, and what it counts."""
    hospital: profiles.Answer | None
    hospital_language: str
    """The language of the hospital's words, if it is not the page's."""

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def too_long(self) -> bool:
        return len(self.answer.note) > NOTE_MOST


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """One answered question, as the plan lists it."""

    ask: str
    flag: str
    """The warning sign, if the patient heard it."""
    status: str
    answer: Answer = field(repr=False)


def walk_context(
    request: HttpRequest,
    walk: Walk,
    visible: Collection[str] | None = None,
    *,
    facts_visible: bool = False,
    stages: bool = False,
) -> dict[str, Any]:
    """What every page of the walk needs: its words, facts and hidden fields.

    ``visible``: the questions on the page, ``None`` if it shows no questions at all.
    ``stages``: the page lets the patient choose among all checklists.
    """
    catalogue, language = reading.load(), page_language()
    names = set(visible or ())
    if not walk.one and visible is not None:
        names.add("habits")
    provider = profiles.at(request)
    words = screen("checklists", language)
    return {
        "words": words,
        "walk": walk,
        "slug": walk.slug,
        "notes": walk.notes,
        "hidden_fields": walk.hidden_fields(names, facts_visible=facts_visible),
        "facts": [
            _fact_field(catalogue, fact, walk, language)
            for fact in catalogue.facts.values()
            if not fact.first and (not fact.only or walk.slug in fact.only)
        ],
        "first_facts": [
            _fact_field(catalogue, fact, walk, language)
            for fact in catalogue.facts.values()
            if fact.first and (stages or walk.slug in fact.only)
        ],
        "too_many": _too_many(catalogue, walk, language),
        "jurisdictions": _jurisdictions(
            walk.jurisdiction or (provider.jurisdiction if provider else ""), language
        ),
        "habits": [
            Choice(name, catalogue.say("habits", name, language), name in walk.notes.habits)
            for name, on in catalogue.habits.items()
            if walk.slug in on
        ],
        "care_first": catalogue.say("common", "care-first", language),
        "provider": provider,
        "at_query": f"?{urlencode({'at': walk.at})}" if walk.at else "",
        "note_most": NOTE_MOST,
        "who_most": WHO_MOST,
        "print_choices": _print_choices(words["print"], walk, language),
        "print_hints": _print_hints(walk, language),
        "language": language,
    }


def _too_many(catalogue: Catalogue, walk: Walk, language: str) -> list[dict[str, Any]]:
    """The facts with more values than are allowed, and the values that were used."""
    return [
        {
            "id": name,
            "label": catalogue.say("choices", name, language),
            "used": [
                catalogue.say("choices", name, language, value) for value in walk.notes.facts[name]
            ],
        }
        for name in walk.too_many
    ]


def _fact_field(catalogue: Catalogue, fact: Fact, walk: Walk, language: str) -> FactField:
    return FactField(
        id=fact.id,
        label=catalogue.say("choices", fact.id, language),
        many=fact.most > 1,
        most=fact.most,
        choices=[
            Choice(
                value,
                catalogue.say("choices", fact.id, language, value),
                value in walk.notes.facts.get(fact.id, ()),
            )
            for value in fact.values
        ],
    )


def _jurisdictions(chosen: str, language: str) -> list[Choice]:
    return [
        Choice(one.id, one.name[language], one.id == chosen)
        for one in law.jurisdictions().values()
        if one.offered
    ]


def _print_choices(words: Mapping[str, str], walk: Walk, language: str) -> list[FactField]:
    """The controls for printing: what, in which language, on which paper."""
    size = paper_size("", walk.jurisdiction)
    names, pair = {code: words.get(code, own) for code, own in LANGUAGES.items()}, words["pair"]
    options = {
        "what": [Choice(name, words[name]) for name in PRINTS],
        "language": [
            *(Choice(code, name, code == language) for code, name in names.items()),
            *(
                Choice(f"both-{code}", pair.format(first=names[language], second=names[code]))
                for code in LANGUAGES
                if code != language
            ),
        ],
        "paper": [Choice(name, words[name], name == size) for name in PAPER_SIZES],
    }
    return [FactField(name, words[name], False, 1, choices) for name, choices in options.items()]


def _print_hints(walk: Walk, language: str) -> list[str]:
    """What the paper with the answers will lack of what was typed."""
    answers = walk.notes.answers.values()
    typed = "\n".join(text for answer in answers for text in (answer.note, answer.who))
    return [
        Problem("", code, {"signs": signs}).words(letter_catalogue(), language, kind="hint")
        for code, signs in glyphs.hints(typed)
    ]


def printed_languages(requested: str) -> list[str]:
    """One language, or the page's own and another beside it: ``both-fr``; ``both`` for the first
    other one."""
    here = page_language()
    others = [language for language in LANGUAGES if language != here]
    if requested == "both":
        return [here, others[0]]
    beside = requested.removeprefix("both-")
    if beside != requested and beside in others:
        return [here, beside]
    return [requested if requested in LANGUAGES else here]


def question_card(
    request: HttpRequest, walk: Walk, question: Question, language: str
) -> QuestionCard:
    """One question as the page shows it."""
    catalogue = reading.load()
    words = screen("checklists", language)["walk"]
    text = question.text(language)
    answer = walk.notes.answer(question.id)
    provider = profiles.at(request)
    hospital = provider.answer(question.id, language) if provider else None
    other_language = hospital.language if hospital and hospital.language != language else ""
    return QuestionCard(
        question=question,
        text=text,
        topic=catalogue.say("topics", question.topic, language),
        sources=dict.fromkeys(catalogue.say("sources", one, language) for one in question.sources),
        terms=catalogue.terms_in((text.ask, text.why, text.good, text.flag), language),
        taught=catalogue.taught_beside(question.id, language),
        answer=answer,
        answer_label=words["did"] if question.step else words["answer"],
        status=words[_status_key(question, answer.status)],
        statuses=[
            Choice(status, words[_status_key(question, status)], answer.status == status)
            for status in STATUS_ORDER
        ],
        note_count=abs(NOTE_MOST - len(answer.note)),
        note_words=words[_note_key(answer.note)],
        hospital=hospital,
        hospital_language=words.get(f"in_{other_language}", other_language),
    )


def _note_key(note: str) -> str:
    """The words for the room that a note has left, or lacks."""
    if not note:
        return "most"
    return "left" if len(note) <= NOTE_MOST else "over"


def answer_summary(
    walk: Walk, question: Question, language: str, words: Mapping[str, Any]
) -> AnswerSummary:
    """One answered question, as the plan lists it."""
    answer = walk.notes.answer(question.id)
    text = question.text(language)
    return AnswerSummary(
        ask=text.ask,
        flag=text.flag if answer.heard else "",
        status=words["walk"][_status_key(question, answer.status)],
        answer=answer,
    )


def demands(catalogue: Catalogue, language: str) -> dict[str, Any]:
    """What no single hospital can change, and lawmakers can be asked for."""
    names = [name for name in catalogue.words["asks"][SOURCE] if name != "intro"]
    return {
        "intro": catalogue.say("asks", "intro", language),
        "list": [catalogue.say("asks", name, language) for name in names],
    }


def in_other_languages(name: str, walk: Walk) -> list[dict[str, Any]]:
    """This page in each language, by its own address even if a print failed here."""
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


def paper_size(requested: str, jurisdiction: str) -> printed.Paper:
    """The paper requested, else that of the jurisdiction or of the page's usual place."""
    for size in PAPER_SIZES:
        if size == requested:
            return size
    place = law.jurisdiction(jurisdiction) if jurisdiction else usual_place(page_language())
    return place.paper


def _status_key(question: Question, status: str) -> str:
    if question.step:
        return STEP_WORDS[status]
    return status.replace("-", "_") or "not_asked"
