"""A pack as the one page that ``companion.web.pdf_pool`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from companion.checklists import reading
from companion.content import law, packs, screens
from companion.content.prose import to_html
from companion.letters.blank import blank_letter
from companion.letters.catalogue import Spec, catalogue
from companion.letters.letter import Letter, reader_copy
from companion.letters.recipient_language import letter_language
from companion.web import links
from companion.web.checklists import printed
from companion.web.packs.choice import Choice, in_language
from companion.web.site.branding import brand

SLIP = "consent-addendum"


def pack_html(choice: Choice, *, root: str, today: date) -> str:
    """The whole pack as one page; ``root`` is ``https://host`` of this deployment."""
    pack = packs.packs()[choice.pack]
    entry = pack.opens or ("checklists" if choice.checklists else "home")
    covers = []
    for language in choice.languages:
        address = root + links.path(entry, language, at=choice.at)
        covers.append(
            {
                "language": language,
                "title": pack.title[language],
                "explains": bool(pack.opens),
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
            yield render_to_string("letters/_letter.html", {"letter": letter, "level": 1})


def _slips(choice: Choice, today: date) -> Iterator[SafeString]:
    for letter in _versions(catalogue().letters[SLIP], choice, today):
        mark = letter.frame["second_copy"]
        context = {
            "letter": letter,
            "slips": [{"letter": letter, "mark": ""}, {"letter": letter, "mark": mark}],
            "large": choice.large,
        }
        yield render_to_string("print/letter_slip.html#slips", context)


def _versions(spec: Spec, choice: Choice, today: date) -> Iterator[Letter]:
    """The blank letter for its reader, and a copy in each other language of the pack."""
    jurisdiction = law.jurisdiction(choice.place)
    if not spec.offered_in(jurisdiction):
        return

    def blank(language: str) -> Letter:
        return blank_letter(catalogue(), spec, jurisdiction, language=language, today=today)

    official = [one for one in choice.languages if one in jurisdiction.languages]
    main = letter_language(spec.languages, jurisdiction, (*official, *choice.languages)[0])
    yield blank(main)
    for language in choice.languages:
        if language != main and language in spec.languages:
            yield reader_copy(blank(language), catalogue(), main)
