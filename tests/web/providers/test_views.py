"""A hospital's own page, the search, and the hospital carried along by a link."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import pikepdf
import pypdf
import pytest
from django.test import Client

from companion.checklists import reading
from companion.providers import publishing, sheet
from tests.builders import make_provider

pytestmark = pytest.mark.django_db


def page(path: str, **headers: str) -> str:
    return Client().get(path, headers=headers).content.decode()


def test_the_page_shows_the_hospital_s_words_with_dates_and_what_is_not_answered() -> None:
    make_provider(answers={("B1", "en"): "We train no AI."}, secondary_use="opt-out")
    shown = page("/at/lakeside/")
    assert "We train no AI." in shown
    assert "Answered on Nov. 2, 2026" in shown
    assert "Not answered yet" in shown
    assert "Unless you have said no (opt-out)" in shown
    assert "We did not check them." in shown


def test_the_spanish_page_marks_words_that_are_in_english() -> None:
    make_provider(answers={("B1", "en"): "We train no AI."})
    shown = page("/es/at/lakeside/")
    assert '<html lang="es"' in shown
    assert re.search(r'<dd lang="en">\s*<bdi>We train no AI\.', shown)


def test_a_bare_list_entry_says_that_the_hospital_has_not_answered() -> None:
    make_provider(source_id="cms:1", reviewed_on=None, reviewed_by="")
    assert "comes from a public list" in page("/at/lakeside/")


def test_the_page_links_each_journey_with_the_hospital() -> None:
    make_provider()
    shown = page("/at/lakeside/")
    for path in ("/checklists/", "/letters/", "/scans/"):
        assert f'href="{path}?at=lakeside"' in shown


@pytest.mark.parametrize("path", ["/checklists/", "/letters/", "/scans/", "/"])
def test_a_link_carries_the_hospital_to_a_page_and_on_from_it(path: str) -> None:
    make_provider()
    shown = page(f"{path}?at=lakeside")
    assert "Lakeside General Hospital" in shown
    assert 'href="/letters/?at=lakeside"' in shown


@pytest.mark.parametrize("path", ["/checklists/", "/letters/", "/scans/", "/letters/opt-out/"])
def test_an_unknown_hospital_is_told_kindly_and_the_page_goes_on(path: str) -> None:
    answer = Client().get(f"{path}?at=nope")
    assert answer.status_code == 200
    assert "We do not know the hospital that this link names." in answer.content.decode()


def test_an_unknown_page_offers_the_search_and_the_journeys() -> None:
    answer = Client().get("/at/nope/")
    assert answer.status_code == 404
    shown = answer.content.decode()
    assert "We do not know this hospital" in shown
    assert 'id="hospital-search"' in shown
    assert 'href="/letters/"' in shown


def test_a_letter_has_the_hospital_s_address_and_law() -> None:
    make_provider(office_address="12 River Road, Room 4\nSpringfield, CA 90210")
    shown = page("/letters/get-my-images/?at=lakeside")
    assert "12 River Road, Room 4" in shown
    assert '<option value="us-ca" selected' in shown


def test_a_profile_taken_down_in_the_middle_of_a_letter_leaves_the_letter_whole() -> None:
    profile = make_provider()
    publishing.take_down(profile, "rosa")
    form = {"at": "lakeside", "place": "us", "name": "Ann Poe", "recipient_name": "Lakeside",
            "answered": "1", "do": "preview"}  # fmt: skip
    answer = Client().post("/letters/get-my-images/", form)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Ann Poe" in shown
    assert "We do not know the hospital that this link names." in shown


def test_no_hospital_can_hide_a_letter() -> None:
    make_provider(form_url="https://lakeside.example/form")
    with_hospital = page("/letters/?place=us-ca&at=lakeside")
    without = page("/letters/?place=us-ca")
    slugs = set(re.findall(r'href="/letters/([a-z-]+)/', without))
    assert len(slugs) > 10
    assert set(re.findall(r'href="/letters/([a-z-]+)/', with_hospital)) == slugs


def test_the_summary_is_one_tagged_pdf_with_a_code_that_opens_the_page() -> None:
    make_provider(answers={("B1", "en"): "We train no AI.", ("F7", "en"): "Seven years."})
    answer = Client().get("/at/lakeside/summary/")
    assert answer["Content-Type"] == "application/pdf"
    assert "lakeside" not in answer["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert len(pdf.pages) == 1
    text = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "We train no AI." in text
    assert "Not answered yet" in text


@pytest.mark.parametrize(
    ("count", "length", "all_there"),
    [(5, 60, True), (20, 90, True), (28, 60, True), (49, 900, False)],
)
@pytest.mark.parametrize("jurisdiction", ["us", "eu-de"])
def test_the_summary_stays_on_one_page(
    count: int, length: int, all_there: bool, jurisdiction: str
) -> None:
    questions = list(sheet.questions())[:count]
    text = ("We answer in plain words. " * 40)[:length]
    make_provider(
        answers={(question, "en"): text for question in questions},
        jurisdiction=jurisdiction,
        retention="Seven years after the last visit.",
        portal_url="https://portal.lakeside.example/messages",
        phone="(555) 010-0100",
    )
    answer = Client().get("/at/lakeside/summary/")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    assert ("more answers are on the page" in reader.pages[0].extract_text()) is not all_there


def summary_text(**fields: Any) -> str:
    make_provider(**fields)
    reader = pypdf.PdfReader(io.BytesIO(Client().get("/at/lakeside/summary/").content))
    assert len(reader.pages) == 1
    return re.sub(r"\s+", " ", reader.pages[0].extract_text())


def test_the_summary_asks_in_words_what_is_not_answered() -> None:
    text = summary_text(answers={("B1", "en"): "No."})
    assert "Are my images encrypted when sent and when stored?" in text
    assert not re.search(r"\bB8\b", text)


def test_the_patient_s_own_steps_are_no_questions_to_the_hospital() -> None:
    steps = {q.id for q in reading.load().questions.values() if q.step}
    assert steps >= {"A1", "F4", "F6"}
    text = summary_text(answers={("F4", "en"): "We give you a list of checksums."})
    assert "two-factor" not in text
    assert "Look at the access log" not in text
    assert "We give you a list of checksums." in text
    shown = page("/at/lakeside/")
    assert "We give you a list of checksums." in shown
    assert "two-factor" not in shown


LONG = "We keep scans for seven years after the last visit, longer for a child. "


@pytest.mark.parametrize("jurisdiction", ["us", "eu-de"])
@pytest.mark.parametrize(
    ("answered", "fields"),
    [
        (0, {"retention": (LONG * 9)[:480]}),
        (12, {"retention": (LONG * 9)[:600], "image_exchange": (LONG * 9)[:300]}),
        (
            42,
            {
                "retention": (LONG * 9)[:600],
                "image_exchange": (LONG * 9)[:300],
                "office_address": "Line\n" * 110,
                "note": (LONG * 13)[:890],
                "portal_url": "https://portal.example/" + "p" * 470,
            },
        ),
    ],
)
def test_long_policies_leave_the_summary_on_one_page(
    answered: int, fields: dict[str, str], jurisdiction: str
) -> None:
    questions = list(sheet.questions())[:answered]
    summary_text(
        answers={(question, "en"): LONG for question in questions},
        jurisdiction=jurisdiction,
        **fields,
    )


def test_searching_finds_with_and_without_a_script() -> None:
    make_provider()
    plain = Client().post("/at/", {"q": "lakside genral"}).content.decode()
    assert "<html" in plain
    assert 'href="/at/lakeside/"' in plain
    part = Client().post("/at/", {"q": "lakeside"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'href="/at/lakeside/"' in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_what_is_found_leads_back_to_the_page_that_asked() -> None:
    make_provider()
    shown = Client().post("/at/", {"q": "lakeside", "next": "/letters/opt-out/"}).content.decode()
    assert 'href="/letters/opt-out/?at=lakeside"' in shown


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil", "javascript:x", "/nowhere"]
)
def test_a_search_leads_to_no_page_but_ours(address: str) -> None:
    make_provider()
    shown = Client().post("/at/", {"q": "lakeside", "next": address}).content.decode()
    assert "evil" not in shown
    assert 'href="/at/lakeside/"' in shown


def test_a_search_without_a_result_says_that_one_may_go_on() -> None:
    shown = Client().post("/at/", {"q": "zzzzqqq"}).content.decode()
    assert "you can type the address yourself" in shown


def test_what_is_searched_for_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Client().post("/at/", {"q": "canary-7f3a"})
        Client().get("/letters/?at=canary-7f3a")
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert "canary-7f3a" not in "".join(record.getMessage() for record in ours)


def test_a_visit_sets_no_cookie() -> None:
    make_provider()
    for path in ("/at/lakeside/", "/letters/?at=lakeside", "/at/"):
        assert not Client().get(path).cookies
