"""The PDF: tagged, neutral, complete, closed to the world, and with the right glyphs."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from companion.letters import pdf
from companion.letters.catalogue import catalogue
from companion.letters.facts import LINES_LIMIT
from companion.letters.letter import Letter, reader_copy
from companion.web.letters.printed import letter_html
from tests.letters.builders import REFERENCE, make_letter

SECRETS = ("Díaz", "Valley", "0815", "Springfield")


def make_pdf(letter: Letter | None = None, **options: Any) -> bytes:
    letter = letter or make_letter(accession="EX-0815")
    return pdf.render(letter_html(letter, **options), language=letter.language)


@cache
def whole() -> bytes:
    """The patient's sheet, the letter and the reader's copy in one file."""
    letter = make_letter(accession="EX-0815")
    copy = reader_copy(make_letter(language="es", accession="EX-0815"), catalogue(), "en")
    return make_pdf(letter, copy=copy, cover=copy)


def text_of(body: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=body, check=True, capture_output=True
    ).stdout.decode()


def tags(node: Any) -> Iterator[str]:
    """The structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from tags(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from tags(node.K)


def test_the_file_is_tagged_and_says_its_language_and_title() -> None:
    opened = pikepdf.open(io.BytesIO(whole()))
    assert bool(opened.Root.MarkInfo.Marked)
    assert str(opened.Root.Lang) == "en"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == f"Letter {REFERENCE}"


def spoken(body: bytes) -> list[tuple[str, str]]:
    """Each piece of text in reading order, in the language that a screen reader speaks."""
    opened = pikepdf.open(io.BytesIO(body))
    texts = {page.objgen: texts_of(page) for page in opened.pages}
    found: list[tuple[str, str]] = []

    def walk(node: Any, language: str, page: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one, language, page)
        elif isinstance(node, pikepdf.Dictionary):
            walk(node.get("/K", []), str(node.get("/Lang", language)), node.get("/Pg", page))
        elif page is not None:
            found.append((language, texts[page.objgen].get(int(node), "")))

    walk(opened.Root.StructTreeRoot.K, str(opened.Root.Lang), None)
    return found


def texts_of(page: pikepdf.Page) -> dict[int, str]:
    """What is drawn under each mark of a page, as glyph names: enough to tell one apart."""
    found: dict[int, str] = {}
    mark = None
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "BDC" and "/MCID" in operands[1]:
            mark = int(operands[1].MCID)
        elif operator == "EMC":
            mark = None
        elif operator in ("Tj", "TJ") and mark is not None:
            found[mark] = found.get(mark, "") + str(operands)
    return found


def languages_of(body: bytes) -> dict[str, int]:
    """How many pieces of text are spoken in each language."""
    return dict(Counter(language for language, text in spoken(body) if text))


def test_each_part_is_spoken_in_its_own_language() -> None:
    letter, copy = make_letter(), reader_copy(make_letter(language="es"), catalogue(), "en")
    alone, both, all_three = (
        languages_of(make_pdf(letter, **options))
        for options in ({}, {"copy": copy}, {"copy": copy, "cover": copy})
    )
    assert set(alone) == {"en"}
    assert both["en"] == alone["en"]
    assert both["es"] == pytest.approx(alone["en"], rel=0.2)
    assert all_three["en"] == alone["en"]
    assert all_three["es"] > both["es"]


def test_the_copy_of_a_slip_is_spoken_in_its_own_language() -> None:
    slip = make_letter("consent-addendum", study_list=None)
    spanish = make_letter("consent-addendum", language="es", study_list=None)
    found = languages_of(make_pdf(slip, copy=reader_copy(spanish, catalogue(), "en")))
    assert found["en"] > found["es"] > 20


def test_words_of_another_language_within_a_part_are_spoken_so() -> None:
    html = (
        '<!doctype html><html lang="en"><head><title>t</title></head><body><p>One</p>'
        '<section lang="es"><p>Dos <b lang="en">three</b> cuatro</p>'
        "<ul><li>cinco</li></ul></section><p>Six</p></body></html>"
    )
    languages = [language for language, text in spoken(pdf.render(html, language="en")) if text]
    # The bullet of the list is a piece of its own.
    assert languages == ["en", "es", "en", "es", "es", "es", "en"]


def test_headings_and_lists_are_tagged_in_order() -> None:
    opened = pikepdf.open(io.BytesIO(make_pdf()))
    found = list(tags(opened.Root.StructTreeRoot.K))
    headings = [tag for tag in found if re.fullmatch(r"/H\d", tag)]
    assert headings[0] == "/H1"
    assert set(headings[1:]) == {"/H2"}
    assert headings.count("/H1") == 1
    assert found.count("/L") >= 3
    assert found.count("/LI") >= 10


def test_nothing_of_the_patient_is_in_the_metadata() -> None:
    opened = pikepdf.open(io.BytesIO(whole()))
    with opened.open_metadata() as metadata:
        said = str(metadata) + repr(dict(opened.docinfo))
    for secret in SECRETS:
        assert secret not in said


def test_all_fonts_are_embedded() -> None:
    listed = subprocess.run(
        ["pdffonts", "-"], input=whole(), check=True, capture_output=True
    ).stdout.decode()
    rows = [line.split() for line in listed.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" for row in rows), listed


@pytest.mark.parametrize(("jurisdiction", "size"), [("us", (612, 792)), ("eu-de", (595, 842))])
def test_the_paper_is_that_of_the_place(jurisdiction: str, size: tuple[int, int]) -> None:
    opened = pikepdf.open(io.BytesIO(make_pdf(make_letter(jurisdiction=jurisdiction))))
    box = [round(float(one)) for one in opened.pages[0].mediabox]
    assert (box[2], box[3]) == size


@pytest.mark.parametrize(
    ("jurisdiction", "left", "top"),
    # Millimetres in which the windows of usual envelopes agree, see static/css/print.css.
    [
        ("us", (22, 111), (61, 81)),
        ("eu-it", (22, 115), (56, 90)),
        ("eu-de", (25, 105), (62, 90)),
        ("eu-at", (25, 105), (62, 90)),
        ("eu-fr", (100, 190), (45, 79)),
        ("ch", (122, 193), (44, 69)),
    ],
)
def test_the_address_stands_in_the_envelopes_window(
    jurisdiction: str, left: tuple[float, float], top: tuple[float, float]
) -> None:
    boxes = text_of(make_pdf(make_letter(jurisdiction=jurisdiction)), "-bbox", "-l", "1")
    words = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(\w+)<', boxes
    )
    (found,) = [row for row in words if row[4] == "Valley"]
    last = next(row for row in words if row[4] == "62701")
    millimetres = [float(one) * 25.4 / 72 for one in (*found[:2], *last[2:4])]
    assert left[0] <= millimetres[0] <= millimetres[2] <= left[1]
    assert top[0] <= millimetres[1] <= millimetres[3] <= top[1]


@pytest.mark.parametrize(
    ("jurisdiction", "language", "low"),
    [("eu-de", "de", 90), ("eu-at", "de", 90), ("eu-fr", "fr", 79)],
)
def test_an_address_of_six_lines_stays_in_the_window(
    jurisdiction: str, language: str, low: int
) -> None:
    address = ["Haus 4", "Bâtiment Sainte-Marguerite", "12 Long Street", "69437 Lyon Lastline"]
    letter = make_letter(jurisdiction=jurisdiction, language=language, recipient_address=address)
    assert len(letter.recipient) == 6
    boxes = text_of(make_pdf(letter), "-bbox", "-l", "1")
    bottom = re.findall(r'yMax="([\d.]+)">Lastline', boxes)[0]
    assert float(bottom) * 25.4 / 72 <= low


@pytest.mark.parametrize("jurisdiction", ["us", "eu-de", "eu-fr", "ch"])
def test_the_longest_address_is_not_printed_over(jurisdiction: str) -> None:
    most = LINES_LIMIT["recipient_address"]
    address = [*(f"Wing {number}" for number in range(most - 1)), "Lastline"]
    letter = make_letter(jurisdiction=jurisdiction, recipient_address=address)
    boxes = text_of(make_pdf(letter), "-bbox", "-l", "1")
    rows = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(\w+)', boxes)
    ends = next(float(bottom) for _, bottom, word in rows if word == "Lastline")
    begins = next(float(top) for top, _, word in rows if word == "whom")
    assert ends < begins
    assert [row for row in rows if ends < float(row[0]) < begins]  # the date, the subject


def test_each_part_counts_its_own_pages() -> None:
    text = text_of(whole())
    assert "Su propia hoja, página 1 de 1" in text
    assert "Page 1 of 2" in text
    assert "Page 2 of 2" in text
    assert "Copia para leer, página 1 de 2" in text


def test_the_sheet_to_keep_shows_the_days_and_what_to_keep() -> None:
    letter = make_letter(sent_on="2026-11-20", method="post")
    text = text_of(make_pdf(letter, cover=letter), "-l", "1", "-layout")
    assert "Keep this sheet. Do not send it." in text
    assert "December 23, 2026 to December 25, 2026" in text
    assert "Never send your Social Security number." in text


def test_the_slip_is_half_a_page_with_three_boxes_and_a_copy_below_the_cut() -> None:
    slip = make_letter("consent-addendum", study_list=None)
    body = make_pdf(slip)
    assert len(pikepdf.open(io.BytesIO(body)).pages) == 1
    text = text_of(body, "-layout")
    assert text.count("☐") == 6
    first, second = text.split("Cut here")
    for half in (first, second):
        assert half.count("☐") == 3
        assert "Received by (staff name)" in half
        assert "I consent to the scan ordered for my care." in half


def test_the_slip_in_large_print_has_letters_of_17_points_or_more() -> None:
    body = make_pdf(make_letter("consent-addendum", study_list=None), large=True)
    document = pypdfium2.PdfDocument(body)
    assert len(document) == 2
    boxes = text_of(body, "-bbox", "-l", "1")
    heights = [
        float(bottom) - float(top)
        for top, bottom in re.findall(
            r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">consent<', boxes
        )
    ]
    assert heights
    assert min(heights) >= 17


def test_markup_that_was_typed_is_shown_and_not_obeyed() -> None:
    typed = '<img src="http://127.0.0.1:9/x"><script>1</script>'
    assert "<script>" in text_of(make_pdf(make_letter(accession=typed)))


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.png", "https://example.org/x", "file:///etc/passwd",
     "ftp://127.0.0.1/x", "companion:../../manage.py", "companion:/etc/passwd",
     "data:text/html,x", "companion:print.css?x", "/etc/passwd"],
)  # fmt: skip
def test_nothing_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        pdf.RefusingFetcher().fetch(address)


