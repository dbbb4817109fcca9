"""What a hospital's public page shows; its print and the staff's preview show the same."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import get_language_info

from companion.content import law
from companion.content.prose import to_html
from companion.providers import sheet
from companion.providers.profiles import Provider

# How close the answers must stand for one sheet of paper: letters in one line of a cell,
# and lines that the sheet has room for below the head. Held by the tests of the PDF.
_DENSITIES = (("roomy", 46, 30), ("normal", 58, 46), ("dense", 38, 98))
_NOTE_LINE = 90
_LONGEST_NOTE = 900


def context(provider: Provider, language: str) -> dict[str, object]:
    """Everything that the templates of the page and of its print read."""
    sections = sheet.sections(provider, language)
    place = law.places().get(provider.jurisdiction)
    return {
        "provider": provider,
        "note": to_html(provider.note) if provider.note else "",
        "sections": sections,
        "answered": sum(section.answered for section in sections),
        "unanswered": [row.id for part in sections for row in part.rows if not row.answer],
        "questions": sum(len(section.rows) for section in sections),
        "place": place.name.get(language, place.name["en"]) if place else "",
        "paper": "us-letter" if place and place.paper == "letter" else "a4",
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


def on_paper(provider: Provider, language: str) -> dict[str, object]:
    """The same for one printed page: answers as close as they must stand to fit on it.

    What does not fit even so is counted in ``left``; the QR code leads to it.
    """
    shown = context(provider, language)
    short_note = len(provider.note) <= _LONGEST_NOTE
    used = 2 + provider.note.count("\n") + len(provider.note) / _NOTE_LINE if short_note else 1
    rows = [row for part in sheet.sections(provider, language) for row in part.rows if row.answer]
    for density, width, room in _DENSITIES:
        share = 2 if density == "dense" else 1
        fitting = list(_fitting(rows, width, room - used * share))
        if len(fitting) == len(rows):
            break
    return {
        **shown,
        "note": shown["note"] if short_note else "",
        "rows": fitting,
        "density": density,
        "left": len(rows) - len(fitting),
    }


def _fitting(rows: list[sheet.Row], width: int, room: float) -> Iterator[sheet.Row]:
    """Rows that fit into ``room`` lines, must-asks first."""
    for row in sorted(rows, key=lambda row: not row.must):
        # The date stands behind the answer; a gap of half a line is between rows.
        text = f"{row.answer.text if row.answer else ''} (00/00/0000)"
        answer = sum(math.ceil((len(line) + 1) / width) for line in text.split("\n"))
        height = max(math.ceil((len(row.ask) + 5) / width), answer) + 0.6
        room -= height
        # A row does not break: at the foot of a column up to its own height stays empty.
        if room < height * 0.8:
            return
        yield row
