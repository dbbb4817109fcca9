"""A receipt and a comparison in the visitor's own browser, and the way from there to a letter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.checks import axe_violations
from tests.browser.device_page import READY_MS, read
from tests.browser.scan_page import TOKEN
from tests.builders import make_scan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
]

SCAN = {"name": "one.dcm", "mimeType": "application/dicom"}


def scan(**values: Any) -> dict[str, object]:
    return {**SCAN, "buffer": make_scan(PatientName=TOKEN, PatientID="77", **values)}


def make_receipt(page: Page, folder: Path) -> Path:
    page.click("#device-receipt-make")
    page.wait_for_selector("#receipt-form", timeout=READY_MS)
    with page.expect_download() as download:
        page.click("#receipt-form button[value=json]")
    kept = folder / "receipt.json"
    download.value.save_as(kept)
    return kept


def compare(page: Page, field: str, kept: object) -> None:
    page.set_input_files(field, kept)  # type: ignore[arg-type]
    page.click("#device-compare")
    page.wait_for_selector("#device-proof:not([hidden])", timeout=READY_MS)


def test_a_receipt_is_made_and_compared_with_the_network_off(ready: Page, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            asked.append(request.url)

    ready.on("request", note)
    ready.context.set_offline(True)
    read(ready, scan())

    kept = make_receipt(ready, tmp_path)

    table = json.loads(kept.read_text("utf-8"))
    assert table["format"] == "companion-receipt"
    assert TOKEN not in kept.read_text("utf-8")
    assert axe_violations(ready) == []
    ready.click("#device-proof-back")
    compare(ready, "#device-kept-receipt", kept)
    assert "Nothing changed" in ready.inner_text("#device-proof-page")

    ready.click(".site-nav a.language")
    ready.wait_for_selector("text=Nada cambió")
    ready.click("#device-proof-back")
    ready.wait_for_selector("text=Lo que estos archivos dicen")
    assert asked == []
    ready.context.set_offline(False)
    ready.remove_listener("request", note)


def test_what_is_no_receipt_is_said_beside_the_choice(ready: Page) -> None:
    read(ready, scan())
    wrong = {"name": "note.json", "mimeType": "application/json", "buffer": b"{}"}

    ready.set_input_files("#device-kept-receipt", wrong)  # type: ignore[arg-type]
    ready.click("#device-compare")

    ready.wait_for_selector("[data-refused=not_a_receipt]:not([hidden])", timeout=READY_MS)
    assert ready.is_visible("#device-report")


def test_the_sheet_is_all_that_is_printed(ready: Page, tmp_path: Path) -> None:
    read(ready, scan())
    make_receipt(ready, tmp_path)
    # A page without a printer: what the press would print is looked at instead.
    ready.evaluate("window.print = () => { window.printed = true; }")
    ready.fill("#id_from_whom", "The records office")

    ready.click("#receipt-form button[value=pdf]")
    ready.wait_for_function("window.printed")

    assert not ready.is_visible("#device-sheet")
    ready.emulate_media(media="print")
    ready.locator("#device-sheet").wait_for()  # the other medium takes its moment
    assert "The records office" in ready.inner_text("#device-sheet")
    assert not ready.is_visible("#device-proof-screen")
    ready.emulate_media(media="screen")


def test_words_go_to_a_letter_only_by_a_press_after_they_were_shown(ready: Page) -> None:
    sent: list[Request] = []
    ready.context.on("request", lambda request: sent.append(request))
    read(ready, scan(Laterality="R"))
    compare(ready, "#device-kept-files", scan(Laterality="L"))
    words = ready.input_value("input[name=what_happened]")

    ready.click("#device-proof-page form[action*=letters] button")

    expect(ready.locator("#device-onward-list")).to_contain_text(words.splitlines()[0])
    with ready.context.expect_page() as opened:
        ready.click("#device-onward-take")
    tab = opened.value
    tab.wait_for_selector("#hand-over:not([hidden])")
    assert words.splitlines()[0] in tab.inner_text("#hand-over-list")
    assert tab.evaluate("window.opener") is None
    assert axe_violations(tab) == []
    assert [request for request in sent if request.method == "POST"] == []

    tab.click("#hand-over-send")

    tab.wait_for_selector("#letter-page")
    assert words.splitlines()[0] in tab.content()
    assert [request.method for request in sent if request.method == "POST"] == ["POST"]


def test_the_tab_for_words_says_so_where_none_came(ready: Page) -> None:
    address = ready.url + "onward/"
    tab = ready.context.new_page()

    tab.goto(address)

    assert tab.is_visible("#hand-over-nothing")
    assert not tab.is_visible("#hand-over-send")
