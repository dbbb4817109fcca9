"""A letter that goes on: with a saved file, a hospital found, another recipient or place."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from companion.letters import glyphs
from companion.letters.catalogue import catalogue
from companion.web import saved_answers
from tests.builders import make_provider
from tests.web.letters.test_views import LETTER, make_form, text_of, value_of
from tests.web.responses import Response

pytestmark = pytest.mark.django_db


def opened(client: Client, address: str, saved: bytes, **fields: str) -> Response:
    upload = SimpleUploadedFile("answers.json", saved)
    return client.post(address, {"do": "open", "file": upload, **fields})


def hidden_of(response: Response) -> dict[str, str]:
    """The hidden fields of a page's letter, as a browser sends them back."""
    pairs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.content.decode()
    )
    return {name: unescape(value) for name, value in pairs}


def letter_form(response: Response) -> lxml.html.FormElement:
    page = lxml.html.fromstring(response.content.decode())
    form: lxml.html.FormElement = page.get_element_by_id("letter-form")
    return form


def as_opened(form: lxml.html.FormElement) -> dict[str, list[str]]:
    """What a browser sends of a form in which nothing was typed."""
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A browser leaves out the line break that a text area's tag ends with.
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


CHECKLIST_PART: dict[str, Any] = {
    "slug": "before",
    "facts": {},
    "answers": {"B1": {"status": "asked", "note": 'Ask "Rosa" <again>', "who": "desk"}},
    "habits": [],
    "on": "2026-12-01",
}


def test_one_file_serves_letters_and_checklists(client: Client) -> None:
    first = saved_answers.dump(
        {"place": "us", "facts": {"name": "Ana"}, "checklists": CHECKLIST_PART}
    )
    page = opened(client, LETTER, first)
    assert page.status_code == 200
    saved = client.post(LETTER, {**hidden_of(page), **make_form(do="carry")}).content
    assert saved_answers.load(saved)["checklists"] == CHECKLIST_PART
    checklist = opened(client, "/checklists/before/", saved)
    assert hidden_of(checklist)["carried"]
    kept = client.post("/checklists/before/keep/", {
        **hidden_of(checklist), "answer-B1": "asked", "note-B1": value_of(checklist, "note-B1"),
        "who-B1": value_of(checklist, "who-B1"), "on": "2026-12-01",
    }).content  # fmt: skip
    again = saved_answers.load(kept)
    assert again["checklists"]["answers"] == CHECKLIST_PART["answers"]
    assert again["facts"]["name"] == ["Ana Díaz"]
    assert value_of(opened(client, "/letters/", kept), "name") == "Ana Díaz"


@pytest.mark.parametrize("passphrase", ["", "blue"])
def test_a_file_of_questions_alone_opens_at_its_questions(client: Client, passphrase: str) -> None:
    saved = saved_answers.dump({"place": "us", "checklists": CHECKLIST_PART}, passphrase)
    there = opened(client, "/es/letters/", saved, passphrase=passphrase)
    assert (there.status_code, there.headers["Location"]) == (307, "/es/checklists/before/")
    page = opened(client, there.headers["Location"], saved, passphrase=passphrase)
    assert value_of(page, "note-B1") == CHECKLIST_PART["answers"]["B1"]["note"]


def test_a_file_with_a_letter_opens_at_its_letter_whatever_else_it_holds(client: Client) -> None:
    saved = saved_answers.dump({"letter": "opt-out", "place": "us", "checklists": CHECKLIST_PART})
    assert "Keep my scans out" in text_of(opened(client, "/letters/", saved))


def test_a_company_of_a_report_gets_the_letter_and_the_hospital_is_its_subject(
    client: Client,
) -> None:
    sent = {"from": "report", "place": "us", "recipient_name": "Valley Hospital",
            "company": "Lines Ltd", "product": "Outliner 4.0.2"}  # fmt: skip
    page = client.post("/letters/ask-ai-company/", sent)
    assert value_of(page, "recipient_name") == "Lines Ltd"
    assert value_of(page, "hospital") == "Valley Hospital"
    assert value_of(page, "product") == "Outliner 4.0.2"
    # To another letter the hospital stays who gets it.
    other = client.post("/letters/ai-in-my-care/", sent)
    assert value_of(other, "recipient_name") == "Valley Hospital"


