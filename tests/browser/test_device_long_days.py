"""The page on the device in what takes long: many files, a tab left alone, a disc taken out, memory
that does not suffice, a way back after all was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from companion.web.scans.device.views import _FILES
from tests.browser.device_page import READY_MS, get_ready, read, trapped
from tests.browser.scan_page import TOKEN, scan_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
    pytest.mark.timeout(1800),
]
LONG_MS = 1_500_000
BEGUN = "() => /[1-9]/.test(document.getElementById('device-progress').textContent)"
"""The page tells of bytes that were read."""
NO_MEMORY = """
for (const name of ["instantiate", "instantiateStreaming"]) {
  const refused = "WebAssembly: Out of memory: Cannot allocate Wasm memory for new instance";
  WebAssembly[name] = () => Promise.reject(new RangeError(refused));
}
"""
"""What a worker meets on a device that has none left, in the words of Chromium."""


def wait_for_report(page: Page) -> None:
    page.wait_for_selector(
        "#report-title, #device-fault:not([hidden])", state="visible", timeout=LONG_MS
    )
    assert page.is_hidden("#device-fault"), page.inner_text("#device-fault")


def test_a_folder_of_twenty_thousand_files_is_read_whole(ready: Page, tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    scans = 0
    for number in range(_FILES):
        folder = disc / f"{number // 500:02}"
        folder.mkdir(parents=True, exist_ok=True)
        is_scan = number % 1000 == 0
        scans += is_scan
        data = scan_file()["buffer"] if is_scan else b"note %d\n" % number
        (folder / f"{number:05}").write_bytes(data)

    ready.set_input_files("#device-folder", disc)
    assert "20,000 files" in ready.inner_text("#device-chosen")
    ready.click("#device-read")
    wait_for_report(ready)

    ready.click("label[for=show-values]")
    assert TOKEN in ready.inner_text("#device-page")
    with ready.expect_download() as download:
        ready.click("#report-form button[value=json]")
    text = Path(download.value.path()).read_text("utf-8")
    assert text.count('"status": "read"') + text.count('"status":"read"') == _FILES


def test_a_disc_taken_out_while_it_is_read_is_told(ready: Page, tmp_path: Path) -> None:
    before, large = tmp_path / "before.dcm", tmp_path / "large.dcm"
    before.write_bytes(scan_file()["buffer"])
    with large.open("wb") as file:
        file.write(scan_file()["buffer"])
        file.truncate(1_200_000_000)  # takes no place on this machine's disc
    ready.set_input_files("#device-files", [before, large])
    ready.click("#device-read")
    ready.wait_for_function(BEGUN)

    large.unlink()
    wait_for_report(ready)

    unread = ready.text_content("#unread") or ""
    assert "large.dcm" in unread
    assert "before.dcm" not in unread
    assert TOKEN in ready.content()


@pytest.fixture
def slow(device_parts: Path) -> Iterator[None]:
    """Parts whose engine is four seconds behind with a file that is named ``SLOW.dcm``."""
    with trapped(device_parts, "time.sleep(4 * name.endswith('SLOW.dcm'))"):
        yield


@pytest.mark.usefixtures("slow")
def test_a_machine_that_slept_while_reading_blames_no_file(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    page.clock.install()
    get_ready(page, live_server)
    page.set_input_files("#device-files", [scan_file("one.dcm"), scan_file("SLOW.dcm")])
    page.click("#device-read")
    page.wait_for_timeout(1500)
    assert page.is_visible("#device-reading")

    page.clock.fast_forward(3_600_000)
    wait_for_report(page)

    assert page.locator("#unread").count() == 0
    assert "2 files read" in (page.text_content("#device-progress") or "")
    page.close()


@pytest.mark.usefixtures("slow")
def test_a_tab_in_the_background_goes_on_where_it_was(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    page.set_input_files("#device-files", [scan_file("one.dcm"), scan_file("SLOW.dcm")])
    page.click("#device-read")
    line = page.context.new_cdp_session(page)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.wait_for_timeout(20_000)  # longer than a file may be silent
    line.send("Page.setWebLifecycleState", {"state": "active"})
    wait_for_report(page)

    assert page.locator("#unread").count() == 0
    page.close()


def test_too_little_memory_to_start_is_told_and_the_other_way_offered(
    browser: Browser, live_server: LiveServer
) -> None:
    def starve(route: Route) -> None:
        route.fulfill(body=NO_MEMORY + route.fetch().text(), content_type="text/javascript")

    page = browser.new_page()
    page.route("**/device-worker.js", starve)
    page.goto(f"{live_server.url}/scans/on-this-device/")
    page.click("#device-get-ready")

    page.wait_for_selector("#device-fault:not([hidden])", timeout=READY_MS)
    assert page.is_visible("[data-fault=memory]")
    assert page.locator("#device-fault").get_by_role("link", name="Send the files").is_visible()
    page.close()


@pytest.fixture
def starving(device_parts: Path) -> Iterator[None]:
    """Parts whose engine has no memory left at the second file."""
    with trapped(device_parts, "if name == 'two.dcm': raise MemoryError"):
        yield


@pytest.mark.usefixtures("starving")
def test_memory_that_ends_while_reading_is_told_and_fewer_files_can_be_chosen(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    page.set_input_files("#device-files", [scan_file("one.dcm"), scan_file("two.dcm")])
    page.click("#device-read")

    page.wait_for_selector("#device-fault:not([hidden])", timeout=READY_MS)
    assert page.is_visible("[data-fault=memory]")
    assert TOKEN not in page.content()

    page.get_by_role("link", name="Try again").click()
    page.click("#device-get-ready")
    page.wait_for_selector("#device-choose:not([hidden])", timeout=READY_MS)
    read(page, scan_file("one.dcm"))
    assert TOKEN in page.content()
    page.close()


def test_the_way_back_after_forgetting_leads_to_an_empty_page(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    read(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#device-page .forget").first.click()
    page.wait_for_selector("#device-forgotten:not([hidden])")
    page.locator("#device-forgotten").get_by_role("link", name="home").click()
    page.wait_for_url(f"{live_server.url}/")

    page.go_back()

    page.wait_for_selector("#device-start:not([hidden]), #device-forgotten:not([hidden])")
    assert page.is_hidden("#device-report")
    assert TOKEN not in page.content()
    assert page.evaluate("document.getElementById('device-files').files.length") == 0
    page.close()
