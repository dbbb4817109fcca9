"""What came with a request for a letter, and the letter that it makes.

A request brings answers from four sides: the form itself, another page (a scan's
report, a checklist, a letter sent before), a hospital's profile, a saved file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

from companion import clock
from companion.content import law
from companion.content.law import Jurisdiction
from companion.letters import rights, text, whereabouts
from companion.letters.case import Case
from companion.letters.catalogue import Spec, catalogue
from companion.letters.letter import Letter, compose, is_reference, new_reference, reader_copy
from companion.letters.recipient_language import languages_to_ask, letter_language
from companion.providers import profiles
from companion.web import saved_answers
from companion.web.letters import recipient
from companion.web.letters.recipient import Given
from companion.web.place import usual_place
from companion.web.words import page_language

PORTAL_LIMIT = 4000
"""Characters; where a portal's message box usually ends. The patient may change it."""
_LONGEST_LIMIT = 100_000

UNCHOSEN = "-"
"""What a list of jurisdictions sends where the person has to choose and has not yet."""


class NotOfferedError(Exception):
    """A letter that ``jurisdiction`` does not have; None where one has to be chosen first.

    ``given`` is what was typed, where it did not come with the request's own form.
    """

    def __init__(
        self, spec: Spec, jurisdiction: Jurisdiction | None, given: Given | None = None
    ) -> None:
        self.spec, self.jurisdiction, self.given = spec, jurisdiction, given
        super().__init__(spec.slug)


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """One letter that is asked for: its case, and how it is to be shown and printed."""

    case: Case
    """In the language of the letter, which is the recipient's."""
    page_language: str
    reader: str
    """The language of a copy to read, or ``""`` for no copy."""
    cover: bool
    limit: int
    """Characters that the portal takes in one message."""
    reference: str
    asks_language: bool = False
    """The place has several official languages, and nobody has said yet which is read there."""

    @classmethod
    def from_form(
        cls, case: Case, posted: QueryDict, provider: profiles.Provider | None = None
    ) -> LetterRequest:
        """The request of a form; ``answered`` tells a form of ours from a first visit.

        ``case`` holds the answers in the page's language; the form chooses the letter's.
        ``provider`` is the hospital that the visit is about: its region is the default.
        """
        own, written = case.language, case.spec.languages
        wanted = posted.get("language", "")
        asked = languages_to_ask(written, case.jurisdiction)
        asks = bool(asked) and wanted not in asked
        # Until somebody says so, the preview shows one that is official, and nothing is printed.
        language = (
            wanted
            if wanted in asked
            else letter_language(written, case.jurisdiction, wanted or own)
        )
        region = _region(case, posted, provider)
        default_reader = own if (asks or own != language) and own in written else ""
        reader = posted.get("reader", "" if posted.get("answered") else default_reader)
        if not reader and posted.get("written-in") == own:
            # The form offered no copy in the page's language: the letter was in it.
            reader = default_reader
        reference = posted.get("reference", "")
        return cls(
            case=replace(case, language=language, region=region),
            page_language=own,
            reader=reader if reader in written else "",
            cover=bool(posted.get("cover")) if posted.get("answered") else True,
            limit=_limit(posted.get("limit", "")),
            reference=reference if is_reference(reference) else new_reference(),
            asks_language=asks,
        )

    @property
    def language(self) -> str:
        """The language of the letter itself."""
        return self.case.language

    @property
    def page_case(self) -> Case:
        """The case in the words of the page."""
        return self.case.in_language(self.page_language)

    def with_answers(self, given: Given) -> LetterRequest:
        """The same request with other answers."""
        return replace(self, case=replace(self.case, given=given))


def new_case(spec: Spec, jurisdiction: Jurisdiction, given: Given) -> Case:
    """A case of today in the page's language, under the limits of the settings."""
    return Case(
        catalogue(),
        spec,
        jurisdiction,
        given,
        page_language(),
        clock.today(),
        text_limit=settings.COMPANION_LIMITS["letter_text_bytes"],
    )


