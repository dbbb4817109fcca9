"""The letters' pages: nothing lost, nothing asked twice, nothing personal in an address."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from icalendar import Calendar

from companion.letters import glyphs
from companion.letters.catalogue import letters
from companion.web import pdf_pool, saved_answers
from tests.letters.builders import REFERENCE, make_answers
from tests.web.responses import Response

pytestmark = pytest.mark.django_db

LETTER = "/letters/get-my-images/"


def make_form(**changes: Any) -> dict[str, Any]:
    """What the page of a letter sends: lines as one text, as a browser has them."""
    answers = make_answers(**changes)
    form = {
        name: "\r\n".join(value) if isinstance(value, list) and name != "uses" else value
        for name, value in answers.items()
    }
    return {"place": "us", "reference": REFERENCE, "answered": "yes", "limit": "4000", **form}


def text_of(response: Response) -> str:
    return unescape(response.content.decode())


def value_of(response: Response, name: str) -> str:
    """What a field of the page is filled in with."""
    page = response.content.decode()
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s?([^<]*)</textarea>', page)
    if area:
        return unescape(area[1]).strip()
    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag:
            found = re.search(r'value="([^"]*)"', tag)
            return unescape(found[1]) if found else ""
    return ""


@pytest.mark.parametrize("slug", list(letters()))
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_letter_has_a_page_in_both_languages(client: Client, slug: str, prefix: str) -> None:
    response = client.get(f"{prefix}/letters/{slug}/")
    assert response.status_code == 200
    assert letters()[slug].words["es" if prefix else "en"]["title"][""] in text_of(response)
    assert response["Cache-Control"] == "no-store"


def test_an_unknown_letter_is_not_found(client: Client) -> None:
    assert client.get("/letters/nothing/").status_code == 404


def test_the_list_starts_from_what_a_person_wants(client: Client) -> None:
    page = text_of(client.get("/letters/"))
    for said in ("I want a copy of my images", "Something is wrong", "/letters/opt-out/"):
        assert said in page


def test_the_list_is_narrowed_by_place_and_by_words(client: Client) -> None:
    page = text_of(client.post("/letters/", {"place": "au", "q": "copy disc"}))
    assert "/letters/get-my-images/?place=au" in page
    assert "/letters/move-mammograms/" not in page
    assert "/letters/opt-out/" not in page
    assert "No letter fits" in text_of(client.post("/letters/", {"q": "zzz"}))


def test_a_part_of_the_list_comes_to_htmx_and_the_page_to_others(client: Client) -> None:
    part = client.post("/letters/", {"place": "au"}, headers={"HX-Request": "true"})
    assert part.content.lstrip().startswith(b'<div id="found">')
    assert b"<html" in client.post("/letters/", {"place": "au"}).content


def test_what_is_searched_for_never_stands_in_an_address(client: Client) -> None:
    page = text_of(client.post("/letters/", {"q": "mammogram", "place": "us"}))
    assert not [link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if "mammogr" in link
                and "/move-mammograms/" not in link]  # fmt: skip


def test_the_page_says_first_what_the_letter_can_and_cannot_do(client: Client) -> None:
    page = text_of(client.get("/letters/opt-out/?place=us"))
    assert (
        page.index("What it cannot do") < page.index("They may say no.") < page.index("About you")
    )
    assert "A request: they may say no" in page


def test_the_preview_shows_what_was_typed_and_what_is_missing(client: Client) -> None:
    form = make_form(recipient_name=None, do="preview")
    part = client.post(LETTER, form, headers={"HX-Request": "true"})
    page = text_of(part)
    assert part.content.lstrip().startswith(b'<div id="preview"')
    assert "Ana Díaz" in page
    assert "to fill in" in page
    assert "CT chest, March 3, 2026" in page


def test_the_preview_works_without_scripts_and_loses_nothing(client: Client) -> None:
    response = client.post(LETTER, make_form(do="preview", accession="EX-0815"))
    assert "<html" in text_of(response)
    assert value_of(response, "name") == "Ana Díaz"
    assert value_of(response, "accession") == "EX-0815"
    assert value_of(response, "study_list").splitlines()[1] == "MRI head, May 11, 2026"


def test_an_error_is_told_at_the_top_and_nothing_typed_is_lost(client: Client) -> None:
    form = make_form(name=None, record_number="123-45-6789", accession="EX-0815", do="pdf")
    response = client.post(LETTER, form)
    page = text_of(response)
    assert response.status_code == 422
    assert 'href="#id_name"' in page
    assert "Your full name: Please fill this in." in page
    assert "This looks like a Social Security number." in page
    assert value_of(response, "accession") == "EX-0815"
    assert value_of(response, "record_number") == "123-45-6789"


@pytest.mark.parametrize(
    ("do", "kind", "name"),
    [("text", "text/plain", "letter"), ("word", "application/vnd", "letter"),
     ("calendar", "text/calendar", "letter-dates"), ("carry", "application/json", "answers")],
)  # fmt: skip
def test_each_file_has_a_neutral_name_and_is_not_stored(
    client: Client, do: str, kind: str, name: str
) -> None:
    response = client.post(LETTER, make_form(do=do))
    assert response["Content-Type"].startswith(kind)
    assert re.search(rf'filename="{name}-\d{{4}}-\d\d-\d\d\.\w+"', response["Content-Disposition"])
    assert response["Cache-Control"] == "no-store"


def test_the_files_hold_the_letter(client: Client) -> None:
    assert "Ana Díaz" in client.post(LETTER, make_form(do="text")).content.decode()
    word = docx.Document(io.BytesIO(client.post(LETTER, make_form(do="word")).content))
    assert any("Ana Díaz" in one.text for one in word.paragraphs)
    dates = Calendar.from_ical(client.post(LETTER, make_form(do="calendar")).content)
    assert len(dates.walk("VEVENT")) == 3


def test_the_text_is_split_at_the_portals_limit(client: Client) -> None:
    body = client.post(LETTER, make_form(do="text", limit="700")).content.decode()
    assert body.startswith("Part 1 of ")
    page = text_of(client.post(LETTER, make_form(do="preview", limit="700")))
    assert "Part 2 of" in page


def test_the_pdf_holds_letter_copy_and_sheet(client: Client) -> None:
    response = client.post(LETTER, make_form(do="pdf", reader="es", cover="yes"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (pdf_pool.Busy, "We are busy"),
        (pdf_pool.TooLong, "took too long"),
        (pdf_pool.Failed, "could not be"),
    ],
)
def test_a_letter_that_is_not_printed_says_so_and_keeps_the_form(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception], words: str
) -> None:
    def fail(*args: object, **options: object) -> bytes:
        raise error

    monkeypatch.setattr("companion.web.letters.views.print_pdf", fail)
    response = client.post(LETTER, make_form(do="pdf"))
    assert response.status_code == 503
    assert words in text_of(response)
    assert "Nothing was kept." in text_of(response)
    assert value_of(response, "name") == "Ana Díaz"


def test_markup_is_shown_as_text(client: Client) -> None:
    typed = "<b>&amp;\"'</b><script>"
    page = client.post(LETTER, make_form(accession=typed, do="preview"))
    main = page.content.decode().split("<main", 1)[1]
    assert escape(typed) in main
    assert "<script>" not in main


def test_unseen_characters_are_taken_out_and_told(client: Client) -> None:
    page = text_of(client.post(LETTER, make_form(name="Ana\u202e\x07 Díaz", do="preview"),
                               headers={"HX-Request": "true"}))  # fmt: skip
    assert "We took out characters that cannot be seen" in page
    assert "\u202e" not in page


def test_too_much_text_is_told_and_not_printed(client: Client) -> None:
    form = make_form(study_list="x" * 25_000, do="pdf")
    response = client.post(LETTER, form)
    assert response.status_code == 422
    assert "too long" in text_of(response)


def test_another_countrys_postal_code_is_a_hint_and_no_wall(client: Client) -> None:
    form = make_form(recipient_address="1 High Street\nLondon SW1A 1AA")
    assert "postal code for this place" in text_of(client.post(LETTER, {**form, "do": "preview"}))
    assert client.post(LETTER, {**form, "do": "text"}).status_code == 200


def test_details_from_a_report_fill_the_form_and_are_not_judged(client: Client) -> None:
    response = client.post(
        LETTER,
        {"from": "report", "name": "JANE DOE", "study_list": "CT 2026-03-03\nMR 2026-05-11",
         "accession": "EX-0815", "record_number": "123-45-6789"},
    )  # fmt: skip
    assert response.status_code == 200
    assert value_of(response, "name") == "JANE DOE"
    assert value_of(response, "study_list") == "CT 2026-03-03\nMR 2026-05-11"
    assert "came from your files" in text_of(response)
    assert "error-summary-title" not in text_of(response)


def test_a_follow_up_knows_the_first_letter(client: Client) -> None:
    form = make_form(sent_on="2026-10-01", method="portal", do="preview")
    form.pop("do")
    response = client.post(
        "/letters/reminder/", {**form, "from": "letter", "slug": "get-my-images"}
    )
    assert value_of(response, "name") == "Ana Díaz"
    assert value_of(response, "recipient_name") == "Valley Hospital"
    assert value_of(response, "original_date") == "2026-10-01"
    assert value_of(response, "original_reference") == REFERENCE
    assert value_of(response, "original_due") == "2026-10-31"
    assert value_of(response, "sent_on") == ""
    assert value_of(response, "reference") != REFERENCE
    assert re.search(r'<option value="get-my-images" selected>|value="get-my-images"[^>]*checked',
                     response.content.decode())  # fmt: skip


def test_answers_that_a_letter_does_not_ask_for_are_carried_to_the_next(client: Client) -> None:
    first = make_form(accession="EX-0815")
    second = client.post("/letters/reminder/", {**first, "from": "letter", "slug": "get-my-images"})
    assert value_of(second, "accession") == "EX-0815"
    page = second.content.decode()
    assert re.search(r'type="hidden" name="accession"', page)


def test_a_complaint_names_the_hospital_and_goes_to_the_regulator(client: Client) -> None:
    response = client.post(
        "/letters/complaint/", {**make_form(), "from": "letter", "slug": "get-my-images"}
    )
    assert value_of(response, "hospital") == "Valley Hospital"
    assert "Office for Civil Rights" in value_of(response, "recipient_name")


def test_a_new_place_brings_its_own_regulator(client: Client) -> None:
    form = make_form(recipient_name="U.S. Department of Health and Human Services, "
                     "Office for Civil Rights", place="ca-on", do="place")  # fmt: skip
    response = client.post("/letters/complaint/", form)
    assert "Information and Privacy" in value_of(response, "recipient_name")
    kept = client.post("/letters/complaint/", {**form, "recipient_name": "My own choice"})
    assert value_of(kept, "recipient_name") == "My own choice"


def test_in_germany_the_person_finds_which_authority_a_complaint_goes_to(client: Client) -> None:
    page = client.get("/de/letters/complaint/", {"place": "eu-de"})
    assert value_of(page, "recipient_name") == value_of(page, "recipient_address") == ""
    text = text_of(page)
    assert "die Behörde des Bundeslandes zuständig, in dem das Krankenhaus ist" in text
    assert "https://www.bfdi.bund.de/DE/Service/Anschriften/Laender/Laender-node.html" in text
    form = make_form(recipient_name="U.S. Department of Health and Human Services, "
                     "Office for Civil Rights", place="eu-de", do="place")  # fmt: skip
    moved = client.post("/letters/complaint/", form)
    assert value_of(moved, "recipient_name") == value_of(moved, "recipient_address") == ""
    # A letter without the one who gets it is not finished.
    missing = client.post("/letters/complaint/", {**form, "recipient_name": "", "do": "pdf"})
    assert missing.status_code == 422
    kept = client.post("/letters/complaint/", {**form, "recipient_name": "My own choice"})
    assert value_of(kept, "recipient_name") == "My own choice"


def test_in_britain_a_complaint_goes_to_the_hospital_first(client: Client) -> None:
    form = {**make_form(place="uk-eng"), "from": "letter", "slug": "get-my-images"}
    first = client.post("/letters/complaint/", form)
    assert value_of(first, "recipient_name") == "Valley Hospital"
    assert "Privacy Office or Data Protection Officer" in text_of(first)
    later = make_form(place="uk-eng", stage="regulator", do="preview")
    assert "<bdi>Complaints</bdi>" in text_of(client.post("/letters/complaint/", later))


def test_a_saved_file_opens_on_its_letter_with_everything_typed(client: Client) -> None:
    saved = client.post(
        LETTER, make_form(do="carry", accession="EX-0815", passphrase="blue")
    ).content
    assert b"Ana" not in saved
    for address in ("/letters/", "/letters/opt-out/"):
        upload = SimpleUploadedFile("answers.json", saved)
        response = client.post(address, {"do": "open", "file": upload, "passphrase": "blue"})
        assert value_of(response, "name") == "Ana Díaz"
        assert value_of(response, "accession") == "EX-0815"
        assert value_of(response, "reference") == REFERENCE
        assert 'action="/letters/get-my-images/"' in text_of(response)


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"{}", "not a file that was saved here"), (None, "choose the file"),
     (saved_answers.dump({"place": "us", "letter": "nothing"}), "holds no letter"),
     (saved_answers.dump({}, "x"), "type its passphrase")],
)  # fmt: skip
def test_a_file_that_does_not_open_says_why(client: Client, body: bytes | None, words: str) -> None:
    form: dict[str, Any] = {"do": "open"}
    if body is not None:
        form["file"] = SimpleUploadedFile("answers.json", body)
    response = client.post("/letters/", form)
    assert response.status_code == 422
    assert words in text_of(response)


def test_a_saved_file_is_trusted_no_more_than_a_form(client: Client) -> None:
    state = {"letter": "get-my-images", "place": ["x"], "reference": "<b>",
             "facts": {"name": ["<script>"], "delivery": ["boat"], "x": [1]}}  # fmt: skip
    upload = SimpleUploadedFile("answers.json", saved_answers.dump(state))
    response = client.post("/letters/", {"do": "open", "file": upload})
    assert response.status_code == 200
    assert value_of(response, "name") == "<script>"
    assert b"<script>\n" not in response.content
    assert value_of(response, "reference") != "<b>"


def test_the_place_decides_the_law_and_the_questions(client: Client) -> None:
    form = make_form(do="preview")
    assert "45 CFR 164.524" in text_of(client.post(LETTER, form))
    european = text_of(client.post(LETTER, {**form, "place": "eu-fr"}))
    assert "article 15, paragraphe 1, du RGPD" in european
    assert "45 CFR" not in european


def test_where_several_languages_are_official_nothing_prints_before_one_is_chosen(
    client: Client,
) -> None:
    question = "This place has more than one official language."
    form = make_form(place="ch")
    page = text_of(client.get(f"{LETTER}?place=ch"))
    assert question in page
    assert '<option value="" selected>Please choose the language</option>' in page
    refused = client.post(LETTER, {**form, "do": "text"})
    assert refused.status_code == 422
    assert question in text_of(refused)
    for language, dear in (("de", "Sehr geehrte"), ("fr", "Madame, Monsieur")):
        letter = client.post(LETTER, {**form, "do": "text", "language": language})
        assert letter.status_code == 200
        assert dear in letter.content.decode()
    chosen = text_of(client.post(LETTER, {**form, "do": "preview", "language": "fr"}))
    assert "Please choose the language" not in chosen


def test_who_reads_one_of_them_keeps_a_copy_when_the_other_is_chosen(client: Client) -> None:
    page = text_of(client.get("/de/letters/get-my-images/?place=ch"))
    assert '<option value="de" selected>Deutsch</option>' in page.split('id="id_reader"')[1]
    assert text_of(client.get("/de/letters/get-my-images/?place=eu-de")).count("id_language") == 0


@pytest.mark.parametrize(
    ("place", "lacking"), [("eu-be", True), ("ch", True), ("ca-on", False), ("eu-fr", False)]
)
def test_a_place_one_of_whose_languages_is_lacking_says_so(
    client: Client, place: str, lacking: bool
) -> None:
    said = "If it is none of these, choose English: we do not have this letter in it yet."
    assert (said in text_of(client.get(f"{LETTER}?place={place}"))) is lacking


def test_a_place_of_another_language_brings_a_copy_to_read_that_can_be_left_out(
    client: Client,
) -> None:
    form = make_form(do="place", place="eu-fr", reader="", **{"written-in": "en"})
    moved = text_of(client.post(LETTER, form))
    assert '<option value="en" selected>English</option>' in moved.split('id="id_reader"')[1]
    assert '<input type="hidden" name="written-in" value="fr">' in moved
    without = text_of(client.post(LETTER, {**form, "written-in": "fr", "do": "preview"}))
    assert "English</option>" in without.split('id="id_reader"')[1]
    assert '<option value="en" selected>' not in without.split('id="id_reader"')[1]


def test_a_letter_in_the_recipients_language_comes_with_a_copy_to_read(client: Client) -> None:
    page = text_of(client.get("/es/letters/get-my-images/?place=us"))
    assert 'lang="en"' in page
    assert "Copia para leer. La carta que vale es la escrita en inglés." in page


def test_the_law_behind_the_letter_says_when_and_by_whom_it_was_checked(client: Client) -> None:
    page = text_of(client.get(LETTER))
    assert "https://www.ecfr.gov/" in page
    assert "Checked on Nov. 1, 2026." in page


def test_nothing_typed_stands_in_an_address_a_title_or_a_header(client: Client) -> None:
    response = client.post(LETTER, make_form(accession="EX-0815", do="preview"))
    page = text_of(response)
    addresses = re.findall(r'(?:href|action|formaction|hx-post|src)="([^"]*)"', page)
    title = re.search(r"<title>([^<]*)</title>", page)
    assert title
    for secret in ("Ana", "EX-0815", "Valley"):
        assert not [one for one in addresses if secret in one]
        assert secret not in title[1]
        assert secret not in json.dumps(dict(response.headers))


def test_no_cookie_is_set(client: Client) -> None:
    client.post(LETTER, make_form(do="preview"))
    assert not client.cookies


@pytest.mark.parametrize(
    "form",
    [{}, {"do": "nothing"}, {"from": "nowhere"}, {"place": "mars"}, {"limit": "-5"},
     {"limit": "9" * 400}, {"language": "xx", "reader": "yy"},
     {"slug": "nothing", "from": "letter"},
     {"reference": "'; drop"}, {"delivery": ["a", "b"]}, {"name": ["a", "b"]}, {"sent_on": "soon"}],
)  # fmt: skip
@pytest.mark.parametrize("slug", ["get-my-images", "reminder", "complaint", "consent-addendum"])
def test_odd_forms_are_answered(client: Client, slug: str, form: dict[str, Any]) -> None:
    assert client.post(f"/letters/{slug}/", form).status_code == 200


def test_a_place_chosen_before_anything_is_typed_becomes_the_pages_address(client: Client) -> None:
    empty = {"place": "us-tx", "do": "place", "answered": "yes", "name": "", "method": "post"}
    moved = client.post("/letters/opt-out/", empty)
    assert moved.status_code == 302
    assert moved.headers["Location"] == "/letters/opt-out/?place=us-tx"


def test_with_anything_typed_no_address_is_made_and_nothing_is_lost(client: Client) -> None:
    for typed in ({"name": "Ana Díaz"}, {"method": "portal"}, {"uses": "ai"}):
        asked = {"place": "us-tx", "do": "place", "answered": "yes", **typed}
        page = client.post("/letters/opt-out/", asked)
        assert page.status_code == 200, typed


def test_two_people_who_write_in_turn_on_one_machine_get_nothing_of_each_other(
    client: Client,
) -> None:
    ana, ben = make_form(name="Ana D\u00edaz"), make_form(name="Ben Osei", contact="9 Elm Road")
    for own, other in ((ana, "Ben Osei"), (ben, "Ana D\u00edaz"), (ana, "Ben Osei")):
        said = client.post(LETTER, {**own, "do": "text"}).content.decode()
        assert str(own["name"]) in said
        assert other not in said
        for address in (LETTER, "/letters/", "/letters/reminder/"):
            assert other not in text_of(client.get(address))
    assert not client.cookies


def test_an_emoji_that_would_print_as_a_box_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: ord(sign) < 0x1F000)
    page = text_of(client.post(LETTER, make_form(name="Ana \U0001f642", do="preview")))
    assert "since they cannot be printed: \U0001f642" in page
