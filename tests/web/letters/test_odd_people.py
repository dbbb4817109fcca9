"""Who writes, and what a person pastes: the odd answers, from the form to the paper."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from companion.letters import glyphs
from tests.web.letters.test_views import LETTER, make_form, text_of, value_of

pytestmark = pytest.mark.django_db

OPT_OUT = "/letters/opt-out/"
FOR_CHILD = {"relation": "child", "representative": "Ana Díaz", "name": "Leo Díaz"}
FOR_THE_DEAD = {"relation": "died", "representative": "Ana Díaz, his daughter"}
HEBREW = "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9"
SMILE = "\U0001f642"


def finished(client: Client, address: str = LETTER, **changes: Any) -> str:
    """The letter as plain text, by the same form as every other way to take it away."""
    response = client.post(address, make_form(**changes, do="text"))
    assert response.status_code == 200
    return response.content.decode()


def paper(client: Client, address: str = LETTER, **changes: Any) -> str:
    """What stands on all pages of the PDF."""
    response = client.post(address, make_form(**changes, do="pdf"))
    assert response.status_code == 200
    pages = pypdfium2.PdfDocument(response.content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def previewed(client: Client, address: str = LETTER, **changes: Any) -> str:
    return text_of(client.post(address, make_form(**changes, do="preview")))


@pytest.mark.parametrize("relation", ["child", "adult", "died"])
@pytest.mark.parametrize("representative", ["", "  \r\n ", "\u200b"])
def test_a_representative_without_a_name_is_asked_for_it_and_nothing_is_printed(
    client: Client, relation: str, representative: str
) -> None:
    form = make_form(relation=relation, representative=representative, accession="EX-0815")
    for do in ("pdf", "word", "text", "calendar"):
        response = client.post(LETTER, {**form, "do": do})
        assert response.status_code == 422
        assert 'href="#id_representative"' in text_of(response)
        assert "Please write your own name, and why you may write" in text_of(response)
        assert value_of(response, "accession") == "EX-0815"
        assert f'value="{relation}"' in text_of(response)
    # What is folded away holds the question that is at fault, so it stands open.
    assert re.search(r'<details[^>]* id="more" open', text_of(response))


def test_a_child_of_40_years_is_told_of_and_is_nobodys_child_in_the_letter(client: Client) -> None:
    born = {**FOR_CHILD, "birth_date": "1986-02-03"}
    assert "Your child is 40." in previewed(client, OPT_OUT, **born)
    letter = finished(client, OPT_OUT, **born)
    assert "my child" not in letter
    assert "I may act for the patient" in letter
    assert "my child" in finished(client, OPT_OUT, **FOR_CHILD)


def test_a_death_before_the_scan_is_a_hint_and_no_wall(client: Client) -> None:
    page = previewed(client, **FOR_THE_DEAD, died_on="2026-01-05")
    assert "A scan has a date after the day of death: March 3, 2026." in page
    assert 'href="#id_died_on"' in page
    assert finished(client, **FOR_THE_DEAD, died_on="2026-01-05")
    later = previewed(client, **FOR_THE_DEAD, died_on="2026-06-01")
    assert "after the day of death" not in later


def test_the_second_person_of_a_sitting_gets_nothing_of_the_first(client: Client) -> None:
    """Everything the first one typed has a mark in it that the second one's pages must lack."""
    mark = "QUOKKA"
    first = make_form(
        name=f"Ana {mark}", contact=f"12 {mark} Street", recipient_name=f"{mark} Hospital",
        accession=f"{mark}-1", relation="child", representative=f"Mother {mark}",
        study_list=f"CT {mark}", passphrase=mark, q=mark,
    )  # fmt: skip
    for do in ("preview", "find", "place", "text", "word", "pdf", "calendar", "carry"):
        client.post(LETTER, {**first, "do": do})
    client.post("/letters/reminder/", {**first, "from": "letter"})
    second = make_form(name="Ben Osei", contact="9 Elm Road")
    answers = [
        client.get(LETTER),
        client.get("/letters/reminder/"),
        client.post(LETTER, {**second, "do": "preview"}),
        client.post(LETTER, {**second, "do": "text"}),
        client.post("/letters/complaint/", {**second, "from": "letter", "slug": "get-my-images"}),
    ]
    for response in answers:
        assert response.status_code == 200
        assert mark not in response.content.decode()
        assert response["Cache-Control"] == "no-store"
    assert mark not in paper(client, name="Ben Osei")


