"""What a hospital's public page shows; its print and the staff's preview show the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from companion.content import law
from companion.content.library import SOURCE
from companion.content.prose import to_html
from companion.providers import sheet
from companion.providers.profiles import Provider

# How close the answers must stand for one sheet of paper: characters in one line of a cell,
# and lines that the sheet has room for below the head. Held by the tests of the PDF.
_DENSITIES = (("roomy", 46, 30), ("normal", 58, 46), ("dense", 38, 98))
_NOTE_LINE = 90
_LONGEST_NOTE = 900
_LONGEST_LINK = 120
_STATED_LINE = 85
_OPEN_LINE = 110
"""Characters of unanswered questions in one line of the sheet."""

_SECONDARY_USE = {
    "opt-in": _("Only when you have said yes (opt-in)"),
    "opt-out": _("Unless you have said no (opt-out)"),
}

MOST_SQUEEZED = 6
_SHARES = (1.0, 1.0, 0.75, 0.5, 0.3, 0.12, 0.0)
"""How much of the room answers may use, from loose to most squeezed."""
_OPEN_SHARES = (1.4, 0.5, 0.3, 0.2, 0.1, 0.0, 0.0)
"""How much of what is then left the open questions may use: they give way first."""
_LONGEST = (600, 600, 400, 260, 160, 90, 40)
"""Characters of a stated policy or address that are printed, likewise."""


def context(provider: Provider, language: str) -> dict[str, object]:
    """Everything that the templates of the page and of its print read."""
    sections = sheet.sections(provider, language)
    jurisdiction = law.jurisdictions().get(provider.jurisdiction)
    return {
        "provider": provider,
        "note": to_html(provider.note) if provider.note else "",
        "sections": sections,
        "answered": sum(section.answered for section in sections),
        "unanswered": [row for part in sections for row in part.rows if not row.answer],
        "questions": sum(len(section.rows) for section in sections),
        "place": jurisdiction.name.get(language, jurisdiction.name[SOURCE]) if jurisdiction else "",
        "paper": "us-letter" if jurisdiction and jurisdiction.paper == "letter" else "a4",
        "secondary_use": str(_SECONDARY_USE.get(provider.secondary_use, "")),
        "languages_spoken": [
            _language_name(code) for code in provider.languages.replace(",", " ").split()
        ],
    }


def _language_name(code: str) -> str:
    """A language's name in the page's language; a code that Django does not know stays."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def on_paper(provider: Provider, language: str, squeeze: int = 0) -> dict[str, object]:
    """The same for one printed page: answers as close as they must stand to fit on it.

    What does not fit even so is counted in ``left`` and ``open_left``; the QR code leads
    to it. How high a text will be is a guess: where the page runs over, ask again with
    more ``squeeze``, up to ``MOST_SQUEEZED``.
    """
    shown = context(provider, language)
    share_of_room, longest = _SHARES[squeeze], _LONGEST[squeeze]
    short_note = len(provider.note) <= _LONGEST_NOTE and squeeze < 3
    used = 2 + provider.note.count("\n") + len(provider.note) / _NOTE_LINE if short_note else 1
    sections = sheet.sections(provider, language)
    rows = [row for part in sections for row in part.rows if row.answer]
    cut = _cut(provider, longest)
    stated = (cut.retention, cut.image_exchange, cut.office_address)
    # Two columns; what a few short lines need is in the room already.
    lengths = sum(len(text) + 40 * text.count("\n") for text in stated)
    used += max(0, lengths - 120) / _STATED_LINE
    for density, width, room in _DENSITIES:
        share = 2 if density == "dense" else 1
        fitting = list(_fitting(rows, width, room * share_of_room - used * share))
        if len(fitting) == len(rows):
            break
    unanswered = [row for part in sections for row in part.rows if not row.answer]
    lines = max(2, room * share_of_room - used * share - sum(_height(r, width) for r in fitting))
    named = _named(unanswered, min(lines / share * _OPEN_SHARES[squeeze], 34) * _OPEN_LINE)
    return {
        **shown,
        "provider": cut,
        "unanswered": named,
        "open_left": len(unanswered) - len(named),
        "note": shown["note"] if short_note else "",
        "rows": fitting,
        "density": density,
        "left": len(rows) - len(fitting),
    }


def _fitting(rows: list[sheet.Row], width: int, room: float) -> Iterator[sheet.Row]:
    """Rows that fit into ``room`` lines, must-asks first."""
    for row in sorted(rows, key=lambda row: not row.must):
        height = _height(row, width)
        room -= height
        # A row does not break: at the foot of a column up to its own height stays empty.
        if room < height * 0.8:
            return
        yield row


def _height(row: sheet.Row, width: int) -> float:
    """Lines that a row needs, with the gap of half a line below it."""
    # The date follows the answer.
    text = f"{row.answer.text if row.answer else ''} (00/00/0000)"
    answer = sum(math.ceil((len(line) + 1) / width) for line in text.split("\n"))
    return max(math.ceil((len(row.ask) + 5) / width), answer) + 0.6


def _named(rows: list[sheet.Row], room: float) -> list[sheet.Row]:
    """The questions that fit into so many characters, must-asks first."""
    found = []
    for row in sorted(rows, key=lambda row: not row.must):
        room -= len(row.short) + 3
        if room < 0:
            break
        found.append(row)
    return found


def _cut(provider: Provider, longest: int) -> Provider:
    """The hospital with texts short enough for paper, and links that a person can type."""
    return replace(
        provider,
        office_name=_shortened(provider.office_name, longest),
        office_address=_shortened(provider.office_address, longest),
        retention=_shortened(provider.retention, longest),
        image_exchange=_shortened(provider.image_exchange, longest),
        portal_url=_typeable(provider.portal_url),
        form_url=_typeable(provider.form_url),
        notice_url=_typeable(provider.notice_url),
        ai_register_url=_typeable(provider.ai_register_url),
    )


def _typeable(link: str) -> str:
    return link if len(link) <= _LONGEST_LINK else ""


def _shortened(text: str, longest: int) -> str:
    # A line takes as much room as many characters.
    lines = text.split("\n")[: 1 + longest // 60]
    short = "\n".join(lines)
    if short == text and len(text) <= longest:
        return text
    return short[:longest].rstrip() + " …"