def test_a_company_goes_along_where_the_place_is_asked_first(client: Client) -> None:
    page = client.post("/letters/ask-ai-company/", {"from": "report", "place": "-", "company": "X"})
    assert hidden_of(page)["company"] == "X"


def test_checklist_answers_go_along_to_the_next_letter(client: Client) -> None:
    page = opened(client, LETTER, saved_answers.dump({"checklists": CHECKLIST_PART}))
    following = client.post(
        "/letters/reminder/",
        {**hidden_of(page), **make_form(), "from": "letter", "slug": "get-my-images"},
    )
    assert json.loads(hidden_of(following)["checklists"]) == CHECKLIST_PART


@pytest.mark.parametrize(
    "text", ["{", "[" * 50_000, "7", '{"answers": {"B1": 3, "Z9": {"note": "x"}}}', "x" * 600_000]
)
def test_a_made_up_field_of_checklist_answers_is_left_out(client: Client, text: str) -> None:
    saved = client.post(LETTER, make_form(do="carry", checklists=text)).content
    assert saved_answers.load(saved)["checklists"] == {}
    assert "checklists" not in hidden_of(client.post(LETTER, make_form(checklists=text)))


def place_of(response: Response) -> str:
    page = response.content.decode()
    select = page[page.index('<select id="id_place"') :].split("</select>")[0]
    return re.search(r'<option value="([^"]*)" selected', select)[1]


def test_a_letter_begins_where_the_deployment_is(client: Client, settings: Settings) -> None:
    settings.COMPANION_JURISDICTION = "au"
    assert place_of(client.get(LETTER)) == "au"
    assert place_of(client.get(f"{LETTER}?place=ca-on")) == "ca-on"
    assert place_of(client.post(LETTER, make_form(place="eu-fr"))) == "eu-fr"
    make_provider()
    assert place_of(client.get(f"{LETTER}?at=lakeside")) == "us-ca"
    assert place_of(client.get("/letters/national-data-opt-out/")) == "uk-eng"  # its only place


@pytest.mark.parametrize(
    ("prefix", "browser", "place"),
    [
        ("/fr", "fr-CA,fr;q=0.9", "ca-qc"),
        ("", "fr-CA,fr;q=0.9", "ca-qc"),
        ("/fr", "fr-FR,fr;q=0.9", "eu-fr"),
        ("/fr", "", "eu-fr"),
        ("", "en-CA,en;q=0.9", "us"),
    ],
)
def test_a_french_page_begins_in_france_and_for_a_canadian_browser_in_quebec(
    client: Client, prefix: str, browser: str, place: str
) -> None:
    assert place_of(client.get(f"{prefix}{LETTER}", headers={"accept-language": browser})) == place


def test_the_provinces_of_canada_stand_together(client: Client) -> None:
    page = text_of(client.get(LETTER))
    group = page[page.index('<optgroup label="Canada"') :].split("</optgroup>")[0]
    assert re.findall(r'value="(ca-\w\w)"', group) == ["ca-ab", "ca-bc", "ca-on", "ca-qc"]


def test_another_countrys_law_is_never_written_for_a_hospital_unasked(client: Client) -> None:
    make_provider(slug="maple", name="Maple Hospital", jurisdiction="ca-on")
    for address in ("?at=maple", "?place=ca-on", "?place=au"):
        page = text_of(client.get(f"/letters/fee-or-format/{address}"))
        assert "We have no such letter for this place" in page
        assert "This letter is for: United States, European Union, United Kingdom" in page
        assert "CFR" not in page
        assert "/letters/reminder/?place=" in page  # a letter that there is
    chosen = client.get("/letters/fee-or-format/?at=maple&place=us")
    assert "45 CFR" in text_of(chosen)
    assert value_of(chosen, "recipient_name") == ""
    assert "Addressed to Maple" not in text_of(chosen)