def test_pasted_bullets_and_curly_marks_reach_the_paper_once_and_as_they_are(
    client: Client,
) -> None:
    pasted = {
        "study_list": "\u2022 CT \u201cchest\u201d\r\n\uf0b7\tMRI head\r\n\u2013 X-ray \u2014 knee",
        "name": "Ana O\u2019Neil",
    }
    letter = finished(client, **pasted)
    for line in ("CT \u201cchest\u201d", "MRI head", "X-ray \u2014 knee"):
        assert re.search(rf"^[-*] {re.escape(line)}", letter, re.MULTILINE)
    assert "\uf0b7" not in letter
    printed = paper(client, **pasted)
    assert "CT \u201cchest\u201d" in printed
    assert "Ana O\u2019Neil" in printed
    assert "\uf0b7" not in printed
    assert not re.search(r"[\u2022\u2013]\s*(?:CT|MRI|X-ray)", printed)


def test_an_emoji_is_said_before_printing_and_the_letter_is_printed_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: ord(sign) < 0x1F000)
    typed = {"study_list": f"CT chest {SMILE} of May"}
    page = previewed(client, **typed)
    assert f"The PDF leaves out these small pictures, since they cannot be printed: {SMILE}" in page
    assert "may not print well" not in page
    assert f"CT chest {SMILE} of May" in finished(client, **typed)
    printed = paper(client, **typed)
    assert "CT chest of May" in printed
    assert SMILE not in printed


@pytest.mark.parametrize(
    "emoji",
    [
        SMILE, "\u2764\ufe0f", "\U0001f44d\U0001f3fd", "\U0001f1fa\U0001f1f8",
        "\U0001f469\u200d\u2695\ufe0f", "1\ufe0f\u20e3",
    ],
)  # fmt: skip
def test_an_emoji_is_drawn_whole_or_left_out_whole_and_said(client: Client, emoji: str) -> None:
    """By the fonts of this machine."""
    page = previewed(client, study_list=f"CT {emoji}")
    said = f"since they cannot be printed: {emoji}" in page
    assert said is bool(glyphs.undrawn(emoji))
    assert (emoji[0] in paper(client, study_list=f"CT {emoji}")) is not said


def test_an_address_of_twelve_lines_is_told_and_stands_as_it_was_typed(client: Client) -> None:
    lines = "\n".join(f"Line {number} of it" for number in range(12))
    for field in ("contact", "recipient_address"):
        response = client.post(LETTER, make_form(**{field: lines.replace("\n", "\r\n")}, do="pdf"))
        assert response.status_code == 422
        assert f'href="#id_{field}"' in text_of(response)
        assert "Please use at most 6 lines." in text_of(response)
        assert value_of(response, field).splitlines() == lines.splitlines()


@pytest.mark.parametrize("name", ["O", "\u00d6", "\u674e", HEBREW])
def test_names_of_one_letter_and_from_the_right_are_taken_and_printed(
    client: Client, name: str
) -> None:
    child = {**FOR_CHILD, "name": name}
    assert f"my child, {name}" in finished(client, OPT_OUT, **child)
    assert client.post(OPT_OUT, make_form(**child, do="pdf")).status_code == 200
    assert "error-summary-title" not in previewed(client, OPT_OUT, **child)


def test_a_name_from_the_right_turns_nothing_around_it_on_the_page(client: Client) -> None:
    page = previewed(client, OPT_OUT, **{**FOR_CHILD, "name": HEBREW})
    shown = page.split('id="preview"', 1)[1].split("<textarea", 1)[0]
    assert len(re.findall(rf"<bdi[^>]*>{HEBREW}</bdi>", shown)) == shown.count(HEBREW) >= 3
