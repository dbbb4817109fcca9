"""Made-up answers, to print every letter for a lawyer's or a translator's review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from companion.content.law import Jurisdiction, jurisdictions
from companion.content.library import SOURCE, Fields, read_toml
from companion.letters.case import Case
from companion.letters.catalogue import FOLDER, Catalogue, Field, Spec
from companion.letters.letter import Letter, compose
from companion.letters.person import RELATIONS, WRITERS, Writer
from companion.letters.spec import TO_HOSPITAL

REFERENCE = "TEST-01"
_LEFT_OUT = ("relation", "representative", "died_on", "sent_on", "received_on")


def sample(
    catalogue: Catalogue,
    spec: Spec,
    jurisdiction: Jurisdiction,
    language: str,
    today: date,
    writer: Writer = "patient",
) -> Letter:
    """One letter with made-up answers to all its questions, by one kind of writer.

    ``ValueError`` names a made-up answer that the letter refuses.
    """
    given = answers(spec, jurisdiction, language, writer)
    case = Case(catalogue, spec, jurisdiction, given, language, today)
    if case.facts.problems:
        first = case.facts.problems[0]
        raise ValueError(f"{spec.slug}: sample answer {first.field}: {first.code}")
    return compose(case, REFERENCE)


def answers(
    spec: Spec, jurisdiction: Jurisdiction, language: str, writer: Writer = "patient"
) -> dict[str, object]:
    """A made-up answer to each question that the letter asks there."""
    table = read_toml(FOLDER / "sample.toml")
    language = language if language in table else SOURCE
    named = table.table(language)
    kinds = table.table("any").table(language)
    found: dict[str, object] = {}
    for one in spec.asked_in(jurisdiction):
        if one.id in _LEFT_OUT and one.id not in spec.required:
            continue
        found[one.id] = _answer(one, named, kinds)
    asked = {one.id: one for one in spec.asked_in(jurisdiction)}
    if writer != "patient" and "relation" in asked:
        found |= _of_writer(writer, named, kinds.text(f"representative-{writer}"))
    elif "relation" in asked and "self" in asked["relation"].options:
        found["relation"] = "self"
    return {**found, **_recipient(spec, jurisdiction, language, named)}


def _of_writer(writer: Writer, named: Fields, name: str) -> dict[str, object]:
    relation = next(option for option, who in RELATIONS.items() if who == writer)
    found: dict[str, object] = {"relation": relation, "representative": name}
    if writer == "parent":
        found["birth_date"] = named.text("birth_date_child")
    if writer == "survivor":
        found["died_on"] = named.text("died_on")
    return found


def _recipient(
    spec: Spec, jurisdiction: Jurisdiction, language: str, named: Fields
) -> dict[str, object]:
    """Who gets a letter that does not go to the made-up hospital."""
    who = spec.default_addressee(jurisdiction, {})
    office = jurisdiction.regulator if who == "regulator" else jurisdiction.agencies.get(who)
    if office and office.is_list:
        return {"recipient_name": office.name[language]}
    if office:
        return {
            "recipient_name": office.name[language],
            "recipient_address": office.contact.split("\n"),
        }
    if who in TO_HOSPITAL:
        return {}
    return {"recipient_name": named.text(who)}


def every(
    catalogue: Catalogue, writers: Sequence[Writer] = WRITERS
) -> Iterator[tuple[Spec, Jurisdiction, str, Writer]]:
    """Every letter by every writer, in every jurisdiction and language that it is offered in."""
    for spec in catalogue.letters.values():
        for jurisdiction in jurisdictions().values():
            if jurisdiction.offered and spec.offered_in(jurisdiction):
                for language in spec.languages:
                    for writer in written_by(spec, writers):
                        yield spec, jurisdiction, language, writer


def written_by(spec: Spec, writers: Sequence[Writer] = WRITERS) -> Iterator[Writer]:
    """Who may write a letter: all, unless it asks nobody who they are or is not for the dead."""
    relation = next((one for one in spec.fields if one.id == "relation"), None)
    for writer in writers:
        if relation is None or "self" not in relation.options:
            # A letter in the writer's own name, or one that only others write.
            fits = (writer == "patient") == (relation is None)
        else:
            fits = not any(RELATIONS[option] == writer for option in spec.not_for)
        if fits:
            yield writer


def _answer(one: Field, named: Fields, kinds: Fields) -> object:
    if one.kind == "flag":
        return True
    if one.options:
        return list(one.options[: one.most or None]) if one.kind == "choices" else one.options[0]
    table = named if one.id in named else kinds
    name = one.id if one.id in named else one.kind
    return list(table.texts(name)) if one.kind == "lines" else table.text(name)
