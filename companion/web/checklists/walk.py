"""A patient's answers as they travel from page to page: hidden fields, never a session.

``read(request)`` takes a posted form apart; ``Walk.hidden`` gives the pairs that the
next page must carry along.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

from companion.checklists import reading
from companion.checklists.answers import STATUSES, WHO_MOST, Answer, Notes, a_date, plain
from companion.checklists.catalogue import Question
from companion.checklists.choosing import choose, every
from companion.content import law
from companion.letters.facts import clean
from companion.letters.letter import is_reference
from companion.providers import profiles
from companion.web import json_text, saved_answers
from companion.web.scans.uploads import MemoryUploadHandler

Told = str | list[str]
"""What a person told a letter: one text, or the options ticked."""

_FACTS_MOST, _TEXTS_MOST = 200, 200
"""Facts of a letter that a page carries along, and texts in one of them."""
_NOTE_KEPT = 4_000
"""A note over its limit is shown again to be shortened; beyond this it is cut."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One patient's way through one checklist."""

    slug: str
    notes: Notes = field(default_factory=Notes)
    place: str = ""
    """Jurisdiction id; ``""`` while not told."""
    at: str = ""
    """The hospital's slug that a link carried in."""
    one: bool = False
    """One question at a time; otherwise the whole list."""
    everything: bool = False
    here: str = ""
    """The question shown, when one at a time."""
    letter_facts: dict[str, Told] = field(default_factory=dict, repr=False)
    """What the patient's file holds for letters; passed through."""
    too_many: tuple[str, ...] = ()
    """Facts of which this form told more than may be told; the first ones were kept."""
    letter: str = ""
    """The letter that the file was about; passed through."""
    reference: str = ""
    """That letter's reference code, by which a later letter names it; passed through."""
    letter_place: str = ""
    """Where that letter goes, for the file when the list's own place is blank."""
    wish: dict[str, str] = field(default_factory=dict)
    """What was chosen about that letter beside its answers; passed through."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The list of this walk; what has an answer stays on it."""
        catalogue = reading.load()
        if self.everything:
            return every(catalogue, self.slug, self.notes.facts)
        chosen = choose(catalogue, self.slug, self.notes.facts)
        return tuple(
            question
            for question in every(catalogue, self.slug, self.notes.facts)
            if question in chosen or self.notes.answer(question.id)
        )

    @property
    def number(self) -> int:
        """Place of the question shown on the list, from 0."""
        ids = [question.id for question in self.questions]
        return ids.index(self.here) if self.here in ids else 0

    def moved(self, steps: int) -> Walk:
        questions = self.questions
        at = min(max(self.number + steps, 0), len(questions) - 1)
        return replace(self, here=questions[at].id)

    def hidden(self, shown: Collection[str] = (), *, facts_shown: bool = False) -> list[Pair]:
        """Every field of the form but those of the questions in ``shown``."""
        return [*self._settings(), *self._noted(shown, facts_shown)]

    def _settings(self) -> Iterator[Pair]:
        if self.at:
            yield Pair("at", self.at)
        if self.one:
            yield Pair("mode", "one")
            yield Pair("here", self.here or self.questions[0].id)
        if self.everything:
            yield Pair("all", "1")
        if self.letter:
            yield Pair("letter", self.letter)
            yield Pair("reference", self.reference)
            yield Pair("letter-place", self.letter_place)
        if self.wish:
            yield Pair("wish", json.dumps(self.wish))
        if self.letter_facts:
            yield Pair("carried", json.dumps(self.letter_facts, ensure_ascii=False))

    def _noted(self, shown: Collection[str], facts_shown: bool) -> Iterator[Pair]:
        if not facts_shown:
            if self.place:
                yield Pair("place", self.place)
            if self.notes.on:
                yield Pair("on", self.notes.on.isoformat())
            for name, values in self.notes.facts.items():
                for value in values:
                    yield Pair(name, value)
        for name, answer in self.notes.answers.items():
            if name in shown:
                continue
            if answer.status:
                yield Pair(f"answer-{name}", answer.status)
            if answer.note:
                yield Pair(f"note-{name}", answer.note)
            if answer.who:
                yield Pair(f"who-{name}", answer.who)
            if answer.heard:
                yield Pair(f"heard-{name}", "yes")
        if "habits" not in shown:
            for habit in sorted(self.notes.habits):
                yield Pair("habit", habit)