def test_a_page_that_asks_for_a_file_prints_without_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">CANARY</text></svg>')
    html = (
        f'<!doctype html><html lang="en"><head><title>t</title>'
        f'<link rel="stylesheet" href="file://{secret}"></head><body><p>Text</p>'
        f'<img alt="" src="file://{secret}"><a rel="attachment" href="file://{secret}">x</a>'
    )
    body = pdf.render(html, language="en")
    assert b"CANARY" not in body
    assert "Text" in text_of(body)
    assert "/EmbeddedFiles" not in str(pikepdf.open(io.BytesIO(body)).Root.keys())


def test_a_page_in_another_language_than_said_is_refused() -> None:
    with pytest.raises(ValueError, match="language"):
        pdf.render('<html lang="es"><title>t</title>', language="en")


# --- Glyphs: text that can be copied out says nothing about what is drawn ---------------

SCRIPTS = {
    "Latin": "Łukasz Żółć Müller Ñandú Øğş Čřž Þórr Ħāșț",
    "Vietnamese": "Nguyễn Thị Phương Đặng Hữu",
    "Greek": "Ελένη Παπαδοπούλου Ώ",
    "Cyrillic": "Їжакевич Щукин Ђорђе",
    "Arabic": "محمد عبد الله",
    "Hebrew": "דוד בן־גוריון",
    "Devanagari": "श्रीमती ऋषिकेश",
    "Chinese": "张伟 龍鳳",
    "Japanese": "山田 太郎 ゆかり ガク",
    "Korean": "김철수 박영희",
    "Thai": "สมชาย ใจดี",
}
FONTS = {
    "Arabic": "Noto Sans Arabic",
    "Hebrew": "Noto Sans Hebrew",
    "Devanagari": "Noto Sans Devanagari",
    "Chinese": "Noto Sans CJK JP",
    "Japanese": "Noto Sans CJK JP",
    "Korean": "Noto Sans CJK JP",
    "Thai": "Noto Sans Thai",
}
LINE = 40  # points of letter size: large enough that a wrong glyph is many pixels


