"""Reading in the visitor's own browser: it works, and it works offline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations
from tests.browser.device_page import get_ready, read
from tests.browser.scan_page import TOKEN, scan_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
]


def test_a_scan_is_read_with_the_network_off_and_nothing_is_asked_for(
    ready: Page, tmp_path: Path
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            asked.append(request.url)

    ready.on("request", note)
    ready.context.set_offline(True)

    read(ready)

    ready.click("label[for=show-values]")
    assert TOKEN in ready.inner_text("#device-page")
    with ready.expect_download() as download:
        ready.click("#report-form button[value=json]")
    saved = tmp_path / "report.json"
    download.value.save_as(saved)
    report = json.loads(saved.read_text("utf-8"))
    assert report["format"] == "companion-report"
    assert TOKEN in str(report["findings"])

    ready.click(".site-nav a.language")
    ready.wait_for_selector("text=Lo que estos archivos dicen")
    assert TOKEN in ready.inner_text("#device-page")
    assert asked == []

    ready.context.set_offline(False)
    ready.remove_listener("request", note)


def test_every_way_to_a_letter_shows_what_would_go_and_leads_to_that_letter(ready: Page) -> None:
    read(ready, scan_file(Manufacturer="Aidoc", SeriesDescription="AI result"))
    for closed in ready.locator("#device-page details").all():
        closed.evaluate("details => { details.open = true; }")
    buttons = ready.locator("#device-page form:not(#report-form) button").all()
    assert len(buttons) > 1

    for button in buttons:
        wanted = button.evaluate(
            "it => it.getAttribute('formaction') || it.form.getAttribute('action')"
        )
        button.click()
        link = ready.locator("#device-onward-link")
        asked = button.evaluate("it => it.form.querySelector('textarea')?.value ?? ''").strip()
        assert wanted.startswith("/letters/")
        assert asked in ready.inner_text("#device-onward-list")
        assert link.get_attribute("href") in (wanted, f"{ready.url.split('/scans/')[0]}{wanted}")
        ready.click("#device-onward-close")


def test_forgetting_leaves_nothing_in_the_page(page: Page, live_server: LiveServer) -> None:
    get_ready(page, live_server)
    read(page)
    page.on("dialog", lambda dialog: dialog.accept())

    page.locator("#device-page .forget").first.click()

    page.wait_for_selector("#device-forgotten:not([hidden])")
    assert TOKEN not in page.content()


def test_the_page_and_its_report_are_accessible(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/on-this-device/")
    assert axe_violations(page) == []


def test_without_script_the_other_way_is_offered(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/scans/on-this-device/")

    assert page.get_by_role("link", name="Send the files instead").is_visible()
    assert not page.locator("#device-get-ready").is_visible()
    context.close()
