"""A pack as the one page that ``companion.web.pdf_pool`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from companion.checklists import reading
from companion.content import law, packs, screens
from companion.content.prose import to_html
from companion.letters.catalogue import Spec, catalogue
from companion.letters.facts import Facts
from companion.letters.letter import Letter, compose, letter_language, reader_copy
from companion.web import links
from companion.web.checklists import printed
from companion.web.packs.forms import Choice, in_language
from companion.web.site.branding import brand

SLIP = "consent-addendum"
BLANK = "\u00a0" * 28
"""A blank to write on, as wide as a name; the print style underlines it."""


def pack_html(choice: Choice, *, root: str, today: date) -> str:
    """The whole pack as one page; ``root`` is ``https://host`` of this deployment."""
    pack = packs.packs()[choice.pack]
    entry = "checklists" if choice.checklists else "home"
    covers = []
    for language in choice.languages:
        address = root + links.path(entry, language, at=choice.at)
        covers.append(
            {
                "language": language,
                "title": pack.title[language],
                "text": mark_safe(to_html(pack.cover[language])),  # noqa: S308  sanitised there
                "contents": list(_contents(choice, language)),
                "safety": screens.passage("site", language, "safety"),
                "advice": screens.passage("site", language, "not-legal-advice"),
                "address": address,
                "qr": links.qr(address),
            }
        )
    return render_to_string(
        "print/pack.html",
        {
            "choice": choice,
            "title": pack.title[choice.languages[0]],
            "main_language": choice.languages[0],
            "covers": covers,
            "brand": brand(),
            "again": f"{root}{links.path('packs', choice.languages[0])}?{choice.query()}",
            "checklists": [
                printed.checklist_part(slug, [language], large=choice.large)
                for slug in choice.checklists
                for language in choice.languages
            ],
            "checklist_style": printed.STYLE,
            "card": printed.wallet_card_part(choice.languages) if choice.card else "",
            "slips": list(_slips(choice, today)) if choice.slip else [],
            "letters": list(_letters(choice, today)),
        },
    )


def _contents(choice: Choice, language: str) -> Iterator[str]:
    checklists = reading.load().checklists
    common = screens.read("pack", language)
    for slug in choice.checklists:
        yield in_language(checklists[slug].words, language)["title"]
    if choice.card:
        yield common["card"][""]
    if choice.slip:
        yield common["slip"][""]
    for slug in choice.letters:
        title = catalogue().letters[slug].words[language]["title"][""]
        yield common["letter"][""].replace("{title}", title)


def _letters(choice: Choice, today: date) -> Iterator[SafeString]:
    for slug in choice.letters:
        for letter in _versions(catalogue().letters[slug], choice, today):
            page = render_to_string("letters/_letter.html", {"letter": letter, "level": 1})
            yield _without_dates(page, letter)


def _slips(choice: Choice, today: date) -> Iterator[SafeString]:
    for letter in _versions(catalogue().letters[SLIP], choice, today):
        mark = letter.frame["second_copy"]
        context = {
            "letter": letter,
            "slips": [{"letter": letter, "mark": ""}, {"letter": letter, "mark": mark}],
            "large": choice.large,
        }
        yield _without_dates(render_to_string("print/letter_slip.html#slips", context), letter)


def _versions(spec: Spec, choice: Choice, today: date) -> Iterator[Letter]:
    """The blank letter for its reader, and a copy in each other language of the pack."""
    jurisdiction = _jurisdiction_for(spec, choice)
    if jurisdiction is None:
        return
    main = letter_language(jurisdiction, choice.languages[0])
    yield _blank(spec, jurisdiction, main, today)
    for language in choice.languages:
        if language != main:
            yield reader_copy(_blank(spec, jurisdiction, language, today), catalogue(), main)


def _jurisdiction_for(spec: Spec, choice: Choice) -> law.Jurisdiction | None:
    jurisdiction = law.jurisdiction(choice.place)
    return jurisdiction if spec.offered_in(jurisdiction) else None


def _blank(spec: Spec, jurisdiction: law.Jurisdiction, language: str, today: date) -> Letter:
    """A letter with lines to write on; its dates are those of a day far off."""
    facts = Facts(
        {
            "name": BLANK,
            "contact": (BLANK, BLANK),
            "recipient_name": BLANK,
            "recipient_address": (BLANK, BLANK),
            # No letter that is printed today is sent on this day: wherever it or a
            # date counted from it stands, there is a date to be written by hand.
            "sent_on": (today + timedelta(days=3_653)).isoformat(),
        }
    )
    letter = compose(
        catalogue(), spec, jurisdiction, facts, language=language, today=today, reference=""
    )
    return replace(letter, title=letter.name)


def _without_dates(page: str, letter: Letter) -> SafeString:
    line = '<span class="blank-date">&nbsp;</span>'
    for day in {letter.dated, letter.answer_by} - {""}:
        page = page.replace(escape(day), line)
    return mark_safe(page)  # noqa: S308  our own template, escaped there
