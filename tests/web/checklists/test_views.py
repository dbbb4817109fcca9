"""The checklists' pages over HTTP: choose, walk, plan, keep, open, print, dates."""

from __future__ import annotations

import io
import json
import re
import subprocess
import threading
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from icalendar import Calendar

from companion.checklists import reading
from companion.checklists.answers import Answer, Notes
from companion.letters.letter import new_reference
from companion.providers import profiles
from companion.web import pdf_pool, saved_answers
from companion.web.checklists import printed
from tests.builders import make_provider

CANARY = "Canary-7c1f"
SLUGS = tuple(reading.load().checklists)


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST="localhost")


def fields_of(html: str, form: str) -> list[tuple[str, str]]:
    """The hidden fields of the form with this id or action."""
    part = re.search(rf"<form[^>]*{re.escape(form)}[^>]*>.*?</form>", html, re.DOTALL)
    assert part, form
    return [
        (unescape(name), unescape(value))
        for name, value in re.findall(
            r'<input type="hidden" name="([^"]*)" value="([^"]*)"', part[0], re.DOTALL
        )
    ]


def body_of(client: Client, address: str, **form: object) -> str:
    response = client.post(address, form)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


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
    assert len(re.findall(r'id="q-[BF]\d+"', page)) == 26
    page = body_of(client, "/checklists/before/", do="few", all="1")
    assert len(re.findall(r'id="q-[BF]\d+"', page)) <= 12


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


def test_part_and_page_are_the_same_form(client: Client) -> None:
    form = {"do": "next", "mode": "one", "here": "B1"}
    whole = client.post("/checklists/before/", form)
    part = client.post("/checklists/before/", form, headers={"HX-Request": "true"})
    assert "HX-Request" in part.headers["Vary"]
    assert b"<html" not in part.content
    assert part.content.strip() in whole.content


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


# --- the plan --------------------------------------------------------------------------

ANSWERS = {
    "answer-B1": "no-answer",
    "answer-B3": "unclear",
    "answer-B4": "no-answer",
    "who-B1": "Maria, front desk",
    "answer-F7": "clear",
    "answer-B13": "refused",
}


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


# --- the file --------------------------------------------------------------------------


def kept(client: Client, **form: object) -> bytes:
    response = client.post("/checklists/before/keep/", form)
    assert response.status_code == 200
    assert re.fullmatch(
        r'attachment; filename="answers-\d{4}-\d\d-\d\d\.json"',
        response.headers["Content-Disposition"],
    )
    assert response.headers["Cache-Control"] == "no-store"
    return response.content


def file(body: bytes) -> io.BytesIO:
    sent = io.BytesIO(body)
    sent.name = "answers.json"
    return sent


@pytest.mark.parametrize("passphrase", ["", "blue kettle"])
def test_what_is_kept_can_be_opened_again(client: Client, passphrase: str) -> None:
    body = kept(client, passphrase=passphrase, scan="mri", place="eu-de", **ANSWERS)
    assert (b"Maria" in body) is not bool(passphrase)
    page = body_of(client, "/checklists/", do="open", file=file(body), open_passphrase=passphrase)
    assert "Your file is open" in page
    hidden = dict(fields_of(page, 'id="begin"'))
    assert hidden.items() >= ANSWERS.items()
    assert '<option value="mri" selected>' in page
    assert '<option value="eu-de" selected>' in page


def test_the_file_of_a_letter_keeps_its_facts_on_the_way_through(client: Client) -> None:
    code = new_reference()
    body = saved_answers.dump(
        {
            "place": "us",
            "letter": "opt-out",
            "reference": code,
            "facts": {"name": "Ada B.", "uses": ["ai", "x" * 900]},
        }
    )
    page = body_of(client, "/checklists/before/", do="open", file=file(body))
    hidden = fields_of(page, 'id="walk"')
    again = json.loads(kept(client, **dict(hidden), **{"answer-B1": "unclear"}))
    assert again["facts"] == {"name": "Ada B.", "uses": ["ai", "x" * 900]}
    assert (again["letter"], again["reference"]) == ("opt-out", code)
    assert again["checklists"]["answers"] == {"B1": {"status": "unclear"}}
    plan = body_of(client, "/checklists/before/plan/", **dict(hidden), **{"answer-B1": "unclear"})
    fields = fields_of(plan, "/letters/data-use-questions/")
    assert ("name", "Ada B.") in fields
    assert [value for name, value in fields if name == "uses"] == ["ai", "x" * 900]


