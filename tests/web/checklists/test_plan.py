"""The plan: what follows from the answers, and the letters it opens."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from icalendar import Calendar

from companion.checklists import reading
from tests.web.checklists.posting import ANSWERS, CANARY, body_of, fields_of


def test_the_plan_opens_letters_with_the_open_questions_carried_in(client: Client) -> None:
    page = body_of(
        client, "/checklists/before/plan/", **ANSWERS, place="us-ca", on="2026-12-03", scan="ct"
    )
    assert "Still open (4)" in page
    assert "Answered clearly (1)" in page
    assert "Maria, front desk" in page
    fields = dict(fields_of(page, "/letters/data-use-questions/"))
    assert fields["from"] == "checklist"
    assert fields["place"] == "us-ca"
    assert fields["study_date"] == "2026-12-03"
    assert fields["study_list"].startswith("CT")
    asked = [reading.load().questions[name].text("en").ask for name in ("B1", "B3", "B4")]
    assert fields["questions"].splitlines() == asked
    letter = client.post("/letters/data-use-questions/", fields)
    assert letter.status_code == 200
    for question in asked:
        assert question in unescape(letter.content.decode())


@pytest.mark.parametrize("place", ["us-ca", ""])
def test_what_a_letter_carries_is_in_the_letter_s_language_not_the_page_s(
    client: Client, place: str
) -> None:
    told = {"scan": "mri", "body": "head", "on": "2026-12-20", "who": "my-child"}
    page = body_of(
        client,
        "/es/checklists/before/plan/",
        **{"answer-B1": "no-answer", "answer-B3": "no-answer", "place": place, **told},
    )
    fields = dict(fields_of(page, "/es/letters/data-use-questions/"))
    asked = [reading.load().questions[name].text("en").ask for name in ("B1", "B3")]
    assert fields["questions"].splitlines() == asked
    assert fields["study_list"] == "MRI of the head, December 20, 2026"
    assert fields["representative"] == "____________, parent or guardian"
    assert "¿Se compartirán mis imágenes" in page
    letter = unescape(client.post("/es/letters/data-use-questions/", fields).content.decode())
    assert letter.count(asked[0]) >= 2
    assert "¿Se usarán" not in letter.split('class="letter')[-1]


def test_a_letter_in_spain_s_language_carries_spanish(client: Client) -> None:
    page = body_of(
        client,
        "/checklists/before/plan/",
        **{"answer-B1": "no-answer", "place": "eu-es", "scan": "ct", "on": "2026-12-20"},
    )
    fields = dict(fields_of(page, "/letters/data-use-questions/"))
    assert fields["questions"].startswith("¿Se usarán")
    assert fields["study_list"] == "Tomografía, 20 de diciembre de 2026"


def test_a_letter_that_a_place_does_not_have_is_not_offered(client: Client) -> None:
    answers = {"answer-F10": "refused"}
    us = body_of(client, "/checklists/after/plan/", **answers, place="us")
    german = body_of(client, "/checklists/after/plan/", **answers, place="eu-de")
    assert "/letters/keep-from-health-plan/" in us
    assert "/letters/keep-from-health-plan/" not in german
    assert "/letters/get-my-images/" in german


def test_an_empty_plan_says_so(client: Client) -> None:
    assert "You have not marked any question yet" in body_of(client, "/checklists/after/plan/")


def test_dates_are_shown_and_saved_as_a_calendar(client: Client) -> None:
    on = (date.today() + timedelta(days=10)).isoformat()
    assert "Take your list with you" in body_of(client, "/checklists/before/plan/", on=on)
    response = client.post("/checklists/before/dates/", {"on": on, "note-B1": CANARY})
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 5
    assert CANARY.encode() not in response.content


@pytest.mark.parametrize("on", ["", "2020-01-01"])
def test_without_days_to_come_the_calendar_says_why(client: Client, on: str) -> None:
    response = client.post("/checklists/before/dates/", {"on": on, "answer-B1": "clear"})
    assert response.status_code == 422
    assert ("answer-B1", "clear") in fields_of(response.content.decode(), 'id="walk"')
