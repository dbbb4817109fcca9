"""Whom a letter's form is addressed to: the hospital, an office, or whom the person names.

Works on answers as they came with a form: lists of texts by the name of their field.
"""

from __future__ import annotations

from collections.abc import Mapping

from companion.content import law
from companion.letters.case import Case
from companion.letters.spec import TO_HOSPITAL
from companion.providers import profiles

Given = Mapping[str, list[str]]
"""What a form sent: the texts of each field."""


def answers_of(case: Case) -> dict[str, list[str]]:
    """The answers of a case that a form sent, as it sent them."""
    return {name: texts for name, texts in case.given.items() if isinstance(texts, list)}


def for_next_letter(case: Case, first: Case | None) -> dict[str, list[str]]:
    """The answers of ``case``, a letter written after ``first``, with its own recipient.

    A letter about the first one, such as a reminder, goes to whoever got that. Any other
    goes to the same office, or leaves the recipient open where it needs another one.
    """
    given = answers_of(case)
    if case.follows_up:
        return given
    if first is None or first.addressee in TO_HOSPITAL:
        return _with_hospital_as_subject(case)
    if first.addressee == case.default_addressee:
        return given
    kept = _without_recipient(given)
    if is_for_hospital(case):
        kept["recipient_name"] = given.get("hospital", [])
        kept["recipient_address"] = given.get("hospital_address", [])
    return kept


def _with_hospital_as_subject(case: Case) -> dict[str, list[str]]:
    """Where the next letter goes to somebody else, the hospital becomes its subject."""
    given = answers_of(case)
    if is_for_hospital(case):
        return given
    return {
        **_without_recipient(given),
        "hospital": given.get("hospital") or given.get("recipient_name", []),
        "hospital_address": given.get("hospital_address") or given.get("recipient_address", []),
    }


def readdressed(case: Case, before: str) -> dict[str, list[str]]:
    """The answers after another jurisdiction or another kind of recipient was chosen.

    ``before`` is who the form in the browser was written for. A regulator gives way to
    that of the new jurisdiction, or to the hospital, whose details then move between
    recipient and subject. What the person typed as recipient stays otherwise.
    """
    given = answers_of(case)
    if case.spec.recipient != "regulator" and case.spec.recipient not in case.jurisdiction.agencies:
        return given
    typed = (given.get("recipient_name") or [""])[0]
    is_office = typed in offices()
    if is_for_hospital(case):
        if before == "regulator" or is_office:
            given["recipient_name"] = given.pop("hospital", [])
            given["recipient_address"] = given.pop("hospital_address", [])
        return given
    if before == "privacy-office":
        if typed and not is_office:
            given["hospital"] = given.get("recipient_name", [])
            given["hospital_address"] = given.get("recipient_address", [])
        return {**_without_recipient(given), **office(case)}
    if typed and not is_office:
        return given
    return {**_without_recipient(given), **office(case)}


def is_for_hospital(case: Case) -> bool:
    """Whether the letter is for the hospital or one of its offices."""
    return case.default_addressee in TO_HOSPITAL


def office(case: Case) -> dict[str, list[str]]:
    """The regulator or agency that the letter is for: its name, and its address or page.

    In the words of the case. Empty for a letter to anybody else, and where the person has to
    find out which of several offices it is.
    """
    who, jurisdiction = case.default_addressee, case.jurisdiction
    found = jurisdiction.regulator if who == "regulator" else jurisdiction.agencies.get(who)
    if found is None or found.is_list:
        return {}
    return {"recipient_name": [found.name[case.language]], "recipient_address": [found.contact]}


def hospital(case: Case, provider: profiles.Provider) -> dict[str, list[str]]:
    """A hospital of the directory, where this letter names it: as recipient or as subject."""
    name, address = (
        ("recipient_name", "recipient_address")
        if is_for_hospital(case)
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


def _without_recipient(given: Given) -> dict[str, list[str]]:
    return {name: texts for name, texts in given.items() if not name.startswith("recipient_")}
