"""Choosing a checklist and walking through it; nothing of an answer stays behind."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from companion.checklists import reading
from companion.checklists.choosing import every
from tests.web.checklists.posting import CANARY, SLUGS, body_of, fields_of

# --- choosing --------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_checklist_opens_fresh_and_says_not_to_delay_care(
    client: Client, prefix: str, slug: str
) -> None:
    page = client.get(f"{prefix}/checklists/{slug}/").content.decode()
    assert ("No retrase ni deje" if prefix else "Do not delay or skip a scan you need") in page
    assert page.count('class="question') >= 5


def test_the_first_page_sends_the_form_on_without_an_address_that_tells(client: Client) -> None:
    response = client.post("/checklists/", {"stage": "after", "scan": "ct", "do": "start"})
    assert response.status_code == 307
    assert response.headers["Location"] == "/checklists/after/"


def test_without_a_stage_the_first_page_asks_for_it_and_keeps_the_rest(client: Client) -> None:
    response = client.post("/checklists/", {"scan": "ct", "do": "start", "answer-B1": "clear"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Please choose what fits your scan." in page
    assert '<option value="ct" selected>' in page
    assert ("answer-B1", "clear") in fields_of(page, 'id="begin"')


def test_what_is_told_chooses_the_questions(client: Client) -> None:
    plain = body_of(client, "/checklists/before/")
    head = body_of(client, "/checklists/before/", body="head")
    assert 'id="q-B22"' not in plain
    assert 'id="q-B22"' in head


def test_what_is_wrong_is_asked_first_and_in_plain_sight(client: Client) -> None:
    index = client.get("/checklists/").content.decode()
    assert index.index('name="wrong"') < index.index('id="more"')
    for page in (
        client.get("/checklists/something-is-wrong/").content.decode(),
        body_of(client, "/checklists/something-is-wrong/", wrong="refused"),
    ):
        assert page.index('name="wrong"') < page.index("<details")
        assert page.index('name="wrong"') < page.index('class="question"')
    assert page.index('id="q-W9"') < page.index('id="q-F11"')
    assert 'name="wrong"' not in client.get("/checklists/before/").content.decode()


@pytest.mark.parametrize(
    ("prefix", "says"), [("", "You picked more than three"), ("/es", "Eligió más de tres")]
)
@pytest.mark.parametrize("page", ["", "plan/"])
def test_more_worries_than_three_are_not_dropped_in_silence(
    client: Client, prefix: str, says: str, page: str
) -> None:
    worries = ["ai-training", "companies", "consent", "leaks", "who-looks"]
    address = f"{prefix}/checklists/before/{page}"
    html = client.post(address, {"worry": worries}).content.decode()
    assert says in html
    assert ("Companies getting my scan; What I sign." if not prefix else "Lo que firmo.") in html
    assert says not in client.post(address, {"worry": worries[:3]}).content.decode()


def test_who_asks_is_named_once_and_without_codes(client: Client) -> None:
    page = client.get("/checklists/before/").content.decode()
    assert not re.search(r"\(S\d\)", page)
    assert "Patient guides on AI and scan privacy" in page
    one = page[page.index('id="help-B1"') : page.index('id="answer-B1"')]
    assert one.count("Patient guides") == 1


def test_an_unknown_checklist_is_not_found(client: Client) -> None:
    assert client.get("/checklists/tomorrow/").status_code == 404
    assert client.post("/checklists/tomorrow/plan/").status_code == 404


# --- walking ---------------------------------------------------------------------------


def test_answers_travel_from_page_to_page(client: Client) -> None:
    page = body_of(
        client,
        "/checklists/before/",
        **{"do": "one", "answer-B3": "refused", "note-B3": CANARY, "heard-B3": "yes"},
        scan="mri",
        worry=["leaks", "companies"],
    )
    hidden = fields_of(page, 'id="walk"')
    for pair in (
        ("answer-B3", "refused"),
        ("note-B3", CANARY),
        ("heard-B3", "yes"),
        ("scan", "mri"),
        ("worry", "leaks"),
        ("worry", "companies"),
        ("mode", "one"),
        ("here", "B1"),
    ):
        assert pair in hidden
    assert 'id="q-B1"' in page
    assert 'id="q-B3"' not in page


def test_next_and_back_walk_the_list_and_the_end_is_the_plan(client: Client) -> None:
    page = body_of(client, "/checklists/before/", do="next", mode="one", here="B1")
    assert 'id="q-B3"' in page
    page = body_of(client, "/checklists/before/", do="back", mode="one", here="B3")
    assert 'id="q-B1"' in page
    page = body_of(client, "/checklists/before/", do="next", mode="one", here="B15")
    assert 'id="plan-title"' in page


def test_show_all_shows_all_and_can_be_undone(client: Client) -> None:
    page = body_of(client, "/checklists/before/", do="all")
    everything = [question.id for question in every(reading.load(), "before")]
    assert re.findall(r'id="q-([A-Z]\d+)"', page) == everything
    page = body_of(client, "/checklists/before/", do="few", all="1")
    assert len(re.findall(r'id="q-[A-Z]\d+"', page)) <= 12 < len(everything)


def test_an_answered_question_stays_on_the_list(client: Client) -> None:
    page = body_of(client, "/checklists/before/", **{"answer-B20": "clear"})
    assert 'id="q-B20"' in page


def test_a_note_that_is_too_long_is_shown_again_whole_with_its_count(client: Client) -> None:
    response = client.post("/checklists/before/", {"note-B1": "x" * 512, "do": "next"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "x" * 512 in page
    assert "12 characters too many" in page
    assert 'href="#note-B1"' in page


def test_a_note_is_text_only(client: Client) -> None:
    page = body_of(
        client, "/checklists/before/", **{"note-B1": "<script>alert(1)</script>\u202e", "do": "one"}
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_nonsense_in_the_form_is_dropped(client: Client) -> None:
    page = body_of(
        client,
        "/checklists/before/",
        **{
            "answer-B1": "maybe",
            "scan": "crystal-ball",
            "on": "2026-13-45",
            "place": "atlantis",
            "here": "Z9",
            "mode": "one",
            "carried": "{" * 5000,
            "habit": "fly",
        },
    )
    names = {name for name, _ in fields_of(page, 'id="walk"')}
    assert names == {"mode", "here"}


# --- the words of a form ---------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_phrases_page_lists_words_and_takes_nothing(client: Client, prefix: str) -> None:
    page = client.get(f"{prefix}/checklists/phrases/").content.decode()
    for phrase in ("esearch", "evelopment", "ffiliates", "ommercial", "hird parties"):
        assert phrase in page
    main = page.split("<main")[1].split("</main")[0]
    assert "<textarea" not in main
    assert "<input" not in main


# --- nothing stays ---------------------------------------------------------------------


def test_no_answer_reaches_a_log_or_a_cookie(
    client: Client, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    form = {"note-B1": CANARY, "who-B1": CANARY, "answer-B1": "refused", "on": "2026-12-03"}
    for address in ("", "plan/", "keep/", "dates/", "paper/"):
        response = client.post(f"/checklists/before/{address}", {**form, "what": "answers"})
        assert not response.cookies
        assert CANARY not in str(response.headers)
    out, err = capfd.readouterr()
    assert CANARY not in out + err + caplog.text


@pytest.mark.parametrize(
    "address", ["/checklists/", "/checklists/before/", "/checklists/after/", "/checklists/phrases/"]
)
def test_no_page_has_inline_style_or_script(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_step_that_is_done_on_a_page_of_ours_leads_there(client: Client, prefix: str) -> None:
    leading = [one for one in reading.load().questions.values() if one.page]
    assert leading
    for question in leading:
        language = prefix.strip("/") or "en"
        address = f"{prefix}/checklists/{question.checklist}/"
        shown = body_of(client, address, do="all")
        with translation.override(language):
            link = f'href="{reverse(question.page)}"'
        assert re.search(rf"{link}[^>]*>{question.text(language).page}</a>", shown)