@dataclass(frozen=True, slots=True)
class Pair:
    """One hidden field."""

    name: str
    value: str = field(repr=False)


def read(request: HttpRequest, slug: str) -> Walk:
    """The walk that a posted form holds. Unknown names and values are dropped."""
    form = request.POST
    here = form.get("here", "")
    return Walk(
        slug=slug,
        notes=_notes(form),
        place=place_of(form.get("place")),
        at=_slug(profiles.asked_for(request)),
        one=form.get("mode") == "one",
        everything=form.get("all") == "1",
        here=here if here in reading.load().questions else "",
        letter_facts=letter_facts(_json(form.get("carried", ""))),
        too_many=tuple(
            fact.id
            for fact in reading.load().facts.values()
            if fact.most > 1 and len(set(form.getlist(fact.id)) & set(fact.values)) > fact.most
        ),
        letter=_slug(form.get("letter", "")),
        reference=reference(form.get("reference")),
        letter_place=place_of(form.get("letter-place", "")),
        wish=saved_answers.letter_options(_json(form.get("wish", ""))),
    )


class SmallFileHandler(MemoryUploadHandler):
    """Takes a file that is too large as no file, so that the page keeps its answers."""

    refused = False

    def upload_complete(self) -> None:
        self.refused = self._too_big


def read_with_file(request: HttpRequest, slug: str) -> tuple[Walk, bytes | None, bool]:
    """The walk, the file that was sent with it, and whether that was too large.

    Must come before anybody asks for ``request.POST``.
    """
    handler = SmallFileHandler(request)
    request.upload_handlers = [handler]
    walk = read(request, slug)
    sent = request.FILES.get("file")
    return walk, sent.read() if sent else None, handler.refused


def place_of(value: object) -> str:
    """A place's id; ``""`` for what is none."""
    return value if isinstance(value, str) and value in law.jurisdictions() else ""


def reference(value: object) -> str:
    """A letter's reference code; ``""`` for what is none."""
    return value if isinstance(value, str) and is_reference(value) else ""


def letter_facts(value: object) -> dict[str, Told]:
    """A file's facts for letters: short names, clean texts, nothing else."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, Told] = {}
    for name, told in list(value.items())[:_FACTS_MOST]:
        if not isinstance(name, str) or not name.isidentifier() or len(name) > 40:
            continue
        if isinstance(told, str):
            found[name] = clean(told)
        elif isinstance(told, list) and all(isinstance(one, str) for one in told):
            found[name] = [clean(one) for one in told[:_TEXTS_MOST]]
    return found


def _notes(form: QueryDict) -> Notes:
    catalogue = reading.load()
    facts = {}
    for fact in catalogue.facts.values():
        told = form.getlist(fact.id)
        values = tuple(value for value in fact.values if value in told)[: fact.most]
        if values:
            facts[fact.id] = values
    answers = {name: _answer(form, name) for name in catalogue.questions}
    return Notes(
        facts=facts,
        on=a_date(form.get("on", "")),
        answers={name: answer for name, answer in answers.items() if answer},
        habits=frozenset(form.getlist("habit")) & frozenset(catalogue.habits),
    )


def _answer(form: QueryDict, name: str) -> Answer:
    status = form.get(f"answer-{name}", "")
    return Answer(
        status=status if status in STATUSES else "",
        note=plain(form.get(f"note-{name}", ""))[:_NOTE_KEPT],
        who=plain(form.get(f"who-{name}", "")).replace("\n", " ")[:WHO_MOST],
        heard=form.get(f"heard-{name}") == "yes",
    )


def _slug(text: str) -> str:
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else ""


def _json(text: str) -> Any:
    if not text or len(text) > settings.COMPANION_LIMITS["carry_file_bytes"]:
        return None
    try:
        return json.loads(json_text.whole(text))
    except (ValueError, RecursionError):
        return None
