"""Reads ``content/checklists`` once, and checks all of it.

Refused, with file, field and reason (``ContentError``): a duplicate id, an unknown
condition, topic, source or letter, and words that are missing in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from companion.checklists.catalogue import (
    Catalogue,
    Checklist,
    Fact,
    Question,
    QuestionWords,
    Reminder,
    Term,
    Words,
)
from companion.checklists.conditions import Condition, ConditionError, parse
from companion.content.library import (
    CONTENT,
    LANGUAGES,
    SOURCE,
    ContentError,
    Fields,
    read_toml,
    translated_files,
)

FOLDER = CONTENT / "checklists"
LETTERS = CONTENT / "letters"
MUST_ASKS = 5

_ID = re.compile(r"[a-z][a-z0-9-]*")
_QUESTION_ID = re.compile(r"[A-Z]\d{1,2}")


@cache
def load(folder: Path = FOLDER, letters: Path = LETTERS) -> Catalogue:
    """Read and check everything. Raises ``ContentError``."""
    letter_slugs = {path.parent.name for path in letters.glob("*/letter.toml")}
    facts = _read_facts(folder, letter_slugs)
    known = {fact.id: fact.values for fact in facts.values()}
    slugs = tuple(sorted(path.parent.name for path in folder.glob("*/questions.toml")))
    kinds = sorted(
        path.parent.name for path in folder.glob("*/en.md") if path.parent.name not in slugs
    )
    shared = {kind: translated_files(folder / kind) for kind in kinds}
    lists: list[Checklist] = []
    questions: dict[str, Question] = {}
    for slug in slugs:
        checklist = _read_checklist(folder, slug, slugs, known, shared, letter_slugs)
        for question in checklist.questions:
            if question.id in questions:
                raise ContentError(
                    folder / slug / "questions.toml",
                    question.id,
                    f"is in {questions[question.id].checklist!r} too",
                )
            questions[question.id] = question
        lists.append(checklist)
    lists.sort(key=lambda item: item.order)
    musts = [question.id for question in questions.values() if question.must]
    if len(musts) != MUST_ASKS:
        raise ContentError(folder, "must", f"{MUST_ASKS} must-asks are needed, not {len(musts)}")
    catalogue = Catalogue(
        checklists={item.slug: item for item in lists},
        questions={question.id: question for item in lists for question in item.questions},
        facts=facts,
        statements=_read_links(folder, "statements", "statement", "beside", questions, shared),
        habits=_read_links(folder, "habits", "habit", "on", slugs, shared),
        reminders=_read_reminders(folder, shared),
        terms={
            language: _read_terms(folder / "glossary" / f"{language}.md", words)
            for language, words in shared["glossary"].items()
        },
        words=shared,
    )
    _check_choices(folder, facts, shared["choices"])
    return catalogue


def _read_facts(folder: Path, letters: set[str]) -> dict[str, Fact]:
    file = folder / "choices" / "choices.toml"
    top = read_toml(file)
    facts: dict[str, Fact] = {}
    for table in top.tables("fact"):
        fact = Fact(
            id=table.text("id"),
            values=table.texts("values"),
            most=table.number("most", 1),
            only=table.texts("only", ()),
            first=table.flag("first", False),
            letters=_read_letters(table, letters),
        )
        table.done()
        if fact.id in facts:
            raise ContentError(file, fact.id, "is there twice")
        facts[fact.id] = fact
    top.done()
    return facts


def _read_letters(fact: Fields, known: set[str]) -> dict[str, tuple[str, ...]]:
    """The letters that each value of a fact calls for by itself."""
    table = fact.table("letters", {})
    found: dict[str, tuple[str, ...]] = {}
    for value in table.names():
        if value not in fact.texts("values"):
            raise table.error(value, "is not one of the fact's values")
        found[value] = table.texts(value)
        for slug in found[value]:
            if slug not in known:
                raise table.error(value, f"there is no letter {slug!r}")
    return found


def _read_checklist(
    folder: Path,
    slug: str,
    slugs: tuple[str, ...],
    known: Mapping[str, tuple[str, ...]],
    shared: Mapping[str, Words],
    letters: set[str],
) -> Checklist:
    file = folder / slug / "questions.toml"
    words = translated_files(folder / slug)
    top = read_toml(file)
    order = top.number("order")
    questions: list[Question] = []
    for table in top.tables("question"):
        name = table.text("id")
        if any(name == question.id for question in questions):
            raise ContentError(file, name, "is there twice")
        questions.append(_read_question(table, slug, slugs, known, shared, letters, words))
    top.done()
    unknown = set(words[SOURCE]) - {question.id for question in questions} - {"checklist"}
    if unknown:
        raise ContentError(folder / slug / f"{SOURCE}.md", min(unknown), "is not in questions.toml")
    titles = {}
    for language in LANGUAGES:
        parts = words[language].get("checklist", {})
        for part in ("title", "stage", "lede"):
            if not parts.get(part):
                raise ContentError(
                    folder / slug / f"{language}.md", f"checklist.{part}", "is missing"
                )
        titles[language] = parts
    return Checklist(slug, order, tuple(questions), titles)


def _read_question(
    table: Fields,
    slug: str,
    slugs: tuple[str, ...],
    known: Mapping[str, tuple[str, ...]],
    shared: Mapping[str, Words],
    letters: set[str],
    words: Words,
) -> Question:
    name = table.text("id")
    if not _QUESTION_ID.fullmatch(name):
        raise table.error("id", f"{name!r} must be a capital letter and a number")
    also = table.table("also", {})
    for other in also.names():
        if other not in slugs or other == slug:
            raise also.error(other, "is not another checklist")
    conditions = {slug: table.text("when")} | {other: also.text(other) for other in also.names()}
    parsed = {}
    for where, text in conditions.items():
        field = "when" if where == slug else f"also.{where}"
        parsed[where] = _condition(table, field, name, text, known)
    first = table.text("first", "")
    must, page = table.flag("must", False), table.text("page", "")
    question = Question(
        id=name,
        checklist=slug,
        step=table.choice("kind", ("question", "step")) == "step",
        topic=table.choice("topic", shared["topics"][SOURCE]),
        sources=table.texts("sources"),
        letters=table.texts("letters"),
        page=page,
        weight=table.number("weight"),
        must=must,
        expert=table.flag("expert", False),
        when=parsed,
        first=_condition(table, "first", name, first, known) if first else None,
        words={},
    )
    table.done()
    if not question.sources:
        raise table.error("sources", "is empty")
    for source in question.sources:
        if source not in shared["sources"][SOURCE]:
            raise table.error("sources", f"{source!r} is not in sources/en.md")
    for letter in question.letters:
        if letter not in letters:
            raise table.error("letters", f"there is no letter {letter!r}")
        if letter not in shared["next-letters"][SOURCE]:
            raise table.error("letters", f"{letter!r} is not in next-letters/en.md")
    every = {
        language: _question_words(
            table.file.parent / f"{language}.md", name, words, must=must, page=bool(page)
        )
        for language in LANGUAGES
    }
    return replace(question, words=every)


def _condition(
    table: Fields, field: str, name: str, text: str, known: Mapping[str, tuple[str, ...]]
) -> Condition:
    try:
        return parse(text, known)
    except ConditionError as error:
        raise table.error(field, f"{name}: {error}") from error


def _question_words(
    file: Path, name: str, words: Words, *, must: bool, page: bool
) -> QuestionWords:
    parts = words[file.stem].get(name)
    if parts is None:
        raise ContentError(file, name, "is missing")
    needed = {"": "ask", "why": "why", "good answer": "good", "red flag": "flag"}
    if must:
        needed["card"] = "card"
    if page:
        needed["page"] = "page"
    for part in needed:
        if not parts.get(part):
            raise ContentError(file, f"{name}.{part or 'question'}", "is missing")
    for part in parts:
        if part not in needed:
            raise ContentError(file, f"{name}.{part}", "is not a part that is known here")
    return QuestionWords(
        ask=parts[""],
        why=parts["why"],
        good=parts["good answer"],
        flag=parts["red flag"],
        card=parts.get("card", ""),
        page=parts.get("page", ""),
    )


def _read_links(
    folder: Path,
    kind: str,
    entry: str,
    field: str,
    targets: Mapping[str, object] | tuple[str, ...],
    shared: Mapping[str, Words],
) -> dict[str, tuple[str, ...]]:
    """Entries that have an id, words, and a list of where they are shown."""
    top = read_toml(folder / kind / f"{kind}.toml")
    links: dict[str, tuple[str, ...]] = {}
    for table in top.tables(entry):
        name = table.choice("id", shared[kind][SOURCE])
        if name in links:
            raise table.error("id", f"{name!r} is there twice")
        links[name] = table.texts(field)
        for target in links[name]:
            if target not in targets:
                raise table.error(field, f"{target!r} is not known")
        table.done()
    top.done()
    return links


def _read_reminders(folder: Path, shared: Mapping[str, Words]) -> tuple[Reminder, ...]:
    top = read_toml(folder / "dates" / "dates.toml")
    reminders = []
    for table in top.tables("date"):
        reminders.append(
            Reminder(table.choice("id", shared["dates"][SOURCE]), table.number("days"))
        )
        table.done()
    top.done()
    return tuple(reminders)


def _read_terms(file: Path, words: Mapping[str, Mapping[str, str]]) -> tuple[Term, ...]:
    terms = []
    for name, parts in words.items():
        for part in ("", "found by", "means"):
            if not parts.get(part):
                raise ContentError(file, f"{name}.{part or 'name'}", "is missing")
        found_by = [re.escape(text.strip()) for text in parts["found by"].split(",")]
        # "AI" must not be found in "said": short words in capitals keep their case.
        pattern = "|".join(text if text.isupper() else f"(?i:{text})" for text in found_by)
        terms.append(Term(name, parts[""], parts["means"], re.compile(rf"\b(?:{pattern})(?!\w)")))
    return tuple(terms)


def _check_choices(folder: Path, facts: Mapping[str, Fact], words: Words) -> None:
    for fact in facts.values():
        for value in (fact.id, *fact.values):
            if not _ID.fullmatch(value):
                raise ContentError(
                    folder / "choices" / "choices.toml", value, "is not a plain name"
                )
        for language in LANGUAGES:
            parts = words[language].get(fact.id, {})
            for part in ("", *fact.values):
                if not parts.get(part):
                    raise ContentError(
                        folder / "choices" / f"{language}.md",
                        f"{fact.id}.{part or 'question'}",
                        "is missing",
                    )
