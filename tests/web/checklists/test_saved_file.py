"""The file that a patient saves: opened again, and passed through without loss."""

from __future__ import annotations

import json
import threading
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from companion.letters.letter import new_reference
from companion.web import saved_answers
from tests.web.checklists.posting import ANSWERS, CANARY, body_of, fields_of, file, kept


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
        "language": "de", "reader": "es", "cover": "", "limit": "1500", "region": "DE-BY",
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
    form = {**_Form(page, "walk").sent, "answer-B1": ["refused"]}
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
