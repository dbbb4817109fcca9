"""A patient's answers as they travel from page to page: hidden fields, never a session.

``read(request)`` reads a posted form; ``Walk.hidden_fields`` gives what the next page's
form must send along.
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
from companion.web.memory_uploads import LenientUploadHandler

LetterFact = str | list[str]
"""One answer in a letter's form: a text, or the options ticked."""

_FACTS_MOST, _TEXTS_MOST = 200, 200
"""Answers of a letter that a form passes through, and texts in one of them."""
_NOTE_MOST = 4_000
"""A note over its limit is shown again to be shortened; beyond this it is cut."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One patient's way through one checklist."""

    slug: str
    notes: Notes = field(default_factory=Notes)
    jurisdiction: str = ""
    """A jurisdiction's id; ``""`` if the patient has not chosen one."""
    at: str = ""
    """The slug of the hospital whose link the patient followed."""
    one: bool = False
    """One question at a time; otherwise the whole list."""
    everything: bool = False
    here: str = ""
    """The current question, when one at a time."""
    letter_facts: dict[str, LetterFact] = field(default_factory=dict, repr=False)
    """The letters' part of the patient's file; passed through."""
    too_many: tuple[str, ...] = ()
    """Facts with more values than are allowed; the first ones were used."""
    letter: str = ""
    """The letter that the file was saved from; passed through."""
    reference: str = ""
    """That letter's reference code, which a later letter cites; passed through."""
    letter_jurisdiction: str = ""
    """That letter's jurisdiction, for the file if the checklist itself has none."""
    letter_options: dict[str, str] = field(default_factory=dict)
    """That letter's options (``saved_answers.LETTER_OPTIONS``); passed through."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The list of this walk; a question that has an answer stays on it."""
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
        """Position of the current question on the list, from 0."""
        ids = [question.id for question in self.questions]
        return ids.index(self.here) if self.here in ids else 0

    def moved(self, steps: int) -> Walk:
        """This walk, so many questions further; it stops at either end of the list."""
        questions = self.questions
        position = min(max(self.number + steps, 0), len(questions) - 1)
        return replace(self, here=questions[position].id)

    def hidden_fields(
        self, visible: Collection[str] = (), *, facts_visible: bool = False
    ) -> list[HiddenField]:
        """All that the page's form must send but has no visible control for.

        ``visible`` are the ids of the questions on the page, and ``"habits"``.
        """
        return [
            *self._position_fields(),
            *self._letter_fields(),
            *([] if facts_visible else self._fact_fields()),
            *self._answer_fields(visible),
        ]

    def _position_fields(self) -> Iterator[HiddenField]:
        if self.at:
            yield HiddenField("at", self.at)
        if self.one:
            yield HiddenField("mode", "one")
            yield HiddenField("here", self.here or self.questions[0].id)
        if self.everything:
            yield HiddenField("all", "1")

    def _letter_fields(self) -> Iterator[HiddenField]:
        if self.letter:
            yield HiddenField("letter", self.letter)
            yield HiddenField("reference", self.reference)
            yield HiddenField("letter-place", self.letter_jurisdiction)
        if self.letter_options:
            yield HiddenField("wish", json.dumps(self.letter_options))
        if self.letter_facts:
            yield HiddenField("carried", json.dumps(self.letter_facts, ensure_ascii=False))

    def _fact_fields(self) -> Iterator[HiddenField]:
        if self.jurisdiction:
            yield HiddenField("place", self.jurisdiction)
        if self.notes.on:
            yield HiddenField("on", self.notes.on.isoformat())
        for name, values in self.notes.facts.items():
            for value in values:
                yield HiddenField(name, value)

    def _answer_fields(self, visible: Collection[str]) -> Iterator[HiddenField]:
        for name, answer in self.notes.answers.items():
            if name in visible:
                continue
            if answer.status:
                yield HiddenField(f"answer-{name}", answer.status)
            if answer.note:
                yield HiddenField(f"note-{name}", answer.note)
            if answer.who:
                yield HiddenField(f"who-{name}", answer.who)
            if answer.heard:
                yield HiddenField(f"heard-{name}", "yes")
        if "habits" not in visible:
            for habit in sorted(self.notes.habits):
                yield HiddenField("habit", habit)


@dataclass(frozen=True, slots=True)
class HiddenField:
    """One ``<input type="hidden">``."""

    name: str
    value: str = field(repr=False)


def read(request: HttpRequest, slug: str) -> Walk:
    """The walk in a posted form. Unknown names and values are dropped."""
    form = request.POST
    here = form.get("here", "")
    return Walk(
        slug=slug,
        notes=_notes(form),
        jurisdiction=jurisdiction_id(form.get("place")),
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
        letter_jurisdiction=jurisdiction_id(form.get("letter-place", "")),
        letter_options=saved_answers.letter_options(_json(form.get("wish", ""))),
    )


def read_with_file(request: HttpRequest, slug: str) -> tuple[Walk, bytes | None, bool]:
    """The walk, the uploaded file if there is one, and whether it was too large to take.

    Must run before anything touches ``request.POST``.
    """
    handler = LenientUploadHandler(request)
    request.upload_handlers = [handler]
    walk = read(request, slug)
    upload = request.FILES.get("file")
    return walk, upload.read() if upload else None, handler.refused


def jurisdiction_id(value: object) -> str:
    """``value`` if it is a jurisdiction's id, else ``""``."""
    return value if isinstance(value, str) and value in law.jurisdictions() else ""


def reference(value: object) -> str:
    """``value`` if it is a letter's reference code, else ``""``."""
    return value if isinstance(value, str) and is_reference(value) else ""


def letter_facts(value: object) -> dict[str, LetterFact]:
    """The letters' part of a file: short names and clean texts, nothing else."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, LetterFact] = {}
    for name, fact in list(value.items())[:_FACTS_MOST]:
        if not isinstance(name, str) or not name.isidentifier() or len(name) > 40:
            continue
        if isinstance(fact, str):
            found[name] = clean(fact)
        elif isinstance(fact, list) and all(isinstance(text, str) for text in fact):
            found[name] = [clean(text) for text in fact[:_TEXTS_MOST]]
    return found


def _notes(form: QueryDict) -> Notes:
    catalogue = reading.load()
    facts = {}
    for fact in catalogue.facts.values():
        posted = form.getlist(fact.id)
        values = tuple(value for value in fact.values if value in posted)[: fact.most]
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
        note=plain(form.get(f"note-{name}", ""))[:_NOTE_MOST],
        who=plain(form.get(f"who-{name}", "")).replace("\n", " ")[:WHO_MOST],
        heard=form.get(f"heard-{name}") == "yes",
    )


def _slug(text: str) -> str:
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else ""


def _json(text: str) -> Any:
    if not text or len(text) > settings.COMPANION_LIMITS["saved_answers_bytes"]:
        return None
    try:
        return json.loads(json_text.whole(text))
    except (ValueError, RecursionError):
        return None
