"""The pictures of a report on its page, in its downloads and on paper."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
from collections.abc import Iterator

import pikepdf
import pytest
from django.test import Client
from PIL import Image

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.scans.findings import Report
from companion.web import pdf_pool
from companion.web.scans.report import carried_pictures
from companion.web.scans.report.paper_pictures import on_paper
from companion.web.scans.report.printed import report_html
from tests.web.responses import Response
from tests.web.scans.posting import carried, text_of
from tests.web.scans.report.pictures import (
    NAME,
    SIDE,
    draw_picture,
    make_face,
    make_pictures_report,
    make_thumbnail,
    make_words,
)
from tests.web.scans.report.reports import make_finding
from tests.web.scans.report.test_pictures import part_of


def fields(report: Report) -> dict[str, str | list[str]]:
    """What the page's form sends of ``report``."""
    return {**carried(report), "picture": [carried_pictures.pack(t) for t in report.thumbnails]}


def opened(client: Client, report: Report, prefix: str = "") -> Response:
    return client.post(f"{prefix}/scans/open/", fields(report))


def section(answer: Response) -> str:
    return re.search(r'<section[^>]* id="pictures".*?</section>', answer.text, re.DOTALL)[0]


@pytest.fixture(scope="module")
def printers() -> Iterator[None]:
    yield
    pdf_pool.close()


# --- On the page -----------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_pictures_stay_when_the_page_is_asked_for_in_another_language(
    client: Client, prefix: str
) -> None:
    part = section(opened(client, make_pictures_report(), prefix))
    assert part.count("<img") == 1
    assert 'src="data:image/jpeg;base64,' in part


def test_the_page_may_show_pictures_that_it_holds_and_no_others(client: Client) -> None:
    answer = opened(client, make_pictures_report())
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert " style=" not in section(answer)
    assert re.findall(r'<img src="(?!data:image/(?:jpeg|png);base64,)', answer.text) == []


def test_every_word_that_is_outlined_is_covered_and_hides_with_the_values(client: Client) -> None:
    part = section(opened(client, make_pictures_report()))
    marks = re.findall(r'<rect class="mark" ([^/]*)/>', part)
    covers = re.findall(r'<rect class="cover" ([^/]*)/>', part)
    assert marks
    assert set(marks) <= set(covers)
    assert len(covers) == 2
    text = re.search(r'<span class="value">.*?ZANZIBAROVA JANE', part)
    assert text
    assert 'id="show-values"' in opened(client, make_pictures_report()).text


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_numbers_of_the_drawing_are_plain_in_every_language(client: Client, prefix: str) -> None:
    part = section(opened(client, make_pictures_report(), prefix))
    for x, y in re.findall(r'<rect class="\w+" x="([^"]*)" y="([^"]*)"', part):
        assert x.isdigit()
        assert y.isdigit()


def test_the_part_stands_before_the_groups_where_something_was_found(client: Client) -> None:
    found = opened(client, make_pictures_report(make_finding(), make_words())).text
    clean = opened(client, make_pictures_report(make_finding())).text
    assert found.index('id="pictures"') < found.index('id="ai"')
    assert clean.index('id="pictures"') > clean.index('id="ai"')


def test_names_of_files_hide_in_the_part_where_they_are_values(client: Client) -> None:
    told = make_finding("file-name-echo", group="hidden", place="file-name")
    part = section(opened(client, make_pictures_report(told, make_words())))
    assert re.search(r'<span class="value"><bdi>CD/IM0000', part)


def test_a_hostile_name_of_a_file_stays_text(client: Client) -> None:
    report = make_pictures_report(thumbnails=(make_thumbnail(file='"><script>x</script>'),))
    answer = opened(client, report)
    assert "<script>x" not in answer.text


def test_a_picture_that_was_tampered_with_is_refused(client: Client) -> None:
    answer = client.post("/scans/open/", {**fields(make_pictures_report()), "picture": ["{}"]})
    assert answer.status_code == 422
    assert screens.passage("scans", "en", "errors", "changed") in text_of(answer)


def test_a_picture_weighs_once_though_the_form_carries_it_too(client: Client) -> None:
    bare = opened(client, make_pictures_report(thumbnails=()))
    whole = opened(client, make_pictures_report())
    image = len(make_thumbnail().image) * 4 / 3
    more = len(gzip.compress(whole.content)) - len(gzip.compress(bare.content))
    assert more < 1.25 * image + 1_000


# --- Saved -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_no_saved_file_but_the_pdf_ever_holds_a_picture(client: Client, kind: str) -> None:
    report = make_pictures_report()
    saved = client.post("/scans/save/", {**fields(report), "pictures": "yes", "as": kind})
    packed = json.loads(carried_pictures.pack(report.thumbnails[0]))["image"]
    assert packed[:60].encode() not in saved.content
    assert b"ZANZIBAROVA JANE" in saved.content
    if kind == "json":
        box = json.loads(saved.content)["findings"][0]["boxes"][0]
        assert (box["x"], box["y"]) == (NAME.x, NAME.y)


@pytest.mark.usefixtures("printers")
@pytest.mark.parametrize("asked", [False, True])
def test_the_pdf_holds_the_pictures_only_where_they_were_asked_for(
    client: Client, asked: bool
) -> None:
    report = make_pictures_report(make_words(), make_face())
    more = {"pictures": "yes"} if asked else {}
    saved = client.post("/scans/save/", {**fields(report), **more, "as": "pdf"})
    assert saved.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(saved.content)) as pdf:
        sizes = [
            (int(image.Width), int(image.Height))
            for page in pdf.pages
            for image in page.get_images().values()
        ]
    assert ((240, 240) in sizes) is asked


def brightest(data: bytes) -> int:
    """Of what is well within the box of the name in a small picture of 240 pixels."""
    scale = 240 / SIDE
    left, top = round((NAME.x + 6) * scale), round((NAME.y + 6) * scale)
    right = round((NAME.x + NAME.width - 6) * scale)
    bottom = round((NAME.y + NAME.height - 6) * scale)
    inside = Image.open(io.BytesIO(data)).convert("L").crop((left, top, right, bottom))
    return int(inside.getextrema()[1])  # type: ignore[arg-type]


def jpeg(data_url: str) -> bytes:

    return base64.b64decode(data_url.partition(",")[2])


@pytest.mark.parametrize("values", [False, True])
def test_on_paper_words_are_painted_over_in_the_pixels_unless_values_are_printed(
    values: bool,
) -> None:
    (picture,) = on_paper(part_of(make_pictures_report()), values)
    assert brightest(draw_picture()) > 150
    assert (brightest(jpeg(picture.data_url)) > 150) is values


def test_a_picture_that_cannot_be_drawn_again_is_left_out_of_the_paper() -> None:
    broken = make_thumbnail(image=make_thumbnail().image[:300])
    assert list(on_paper(part_of(make_pictures_report(thumbnails=(broken,))), values=True)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_says_what_was_looked_at_with_and_without_pictures(language: str) -> None:
    report = make_pictures_report(make_words(), make_face())
    for asked in (False, True):
        page = report_html(report, language=language, values=False, pictures=asked)
        assert str(part_of(report, language).told) in html.unescape(page)
        assert "ZANZIBAROVA" not in page
        assert (str(part_of(report, language).pictures[0].alt) in page) is asked