class _Form(HTMLParser):
    """What a browser sends of the form with this id or action, as its page came."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = dict(attributes)
        if tag == "form":
            self.inside = self.form in (has.get("id"), has.get("action"))
        name, value = has.get("name") or "", has.get("value") or ""
        if not self.inside:
            return
        if tag == "select":
            self.select = name
            self.sent[name] = [""]
        elif tag == "option" and "selected" in has:
            self.sent[self.select] = [value]
        elif tag == "textarea":
            self.area = name
            self.sent[name] = [""]
        elif tag == "input" and (
            has.get("type") not in ("checkbox", "radio", "file") or "checked" in has
        ):
            self.sent.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            # Browsers drop the line break after the tag.
            self.sent[self.area] = [self.sent[self.area][0].removeprefix("\n")]
            self.area = ""


LETTER = {
    "place": "eu-de", "letter": "get-my-images", "reference": new_reference(),
    "wish": {
        "language": "en", "reader": "es", "cover": "", "limit": "1500", "region": "DE-BY",
    },
    "facts": {
        "name": ["Ana می\u200cخواهم"], "contact": ["12 Oak Street\nSpringfield 62704"],
        "recipient_name": ["Valley Hospital"], "study_list": ["CT chest"], "method": ["portal"],
        "identifiers": [f"PatientName: {number}" for number in range(60)],
        "what_happened": ["x" * 70_000],
    },
    "checklists": {},
}  # fmt: skip


def letter_file(client: Client, body: bytes) -> dict[str, Any]:
    """Opens a letter's file on the letters' page, and saves it from there."""
    page = body_of(client, "/letters/", do="open", file=file(body))
    form = _Form(page, "letter-form").sent
    response = client.post("/letters/get-my-images/", {**form, "do": "carry"})
    return saved_answers.load(response.content)


def same_letter(state: dict[str, Any]) -> dict[str, Any]:
    """What has to be the same; fields of several lines may be one text or several."""
    return {
        **{name: state[name] for name in ("place", "letter", "reference", "wish")},
        "facts": {
            name: "\n".join([told] if isinstance(told, str) else told)
            for name, told in state["facts"].items()
        },
    }


@pytest.mark.django_db
def test_a_letters_file_loses_nothing_when_it_is_opened_and_saved(client: Client) -> None:
    assert same_letter(letter_file(client, saved_answers.dump(LETTER))) == same_letter(LETTER)


@pytest.mark.django_db
@pytest.mark.parametrize("one", [False, True], ids=["list", "one at a time"])
@pytest.mark.parametrize("start", ["/checklists/", "/checklists/before/"])
def test_a_letters_file_loses_nothing_on_its_way_through_a_checklist(
    client: Client, start: str, one: bool
) -> None:
    page = body_of(client, start, do="open", file=file(saved_answers.dump(LETTER)))
    form = _Form(page, "begin" if start == "/checklists/" else "walk").sent
    page = body_of(client, "/checklists/before/", **{**form, "do": "one" if one else "list"})
    form = {**_Form(page, "walk").sent, "answer-B1": "refused"}
    page = body_of(client, "/checklists/before/plan/", **form)
    form = _Form(page, "keep-form").sent
    state = saved_answers.load(kept(client, **form))
    assert same_letter(state) == same_letter(LETTER)
    again = letter_file(client, saved_answers.dump(state))
    assert same_letter(again) == same_letter(LETTER)
    assert again["checklists"]["answers"] == {"B1": {"status": "refused"}}


@pytest.mark.django_db
def test_a_blank_place_of_a_list_does_not_blank_the_letter_s(client: Client) -> None:
    page = body_of(client, "/checklists/before/", do="open", file=file(saved_answers.dump(LETTER)))
    form = {**_Form(page, "walk").sent, "place": ""}
    assert saved_answers.load(kept(client, **form))["place"] == "eu-de"


@pytest.mark.django_db
def test_the_plan_opens_the_letter_of_the_file_with_all_that_it_holds(client: Client) -> None:
    page = body_of(client, "/checklists/after/", do="open", file=file(saved_answers.dump(LETTER)))
    form = {**_Form(page, "walk").sent, "answer-F10": "refused"}
    plan = body_of(client, "/checklists/after/plan/", **form)
    letter = body_of(
        client, "/letters/get-my-images/", **_Form(plan, "/letters/get-my-images/").sent
    )
    saved = client.post(
        "/letters/get-my-images/", {**_Form(letter, "letter-form").sent, "do": "carry"}
    )
    state = saved_answers.load(saved.content)
    assert state["facts"].pop("questions")  # of the list, for the letter
    assert same_letter(state) == same_letter(LETTER)
    other = _Form(plan, "/letters/correct-my-record/").sent
    assert "reference" not in other
    assert other["limit"] == ["1500"]


def test_too_many_locked_files_at_once_cost_nothing_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = saved_answers.dump({}, "blue kettle")
    monkeypatch.setattr(saved_answers, "_KEYS_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setitem(settings.COMPANION_LIMITS, "wait_seconds", 0.1)
    form = {"note-B1": CANARY, "answer-B1": "clear"}
    with saved_answers._KEYS_AT_ONCE:
        opened = {"do": "open", "file": file(sealed), "open_passphrase": "blue kettle"}
        responses = [
            client.post("/checklists/before/", {**form, **opened}),
            client.post("/checklists/before/keep/", {**form, "passphrase": "blue kettle"}),
        ]
    for response in responses:
        assert response.status_code == 503
        page = response.content.decode()
        assert "We are busy at the moment. Nothing was kept." in page
        assert CANARY in page


def newer() -> bytes:
    return json.dumps(
        {"format": saved_answers.FORMAT, "version": saved_answers.VERSION + 1}
    ).encode()


@pytest.mark.parametrize(
    ("body", "passphrase", "sentence"),
    [
        (b"", "", "choose the file that you saved"),
        (b"\x00\xff not JSON", "", "not a file that was saved here"),
        (b'{"format": "other"}', "", "not a file that was saved here"),
        (b"[" * 100_000, "", "not a file that was saved here"),
        (newer(), "", "newer version"),
        (saved_answers.dump({}, "right"), "wrong", "does not open this file"),
        (saved_answers.dump({}, "right"), "", "type its passphrase"),
        (b"x" * (600 * 1024), "", "too large"),
        (b"x" * (9 * 1024 * 1024), "", "too large"),
    ],
    ids=["empty", "bytes", "other", "deep", "newer", "wrong", "locked", "big", "huge"],
)
@pytest.mark.parametrize("address", ["/checklists/", "/checklists/before/"])
def test_a_file_that_does_not_open_costs_nothing_on_the_page(
    client: Client, address: str, body: bytes, passphrase: str, sentence: str
) -> None:
    response = client.post(
        address,
        {
            "do": "open",
            "file": file(body),
            "open_passphrase": passphrase,
            "answer-B20": "refused",
            "note-B20": CANARY,
            "mode": "one",
        },
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Nothing on the page is lost." in page
    form = 'id="begin"' if address == "/checklists/" else 'id="walk"'
    assert ("note-B20", CANARY) in fields_of(page, form)


# --- paper -----------------------------------------------------------------------------


def print_pdf(client: Client, slug: str = "before", **form: object) -> pikepdf.Pdf:
    response = client.post(f"/checklists/{slug}/paper/", form)
    assert response.status_code == 200, response.content[:300]
    assert response.headers["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(response.content))


def assert_accessible(pdf: pikepdf.Pdf, language: str) -> None:
    assert str(pdf.Root.Lang) == language
    assert bool(pdf.Root.MarkInfo.Marked)
    assert pdf.Root.StructTreeRoot is not None
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:title"]
        assert CANARY not in str(metadata)


FULL = {
    "body": "head", "who": "my-child", "research": "yes",
    "worry": ["ai-training", "companies", "consent"], "wrong": ["breach", "tampering", "fraud"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es", "both"])
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("told", [{}, FULL], ids=["short", "full"])
def test_a_list_is_one_tagged_page(
    client: Client, slug: str, language: str, told: dict[str, object]
) -> None:
    pdf = print_pdf(client, slug, language=language, paper="letter", **told)
    assert len(pdf.pages) == 1
    assert_accessible(pdf, "es" if language == "es" else "en")


@pytest.mark.parametrize(
    ("form", "width"),
    [
        ({"place": "us"}, 612),
        ({"place": "eu-de"}, 595),
        ({}, 612),
        ({"place": "us", "paper": "a4"}, 595),
    ],
)
def test_the_paper_is_that_of_the_place_unless_another_is_asked_for(
    client: Client, form: dict[str, str], width: int
) -> None:
    pdf = print_pdf(client, **form)
    assert round(float(pdf.pages[0].mediabox[2])) == width
    assert len(pdf.pages) == 1


@pytest.mark.parametrize("language", ["en", "es", "both"])
def test_large_print_and_the_wallet_card_are_tagged(client: Client, language: str) -> None:
    main = "es" if language == "es" else "en"
    assert_accessible(print_pdf(client, what="large", language=language), main)
    card = print_pdf(client, what="card", language=language)
    assert_accessible(card, main)
    assert len(card.pages) == 1


def test_the_answer_sheet_holds_the_answers_and_its_title_does_not(client: Client) -> None:
    import pypdf

    response = client.post(
        "/checklists/before/paper/", {"what": "answers", "note-B1": CANARY, **ANSWERS}
    )
    assert_accessible(pikepdf.open(io.BytesIO(response.content)), "en")
    text = pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert CANARY in text
    assert "Maria, front desk" in text
    assert re.search(r'filename="answers-[\d-]+\.pdf"', response.headers["Content-Disposition"])


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_labels_in_two_languages_keep_their_colon_and_boxes_their_distance() -> None:
    notes = Notes(on=date(2026, 12, 20), answers={"B1": Answer("refused", who="Ana")})
    words = words_of(printed.answers_html(notes, ["es", "en"]))
    assert "Fecha / Date: 20 de diciembre de 2026" in words
    assert "Quién respondió / Who answered: Ana" in words
    assert 'class="who-answered"' in printed.checklist_html("before", ["es"])


def test_two_languages_stand_apart_on_paper(client: Client, tmp_path: Path) -> None:
    for what in ({}, {"what": "large"}):
        body = client.post("/es/checklists/before/paper/", {"language": "both", **what}).content
        file = tmp_path / "sheet.pdf"
        file.write_bytes(body)
        text = subprocess.run(
            ["/usr/bin/pdftotext", "-layout", "-f", "1", "-l", "1", str(file), "-"],
            capture_output=True,
            check=True,
        ).stdout.decode()
        rows = [line for line in text.splitlines() if "images be used to" in line]
        assert re.search(r"imágenes.*\s{2,}Will my", rows[0]), rows


def test_a_blank_list_prints_from_a_plain_link(client: Client) -> None:
    response = client.get("/es/checklists/after/paper/?what=large")
    assert response.content.startswith(b"%PDF")


def test_a_busy_press_says_so_and_loses_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(html: str, *, language: str) -> bytes:
        raise pdf_pool.Busy

    monkeypatch.setattr(pdf_pool, "print_pdf", busy)
    response = client.post("/checklists/before/paper/", {"note-B1": CANARY, "answer-B1": "clear"})
    assert response.status_code == 503
    assert "try again in a minute" in response.content.decode()
    assert CANARY in response.content.decode()


def test_packs_get_the_same_sheet_as_a_part() -> None:
    assert "<html" not in printed.checklist_part("before", ["en"])
    assert "B1" not in printed.wallet_card_part(["es"])
    assert "Cinco preguntas" in printed.wallet_card_part(["es"])


# --- a hospital's own answers ----------------------------------------------------------


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
