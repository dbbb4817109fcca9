"""The page on the device when something is missing: the network, a file, time, a browser's part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.device_page import READY_MS, change_language, get_ready, read, trapped
from tests.browser.scan_page import TOKEN, scan_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
]
ADDRESS = "/scans/on-this-device/"
KEPT = "async () => (await caches.keys()).length"
REGISTERED = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def test_the_page_opens_again_without_a_network_and_forgets_on_request(
    ready: Page, live_server: LiveServer
) -> None:
    assert ready.is_visible("#device-kept")
    ready.context.set_offline(True)

    again = ready.context.new_page()
    get_ready(again, live_server)
    assert again.is_visible("#device-kept")
    read(again)
    again.click("label[for=show-values]")
    assert TOKEN in again.inner_text("#device-page")

    again.on("dialog", lambda dialog: dialog.accept())
    again.locator("#device-page .forget").first.click()
    again.wait_for_selector("#device-forgotten:not([hidden])")
    again.wait_for_function("async () => !(await caches.keys()).length")
    assert (again.evaluate(KEPT), again.evaluate(REGISTERED)) == (0, 0)
    again.go_back()
    assert TOKEN not in again.content()


def test_opened_again_without_a_network_the_whole_page_still_speaks_each_language(
    ready: Page, live_server: LiveServer
) -> None:
    ready.context.set_offline(True)
    again = ready.context.new_page()
    get_ready(again, live_server)

    change_language(again, "de")

    assert again.get_attribute(".site-footer", "lang") == "de"
    assert "Was wir mit Ihren Dateien machen" in again.inner_text(".site-footer")


@pytest.mark.parametrize(
    "without",
    [
        "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'))",
        "delete window.caches",
    ],
    ids=["full", "no-place"],
)
def test_a_browser_that_cannot_keep_the_page_reads_all_the_same_and_it_is_said(
    page: Page, live_server: LiveServer, without: str
) -> None:
    page.add_init_script(without)
    get_ready(page, live_server)
    assert page.is_visible("#device-not-kept")
    assert page.is_hidden("#device-kept")
    read(page)


def test_an_older_program_that_was_kept_is_not_used(
    ready: Page, live_server: LiveServer, device_parts: Path
) -> None:
    """As after an update of the site: the page that comes is new, what is kept is old."""
    ready.evaluate(
        """async () => {
          const kept = await caches.open('on-this-device');
          for (const { url } of await kept.keys()) {
            if (url.includes('engine.pack')) await kept.put(url, new Response('old'));
          }
          await kept.put('/static/device/gone.pack', new Response('old'));
        }"""
    )

    again = ready.context.new_page()
    get_ready(again, live_server)

    read(again)
    engine = (device_parts / "device" / "engine.pack").stat().st_size
    sizes = again.evaluate(
        """async () => {
          const kept = await caches.open('on-this-device');
          const sizes = {};
          for (const request of await kept.keys()) {
            const name = request.url.split('/').pop();
            sizes[name] = (await (await kept.match(request)).arrayBuffer()).byteLength;
          }
          return sizes;
        }"""
    )
    assert sizes["engine.pack"] == engine
    assert "gone.pack" not in sizes


def test_two_tabs_read_side_by_side(ready: Page, live_server: LiveServer) -> None:
    other = ready.context.new_page()
    get_ready(other, live_server)

    read(ready, scan_file(PatientName="Aalto^Ida"))
    read(other, scan_file(PatientName="Brook^Tom"))

    assert "Aalto" in ready.content()
    assert "Brook" not in ready.content()
    assert "Brook" in other.content()


def test_files_that_vanish_are_named_and_names_may_be_in_any_script(
    ready: Page, tmp_path: Path
) -> None:
    names = ["Снимок.dcm", "扫描.dcm", "صورة.dcm", "סריקה.dcm", "স্ক্যান.dcm", "gone.dcm"]
    for name in names:
        (tmp_path / name).write_bytes(scan_file()["buffer"])
    ready.set_input_files("#device-files", [tmp_path / name for name in names])
    (tmp_path / "gone.dcm").unlink()

    ready.click("#device-read")
    ready.wait_for_selector("#report-title", timeout=READY_MS)

    shown = ready.text_content("#device-page") or ""
    assert all(name in shown for name in names)
    assert "gone.dcm" in (ready.text_content("#unread") or "")
    assert "扫描.dcm" not in (ready.text_content("#unread") or "")


def test_a_browser_without_webassembly_is_offered_the_other_way(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(f"{live_server.url}{ADDRESS}")

    assert page.is_visible("[data-fault=old]")
    assert page.locator("#device-fault").get_by_role("link", name="Send the files").is_visible()
    page.close()


def test_a_line_that_breaks_off_is_told_and_the_other_way_offered(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    page.route("**/pyodide.asm.wasm", lambda route: route.abort())
    page.goto(f"{live_server.url}{ADDRESS}")
    page.click("#device-get-ready")

    page.wait_for_selector("[data-fault=line]:not([hidden])", timeout=READY_MS)
    assert page.locator("#device-fault").get_by_role("link", name="Send the files").is_visible()
    page.close()


@pytest.fixture
def hanging(device_parts: Path) -> Iterator[None]:
    """Parts whose engine never comes back from a file that is named ``HANG.dcm``."""
    with trapped(device_parts, "while name.endswith('HANG.dcm'): pass"):
        yield


@pytest.mark.usefixtures("hanging")
def test_a_file_that_hangs_is_given_up_and_named_and_the_rest_is_read(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)

    read(page, scan_file("before.dcm"), scan_file("HANG.dcm"), scan_file("later.dcm"))

    unread = page.text_content("#unread") or ""
    assert "HANG.dcm" in unread
    assert "before.dcm" not in unread
    assert "later.dcm" not in unread
    assert TOKEN in page.content()
    page.close()
