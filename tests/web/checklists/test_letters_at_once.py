"""Something is wrong: the letter is there at once, and the questions are a help."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from companion.checklists import reading

pytestmark = pytest.mark.django_db

ADDRESS = "/checklists/something-is-wrong/"


def letters(page: str) -> list[str]:
    """The addresses of the letters offered at once, in their order."""
    found = re.search(r'<ul class="letters-at-once">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found[1]) if found else []


def test_each_case_offers_its_letter_before_any_question(client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    fact = reading.load().facts["wrong"]
    slugs = [slug for found in fact.letters.values() for slug in found]
    assert letters(page) == [f"/letters/{slug}/" for slug in slugs]
    assert set(fact.letters) == set(fact.values) - {"not-sure"}
    assert page.index("letters-at-once") < page.index('id="wrong"')


def test_after_a_choice_only_its_letters_stand_there(client: Client) -> None:
    page = client.post(ADDRESS, {"wrong": "no-answer", "do": "update"}).content.decode()
    assert letters(page) == ["/letters/reminder/"]


def test_the_place_goes_along_and_letters_that_it_lacks_do_not(client: Client) -> None:
    page = client.post(ADDRESS, {"place": "eu-de", "do": "update"}).content.decode()
    assert "/letters/reminder/?place=eu-de" in letters(page)
    for one in letters(page):
        assert client.get(one).status_code == 200, one
        assert "We have no such letter" not in client.get(one).content.decode()


def test_other_lists_have_no_such_letters(client: Client) -> None:
    assert letters(client.get("/checklists/before/").content.decode()) == []