def test_what_was_typed_goes_along_to_the_place_chosen(client: Client) -> None:
    form = make_form(place="us-tx", account="ana@example.org")
    page = client.post("/letters/delete-my-upload/", {**form, "do": "text"})
    assert page.status_code == 422
    assert "RCW" not in text_of(page)
    assert value_of(page, "account") == "ana@example.org"
    unchosen = client.post("/letters/delete-my-upload/", {**form, "place": "-", "do": "place"})
    assert "Please choose the place first" in text_of(unchosen)
    chosen = client.post("/letters/delete-my-upload/", {**form, "place": "us-wa", "do": "place"})
    assert place_of(chosen) == "us-wa"
    assert value_of(chosen, "account") == "ana@example.org"


def test_a_letter_of_some_places_only_asks_which_one(client: Client) -> None:
    page = text_of(client.get("/letters/delete-my-upload/"))
    assert "Please choose the place first" in page
    assert "RCW" not in page


def test_a_hospital_found_in_another_country_stops_the_letter_kindly(client: Client) -> None:
    make_provider(slug="maple", name="Maple Hospital", jurisdiction="ca-on")
    typed = make_form(fee="$95", original_date="2026-09-15")
    page = client.post("/letters/fee-or-format/", {**typed, "hospital-found": "maple"})
    assert "We have no such letter for this place: Ontario" in text_of(page)
    assert value_of(page, "fee") == "$95"


def test_a_saved_file_of_another_place_is_not_bent_to_this_letter(client: Client) -> None:
    saved = saved_answers.dump(
        {"place": "au", "letter": "erase-my-data", "facts": {"name": ["Ana Díaz"]}}
    )
    upload = SimpleUploadedFile("answers.json", saved)
    page = client.post("/letters/", {"do": "open", "file": upload})
    assert "We have no such letter for this place: Australia" in text_of(page)
    assert value_of(page, "name") == "Ana Díaz"


def test_the_list_names_families_by_their_short_name(client: Client) -> None:
    page = text_of(client.get("/letters/"))
    assert "Only for: European Union" in page
    assert not re.search(r"Only for: [^<]*another country", page)
    assert re.search(r"<option[^>]*>European Union, another country</option>", page)
    assert (
        "Unión Europea, otro país" not in text_of(client.get("/es/letters/")).split('id="found"')[1]
    )


def test_a_hospital_is_found_within_the_form_and_nothing_typed_is_lost(client: Client) -> None:
    make_provider()
    typed = make_form(recipient_name="", recipient_address="", accession="EX-0815")
    found = client.post(LETTER, {**typed, "q": "lakside", "do": "find"})
    assert 'name="hospital-found" value="lakeside"' in text_of(found)
    assert value_of(found, "accession") == "EX-0815"
    filled = client.post(LETTER, {**typed, "q": "lakside", "hospital-found": "lakeside"})
    assert value_of(filled, "recipient_name") == "Lakeside General Hospital"
    assert value_of(filled, "recipient_address").startswith("12 River Road")
    assert value_of(filled, "accession") == "EX-0815"
    assert value_of(filled, "name") == "Ana Díaz"
    assert value_of(filled, "at") == "lakeside"
    assert place_of(filled) == "us-ca"
    assert "Addressed to Lakeside General Hospital" in text_of(filled)


def test_a_hospital_found_is_the_subject_of_a_letter_to_a_regulator(client: Client) -> None:
    make_provider()
    filled = client.post("/letters/complaint/", {**make_form(), "hospital-found": "lakeside",
                         "recipient_name": "My own choice"})  # fmt: skip
    assert value_of(filled, "hospital") == "Lakeside General Hospital"
    assert value_of(filled, "recipient_name") == "My own choice"


def test_a_hospital_of_no_such_name_changes_nothing(client: Client) -> None:
    page = client.post(LETTER, {**make_form(), "hospital-found": "<nobody>"})
    assert page.status_code == 200
    assert value_of(page, "recipient_name") == "Valley Hospital"


