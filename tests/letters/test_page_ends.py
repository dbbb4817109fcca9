"""No page of a letter ends or begins with something left alone."""

from __future__ import annotations

from datetime import date

import pytest

from companion.content import law
from companion.letters import pdf, samples
from companion.letters.catalogue import catalogue
from companion.letters.facts import LINES_LIMIT
from companion.letters.letter import Letter, reader_copy
from companion.web.letters.printed import letter_html
from tests.letters.builders import make_letter
from tests.letters.page_ends import bad_breaks, every_letter

TODAY = date(2026, 11, 21)
LONG = ["12 Very Long Street", *(f"Building {number}, second door" for number in range(1, 12))]


def printed(letter: Letter) -> bytes:
    return pdf.render(letter_html(letter), language=letter.language)


def every() -> list[tuple[str, str, str]]:
    """Every letter in every language, in the first place of each family of law that has it.

    ``python -m tests.bench.page_ends`` prints those of every other place too.
    """
    seen: dict[tuple[str, str, str], str] = {}
    for spec, jurisdiction, language in every_letter():
        seen.setdefault((spec.slug, jurisdiction.family[-1], language), jurisdiction.id)
    return [(slug, place, language) for (slug, _, language), place in seen.items()]


@pytest.mark.parametrize(("slug", "place", "language"), every())
def test_nothing_is_left_alone_at_the_end_of_a_page(slug: str, place: str, language: str) -> None:
    spec, jurisdiction = catalogue().letters[slug], law.jurisdiction(place)
    letter = samples.sample(catalogue(), spec, jurisdiction, language, TODAY)
    assert bad_breaks(printed(letter), letter) == []


@pytest.mark.parametrize("lines", range(1, LINES_LIMIT["contact"] + 1))
def test_a_longer_address_moves_the_letter_and_leaves_nothing_alone(lines: int) -> None:
    letter = make_letter("reminder", "uk", original_date="2026-10-01", contact=LONG[:lines])
    assert bad_breaks(printed(letter), letter) == []


def test_a_bad_break_is_found() -> None:
    letter = make_letter("reminder", "uk", original_date="2026-10-01")
    html = letter_html(letter).replace(
        "</head>", "<style>.closing { break-before: page !important }</style></head>"
    )
    found = bad_breaks(pdf.render(html, language="en"), letter)
    assert found == ["the closing stands alone on page 2"]


def test_the_longest_citation_of_a_place_stays_on_the_paper() -> None:
    letter = make_letter("opt-out", "ca-qc", "fr", uses=["research"])
    html = letter_html(letter)
    assert bad_breaks(pdf.render(html, language="fr"), letter) == []
    wide = html.replace("</head>", "<style>.citation.long { white-space: nowrap }</style></head>")
    found = bad_breaks(pdf.render(wide, language="fr"), letter)
    assert any("runs over the edge" in fault for fault in found)


def test_the_readers_copy_is_broken_as_well_as_the_letter() -> None:
    own = make_letter("revoke-permission", "uk", "es")
    copy = reader_copy(own, catalogue(), "en")
    assert bad_breaks(printed(copy), own) == []
