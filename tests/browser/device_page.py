"""What the browser tests of the page on the device share: getting ready, and reading."""

from __future__ import annotations

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.scan_page import scan_file

READY_MS = 120_000


def get_ready(page: Page, live_server: LiveServer, prefix: str = "") -> None:
    """Load everything and lock the page."""
    page.goto(f"{live_server.url}{prefix}/scans/on-this-device/")
    page.click("#device-get-ready")
    page.wait_for_selector(
        "#device-choose:not([hidden]), #device-fault:not([hidden])", timeout=READY_MS
    )
    assert page.is_visible("#device-choose"), page.inner_text("#device-fault")


def read(page: Page, *files: object) -> None:
    """Read files (a scan, if none is given) and wait for their report."""
    page.set_input_files("#device-files", list(files or [scan_file()]))  # type: ignore[arg-type]
    page.click("#device-read")
    page.wait_for_selector("#report-title", timeout=READY_MS)
