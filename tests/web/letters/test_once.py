"""One preview works each thing out once: who gets the letter, and the letter itself."""

from __future__ import annotations

import sys
from collections import Counter
from types import CodeType, FrameType
from typing import Any

import pytest
from django.test import Client

from companion.letters.case import Case
from companion.letters.facts import check
from companion.letters.letter import compose
from tests.web.letters.test_views import make_form

pytestmark = pytest.mark.django_db

COUNTED: dict[CodeType, str] = {
    Case.__dict__["addressee"].func.__code__: "addressee",
    Case.__dict__["milestones"].func.__code__: "milestones",
    check.__code__: "check",
    compose.__code__: "compose",
}


def calls_of(client: Client, address: str, form: dict[str, Any]) -> Counter[str]:
    """How often each of ``COUNTED`` runs for one preview."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in COUNTED:
            found[COUNTED[frame.f_code]] += 1

    sys.setprofile(count)
    try:
        answer = client.post(address, form, headers={"HX-Request": "true"})
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200
    return found


@pytest.mark.parametrize(
    "address", ["/letters/get-my-images/", "/es/letters/get-my-images/", "/letters/reminder/"]
)
def test_a_preview_computes_everything_once(client: Client, address: str) -> None:
    found = calls_of(client, address, make_form(do="preview", answered="yes"))
    assert found == {"addressee": 1, "milestones": 1, "check": 1, "compose": 1}


def test_a_copy_to_read_costs_its_own_words_and_nothing_else(client: Client) -> None:
    form = make_form(do="preview", answered="yes", reader="es")
    found = calls_of(client, "/es/letters/get-my-images/", form)
    assert found == {"addressee": 1, "milestones": 1, "check": 1, "compose": 2}


def test_the_whole_page_with_its_form_computes_everything_once(client: Client) -> None:
    found = calls_of(client, "/letters/get-my-images/", make_form(do="nothing", answered="yes"))
    assert found == {"addressee": 1, "milestones": 1, "check": 1, "compose": 1}
