"""The scan journey in a browser: with script and without, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations, enlarge_text
from tests.browser.scan_page import TOKEN, choose, scan_file, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def accept_dialogs(page: Page) -> list[str]:
    """The kinds of dialogs that the page opens from now on; each is accepted."""
    kinds: list[str] = []

    def accept(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return kinds


# --- The journey -----------------------------------------------------------------------


def test_files_become_a_report_that_takes_the_focus(page: Page, live_server: LiveServer) -> None:
    choose(page, live_server)
    assert page.evaluate("document.activeElement.id") == "report-title"
    assert page.title() == "Your report"
    assert "your name" in page.inner_text(".report-story .lede")


def test_values_hide_until_one_switch_shows_them_all(page: Page, live_server: LiveServer) -> None:
    choose(page, live_server)
    assert TOKEN not in page.inner_text("main")
    page.check("#show-values", force=True)
    assert TOKEN in page.inner_text("main")
    page.uncheck("#show-values", force=True)
    assert TOKEN not in page.inner_text("main")


def test_the_journey_without_script(without_script: Page, live_server: LiveServer) -> None:
    page = without_script
    choose(page, live_server)
    assert "your name" in page.inner_text(".report-story .lede")
    assert TOKEN not in page.inner_text("main")
    page.check("#show-values", force=True)
    assert TOKEN in page.inner_text("main")
    with page.expect_download() as download:
        page.click("button[value=json]")
    assert json.loads(download.value.path().read_bytes())["format"] == "companion-report"
    page.locator(".forget").first.click()
    expect(page.locator("h1")).to_contain_text("Everything is forgotten")
    with suppress(Error):  # the browser has nothing to go back to: ERR_CACHE_MISS
        page.go_back()
    page.wait_for_timeout(500)
    assert TOKEN not in page.content()


def test_the_journey_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/")
    page.set_input_files("#id_files", [scan_file()])  # the system's own window opens here
    page.focus("#id_files")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "read-files":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#report-title")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "show-values":
            break
    page.keyboard.press("Space")
    assert TOKEN in page.inner_text("main")
    assert page.inner_text("#status") == "The values are shown."
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('forget')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#forgotten-title")


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("width", [360, 1280])
def test_focus_is_never_under_the_bar_that_stays(
    browser: Browser, live_server: LiveServer, width: int, percent: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740})
    try_sample(page, live_server)
    enlarge_text(page, percent)
    page.locator("#group-picture .finding summary").first.focus()
    for key in ["Shift+Tab"] * 12 + ["Tab"] * 12:
        page.keyboard.press(key)
        top, bar = page.evaluate(
            "[document.activeElement.getBoundingClientRect().top,"
            " document.getElementById('report-bar').getBoundingClientRect().bottom]"
        )
        assert top >= bar or page.evaluate("document.activeElement.id") == "show-values"
    assert page.locator("#report-bar").bounding_box()["height"] < 740 / 5
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_switch_leaves_the_page_where_it_is(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740})
    try_sample(page, live_server)
    # Where the page is long below, and nothing above the view changes its height.
    page.evaluate("window.scrollTo(0, document.querySelector('#files').offsetTop - 300)")
    page.wait_for_timeout(200)
    seen = "document.querySelector('#files').getBoundingClientRect().top"
    before = page.evaluate(seen)
    for _ in range(2):
        page.locator(".switch-knob").click()
        page.wait_for_timeout(200)
        assert abs(page.evaluate(seen) - before) < 5
    page.close()


# --- A report that no address brings back ----------------------------------------------


def test_a_next_step_opens_beside_the_report(page: Page, live_server: LiveServer) -> None:
    choose(page, live_server)
    page.locator("#group-who-you-are .advice summary").click()
    with page.expect_popup() as opened:
        page.locator("#do-who-you-are a[href^='/letters/']").first.click()
    assert "/letters/" in opened.value.url
    assert opened.value.evaluate("window.opener") is None
    assert "your name" in page.inner_text(".report-story .lede")


def test_a_link_to_advice_opens_the_fold_it_stands_in(page: Page, live_server: LiveServer) -> None:
    try_sample(page, live_server)
    page.locator("#group-who-you-are .finding summary").first.click()
    page.locator("a[href='#do-who-you-are']").first.click()
    assert page.locator("#do-who-you-are a[href^='/letters/']").first.is_visible()


def test_leaving_an_unsaved_report_is_asked_about(page: Page, live_server: LiveServer) -> None:
    asked = accept_dialogs(page)
    choose(page, live_server)
    page.click(".switch-knob")
    page.reload()
    assert asked == ["beforeunload"]


def test_leaving_a_saved_or_a_forgotten_report_is_not_asked_about(
    page: Page, live_server: LiveServer
) -> None:
    asked = accept_dialogs(page)
    choose(page, live_server)
    with page.expect_download():
        page.click("button[value=json]")
    page.goto(f"{live_server.url}/scans/")
    choose(page, live_server)
    page.locator(".forget").first.click()
    page.wait_for_selector("#forgotten-title")
    assert asked == []


def test_values_that_hide_are_read_out_as_hidden_and_no_dots(
    page: Page, live_server: LiveServer
) -> None:
    choose(page, live_server)
    said = page.locator("#group-who-you-are").aria_snapshot()
    assert "hidden" in said
    assert "•" not in said
    page.click(".switch-knob")
    said = page.locator("#group-who-you-are").aria_snapshot()
    assert "hidden" not in said
    assert "Jane Zanzibarova" in said


def test_after_forgetting_the_back_button_shows_nothing(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url)
    choose(page, live_server)
    page.locator(".forget").first.click()
    page.wait_for_selector("#forgotten-title")
    for _ in range(3):
        page.go_back()
        assert TOKEN not in page.content()
        assert page.locator("#report").count() == 0


def test_progress_is_shown_and_can_be_stopped(page: Page, live_server: LiveServer) -> None:
    held = []
    page.goto(f"{live_server.url}/scans/")
    page.route("**/scans/", lambda route: held.append(route))
    page.set_input_files("#id_files", [scan_file()])
    assert "1 file chosen" in page.inner_text("#chosen")
    page.click("#read-files")
    page.wait_for_selector("#progress:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "progress-title"
    page.click("#cancel")
    assert "Nothing was kept." in page.inner_text("#chosen")
    assert "Nothing was kept." in page.inner_text("#status")
    assert page.locator("#scan-form").is_visible()
    assert held


def test_a_lost_line_is_said_calmly(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/")
    page.route("**/scans/", lambda route: route.abort())
    page.set_input_files("#id_files", [scan_file()])
    page.click("#read-files")
    page.wait_for_selector(".error-summary")
    assert "try again" in page.inner_text(".error-summary")
    assert "Nothing was kept." in page.inner_text(".error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary-title"
    assert page.inner_text("#status") == ""
    assert axe_violations(page) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 413, "content_type": "text/html", "body": "<html><h1>413</h1><hr>nginx"},
        {"status": 502, "content_type": "text/plain", "body": "bad gateway"},
        {"status": 504, "content_type": "text/html", "body": ""},
    ],
)
def test_a_page_that_is_none_of_ours_is_told_in_plain_words(
    page: Page, live_server: LiveServer, answer: dict[str, Any]
) -> None:
    page.route("**/scans/", lambda route: route.fulfill(**answer) if posted(route) else None)
    send_one(page, live_server)
    page.wait_for_selector("#error-summary-title")
    assert page.is_visible("#scan-form")
    assert page.is_hidden("#progress")


def test_a_server_that_says_nothing_any_more_is_given_up(
    page: Page, live_server: LiveServer
) -> None:
    page.route("**/scans/", posted)
    page.route("**/healthz", lambda route: route.abort())
    send_one(page, live_server)
    page.wait_for_selector("#error-summary-title", timeout=30_000)
    assert page.is_hidden("#progress")


def test_a_server_that_is_still_reading_is_waited_for(page: Page, live_server: LiveServer) -> None:
    page.route("**/scans/", posted)
    send_one(page, live_server)
    with page.expect_response("**/healthz"):
        pass
    page.wait_for_timeout(4_000)
    assert page.is_visible("#progress")


def posted(route: Route) -> bool:
    """Whether it is the upload; the page itself is left to the server."""
    if route.request.method == "POST":
        return True
    route.continue_()
    return False


def send_one(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/")
    page.set_input_files("#id_files", scan_file())
    page.click("#read-files")


def test_files_can_be_dropped(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/")
    page.evaluate(
        """(bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "dropped.dcm"));
          document.getElementById("scan-form").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        list(scan_file()["buffer"]),
    )
    page.wait_for_function("document.getElementById('chosen').textContent.includes('1 file')")
    assert page.evaluate("document.getElementById('id_files').files[0].name") == "dropped.dcm"
    page.click("#read-files")
    page.wait_for_selector("#report-title")
    assert "your name" in page.inner_text(".report-story .lede")