def test_a_letter_without_a_hospital_has_no_search_for_one(client: Client) -> None:
    assert "hospital-search" in text_of(client.get(LETTER))
    assert "hospital-search" not in text_of(client.get("/letters/ask-lawmakers/"))


@pytest.mark.parametrize("slug", sorted(catalogue().letters))
def test_a_form_that_was_only_opened_goes_to_another_place_by_its_address(
    client: Client, slug: str
) -> None:
    """Back then finds a page, and no form that was posted."""
    address = f"/letters/{slug}/"
    form = letter_form(client.get(address, {"place": catalogue().letters[slug].jurisdictions[0]}))
    *_, other = getattr(form.inputs["place"], "value_options", form.inputs["place"].value.split())

    page = client.post(address, {**as_opened(form), "place": other, "do": "place"})

    assert (page.status_code, page.headers.get("Location")) == (302, f"{address}?place={other}")


def test_a_british_complaint_asks_for_no_hospital_while_it_goes_to_one(client: Client) -> None:
    page = text_of(client.get("/letters/complaint/?place=uk-eng"))
    assert 'id="id_hospital"' not in page
    assert 'id="id_recipient_name"' in page


def test_at_the_next_stage_the_hospital_is_the_subject_and_the_regulator_filled_in(
    client: Client,
) -> None:
    form = {**make_form(place="uk-eng"), "stage": "regulator", "goes-to": "privacy-office"}
    page = client.post("/letters/complaint/", {**form, "do": "place"})
    assert value_of(page, "hospital") == "Valley Hospital"
    assert value_of(page, "hospital_address").startswith("100 Sample Road")
    assert value_of(page, "recipient_name") == "Information Commissioner's Office (ICO)"
    assert value_of(page, "recipient_address") == "https://ico.org.uk/make-a-complaint/"
    back = {**form, "stage": "hospital", "goes-to": "regulator", "hospital": "Valley Hospital",
            "hospital_address": "100 Sample Road", "do": "place",
            "recipient_name": "Information Commissioner's Office (ICO)"}  # fmt: skip
    page = client.post("/letters/complaint/", back)
    assert value_of(page, "recipient_name") == "Valley Hospital"
    assert value_of(page, "recipient_address") == "100 Sample Road"


def test_nothing_is_printed_before_the_new_recipient_was_seen(client: Client) -> None:
    form = make_form(place="uk-eng", stage="regulator", what_happened="x", do="text")
    form["goes-to"] = "privacy-office"
    page = client.post("/letters/complaint/", form)
    assert page.status_code == 422
    assert "This letter now goes to someone else." in text_of(page)
    seen = {**form, "goes-to": value_of(page, "goes-to"), "hospital": value_of(page, "hospital"),
            "recipient_name": value_of(page, "recipient_name")}  # fmt: skip
    assert client.post("/letters/complaint/", seen)["Content-Type"].startswith("text/plain")


def test_no_more_than_three_asks_are_taken(client: Client) -> None:
    form = {**make_form(do="text"), "asks": ["consent", "register", "notify", "fair"]}
    answer = client.post("/letters/ask-lawmakers/", form)
    assert answer.status_code == 422
    assert "You picked 4. Please pick at most 3." in text_of(answer)


def test_signs_that_no_font_has_are_told_before_printing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: sign not in "\u4e2d\u6587")
    page = text_of(client.post(LETTER, make_form(name="Ana \u4e2d\u6587\u4e2d", do="preview")))
    assert "Some characters may not print well: \u4e2d \u6587" in page
    assert "Some characters may not" not in text_of(client.post(LETTER, make_form(do="preview")))


