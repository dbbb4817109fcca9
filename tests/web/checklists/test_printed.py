"""Checklists on paper: tagged, on one page, in one language or two."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import date
from html import unescape
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client

from companion.checklists import reading
from companion.checklists.answers import Answer, Notes
from companion.letters import glyphs
from companion.web import pdf_pool
from companion.web.checklists import printed
from tests.web.checklists.posting import ANSWERS, CANARY, SLUGS, body_of


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


@pytest.mark.parametrize("pair", ["de fr", "fr de", "es de", "en fr"])
@pytest.mark.parametrize("slug", SLUGS)
def test_any_two_languages_stand_side_by_side_on_one_page(
    client: Client, slug: str, pair: str
) -> None:
    own, beside = pair.split()
    prefix = "" if own == "en" else f"/{own}"
    response = client.post(
        f"{prefix}/checklists/{slug}/paper/", {"language": f"both-{beside}", **FULL}
    )
    pdf = pikepdf.open(io.BytesIO(response.content))
    assert len(pdf.pages) == 1
    assert_accessible(pdf, own)
    printed_words = words_of(printed.checklist_html(slug, [own, beside]))
    for language in (own, beside):
        assert reading.load().checklists[slug].words[language]["title"] in printed_words


@pytest.mark.parametrize("asked", ["both-de", "both-xx", "both-", "xx", ""])
def test_a_pair_that_is_none_is_the_pages_own_language(client: Client, asked: str) -> None:
    response = client.post("/de/checklists/before/paper/", {"what": "card", "language": asked})
    assert_accessible(pikepdf.open(io.BytesIO(response.content)), "de")


def test_a_page_offers_its_language_beside_each_other_one(client: Client) -> None:
    body = client.get("/de/checklists/before/").content.decode()
    for code, words in (("fr", "Deutsch + Französisch"), ("es", "Deutsch + Spanisch")):
        assert f'<option value="both-{code}">{words}, nebeneinander</option>' in body
    assert "both-de" not in body


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


SMILE = "\U0001f600"


def test_an_emoji_in_a_note_is_said_and_left_out_of_the_paper(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: ord(sign) < 0x1F000)
    notes = {"answer-B1": "unclear", "note-B1": f"They laughed {SMILE} at me", "who-B1": "Mia"}
    said = "The PDF leaves out these small pictures, since they cannot be printed"
    for address in ("/checklists/before/", "/checklists/before/plan/"):
        assert f"{said}: {SMILE}" in body_of(client, address, **notes)
        assert said not in body_of(client, address, **notes | {"note-B1": "They laughed"})
    pdf = client.post("/checklists/before/paper/", {"what": "answers", **notes}).content
    with pypdfium2.PdfDocument(pdf) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert "They laughed at me" in " ".join(text.split())
    assert SMILE not in text


@pytest.mark.parametrize(("prefix", "said"), [("/es", "omite"), ("/de", "fehlen"), ("/fr", "omet")])
def test_an_emoji_is_said_in_the_language_of_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, prefix: str, said: str
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: ord(sign) < 0x1F000)
    page = body_of(client, f"{prefix}/checklists/before/plan/", **{"note-B1": SMILE})
    assert re.search(f"{said}[^<]*: {SMILE}", page)


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


def test_a_busy_printer_says_so_and_loses_nothing(
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
