"""A hospital's own answers, and going on without it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from companion.providers import profiles
from tests.builders import make_provider
from tests.web.checklists.posting import CANARY, body_of, fields_of


def test_a_hospital_s_published_answer_stands_beside_the_question(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = profiles.Answer("We do not.", date(2026, 10, 1), "en")
    hospital = profiles.Provider("mercy", "Mercy", answers={"B1": {"en": answer}})
    monkeypatch.setattr(profiles, "at", lambda request: hospital)
    page = body_of(client, "/checklists/before/", at="mercy")
    assert "The hospital’s own words" in page
    assert "We do not." in page
    assert "Oct. 1, 2026" in page
    assert "The hospital has not answered this yet." in page
    assert ("at", "mercy") in fields_of(page, 'id="walk"')
    assert "(in English)" not in page
    assert "(en inglés)" in body_of(client, "/es/checklists/before/", at="mercy")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "form", "kept"),
    [
        ("/checklists/before/", "walk", ("note-B20", CANARY)),
        ("/checklists/before/plan/", "walk", ("note-B20", CANARY)),
        ("/checklists/", "begin", ("note-B20", CANARY)),
    ],
)
def test_going_on_without_the_hospital_sends_the_form_and_loses_nothing(
    client: Client, address: str, form: str, kept: tuple[str, str]
) -> None:
    make_provider()
    sent = {"at": "lakeside", kept[0]: kept[1], "mode": "one"}
    page = client.post(address, sent).content.decode()
    assert "Lakeside General" in page
    button = re.search(r"<button[^>]*name=.without-hospital.[^>]*>", page)
    assert button
    assert f'form="{form}"' in button[0]
    assert f'formaction="{address}"' in button[0]
    on = client.post(address, dict([*fields_of(page, f'id="{form}"'), ("without-hospital", "yes")]))
    assert on.status_code == 200
    after = on.content.decode()
    assert "Lakeside General" not in after
    assert kept in fields_of(after, f'id="{form}"')
    assert "lakeside" not in after


@pytest.mark.django_db
def test_going_on_without_the_hospital_keeps_a_letter_s_answers(client: Client) -> None:
    make_provider()
    sent = {"at": "lakeside", "answered": "yes", "name": CANARY}
    page = client.post("/letters/opt-out/", sent).content.decode()
    assert re.search(r'<button[^>]*form="letter-form"[^>]*name="without-hospital"', page)
    after = client.post("/letters/opt-out/", {**sent, "without-hospital": "yes"}).content.decode()
    assert CANARY in after
    assert "at=lakeside" not in after
    assert 'name="at"' not in after


@pytest.mark.django_db
def test_going_on_without_the_hospital_keeps_a_report(client: Client) -> None:
    make_provider()
    page = client.post("/scans/sample/?at=lakeside").content.decode()
    assert re.search(r'<button[^>]*form="report-form"[^>]*name="without-hospital"', page)
    sent = dict(fields_of(page, 'id="report-form"'))
    after = client.post("/scans/open/", {**sent, "without-hospital": "yes"})
    assert after.status_code == 200
    assert 'id="report-form"' in after.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/es/", "/checklists/phrases/", "/checklists/before/"])
def test_the_hospital_goes_along_from_page_to_page(client: Client, address: str) -> None:
    make_provider()
    page = client.get(f"{address}?at=lakeside").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    links = re.findall(r'<a[^>]* href="([^"#]+)"', main)
    assert links
    assert [link for link in links if "at=lakeside" not in link] == []


@pytest.mark.django_db
def test_without_a_hospital_there_is_nothing_of_one(client: Client) -> None:
    page = client.get("/checklists/before/?at=nobody").content.decode()
    assert "own words" not in page
