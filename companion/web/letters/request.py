"""What came with a request for a letter, and the letter that it makes.

A request brings answers from four sides: the form itself, another page (a scan's
report, a checklist, a letter sent before), a hospital's profile, a saved file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from companion.content import law
from companion.content.law import Jurisdiction
from companion.content.library import LANGUAGES
from companion.letters import rights, text
from companion.letters.catalogue import Spec, catalogue
from companion.letters.facts import Facts
from companion.letters.follow_up import addressee
from companion.letters.letter import (
    Letter,
    compose,
    is_reference,
    letter_language,
    new_reference,
    reader_copy,
)
from companion.providers import profiles
from companion.web import saved_answers
from companion.web.letters import forms, recipient

PORTAL_LIMIT = 4000
"""Characters; where a portal's message box usually ends. The patient may change it."""
_LONGEST_LIMIT = 100_000


UNCHOSEN = "-"
"""What a list of places sends where the person has to choose and has not yet."""


class NotOfferedError(Exception):
    """A letter that is not for ``place``, the one told; None: a place has to be chosen.

    ``given`` is what was typed, where it did not come with the request's own form.
    """

    def __init__(
        self,
        spec: Spec,
        jurisdiction: Jurisdiction | None,
        given: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.spec, self.jurisdiction, self.given = spec, jurisdiction, given
        super().__init__(spec.slug)


@dataclass(frozen=True, slots=True)
class Wish:
    """What came with a request for one letter: where, in which languages, how."""

    spec: Spec
    jurisdiction: Jurisdiction
    page_language: str
    language: str
    reader: str
    cover: bool
    limit: int
    reference: str
    region: str
    """The part of the place whose holidays count, such as ``BY``; ``""`` for none."""
    given: Mapping[str, list[str]] = field(repr=False)


def wish_of(
    spec: Spec,
    jurisdiction: Jurisdiction,
    posted: QueryDict,
    given: Mapping[str, list[str]],
    provider: profiles.Provider | None = None,
) -> Wish:
    """The wish that a form sent; ``answered`` tells a form of ours from a first visit."""
    own = page_language()
    language = letter_language(jurisdiction, posted.get("language", own))
    default_reader = "" if language == own else own
    reader = posted.get("reader", "" if posted.get("answered") else default_reader)
    reference = posted.get("reference", "")
    return Wish(
        spec=spec,
        jurisdiction=jurisdiction,
        page_language=own,
        language=language,
        reader=reader if reader in LANGUAGES else "",
        cover=bool(posted.get("cover")) if posted.get("answered") else True,
        limit=_limit(posted.get("limit", "")),
        reference=reference if is_reference(reference) else new_reference(),
        region=_region(jurisdiction, posted, given, provider),
        given=given,
    )


def _region(
    jurisdiction: Jurisdiction,
    posted: QueryDict,
    given: Mapping[str, list[str]],
    provider: profiles.Provider | None,
) -> str:
    """The region chosen (``DE-BY``), else that of the hospital carried, if the place has it."""
    told = posted.getlist("region") or given.get("region") or []
    chosen = told[0] if told else ""
    if not told and provider and law.jurisdictions().get(provider.jurisdiction) is jurisdiction:
        chosen = f"{jurisdiction.holidays}-{provider.holiday_region}"
    country, _, region = chosen.partition("-")
    return (
        region
        if country == jurisdiction.holidays and region in rights.regions(jurisdiction)
        else ""
    )


def _limit(asked: str) -> int:
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6:
        return PORTAL_LIMIT
    return max(text.SHORTEST_PART, min(int(asked), _LONGEST_LIMIT))


def write(wish: Wish, facts: Facts) -> tuple[Letter, Letter | None]:
    """The letter, and the reader's copy if one was asked for."""

    def write(language: str) -> Letter:
        return compose(
            catalogue(),
            wish.spec,
            wish.jurisdiction,
            facts,
            language=language,
            today=forms.today(),
            reference=wish.reference,
            region=wish.region,
        )

    made = write(wish.language)
    if wish.reader in ("", wish.language):
        return made, None
    return made, reader_copy(write(wish.reader), catalogue(), wish.language)


def in_page_language(wish: Wish, made: Letter, copy: Letter | None) -> Letter:
    """The letter whose sheet and dates the person reads."""
    for one in (made, copy):
        if one and one.language == wish.page_language:
            return one
    own = forms.read(wish.spec, wish.jurisdiction, wish.given)
    return compose(
        catalogue(),
        wish.spec,
        wish.jurisdiction,
        own,
        language=wish.page_language,
        today=forms.today(),
        reference=wish.reference,
        region=wish.region,
    )


def brought(
    spec: Spec, jurisdiction: Jurisdiction, posted: QueryDict, request: HttpRequest
) -> dict[str, list[str]]:
    """What another page hands over: filled in, not yet judged."""
    given = lists(posted)
    first = catalogue().letters.get(posted.get("slug", ""))
    if posted["from"] == "letter" and first is not None:
        if "original" not in {one.id for one in first.fields}:
            # A follow-up to a follow-up is still about the first letter.
            given.update(_of_first_letter(first, jurisdiction, posted))
        for name in ("sent_on", "received_on", "method"):
            given.pop(name, None)
    given = recipient.passed_on(first, spec, jurisdiction, given)
    return {**from_elsewhere(spec, jurisdiction, request), **given}


def _of_first_letter(
    first: Spec, jurisdiction: Jurisdiction, posted: QueryDict
) -> dict[str, list[str]]:
    """The facts of the letter that a follow-up is about."""
    facts = forms.read(first, jurisdiction, lists(posted))
    made, _ = write(wish_of(first, jurisdiction, posted, lists(posted)), facts)
    due = [one.milestone.when.last for one in made.points if one.milestone.kind in _DUE]
    return {
        "original": [first.slug],
        "original_date": [(facts.date("sent_on") or forms.today()).isoformat()],
        "original_reference": [made.reference],
        "original_due": [due[0].isoformat() if due else ""],
    }


_DUE = ("due", "due-ask", "confirm")


def from_elsewhere(
    spec: Spec, jurisdiction: Jurisdiction, request: HttpRequest
) -> dict[str, list[str]]:
    """The recipient that is known without asking: a regulator, or the hospital carried."""
    given = recipient.office(spec, jurisdiction, {}, page_language())
    provider = carried_to(jurisdiction, request)
    return {**given, **recipient.hospital(spec, jurisdiction, {}, provider)} if provider else given


def carried_to(jurisdiction: Jurisdiction, request: HttpRequest) -> profiles.Provider | None:
    """The hospital carried, unless the law of ``place`` is another country's than its own."""
    provider = profiles.at(request)
    home = law.jurisdictions().get(provider.jurisdiction) if provider else None
    return None if home and home.family[-1] != jurisdiction.family[-1] else provider


def hospital_field(wish: Wish) -> str:
    """The question that a hospital's name answers here; ``""`` where the letter has none."""
    if recipient.is_for_hospital(wish.spec, wish.jurisdiction, wish.given):
        return "recipient_name"
    asked = {one.id for one in wish.spec.asked_in(wish.jurisdiction, wish.given)}
    return "hospital" if "hospital" in asked else ""


def with_hospital(wish: Wish, provider: profiles.Provider) -> Wish:
    """The same wish with a hospital of the directory chosen; all else stays as typed."""
    home = law.jurisdictions().get(provider.jurisdiction)
    if home is not None and not wish.spec.offered_in(home):
        raise NotOfferedError(wish.spec, home)
    if home is not None:
        wish = moved(replace(wish, jurisdiction=law.jurisdiction(home.id)), goes_to(wish))
    filled = recipient.hospital(wish.spec, wish.jurisdiction, wish.given, provider)
    return replace(wish, given={**wish.given, **filled})


def addressed(wish: Wish) -> str:
    """Who gets the letter, also where that follows from the letter before."""
    return addressee(catalogue(), wish.spec, wish.jurisdiction, wish.given)


def goes_to(wish: Wish) -> str:
    """Who gets the letter as it stands, as named in the shared words."""
    return recipient.who_gets(wish.spec, wish.jurisdiction, wish.given)


def moved(wish: Wish, before: str = "") -> Wish:
    """The same wish after a new place or a new kind of recipient was chosen.

    ``before`` is who the form in the browser was written for. A regulator gives way to
    that of the new place, or to the hospital, whose details change places with it. What
    the person typed as recipient stays otherwise.
    """
    if wish.spec.recipient != "regulator" and wish.spec.recipient not in wish.jurisdiction.agencies:
        return wish
    given = dict(wish.given)
    typed = (given.get("recipient_name") or [""])[0]
    was_regulator = before == "regulator" or typed in recipient.offices()
    if recipient.is_for_hospital(wish.spec, wish.jurisdiction, given):
        if was_regulator:
            given["recipient_name"] = given.pop("hospital", [])
            given["recipient_address"] = given.pop("hospital_address", [])
    elif before == "privacy-office":
        for name, old in (
            ("hospital", "recipient_name"),
            ("hospital_address", "recipient_address"),
        ):
            if typed and typed not in recipient.offices():
                given[name] = given.get(old, [])
        given.update(recipient.office(wish.spec, wish.jurisdiction, given, page_language()))
    elif not typed or typed in recipient.offices():
        given.update(recipient.office(wish.spec, wish.jurisdiction, given, page_language()))
    return replace(wish, given=given)


def lists(posted: QueryDict) -> dict[str, list[str]]:
    """The names and texts of a form."""
    return {name: [str(one) for one in posted.getlist(name)] for name in posted}


def texts_only(facts: Mapping[Any, Any]) -> dict[str, list[str]]:
    """What a saved file says, as a form would send it; other things are left out."""
    found: dict[str, list[str]] = {}
    for name, value in facts.items():
        values = value if isinstance(value, list) else [value]
        if all(isinstance(one, str) for one in values):
            found[str(name)] = values
    return found


def carried(wish: Wish) -> list[tuple[str, str]]:
    """Answers that this letter does not ask for, kept for the next one and for the file."""
    asked = {one.id for one in wish.spec.asked_in(wish.jurisdiction, wish.given)}
    pairs = [
        (name, one)
        for name in sorted(shared_names() - asked)
        for one in wish.given.get(name, ())
        if one
    ]
    noted = saved_answers.unpack_checklists((wish.given.get("checklists") or [""])[0])
    return [*pairs, ("checklists", saved_answers.pack_checklists(noted))] if noted else pairs


def shared_names() -> set[str]:
    """The names of all questions of all letters."""
    return {one.id for spec in catalogue().letters.values() for one in spec.fields}


def start_jurisdiction(spec: Spec, name: str, request: HttpRequest) -> Jurisdiction:
    """The place told, else the deployment's own, else the only one that the letter is for.

    ``NotOfferedError`` when the letter is not for the place told, or for none that can
    be assumed: another country's law is written only where the person chose that place.
    """
    if name == UNCHOSEN:
        raise NotOfferedError(spec, None)
    told = jurisdiction_or_none(name, request)
    if told is not None:
        if spec.offered_in(told):
            return told
        raise NotOfferedError(spec, told)
    usual = law.jurisdiction(settings.COMPANION_JURISDICTION)
    if spec.offered_in(usual):
        return usual
    only = [one for one in law.jurisdictions().values() if one.offered and spec.offered_in(one)]
    if len(only) == 1:
        return only[0]
    raise NotOfferedError(spec, None)


def jurisdiction_or_none(name: str, request: HttpRequest) -> Jurisdiction | None:
    """The place of this id, else that of the hospital carried, else None."""
    provider = profiles.at(request)
    for one in (name, provider.jurisdiction if provider else ""):
        if one in law.jurisdictions():
            return law.jurisdiction(one)
    return None


def carried_hospital(request: HttpRequest) -> str:
    """The slug of the hospital that the request carries, or nothing."""
    provider = profiles.at(request)
    return provider.slug if provider else ""


def page_language() -> str:
    """The language of the page: one that letters are written in."""
    language = (get_language() or LANGUAGES[0]).split("-")[0]
    return language if language in LANGUAGES else LANGUAGES[0]
