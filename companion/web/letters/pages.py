"""What the pages of letters show: the list by what people want, and one letter with its preview."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from companion.content import law
from companion.content.law import Jurisdiction, Law
from companion.content.library import SOURCE
from companion.content.prose import to_html
from companion.content.untranslated import Untranslated, joined
from companion.letters import glyphs, mail, rights, search, text, whereabouts
from companion.letters.case import Case
from companion.letters.catalogue import PAGE_SECTIONS, Spec, catalogue
from companion.letters.date_hints import date_hints
from companion.letters.facts import Facts, Problem
from companion.letters.grammar import Situation
from companion.letters.letter import language_name
from companion.letters.recipient_language import languages_to_ask
from companion.letters.timeline import timeline
from companion.letters.writer_hints import writer_hints
from companion.providers import profiles
from companion.web.letters.forms import LetterForm, label, language_choices
from companion.web.letters.recipient import Given
from companion.web.letters.request import (
    DUE,
    UNCHOSEN,
    LetterRequest,
    hospital_field,
    unasked_answers,
    write,
)
from companion.web.words import page_language


def page_context(
    letter_request: LetterRequest, form: LetterForm, *, provider: profiles.Provider | None
) -> dict[str, Any]:
    """All that the page of one letter shows, its preview among it."""
    case = letter_request.page_case
    language, spec, jurisdiction, shared = case.language, case.spec, case.jurisdiction, case.shared
    return {
        **preview_context(letter_request),
        "form": form,
        "words": _page_words(case),
        "title": spec.words[language]["title"][""],
        "strength": shared[f"strength {jurisdiction.nearest(spec.strength)}"][""],
        "jurisdictions": _offered(spec, language),
        "jurisdiction": jurisdiction,
        "office": jurisdiction.office.get(language, ""),
        "post": jurisdiction.post.get(language, ""),
        "sending": [shared[f"send {how}"][""] for how in ("post", "portal", "email", "hand")],
        "own_form": shared["send form"][""],
        "identity": _html(shared["cover"]["identity-list"]),
        "proof": shared["send proof"][""],
        "keep": _html(shared["cover"]["keep-list"]),
        **_languages(letter_request),
        "unasked_answers": unasked_answers(case),
        "regions": _regions(case),
        "law_unchecked": not spec.law_checked_by,
        "translation_unchecked": any(
            one not in spec.translation_checked_by for one in spec.languages if one != SOURCE
        ),
        # Only where an answer may change it, so that the next POST can tell that one did.
        "default_addressee": case.default_addressee if spec.recipient == "regulator" else "",
        "finder_at": hospital_field(case),
        "follow_ups": _follow_ups(case),
        "provider": provider,
        "at": provider.slug if provider else "",
        "back": f"{reverse('letters')}?place={jurisdiction.id}",
        "address": address(case, provider),
    }


def address(case: Case, provider: profiles.Provider | None) -> str:
    """The page by a link: which letter and whose law, and never what was typed."""
    query = {"place": case.jurisdiction.id, **({"at": provider.slug} if provider else {})}
    return f"{reverse('letter', args=[case.spec.slug])}?{urlencode(query)}"


def elsewhere_context(
    spec: Spec, jurisdiction: Jurisdiction | None, given: Given, at: str
) -> dict[str, Any]:
    """Where a letter is offered, when ``jurisdiction`` does not have it; what was typed, kept.

    The visit's hospital does not go along to another country's law: it stays with the
    letters of its own jurisdiction.
    """
    language = page_language()
    return {
        "spec": spec,
        "title": spec.words[language]["title"][""],
        "jurisdiction": jurisdiction,
        "place_name": jurisdiction.name[language] if jurisdiction else "",
        "only": [law.jurisdictions()[one].short[language] for one in spec.jurisdictions],
        "jurisdictions": _offered(spec, language),
        "unchosen": UNCHOSEN,
        "kept": [
            (name, one)
            for name, texts in given.items()
            if name not in _NOT_KEPT
            for one in texts
            if one
        ],
        "others": _instead(spec, jurisdiction, language) if jurisdiction else [],
        "at": at,
    }


_NOT_KEPT = ("place", "region", "at", "do", "hospital-found", "q", "passphrase")


def _instead(spec: Spec, jurisdiction: Jurisdiction, language: str) -> list[dict[str, str]]:
    """Letters of the jurisdiction that serve the same purpose, or a near one."""
    shared = catalogue().shared[language]
    found = [
        other
        for other in catalogue().letters.values()
        if other.offered_in(jurisdiction)
        and (other.want == spec.want or other.slug in spec.follow_ups)
    ]
    return [_row(other, jurisdiction, language, shared) for other in found]


def _offered(spec: Spec, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The jurisdictions to choose from that a letter is for."""
    found = [
        (group, [one for one in choices if spec.offered_in(law.jurisdictions()[one[0]])])
        for group, choices in jurisdiction_choices(language)
    ]
    return [(group, choices) for group, choices in found if choices]


