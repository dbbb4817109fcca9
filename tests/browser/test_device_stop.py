"""What is made of files that were read can be stopped, or fail, on the device: the report stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations
from tests.browser.device_page import READY_MS, change_language, get_ready, read, trapped
from tests.browser.scan_page import TOKEN, scan_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
]
SPEAKS = "#device-page[lang={}]"


@pytest.fixture
def slow(device_parts: Path) -> Iterator[None]:
    """Parts whose engine takes six seconds for a file that is named ``SLOW.dcm``, and a minute
    for a receipt."""
    with trapped(device_parts, "time.sleep(6 * name.endswith('SLOW.dcm'))", "time.sleep(60)"):
        yield


@pytest.mark.usefixtures("slow")
def test_a_copy_and_a_receipt_can_be_stopped_and_the_report_stays(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    read(page, scan_file("one.dcm"), scan_file("SLOW.dcm"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.check("#device-clean-form input[name=preset] >> nth=1")
    page.click("#device-clean-make")
    page.wait_for_selector("#device-cleaning:not([hidden])")

    page.click("#device-clean-stop")

    expect(page.locator("#device-clean-make")).to_be_focused()
    assert page.inner_text("#status") == "Stopped. Your report is still here."
    assert page.is_checked("#device-clean-form input[name=preset] >> nth=1")
    with page.expect_download(timeout=READY_MS) as download:
        page.click("#report-form button[value=json]")
    assert TOKEN in Path(download.value.path()).read_text("utf-8")

    page.click("#device-receipt-make")
    page.click("#device-proving-stop")
    expect(page.locator("#device-receipt-make")).to_be_focused()
    change_language(page, "es")
    page.wait_for_selector(SPEAKS.format("es"), timeout=READY_MS)

    page.click("#device-clean-make")
    page.wait_for_selector("#device-cleaned:not([hidden])", timeout=READY_MS)
    expect(page.locator("#device-account")).to_contain_text("2 archivos")
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    page.close()


@pytest.fixture
def starving(device_parts: Path) -> Iterator[None]:
    """Parts whose engine has no memory left when it reads for the second time, and none for a
    receipt."""
    seen = "_trapped.seen = getattr(_trapped, 'seen', 0) + 1"
    starve = f"{seen}; _trapped.seen < 2 or exec('raise MemoryError')"
    with trapped(device_parts, starve, "raise MemoryError"):
        yield


@pytest.mark.usefixtures("starving")
def test_a_copy_or_a_receipt_that_fails_is_told_and_the_report_stays(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    read(page)
    page.check("#device-clean-form input[name=preset] >> nth=0")
    page.click("#device-clean-make")

    expect(page.locator("#device-clean-failed")).to_be_focused(timeout=READY_MS)

    assert page.is_visible("#device-clean-form")
    assert axe_violations(page) == []
    page.click("#device-receipt-make")
    expect(page.locator("#device-receipts-failed")).to_be_focused(timeout=READY_MS)
    assert page.is_visible("#report-title")
    assert axe_violations(page) == []
    with page.expect_download(timeout=READY_MS) as download:
        page.click("#report-form button[value=csv]")
    assert TOKEN in Path(download.value.path()).read_text("utf-8")
    page.close()