def _region(case: Case, posted: QueryDict, provider: profiles.Provider | None) -> str:
    """The region chosen (``DE-BY``), else that of the hospital, if the jurisdiction has it."""
    jurisdiction = case.jurisdiction
    sent = posted.getlist("region") or recipient.answers_of(case).get("region", [])
    chosen = sent[0] if sent else ""
    if not sent and provider and law.jurisdictions().get(provider.jurisdiction) is jurisdiction:
        chosen = f"{jurisdiction.holidays}-{provider.holiday_region}"
    country, _, region = chosen.partition("-")
    known = country == jurisdiction.holidays and region in rights.regions(jurisdiction)
    return region if known else ""


def _limit(asked: str) -> int:
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6:
        return PORTAL_LIMIT
    return max(text.SHORTEST_PART, min(int(asked), _LONGEST_LIMIT))


def write(letter_request: LetterRequest) -> tuple[Letter, Letter | None]:
    """The letter, and the reader's copy if one was asked for."""
    letter = compose(letter_request.case, letter_request.reference)
    if letter_request.reader in ("", letter_request.language):
        return letter, None
    copy = compose(letter_request.case.in_language(letter_request.reader), letter_request.reference)
    return letter, reader_copy(copy, catalogue(), letter_request.language)


def in_page_language(letter_request: LetterRequest, letter: Letter, copy: Letter | None) -> Letter:
    """The letter whose sheet and dates the person reads."""
    for one in (letter, copy):
        if one and one.language == letter_request.page_language:
            return one
    return compose(letter_request.page_case, letter_request.reference)


def handed_over(
    spec: Spec, jurisdiction: Jurisdiction, posted: QueryDict, request: HttpRequest
) -> dict[str, list[str]]:
    """The answers that another page hands over, to fill the form with: not judged yet."""
    given = lists(posted)
    first = catalogue().letters.get(posted.get("slug", ""))
    before = new_case(first, jurisdiction, given) if first else None
    if posted["from"] == "letter" and before is not None:
        if not before.follows_up:
            # A follow-up to a follow-up is still about the first letter.
            given = {**given, **_of_first_letter(before, posted)}
        for name in ("sent_on", "received_on", "method"):
            given.pop(name, None)
    company = given.pop("company", [])
    given = recipient.for_next_letter(new_case(spec, jurisdiction, given), before)
    if company and spec.recipient == "maker":
        # What a report calls the recipient is the hospital, which such a letter is not for.
        given["recipient_name"] = company
    return {**known_recipient(spec, jurisdiction, request), **given}


def _of_first_letter(first: Case, posted: QueryDict) -> dict[str, list[str]]:
    """The facts of the letter that a follow-up is about."""
    asked = LetterRequest.from_form(first, posted)
    due = [one.when.last for one in asked.case.milestones if one.kind in DUE]
    return {
        "original": [first.spec.slug],
        "original_date": [asked.case.sent.isoformat()],
        "original_reference": [asked.reference],
        "original_due": [due[0].isoformat() if due else ""],
    }


DUE = ("due", "due-ask", "confirm")
"""The milestones on which the other side should have done something: an answer, a note."""


def known_recipient(
    spec: Spec, jurisdiction: Jurisdiction, request: HttpRequest
) -> dict[str, list[str]]:
    """The recipient that is known without asking: a regulator, or the visit's hospital."""
    case = new_case(spec, jurisdiction, {})
    given = recipient.office(case)
    provider = provider_here(jurisdiction, request)
    return {**given, **recipient.hospital(case, provider)} if provider else given


def provider_here(jurisdiction: Jurisdiction, request: HttpRequest) -> profiles.Provider | None:
    """The hospital that the visit is about, unless another country's law holds there."""
    provider = profiles.at(request)
    home = law.jurisdictions().get(provider.jurisdiction) if provider else None
    return None if home and home.family[-1] != jurisdiction.family[-1] else provider