def preview_context(letter_request: LetterRequest) -> dict[str, Any]:
    """The letter as far as it is filled in, its days, its text and the law behind it."""
    case = letter_request.page_case
    letter, copy = write(letter_request)
    days = timeline(case)
    return {
        "letter_request": letter_request,
        "spec": case.spec,
        "letter": letter,
        "copy": copy,
        "points": days.points,
        "due": next((one for one in days.points if one.milestone.kind in DUE), None),
        "note": days.note,
        "date_words": days.date_words,
        "language_of_letter": language_name(catalogue(), letter.language, case.language),
        "not_written": case.language not in case.spec.languages,
        "same_language": letter.language == case.language,
        "official_missing": letter.language not in case.jurisdiction.languages,
        "hints": _hints(case),
        "typed_place": (elsewhere := whereabouts.typed(case)),
        "typed_place_name": elsewhere.name[case.language] if elsewhere else "",
        "text": text.to_text(letter),
        "mail": mail.draft(letter),
        "text_parts": text.split(letter, letter_request.limit),
        "law_rows": [_law_row(one, letter.language, case.language) for one in letter.laws],
    }


def _law_row(one: Law, letter_language: str, language: str) -> dict[str, Any]:
    """A law as the letter cites it and the page explains it; who checked it, if a lawyer did."""
    return {
        "law": one,
        "citation": one.citation[letter_language],
        "plain": one.plain[language],
        "applies_to": one.applies_to[language],
        "verified": one.confidence == "verified",
        "checked_by": "" if one.checked_by == "project" else one.checked_by,
        "has_link": one.source.startswith("https://"),
    }


def _hints(case: Case) -> list[dict[str, str]]:
    """What to look at, each with the question that it is about."""
    # A question not yet answered is a gap in the letter, and no fault of the form yet.
    problems = (one for one in case.facts.problems if one.code != "required")
    hints = (*case.facts.hints, *date_hints(case), *writer_hints(case), *_undrawn(case.facts))
    labels = {one.id: label(case, one) for one in case.spec.fields}
    return [
        {
            "id": f"id_{one.field}" if one.field in labels else "",
            "label": labels.get(one.field, ""),
            "message": one.words(catalogue(), case.language, kind=kind),
        }
        for kind, found in (("problem", problems), ("hint", hints))
        for one in found
    ]


def _undrawn(facts: Facts) -> Iterator[Problem]:
    """The answers with characters that would print as a box, or are left out for it."""
    for name in facts.answers:
        for code, signs in glyphs.hints(facts.text(name)):
            yield Problem(name, code, {"signs": signs})


def _regions(case: Case) -> list[tuple[str, str, bool]]:
    """The regions to choose from, where a day may move for a holiday of one of them."""
    if case.rule is None or not case.rule.rolls:
        return []
    found = rights.regions(case.jurisdiction)
    return [
        (f"{case.jurisdiction.holidays}-{code}", name, code == case.region)
        for code, name in sorted(found.items(), key=itemgetter(1))
    ]


def _page_words(case: Case) -> dict[str, str]:
    """The parts before the form, as safe HTML, for this jurisdiction."""
    jurisdiction, language = case.jurisdiction, case.language
    shown = {"place_name": jurisdiction.name[language]}
    if jurisdiction.regulator:
        shown["regulator"] = jurisdiction.regulator.name[language]
        shown["regulator_contact"] = jurisdiction.regulator.contact_line
    situation = Situation(
        family=jurisdiction.family,
        answers={},
        shown=shown,
        citation=lambda name: jurisdiction.laws[name].citation[language],
    )
    found: dict[str, str] = {}
    for name in PAGE_SECTIONS:
        if name in ("title", "wish", "search"):
            continue
        template = case.spec.templates[language][name]
        blocks = template.fill(situation)
        paragraphs = [
            "\n".join(
                ("- " if block.kind != "paragraph" else "") + text.line_text(line)
                for line in block.lines
            )
            for block in blocks
        ]
        whole = "\n\n".join(paragraphs)
        found[name.replace("-", "_")] = _html(
            Untranslated(whole) if template.untranslated else whole
        )
    return found


