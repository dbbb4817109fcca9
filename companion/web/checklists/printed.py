"""Checklists on paper, as HTML for ``companion.web.pdf_pool.print_pdf``.

Whole pages: ``checklist_html``, ``wallet_card_html``, ``answers_html``. For a pack that
joins several into one PDF: ``checklist_part`` and ``wallet_card_part`` give the same as
fragments, to be put in a page that extends ``print/base.html`` and links
``companion:checklists-print.css`` (``STYLE``). ``languages`` holds one language, or two
for side by side; the first is the page's own. ``paper`` is ``"letter"`` or ``"a4"``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from companion.checklists import paper, reading
from companion.checklists.answers import Notes
from companion.checklists.conditions import Facts
from companion.letters import glyphs

Paper = Literal["letter", "a4"]

STYLE = "companion:checklists-print.css"


def checklist_html(
    slug: str,
    languages: Sequence[str],
    *,
    paper_size: Paper = "letter",
    large: bool = False,
    facts: Facts | None = None,
    everything: bool = False,
) -> str:
    """A blank checklist with boxes and lines to write on; one page unless ``large``
    or ``everything``. ``slug`` must be a checklist (``KeyError``)."""
    sheet = paper.sheet(reading.load(), slug, languages, facts, everything=everything)
    return _page(
        "print/checklists.html",
        languages,
        {"sheet": sheet, **_labels(languages)},
        paper_size,
        large,
    )


def checklist_part(
    slug: str,
    languages: Sequence[str],
    *,
    large: bool = False,
    facts: Facts | None = None,
    everything: bool = False,
) -> SafeString:
    """The same as a fragment, for a page that holds more."""
    sheet = paper.sheet(reading.load(), slug, languages, facts, everything=everything)
    context = {"sheet": sheet, "large": large, **_labels(languages)}
    return render_to_string("print/_checklists_sheet.html", context)


def wallet_card_html(languages: Sequence[str], *, paper_size: Paper = "letter") -> str:
    """A page with the wallet card to cut out: in two languages one card each, in one
    language two copies."""
    return _page(
        "print/checklists_card.html", languages, {"cards": _cards(languages)}, paper_size, False
    )


def wallet_card_part(languages: Sequence[str]) -> SafeString:
    """The same as a fragment, for a page that holds more."""
    return render_to_string("print/_checklists_cards.html", {"cards": _cards(languages)})


def answers_html(
    notes: Notes, languages: Sequence[str], *, paper_size: Paper = "letter", large: bool = False
) -> str:
    """A patient's own answers, to keep or to take along."""
    context = {
        "answers": paper.answer_rows(reading.load(), notes, languages),
        "on": notes.on,
        **_labels(languages),
    }
    return _page("print/checklists_answers.html", languages, context, paper_size, large)


def _cards(languages: Sequence[str]) -> list[paper.Card]:
    cards = [paper.card(reading.load(), language) for language in languages]
    return cards if len(cards) > 1 else cards * 2


def _labels(languages: Sequence[str]) -> dict[str, paper.Label]:
    names = ("date", "name", "hospital", "who", "note", "notes", "steps", "heard", "answers-title")
    catalogue = reading.load()
    return {
        f"{name.replace('-', '_')}_label": paper.label(catalogue, name, languages) for name in names
    }


def _page(
    template: str,
    languages: Sequence[str],
    context: Mapping[str, object],
    paper_size: Paper,
    large: bool,
) -> str:
    with translation.override(languages[0]):
        html = render_to_string(
            template,
            {
                **context,
                "main_language": languages[0],
                "both": len(languages) > 1,
                "large": large,
                "paper_class": "us-letter" if paper_size == "letter" else "a4",
                "style": STYLE,
            },
        )
    return glyphs.for_paper(html)
