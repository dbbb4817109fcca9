"""What the pages of letters show: the list by wish, and one letter with its preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from companion.content import law
from companion.content.law import Jurisdiction
from companion.content.prose import to_html
from companion.content.untranslated import Untranslated, joined
from companion.letters import date_hints, glyphs, rights, search, text
from companion.letters.catalogue import PAGE_SECTIONS, Spec, catalogue
from companion.letters.facts import Facts, Problem
from companion.letters.grammar import Situation
from companion.letters.letter import (
    language_name,
)
from companion.providers import profiles
from companion.web.letters import forms
from companion.web.letters.request import (
    UNCHOSEN,
    Wish,
    addressed,
    carried,
    goes_to,
    hospital_field,
    in_page_language,
    write,
)
from companion.web.words import page_language

_SIGNS_SHOWN = 10


def page_context(
    wish: Wish, form: forms.LetterForm, *, provider: profiles.Provider | None
) -> dict[str, Any]:
    """All that the page of one letter shows, its preview among it."""
    language, spec, jurisdiction = wish.page_language, wish.spec, wish.jurisdiction
    shared = catalogue().shared[language]
    return {
        **preview_context(wish),
        "form": form,
        "words": _page_words(spec, jurisdiction, language),
        "title": spec.words[language]["title"][""],
        "strength": shared[f"strength {jurisdiction.nearest(spec.strength)}"][""],
        "places": _offered(spec, language),
        "place": jurisdiction,
        "office": jurisdiction.office.get(language, ""),
        "post": jurisdiction.post.get(language, ""),
        "sending": [shared[f"send {how}"][""] for how in ("post", "portal", "email", "hand")],
        "own_form": shared["send form"][""],
        "identity": _html(shared["cover"]["identity-list"]),
        "keep": _html(shared["cover"]["keep-list"]),
        "letter_languages": _letter_languages(spec, jurisdiction, language),
        "readers": forms.language_choices(catalogue(), spec, language, wish.language),
        "carried": carried(wish),
        "regions": _regions(wish),
        "unchecked": (not spec.law_checked_by, not spec.translation_checked_by),
        "goes_to": goes_to(wish) if spec.recipient == "regulator" else "",
        "finder_at": hospital_field(wish),
        "follow_ups": _follow_ups(spec, jurisdiction, language),
        "provider": provider,
        "at": provider.slug if provider else "",
        "back": f"{reverse('letters')}?place={jurisdiction.id}",
    }


def elsewhere_context(
    spec: Spec, jurisdiction: Jurisdiction | None, given: Mapping[str, list[str]], at: str
) -> dict[str, Any]:
    """Where a letter is offered, when it is not in ``place``; and what was typed, kept.

    The hospital that was carried does not go along to another country's law: it stays
    with the letters of its own place.
    """
    language = page_language()
    return {
        "spec": spec,
        "title": spec.words[language]["title"][""],
        "place": jurisdiction,
        "place_name": jurisdiction.name[language] if jurisdiction else "",
        "only": [law.jurisdictions()[one].short[language] for one in spec.jurisdictions],
        "places": _offered(spec, language),
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
    """Letters of the place that serve the same or what comes near it."""
    shared = catalogue().shared[language]
    found = [
        other
        for other in catalogue().letters.values()
        if other.offered_in(jurisdiction)
        and (other.want == spec.want or other.slug in spec.follow_ups)
    ]
    return [_row(other, jurisdiction, language, shared) for other in found]


def _offered(spec: Spec, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The places to choose from that a letter is for."""
    found = [
        (group, [one for one in choices if spec.offered_in(law.jurisdictions()[one[0]])])
        for group, choices in jurisdiction_choices(language)
    ]
    return [(group, choices) for group, choices in found if choices]


def preview_context(wish: Wish) -> dict[str, Any]:
    """The letter as far as it is filled in, its days, its text and the law behind it."""
    facts = forms.read(wish.spec, wish.jurisdiction, wish.given)
    made, copy = write(wish, facts)
    whole = text.to_text(made)
    problems = [one for one in facts.problems if one.code != "required"]
    own = in_page_language(wish, made, copy)
    return {
        "wish": wish,
        "spec": wish.spec,
        "letter": made,
        "copy": copy,
        "points": own.points,
        "note": own.note,
        "date_words": own.date_words,
        "language_of_letter": language_name(catalogue(), made.language, wish.page_language),
        "not_written": wish.page_language not in wish.spec.languages,
        "same_language": made.language == wish.page_language,
        "official_missing": made.language not in wish.jurisdiction.languages,
        "looks": [
            *_told(wish, problems, "problem"),
            *_told(wish, facts.hints, "hint"),
            *_told(wish, _days(wish, facts), "hint"),
            *_told(wish, _undrawn(facts), "hint"),
        ],
        "text_length": len(whole),
        "text_parts": text.split(made, wish.limit),
        "law_rows": [
            {
                "law": one,
                "citation": one.citation[made.language],
                "plain": one.plain[wish.page_language],
                "applies_to": one.applies_to[wish.page_language],
            }
            for one in made.laws
        ],
    }