def test_a_folder_keeps_its_name_in_the_report(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    folder = tmp_path / "ZANZIBAROVA_JANE"
    folder.mkdir()
    (folder / "IM0001").write_bytes(scan_file()["buffer"])
    page.goto(f"{live_server.url}/scans/")
    page.set_input_files("#id_folder", str(folder))
    page.click("#read-files")
    page.wait_for_selector("#report-title")
    page.check("#show-values", force=True)
    assert "ZANZIBAROVA_JANE/IM0001" in page.inner_text("#files")


def test_an_empty_choice_is_answered_with_what_is_missing(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/scans/")
    page.click("#read-files")
    page.wait_for_selector(".error-summary")
    assert "Choose at least one file" in page.inner_text(".error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary-title"


def test_the_table_is_searched_by_name_tag_and_value(page: Page, live_server: LiveServer) -> None:
    try_sample(page, live_server)
    page.click("#elements summary")
    for wanted, found in [("station", "StationName"), ("(0018,1000)", "DeviceSerialNumber"),
                          ("sampleton general", "InstitutionName")]:  # fmt: skip
        page.fill("#element-search", wanted)
        shown = page.locator("#element-table tbody tr:not([hidden]) th").all_inner_texts()
        assert found in shown
        assert len(shown) < 10
    assert re.fullmatch(r"\d+ of \d+ entries", page.inner_text("#element-count"))


def test_the_report_changes_language_without_a_second_upload(
    page: Page, live_server: LiveServer
) -> None:
    choose(page, live_server)
    page.get_by_role("button", name="Español").click()
    page.wait_for_selector("html[lang=es] #report-title")
    assert "su nombre" in page.inner_text(".report-story .lede")


def test_a_saved_report_opens_again(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    choose(page, live_server)
    with page.expect_download() as download:
        page.click("button[value=json]")
    saved = tmp_path / "report.json"
    download.value.save_as(saved)
    page.goto(f"{live_server.url}/scans/")
    page.set_input_files("#id_saved", saved)
    page.get_by_role("button", name="Open it").click()
    page.wait_for_selector("#report-title")
    assert "A saved report" in page.inner_text("main")


def test_ticked_details_reach_the_letter_and_unticked_ones_do_not(
    page: Page, live_server: LiveServer
) -> None:
    choose(page, live_server, scan_file(InstitutionName="Sampleton General"))
    page.check("#fact-all-name")
    with page.context.expect_event("request", lambda r: "/letters/" in r.url) as sent:
        page.locator(".letter-buttons button").first.click()
    letter = sent.value
    assert letter.method == "POST"
    assert "name=Jane+Zanzibarova" in letter.post_data
    assert "from=report" in letter.post_data
    assert "Sampleton" not in letter.post_data
    assert "Zanzibarova" not in letter.url
    assert page.locator("#report").is_visible()


def test_nothing_is_stored_and_nobody_else_is_asked(
    context: BrowserContext, live_server: LiveServer
) -> None:
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    choose(page, live_server)
    assert all(url.startswith((live_server.url, "data:", "blob:")) for url in asked)
    assert not any("Zanzibarova" in url for url in asked)
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