def drawn(body: bytes) -> Image.Image:
    """The first page as black ink on white, cut to what is drawn."""
    page = pypdfium2.PdfDocument(body)[0].render(scale=2, grayscale=True).to_pil()
    return ink_of(page.convert("L"))


def ink_of(picture: Image.Image) -> Image.Image:
    ink = ImageChops.invert(picture).point(lambda value: 255 if value > 110 else 0)
    return ink.crop(ink.getbbox())


def by_chromium(text: str, font: str, page: Page) -> Image.Image:
    """The same text drawn by another program, without WeasyPrint and without a PDF."""
    page.set_content(
        f"<style>body {{ margin: 40px; background: #fff; font: {LINE}pt '{font}'; "
        f"line-height: 2; white-space: nowrap }}</style>{text}"
    )
    shot = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return ink_of(shot)


def by_weasyprint(text: str) -> Image.Image:
    html = (
        '<!doctype html><html lang="en"><head><title>t</title>'
        '<link rel="stylesheet" href="companion:print.css"></head>'
        f'<body><h1 class="glyphs">{text}</h1></body></html>'
    )
    style = (
        "<style>@page { size: 500mm 200mm; margin: 10mm; @bottom-right { content: none } } "
        f".glyphs {{ font-size: {LINE}pt; font-weight: normal }}</style>"
    )
    return drawn(pdf.render(html.replace("</head>", style + "</head>"), language="en"))


def difference(left: Image.Image, right: Image.Image) -> float:
    """The part of ink that is in one picture and not in the other, at one size."""
    right = right.resize(left.size)
    apart = ImageChops.difference(left, right)
    ink = sum(left.histogram()[128:]) + sum(right.histogram()[128:])
    return sum(apart.histogram()[128:]) / ink


@pytest.fixture
def paper(browser: Browser) -> Iterator[Page]:
    """A blank page of the browser, at the scale of the PDF's picture (2 x 72 dpi)."""
    context = browser.new_context(viewport={"width": 1800, "height": 300}, device_scale_factor=1.5)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_is_drawn_as_its_own_font_draws_it(script: str, paper: Page) -> None:
    text = SCRIPTS[script]
    expected = by_chromium(text, FONTS.get(script, "Noto Sans"), paper)
    assert difference(expected, by_weasyprint(text)) < 0.15
    # That the comparison tells right from wrong: the same letters in another order.
    wrong = text[:1] + text[1:-1][::-1] + text[-1:]
    assert difference(expected, by_weasyprint(wrong)) > 0.3
