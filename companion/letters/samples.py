"""Made-up answers, to print every letter for a lawyer's or a translator's review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from companion.content.law import Jurisdiction, jurisdictions
from companion.content.library import SOURCE, Fields, read_toml
from companion.letters.case import Case
from companion.letters.catalogue import FOLDER, Catalogue, Field, Spec
from companion.letters.letter import Letter, compose
from companion.letters.spec import TO_HOSPITAL

REFERENCE = "TEST-01"


def sample(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, language: str, today: date
) -> Letter:
    """One letter with made-up answers to all its questions.

    ``ValueError`` names a made-up answer that the letter refuses.
    """
    case = Case(
        catalogue, spec, jurisdiction, answers(spec, jurisdiction, language), language, today
    )
    if case.facts.problems:
        first = case.facts.problems[0]
        raise ValueError(f"{spec.slug}: sample answer {first.field}: {first.code}")
    return compose(case, REFERENCE)


def answers(spec: Spec, jurisdiction: Jurisdiction, language: str) -> dict[str, object]:
    """A made-up answer to each question that the letter asks there."""
    table = read_toml(FOLDER / "sample.toml")
    language = language if language in table else SOURCE
    named = table.table(language)
    kinds = table.table("any").table(language)
    found: dict[str, object] = {}
    for one in spec.asked_in(jurisdiction):
        if one.id in ("representative", "sent_on", "received_on") and one.id not in spec.required:
            continue
        found[one.id] = _answer(one, named, kinds)
    return {**found, **_recipient(spec, jurisdiction, language, named)}


def _recipient(
    spec: Spec, jurisdiction: Jurisdiction, language: str, named: Fields
) -> dict[str, object]:
    """Who gets a letter that does not go to the made-up hospital."""
    who = spec.default_addressee(jurisdiction, {})
    office = jurisdiction.regulator if who == "regulator" else jurisdiction.agencies.get(who)
    if office:
        return {
            "recipient_name": office.name[language],
            "recipient_address": office.contact.split("\n"),
        }
    if who in TO_HOSPITAL:
        return {}
    return {"recipient_name": named.text(who)}


def every(catalogue: Catalogue) -> Iterator[tuple[Spec, Jurisdiction, str]]:
    """Every letter in every jurisdiction and language that it is offered in."""
    for spec in catalogue.letters.values():
        for jurisdiction in jurisdictions().values():
            if jurisdiction.offered and spec.offered_in(jurisdiction):
                for language in spec.languages:
                    yield spec, jurisdiction, language


def _answer(one: Field, named: Fields, kinds: Fields) -> object:
    if one.kind == "flag":
        return True
    if one.options:
        return list(one.options[: one.most or None]) if one.kind == "choices" else one.options[0]
    table = named if one.id in named else kinds
    name = one.id if one.id in named else one.kind
    return list(table.texts(name)) if one.kind == "lines" else table.text(name)
