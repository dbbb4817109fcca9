"""No page of a slip, a sheet or a pack ends or begins with something left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from companion.checklists import reading
from companion.checklists.answers import Answer, Notes
from companion.content import law
from companion.content.library import LANGUAGES
from companion.content.packs import packs
from companion.letters import samples
from companion.letters.catalogue import catalogue
from companion.web.checklists import printed
from companion.web.letters.printed import letter_html
from companion.web.packs.choice import Choice
from companion.web.packs.printed import pack_html
from tests.paper import bad_breaks

TODAY = date(2026, 11, 21)
SLIPS = [one.slug for one in catalogue().letters.values() if one.is_slip]
SHEETS = list(reading.load().checklists)
BY_PLACE = {"en": "us-tx", "es": "au", "de": "eu-de", "fr": "uk-eng"}
"""Two papers, and the places whose slips say the most."""


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("place", ["us", "uk-eng", "eu-de", "au"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLIPS)
def test_a_slip_stands_whole_on_its_page(slug: str, language: str, place: str, large: bool) -> None:
    spec, jurisdiction = catalogue().letters[slug], law.jurisdiction(place)
    letter = samples.sample(catalogue(), spec, jurisdiction, language, TODAY)
    assert bad_breaks(letter_html(letter, large=large)) == []


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("everything", [False, True], ids=["short", "all"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SHEETS)
def test_no_question_of_a_sheet_is_torn_apart(
    slug: str, language: str, everything: bool, large: bool
) -> None:
    other = "en" if language != "en" else "es"
    for languages in ([language], [language, other]):
        html = printed.checklist_html(slug, languages, everything=everything, large=large)
        assert bad_breaks(html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_of_an_answer_sheet_is_torn_apart(language: str) -> None:
    said = "They said that they would ask and call back. " * 4
    questions = list(reading.load().questions)
    notes = Notes(
        on=TODAY, answers={one: Answer("unclear", note=said, who="Ana") for one in questions}
    )
    assert bad_breaks(printed.answers_html(notes, [language])) == []
    assert bad_breaks(printed.wallet_card_html([language])) == []


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", packs())
def test_nothing_of_a_pack_is_left_alone(slug: str, language: str, large: bool) -> None:
    place = law.jurisdiction(BY_PLACE[language])
    choice = replace(
        Choice.of_pack(packs()[slug], [language]), place=place.id, paper=place.paper, large=large
    )
    assert bad_breaks(pack_html(choice, root="https://scans.example", today=TODAY)) == []


@pytest.mark.parametrize("place", ["eu-de", "ca-qc"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slips_of_a_pack_stand_whole_wherever_they_say_the_most(
    language: str, place: str
) -> None:
    """In large print, for a place whose language is not the pack's own."""
    pack = packs()["before-a-scan"]
    choice = replace(
        Choice.of_pack(pack, [language]),
        place=place, paper=law.jurisdiction(place).paper, large=True,
    )  # fmt: skip
    assert bad_breaks(pack_html(choice, root="https://scans.example", today=TODAY)) == []


PAGE = """<!doctype html><html lang="en"><head><title>Made up</title><style>
@page { size: 100mm 40mm; margin: 5mm } body { margin: 0; font: 10pt/1.5 sans-serif }
* { orphans: 1; widows: 1 } p, ul, h2 { margin: 0 }</style></head><body>%s</body></html>"""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>a</p>" * 4 + "<h2>Head</h2><p style='break-before: page'>b</p>", "a heading"),
        ("<p>a</p>" * 4 + "<ul><li>b</li><li>c</li><li>d</li></ul>", "the first of a list"),
        ("<p>a</p>" * 3 + "<ul><li>b</li><li>c</li><li>d</li></ul>", "the last of a list"),
        ("<p>a</p>" * 5 + "<p class='signature'>Signature</p>", "nothing but an end"),
        ("<p>a</p>" * 4 + "<div class='ask'><p>b</p><p>c</p></div>", "torn apart"),
        ("<p>a</p><p style='break-before: page; break-after: page'></p><p>b</p>", "it is empty"),
    ],
)
def test_a_bad_page_end_is_found(body: str, fault: str) -> None:
    found = bad_breaks(PAGE % body)
    assert any(fault in one for one in found), found


def test_a_page_that_ends_well_has_no_fault() -> None:
    assert bad_breaks(PAGE % ("<p>a</p>" * 3 + "<h2>Head</h2><p>b</p>" + "<p>c</p>" * 9)) == []
