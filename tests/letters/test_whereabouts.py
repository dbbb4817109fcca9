"""Where a recipient probably is: a guess that helps, and none where nothing tells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.content import law
from companion.letters import whereabouts
from tests.letters.builders import make_case


@pytest.mark.parametrize(
    ("accepted", "place"),
    [
        ("es-ES,es;q=0.9", "eu-es"),
        ("de-DE", "eu-de"),
        ("DE-de", "eu-de"),
        ("de-CH,de;q=0.9", "ch"),
        ("de-AT", "eu-at"),
        ("fr-BE,fr;q=0.8", "eu-be"),
        ("fr-FR", "eu-fr"),
        ("en-GB,en;q=0.5", "uk-eng"),
        ("en-AU", "au"),
        ("en-US,en;q=0.9,de-DE;q=0.1", "eu-de"),
        ("en-US,en;q=0.9", ""),
        ("es-419,es", ""),
        ("es-MX", ""),
        ("fr-CA,fr;q=0.9", "ca-qc"),
        ("en-CA,fr-CA;q=0.5", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_a_browser_tells_its_country_or_nothing(accepted: str, place: str) -> None:
    found = whereabouts.of_languages(accepted)
    assert (found.id if found else "") == place


@pytest.mark.parametrize(
    ("language", "place"),
    [("de", "eu-de"), ("fr", "eu-fr"), ("es", ""), ("en", ""), ("xx", "")],
)
def test_the_language_of_a_page_tells_one_country_or_nothing(language: str, place: str) -> None:
    found = whereabouts.of_page(language)
    assert (found.id if found else "") == place


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["100 Sample Road", "Austin, TX 78701"], "us-tx"),
        (["Austin, TX 78701", "USA"], "us-tx"),
        (["Los Angeles, California 90001"], "us-ca"),
        (["Dallas, Texas"], "us-tx"),
        (["Columbus, OH 43004"], "us"),
        (["Seattle WA 98101"], "us-wa"),
        (["Perth WA 6000"], "au"),
        (["London", "SW1A 1AA"], "uk-eng"),
        (["Toronto ON M5G 2C4"], "ca-on"),
        (["Toronto, Ontario M5G 2C4", "Canada"], "ca-on"),
        (["Montréal (Québec)  H3Z 2Y7"], "ca-qc"),
        (["Montreal QC H3Z 2Y7", "CANADA"], "ca-qc"),
        (["Calgary, Alberta T2P 2V7"], "ca-ab"),
        (["Vancouver BC V5K 0A1"], "ca-bc"),
        (["1 Example Street", "Canada"], ""),
        (["100 Quebec Street", "Springfield"], ""),
        (["10115 Berlin", "Germany"], "eu-de"),
        (["Calle Mayor 1", "28013 Madrid", "España"], "eu-es"),
        (["81377 München", "Deutschland"], "eu-de"),
        (["81377 Munich", "Allemagne"], "eu-de"),
        (["69437 Lyon Cedex 03", "Frankreich"], "eu-fr"),
        (["8091 Zürich", "Schweiz"], "ch"),
        (["1211 Genève 14", "SUISSE"], "ch"),
        (["1090 Wien", "Österreich"], "eu-at"),
        (["1200 Bruxelles", "Belgique"], "eu-be"),
        (["Texas Street 5", "Boston"], ""),
        (["California Road 90001"], ""),
        (["10115 Berlin"], ""),
        ([], ""),
        (["x" * 400], ""),
    ],
)
def test_an_address_tells_its_place_or_nothing(lines: list[str], place: str) -> None:
    found = whereabouts.of_address(lines)
    assert (found.id if found else "") == place


def typed(jurisdiction: str, slug: str = "get-my-images", **answers: Any) -> str:
    found = whereabouts.typed(make_case(slug, jurisdiction, **answers))
    return found.id if found else ""


def test_the_address_of_the_hospital_counts_whoever_gets_the_letter() -> None:
    texas = ["1 Main Street", "Austin, TX 78701"]
    assert typed("us", recipient_address=texas) == "us-tx"
    assert typed("us", "complaint", hospital="A", hospital_address=texas) == "us-tx"
    assert typed("us", "complaint", hospital="A", recipient_address=texas) == ""


def test_no_other_place_is_named_where_the_address_agrees_or_the_letter_is_missing() -> None:
    assert typed("us-tx", recipient_address=["Austin, TX 78701", "USA"]) == ""
    assert typed("us-tx", recipient_address=["United States"]) == ""
    assert typed("uk-sct", recipient_address=["Edinburgh", "EH1 1AA"]) == ""
    assert typed("us", "move-mammograms", recipient_address=["10115 Berlin", "Germany"]) == ""


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_text_is_an_address_that_tells_something_offered_or_nothing(lines: list[str]) -> None:
    found = whereabouts.of_address(lines)
    assert found is None or law.jurisdictions()[found.id].offered
