"""Who gets a letter: the hospital, an office of the place, or whom the person names.

Works on answers as they came with a form: texts by the name of their field.
"""

from __future__ import annotations

from collections.abc import Mapping

from companion.content import law
from companion.content.law import Jurisdiction
from companion.letters.catalogue import Spec, catalogue
from companion.letters.follow_up import addressee
from companion.letters.spec import TO_HOSPITAL
from companion.providers import profiles


def passed_on(
    first: Spec | None, spec: Spec, jurisdiction: Jurisdiction, given: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Who gets the next letter, after ``first``: the same office, or another one.

    A letter about the first one, such as a reminder, goes to whoever got that.
    """
    if "original" in {one.id for one in spec.fields}:
        return given
    if first is None:
        return _readdressed(spec, jurisdiction, given)
    before = addressee(catalogue(), first, jurisdiction, given)
    if before in TO_HOSPITAL:
        return _readdressed(spec, jurisdiction, given)
    after = who_gets(spec, jurisdiction, given)
    if before == after:
        return given
    kept = {name: texts for name, texts in given.items() if not name.startswith("recipient_")}
    if after in TO_HOSPITAL:
        kept["recipient_name"] = given.get("hospital", [])
        kept["recipient_address"] = given.get("hospital_address", [])
    return kept


def _readdressed(
    spec: Spec, jurisdiction: Jurisdiction, given: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Where the next letter goes to somebody else, the hospital becomes its subject."""
    if is_for_hospital(spec, jurisdiction, given):
        return given
    moved = {
        "hospital": given.get("hospital") or given.get("recipient_name", []),
        "hospital_address": given.get("hospital_address") or given.get("recipient_address", []),
    }
    kept = {name: texts for name, texts in given.items() if not name.startswith("recipient_")}
    return {**kept, **moved}


def who_gets(spec: Spec, jurisdiction: Jurisdiction, given: Mapping[str, list[str]]) -> str:
    """Who gets the letter, as named in the shared words."""
    return spec.goes_to(jurisdiction, {name: tuple(texts) for name, texts in given.items()})


def is_for_hospital(spec: Spec, jurisdiction: Jurisdiction, given: Mapping[str, list[str]]) -> bool:
    """Whether the hospital or its privacy office gets it."""
    return who_gets(spec, jurisdiction, given) in TO_HOSPITAL


def office(
    spec: Spec, jurisdiction: Jurisdiction, given: Mapping[str, list[str]], language: str
) -> dict[str, list[str]]:
    """The recipient of a letter to an office of the place: its name, and address or page."""
    who = who_gets(spec, jurisdiction, given)
    found = jurisdiction.regulator if who == "regulator" else jurisdiction.agencies.get(who)
    if found is None:
        return {}
    return {"recipient_name": [found.name[language]], "recipient_address": [found.contact]}


def hospital(
    spec: Spec,
    jurisdiction: Jurisdiction,
    given: Mapping[str, list[str]],
    provider: profiles.Provider,
) -> dict[str, list[str]]:
    """A hospital of the directory, where this letter names it: as recipient or as subject."""
    name, address = (
        ("recipient_name", "recipient_address")
        if is_for_hospital(spec, jurisdiction, given)
        else ("hospital", "hospital_address")
    )
    return {name: [provider.name], address: [provider.address]}


def offices() -> set[str]:
    """The names of all regulators and agencies, in every language."""
    return {
        name
        for jurisdiction in law.jurisdictions().values()
        for one in (jurisdiction.regulator, *jurisdiction.agencies.values())
        if one
        for name in one.name.values()
    }