def test_an_office_of_its_own_is_filled_in_and_the_complaint_after_it_has_the_regulator(
    client: Client,
) -> None:
    page = client.get("/letters/information-blocking/?place=us")
    assert "ASTP/ONC" in value_of(page, "recipient_name")
    form = make_form(recipient_name=value_of(page, "recipient_name"), hospital="Valley Hospital")
    after = client.post(
        "/letters/complaint/", {**form, "from": "letter", "slug": "information-blocking"}
    )
    assert "Office for Civil Rights" in value_of(after, "recipient_name")
    lawmaker = client.post(
        "/letters/ask-lawmakers/", {**form, "from": "letter", "slug": "complaint"}
    )
    assert value_of(lawmaker, "recipient_name") == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [("ask-lawmakers/?place=us", "Your lawmaker's name"),
     ("complaint/?place=us", "The office that gets the complaint"),
     ("delete-my-upload/?place=us-wa", "The company behind the app or website"),
     ("complaint/?place=uk-eng", "Hospital, clinic or company")],
)  # fmt: skip
def test_the_question_for_the_recipient_fits_the_recipient(
    client: Client, address: str, words: str
) -> None:
    page = text_of(client.get(f"/letters/{address}"))
    assert re.search(rf'<label for="id_recipient_name">{words}', page)


def test_a_reminder_offers_the_letters_of_its_place(client: Client) -> None:
    page = text_of(client.get("/letters/reminder/?place=us"))
    assert 'value="get-my-images"' in page
    for slug in ("national-data-opt-out", "ehds-wish", "consent-addendum"):
        assert f'<option value="{slug}"' not in page
    assert '<option value="ehds-wish"' in text_of(client.get("/letters/reminder/?place=eu-fr"))


def test_what_to_look_at_names_its_question(client: Client) -> None:
    form = make_form(period_from="2010-01-01", study_list=None, do="preview")
    page = text_of(client.post("/letters/who-has-seen-them/", form))
    assert '<a href="#id_period_from">From which day on?: The list goes back six years' in page


def test_the_slip_is_shown_as_a_slip_and_has_no_dates(client: Client) -> None:
    page = text_of(client.get("/letters/consent-addendum/?place=us"))
    assert page.count("☐") == 3
    assert "Received by (staff name)" in page
    assert "It should arrive" not in page
    assert 'value="calendar"' not in page


def test_the_holidays_of_the_hospitals_region_count_and_can_be_changed(client: Client) -> None:
    make_provider(slug="alpen", name="Klinik", jurisdiction="eu-de", holiday_region="BY")
    page = client.get(f"{LETTER}?at=alpen")
    assert re.search(r'<option value="DE-BY" selected>Bayern', text_of(page))
    form = make_form(place="eu-de", received_on="2026-11-06", sent_on="2026-11-06", at="alpen")
    # 6 December 2026 is a Sunday in all of Germany; 8 December is no holiday in Bavaria.
    assert "7 December 2026" in text_of(client.post(LETTER, {**form, "region": "DE-BY"}))
    chosen = client.post(LETTER, {**form, "region": ""})
    assert 'DE-BY" selected' not in text_of(chosen)
    assert 'name="region"' not in text_of(client.get(f"{LETTER}?place=us"))


def test_who_checked_and_whom_the_law_binds_is_shown(client: Client) -> None:
    page = text_of(client.get(LETTER))
    spec = catalogue().letters["get-my-images"]
    for sentence, checked_by in (
        ("No lawyer has checked this letter yet.", spec.law_checked_by),
        (
            "No one has checked its translations against the English yet.",
            spec.translation_checked_by,
        ),
    ):
        assert (sentence in page) is not bool(checked_by)
    assert "It applies to: health care providers and health plans under HIPAA." in page
    spanish = text_of(client.get("/es/letters/get-my-images/?place=us"))
    assert "proveedores y planes de salud sujetos a HIPAA" in spanish


@pytest.mark.parametrize("next_letter", ["reminder", "complaint"])
def test_a_follow_up_after_the_place_was_changed_is_answered(
    client: Client, next_letter: str
) -> None:
    """The form of a letter that only the US has, its list of places already on Germany."""
    form = {**make_form(place="eu-de"), "from": "letter", "slug": "move-mammograms"}
    response = client.post(f"/letters/{next_letter}/", form)
    assert response.status_code == 200
    assert place_of(response) == "eu-de"
    assert "Ana Díaz" in text_of(response)
