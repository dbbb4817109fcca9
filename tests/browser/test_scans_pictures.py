"""The pictures of a report in a browser: covered until asked for, reached by keyboard, printed
only where that was ticked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from companion.content.library import LANGUAGES
from companion.scans.findings import Report, Shows
from companion.web.scans.report import carried_pictures, keep
from tests.browser.checks import axe_violations, enlarge_text, overflows
from tests.web.scans.report.pictures import (
    DATE,
    NAME,
    draw_picture,
    make_face,
    make_pictures_report,
    make_thumbnail,
    make_words,
)
from tests.web.scans.report.reports import make_files, make_finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "ZANZIBAROVA"
_POST = """fields => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = location.pathname.replace(/scans\\/$/, 'scans/open/');
    for (const [name, value] of fields) {
        const field = document.createElement('input');
        field.type = 'hidden';
        field.name = name;
        field.value = value;
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}"""


def report_with_pictures() -> Report:
    """Words on the first of four pictures, a face, and frames that were not looked at."""
    files = make_files(4, frames=1, frames_looked_at=1)
    cut = replace(files[3], frames=40, frames_looked_at=3, notes=("frames-not-looked-at",))
    return make_pictures_report(
        make_finding(),
        make_words(values=(f"{WORDS} JANE", "1971-03-04"), boxes=(NAME, DATE)),
        make_face(),
        files=(*files[:3], cut),
        thumbnails=(
            make_thumbnail(),
            make_thumbnail(Shows.SERIES, file="CD/IM0001"),
            make_thumbnail(Shows.FACE, image=draw_picture(300, words=False)),
        ),
    )


def open_report(page: Page, live_server: LiveServer, report: Report, prefix: str = "") -> None:
    """Send ``report`` with its pictures, as the page's own form does."""
    page.goto(f"{live_server.url}{prefix}/scans/")
    fields = [["report", keep.pack(report)]]
    fields += [["picture", carried_pictures.pack(one)] for one in report.thumbnails]
    page.evaluate(_POST, fields)
    page.wait_for_selector("#report-title")


@pytest.fixture
def shown(page: Page, live_server: LiveServer) -> Page:
    open_report(page, live_server, report_with_pictures())
    return page


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    yield context.new_page()
    context.close()


def test_one_switch_uncovers_the_words_in_the_picture_and_beside_it(shown: Page) -> None:
    part = shown.locator("#pictures")
    covers = part.locator(".cover")
    assert covers.count() == 2
    assert covers.first.is_visible()
    assert WORDS not in part.inner_text()
    shown.check("#show-values", force=True)
    assert not covers.first.is_visible()
    assert part.locator(".mark").first.is_visible()
    assert WORDS in part.inner_text()
    shown.uncheck("#show-values", force=True)
    assert covers.first.is_visible()


def test_what_covers_a_word_lies_over_it_in_both_directions_of_writing(shown: Page) -> None:
    for direction in ("ltr", "rtl"):
        shown.evaluate(f"document.documentElement.dir = '{direction}'")
        picture = shown.locator(".seen-picture").first
        image, drawing = (picture.locator(part).bounding_box() for part in ("img", "svg"))
        assert image == drawing
        cover = picture.locator(".cover").first.bounding_box()
        scale = image["width"] / 512
        assert cover["x"] - image["x"] <= NAME.x * scale + 1
        assert cover["x"] + cover["width"] - image["x"] >= (NAME.x + NAME.width) * scale - 1


def test_a_picture_grows_and_the_face_opens_by_keyboard(shown: Page) -> None:
    box = shown.locator(".larger input").first
    before = shown.locator(".seen-picture").first.bounding_box()["width"]
    box.focus()
    shown.keyboard.press("Space")
    assert shown.locator(".seen-picture").first.bounding_box()["width"] > 2 * before
    face = shown.locator(".face img")
    assert not face.is_visible()
    shown.locator(".face summary").focus()
    shown.keyboard.press("Enter")
    assert face.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_part_is_accessible_covered_and_fully_opened(
    browser: Browser, live_server: LiveServer, language: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    open_report(
        page, live_server, report_with_pictures(), "" if language == "en" else f"/{language}"
    )
    assert axe_violations(page) == []
    page.check("#show-values", force=True)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert axe_violations(page) == []
    context.close()


def test_a_small_phone_with_large_text_needs_no_sideways_scrolling(
    narrow: Page, live_server: LiveServer
) -> None:
    open_report(narrow, live_server, report_with_pictures())
    narrow.check("#show-values", force=True)
    narrow.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert not overflows(narrow)
    enlarge_text(narrow)
    assert not overflows(narrow)


def test_all_of_it_works_without_script(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    fields = "".join(
        f"<textarea name='{name}'>{value}</textarea>"
        for name, value in [
            ("report", keep.pack(report_with_pictures())),
            *(("picture", carried_pictures.pack(t)) for t in report_with_pictures().thumbnails),
        ]
    )
    form = f"<form method=post action='/scans/open/'>{fields}<button>Go</button></form>"
    page.route("**/a-form", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto(f"{live_server.url}/a-form")
    page.click("button")
    page.wait_for_selector("#report-title")
    assert page.locator(".cover").first.is_visible()
    page.check("#show-values", force=True)
    assert not page.locator(".cover").first.is_visible()
    assert WORDS in page.locator("#pictures").inner_text()
    page.locator(".face summary").click()
    assert page.locator(".face img").is_visible()
    page.check("#pdf-pictures")
    with page.expect_download() as download:
        page.click("button[value=pdf]")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    context.close()


def test_pictures_are_sent_back_only_where_the_answer_shows_them(shown: Page) -> None:
    def sent(press: str) -> int:
        with shown.expect_request("**/scans/save/") as request, shown.expect_download():
            shown.click(press)
        return len(parse_qs(request.value.post_data or "").get("picture", []))

    assert sent("button[value=json]") == 0
    assert sent("button[value=pdf]") == 0
    shown.check("#pdf-pictures")
    assert sent("button[value=csv]") == 0
    assert sent("button[value=pdf]") == 3


def test_pictures_stay_in_the_other_language(shown: Page) -> None:
    shown.click("button.language[lang=es]")
    shown.wait_for_selector("html[lang=es]")
    assert shown.locator("#pictures img").count() == 3


def test_pictures_reach_paper_only_where_that_is_ticked(shown: Page) -> None:
    shown.emulate_media(media="print")
    assert not shown.locator(".seen-picture").first.is_visible()
    shown.emulate_media(media="screen")
    shown.check("#pdf-pictures")
    shown.emulate_media(media="print")
    assert shown.locator(".seen-picture").first.is_visible()
    assert shown.locator(".cover").first.is_visible()