def _languages(letter_request: LetterRequest) -> dict[str, Any]:
    """The languages to choose from, for the letter and for the copy to read.

    None for the letter where there is a text in the one official language of the place.
    """
    case = letter_request.page_case
    spec, page = case.spec, case.language
    asked = languages_to_ask(spec.languages, case.jurisdiction)
    written = [one for one in case.jurisdiction.languages if one in spec.languages]
    every = language_choices(catalogue(), spec, page, "")
    # While the letter's own language is open, the copy may be in any.
    without = "" if letter_request.asks_language else letter_request.language
    return {
        "letter_languages": [] if written and not asked else every,
        "asked_languages": [(code, language_name(catalogue(), code, page)) for code in asked],
        "lacks_a_language": bool(asked) and set(asked) != set(case.jurisdiction.languages),
        "readers": language_choices(catalogue(), spec, page, without),
    }


def _follow_ups(case: Case) -> list[dict[str, str]]:
    """The letters that may come after this one, where the jurisdiction has them."""
    followers = (catalogue().letters[slug] for slug in case.spec.follow_ups)
    return [
        {
            "url": reverse("letter", args=[one.slug]),
            "wish": one.words[case.language]["wish"][""],
            "title": one.words[case.language]["title"][""],
        }
        for one in followers
        if one.offered_in(case.jurisdiction)
    ]


def groups(language: str, jurisdiction: Jurisdiction | None, words: str) -> list[dict[str, Any]]:
    """The letters under what people want; of those searched for, the best fit first."""
    shared = catalogue().shared[language]
    wants = [name.removeprefix("want ") for name in shared if name.startswith("want ")]
    specs = [
        spec
        for spec in catalogue().letters.values()
        if jurisdiction is None or spec.offered_in(jurisdiction)
    ]
    found = search.index().find(words, [spec.slug for spec in specs], language)
    if found is not None:
        specs = [spec for spec in specs if spec.slug in found]
    specs.sort(key=lambda spec: (wants.index(spec.want), spec.order))
    if found:
        specs.sort(key=lambda spec: -found[spec.slug])
    rows: dict[str, list[dict[str, str]]] = {}
    for spec in specs:
        rows.setdefault(spec.want, []).append(_row(spec, jurisdiction, language, shared))
    return [
        {"id": want, "title": shared[f"want {want}"][""], "letters": letters}
        for want, letters in rows.items()
    ]


def _row(
    spec: Spec, jurisdiction: Jurisdiction | None, language: str, shared: Any
) -> dict[str, str]:
    words = spec.words[language]
    strength = jurisdiction.nearest(spec.strength) if jurisdiction else ""
    families = {one.family[-1] for one in law.jurisdictions().values()}
    only = [] if families <= set(spec.jurisdictions) else spec.jurisdictions
    return {
        "slug": spec.slug,
        "wish": words["wish"][""],
        "strength": shared[f"strength {strength}"][""] if strength else "",
        "only": joined(", ", (law.jurisdictions()[one].short[language] for one in only)),
    }


def jurisdiction_choices(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The jurisdictions to choose from, under the family that they belong to."""
    families: dict[str, list[tuple[str, str]]] = {}
    for one in law.jurisdictions().values():
        if one.offered:
            families.setdefault(one.family[-1], []).append((one.id, one.name[language]))
    found = []
    for family, choices in families.items():
        # The family itself comes first, then its members by name.
        choices.sort(key=itemgetter(1))
        choices.sort(key=partial(_is_below, family))
        found.append((law.jurisdictions()[family].short[language], choices))
    return sorted(found)


def _is_below(family: str, choice: tuple[str, str]) -> bool:
    return choice[0] != family


def _html(markdown: str) -> SafeString:
    return mark_safe(to_html(markdown))  # noqa: S308  `content.prose` sanitises
