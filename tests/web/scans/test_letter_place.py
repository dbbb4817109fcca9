"""Whose law a letter from a report starts with."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.builders import make_provider
from tests.web.scans.posting import carried
from tests.web.scans.report.reports import make_report

pytestmark = pytest.mark.django_db


def place_of(client: Client, language: str = "", address: str = "/scans/open/") -> str:
    headers = {"accept-language": language} if language else {}
    shown = client.post(address, carried(make_report()), headers=headers).text
    return re.search(r'name="place" value="([^"]*)"', shown)[1]


@pytest.mark.parametrize(
    ("language", "place"),
    [
        ("en-GB,en;q=0.9", "uk"),
        ("en-US", "us"),
        ("de-DE,de;q=0.8", "eu-de"),
        ("es-ES", "eu-es"),
        ("en", "-"),
        ("es-MX", "-"),
        ("", "-"),
        ("x" * 500, "-"),
    ],
)
def test_it_is_the_country_that_the_browsers_language_names_or_is_asked(
    client: Client, language: str, place: str
) -> None:
    assert place_of(client, language) == place


def test_the_hospital_of_the_visit_wins(client: Client) -> None:
    provider = make_provider(jurisdiction="uk")
    address = f"/scans/open/?at={provider.slug}"
    assert place_of(client, "en-US", address) == "uk"


def test_a_letter_without_a_country_asks_for_it_and_keeps_what_came_along(client: Client) -> None:
    posted = {"from": "report", "place": "-", "name": "Jane Zanzibarova"}
    shown = client.post("/letters/opt-out/", posted)
    assert shown.status_code == 200
    assert "Jane Zanzibarova" in shown.text
    assert re.search(r'<select[^>]*name="place"', shown.text)