def _undrawn(facts: Facts) -> Iterator[Problem]:
    """The answers with signs that would print as a box."""
    for name in facts.answers:
        signs = glyphs.undrawn(facts.text(name))
        if signs:
            shown = " ".join(signs[:_SIGNS_SHOWN])
            yield Problem(name, "missing-glyph", {"signs": shown})


def _days(wish: Wish, facts: Facts) -> Iterator[Problem]:
    return date_hints.look_at(
        catalogue(),
        wish.spec,
        wish.jurisdiction,
        facts,
        language=wish.page_language,
        today=forms.today(),
        region=wish.region,
    )


def _told(wish: Wish, problems: Iterable[Problem], kind: str) -> list[dict[str, str]]:
    """What to look at, each with the question that it is about."""
    labels = {
        one.id: forms.label(wish.spec, one, catalogue(), wish.page_language, addressed(wish))
        for one in wish.spec.fields
    }
    return [
        {
            "id": f"id_{one.field}" if one.field in labels else "",
            "label": labels.get(one.field, ""),
            "message": one.words(catalogue(), wish.page_language, kind=kind),
        }
        for one in problems
    ]


def _regions(wish: Wish) -> list[tuple[str, str, bool]]:
    """The regions to choose from, where a day may move for a holiday of one of them."""
    rule = wish.spec.rule_for(wish.jurisdiction, addressed(wish))
    if not rule or not wish.jurisdiction.rules[rule].rolls:
        return []
    found = rights.regions(wish.jurisdiction)
    return [
        (f"{wish.jurisdiction.holidays}-{code}", name, code == wish.region)
        for code, name in sorted(found.items(), key=itemgetter(1))
    ]


def _page_words(spec: Spec, jurisdiction: Jurisdiction, language: str) -> dict[str, str]:
    """The parts before the form, as safe HTML, for this place."""
    situation = Situation(
        family=jurisdiction.family,
        answers={},
        shown={
            "place_name": jurisdiction.name[language],
            **_regulator_words(jurisdiction, language),
        },
        citation=lambda name: jurisdiction.laws[name].citation[language],
    )
    found: dict[str, str] = {}
    for name in PAGE_SECTIONS:
        template = spec.templates[language][name]
        filled = template.fill(situation)
        if name in ("title", "wish", "search"):
            continue
        paragraphs = [
            "\n".join(
                ("- " if block.kind != "paragraph" else "") + text.line_text(line)
                for line in block.lines
            )
            for block in filled
        ]
        whole = "\n\n".join(paragraphs)
        found[name.replace("-", "_")] = _html(
            Untranslated(whole) if template.untranslated else whole
        )
    return found


def _regulator_words(jurisdiction: Jurisdiction, language: str) -> dict[str, str]:
    if jurisdiction.regulator is None:
        return {}
    return {
        "regulator": jurisdiction.regulator.name[language],
        "regulator_contact": jurisdiction.regulator.contact,
    }


def _letter_languages(
    spec: Spec, jurisdiction: Jurisdiction, language: str
) -> list[tuple[str, str]]:
    """Languages to choose from: none, where the recipient's own is at hand."""
    if any(one in spec.languages for one in jurisdiction.languages):
        return []
    return forms.language_choices(catalogue(), spec, language, "")


def _follow_ups(spec: Spec, jurisdiction: Jurisdiction, language: str) -> list[dict[str, str]]:
    found = []
    for slug in spec.follow_ups:
        other = catalogue().letters[slug]
        if other.offered_in(jurisdiction):
            words = other.words[language]
            found.append(
                {
                    "url": reverse("letter", args=[slug]),
                    "wish": words["wish"][""],
                    "title": words["title"][""],
                }
            )
    return found


def groups(language: str, jurisdiction: Jurisdiction | None, words: str) -> list[dict[str, Any]]:
    """The letters under what people want; of those searched for, the best fit first."""
    shared = catalogue().shared[language]
    wants = [name.removeprefix("want ") for name in shared if name.startswith("want ")]
    specs = [
        spec
        for spec in catalogue().letters.values()
        if jurisdiction is None or spec.offered_in(jurisdiction)
    ]
    found = search.index().find(words, [spec.slug for spec in specs])
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
    """The places to choose from, under the family that they belong to."""
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
