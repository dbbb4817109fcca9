"""An entry of the list of breaches as the page shows it, and what a letter takes from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import override

from companion.content import law, screens
from companion.letters.case import say_date
from companion.letters.catalogue import catalogue
from companion.letters.recipient_language import letter_language
from companion.providers.models import Breach
from companion.providers.word_index import us_states

LETTER = "explain-the-breach"
JURISDICTION = "us"
"""The list is one of the United States, and so is the law of the letter."""
VENDOR = "Business Associate"
"""The kind that works for hospitals and plans: patients get no notice from it by law."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in words of the page's language where there are any."""

    name: str
    state: str
    told_on: date
    people: str
    """With the separators of the page's language; ``""`` where the list is silent."""
    kind: str
    types: list[str]
    locations: list[str]
    business_associate: bool | None
    description: str
    vendor: bool
    place: str
    """The jurisdiction of the letter: the state's own where we have it."""
    facts: dict[str, str]
    """Fields of the letter that asks for an explanation."""


def entry(breach: Breach, language: str) -> Entry:
    """A row of the list for the page."""
    return Entry(
        name=breach.name,
        state=us_states().get(breach.state, breach.state),
        told_on=breach.told_on,
        people="" if breach.people is None else grouped(breach.people),
        kind=_said("kinds", breach.kind, language),
        types=[_said("types", one, language) for one in breach.types],
        locations=[_said("locations", one, language) for one in breach.locations],
        business_associate=breach.business_associate,
        description=breach.description,
        vendor=breach.kind == VENDOR,
        place=_place(breach),
        facts=letter_facts(breach, language),
    )


def grouped(number: int) -> str:
    """A number as the active language writes it: ``12,345``."""
    return str(number_format(number, force_grouping=True))


def letter_facts(breach: Breach, language: str) -> dict[str, str]:
    """What the letter's form is filled with, for a page in ``language``.

    The notice of a breach at a vendor is the hospital's to give (45 CFR 164.404, 164.410),
    so that letter's recipient is left for the person to name.
    """
    facts = {"listing": "\n".join(_listing(breach, language))}
    if breach.kind != VENDOR:
        facts["recipient_name"] = breach.name
    return facts


def _place(breach: Breach) -> str:
    state = f"{JURISDICTION}-{breach.state.lower()}"
    # A vendor's state says nothing of where the hospital is.
    return state if breach.kind != VENDOR and state in law.jurisdictions() else JURISDICTION


def _listing(breach: Breach, language: str) -> Iterator[str]:
    """The entry in the language of the letter, what it says in the list's own words."""
    written = catalogue().letters[LETTER].languages
    jurisdiction = law.jurisdiction(JURISDICTION)
    language = letter_language(written, jurisdiction, language)
    words = screens.read("breaches", language)["letter"]
    state = us_states().get(breach.state, breach.state)
    line = words["listed-state"] if state else words["listed"]
    # The name last: it is a text of others, and might hold a brace of its own.
    yield line.replace("{state}", state).replace("{name}", breach.name)
    yield words["told"].replace(
        "{day}", say_date(catalogue(), breach.told_on, language, jurisdiction)
    )
    if breach.people is not None:
        with override(language):
            yield words["people"].replace("{people}", grouped(breach.people))
    for part in ("types", "locations"):
        if texts := getattr(breach, part):
            yield words[part].replace("{" + part + "}", "; ".join(texts))


def _said(passage: str, text: str, language: str) -> str:
    """A term of the list in plain words; one that we do not know stays as it is."""
    return screens.read("breaches", language)[passage].get(slugify(text), text)