def hospital_field(case: Case) -> str:
    """The question that a hospital's name answers here; ``""`` where the letter has none."""
    if recipient.is_for_hospital(case):
        return "recipient_name"
    return "hospital" if any(one.id == "hospital" for one in case.asked) else ""


def with_hospital(letter_request: LetterRequest, provider: profiles.Provider) -> LetterRequest:
    """The same request with a hospital of the directory chosen; all else stays as typed."""
    home = law.jurisdictions().get(provider.jurisdiction)
    if home is not None and not letter_request.case.spec.offered_in(home):
        raise NotOfferedError(letter_request.case.spec, home)
    if home is not None:
        letter_request = moved(letter_request, law.jurisdiction(home.id))
    filled = recipient.hospital(letter_request.case, provider)
    return letter_request.with_answers({**recipient.answers_of(letter_request.case), **filled})


def moved(letter_request: LetterRequest, jurisdiction: Jurisdiction) -> LetterRequest:
    """The same request under the law of another jurisdiction, which has the letter."""
    before = letter_request.case.default_addressee
    case = replace(letter_request.case, jurisdiction=jurisdiction)
    return readdressed(replace(letter_request, case=case), before)


def readdressed(letter_request: LetterRequest, before: str = "") -> LetterRequest:
    """The same request after another jurisdiction or another kind of recipient was chosen.

    ``before`` is who the form in the browser was written for.
    """
    return letter_request.with_answers(recipient.readdressed(letter_request.page_case, before))


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


def unasked_answers(case: Case) -> list[tuple[str, str]]:
    """Answers that this letter does not ask for, kept for the next one and for the file."""
    asked = {one.id for one in case.asked}
    given = recipient.answers_of(case)
    pairs = [
        (name, one)
        for name in sorted(question_names() - asked)
        for one in given.get(name, ())
        if one
    ]
    answers = saved_answers.unpack_checklists((given.get("checklists") or [""])[0])
    if not answers:
        return pairs
    return [*pairs, ("checklists", saved_answers.pack_checklists(answers))]


def question_names() -> set[str]:
    """The names of all questions of all letters."""
    return {one.id for spec in catalogue().letters.values() for one in spec.fields}


def start_jurisdiction(spec: Spec, name: str, request: HttpRequest) -> Jurisdiction:
    """The one named, else the browser's country, that of the page's language, the deployment's,
    or the only one there is.

    ``NotOfferedError`` when the one named does not have it, or when none can be assumed:
    another country's law is written only where the person chose that country.
    """
    if name == UNCHOSEN:
        raise NotOfferedError(spec, None)
    chosen = jurisdiction_or_none(name, request)
    if chosen is not None:
        if spec.offered_in(chosen):
            return chosen
        raise NotOfferedError(spec, chosen)
    country = whereabouts.of_languages(request.headers.get("Accept-Language", ""))
    for usual in (
        country, usual_place(page_language()), law.jurisdiction(settings.COMPANION_JURISDICTION)
    ):  # fmt: skip
        if usual is not None and spec.offered_in(usual):
            return usual
    only = [one for one in law.jurisdictions().values() if one.offered and spec.offered_in(one)]
    if len(only) == 1:
        return only[0]
    raise NotOfferedError(spec, None)


def jurisdiction_or_none(name: str, request: HttpRequest) -> Jurisdiction | None:
    """The jurisdiction of this id, else that of the visit's hospital, else None."""
    provider = profiles.at(request)
    for one in (name, provider.jurisdiction if provider else ""):
        if one in law.jurisdictions():
            return law.jurisdiction(one)
    return None


def hospital_slug(request: HttpRequest) -> str:
    """The slug of the hospital that the visit is about, or nothing."""
    provider = profiles.at(request)
    return provider.slug if provider else ""
