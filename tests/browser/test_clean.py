"""A copy to share in a browser: with script and without, by sending and on the device."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Download, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations, enlarge_text, overflows
from tests.browser.device_page import READY_MS, read
from tests.builders import make_scan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Zanzibarova"
FORM = "/scans/clean/?for=for-another-doctor&face=withhold"
FACTS: dict[str, Any] = {"PatientName": f"{NAME}^Jo", "PatientID": "77-1203"}


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    yield context.new_page()
    context.close()


def scans(count: int = 2) -> list[Any]:
    return [
        {
            "name": f"IM{number}",
            "mimeType": "application/octet-stream",
            "buffer": make_scan(**FACTS, InstanceNumber=str(number)),
        }
        for number in range(count)
    ]


def held(download: Download, folder: Path) -> dict[str, bytes]:
    """The files of a ZIP that was downloaded."""
    place = folder / download.suggested_filename
    download.save_as(place)
    with zipfile.ZipFile(place) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def assert_a_copy(files: dict[str, bytes], count: int) -> None:
    assert sum(name.endswith(".dcm") for name in files) == count
    assert json.loads(files["what-was-removed.json"])["files_out"] == count
    assert all(NAME.encode() not in data for data in files.values())


# --- By sending ------------------------------------------------------------------------


def test_the_questions_lead_to_a_preview_and_the_preview_to_the_copy(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/scans/clean/")
    page.click("text=For another doctor")
    page.click("a[href*='face=withhold']")
    page.set_input_files("#id_files", scans())
    page.click("#clean-look")
    page.wait_for_selector("#preview h1")

    assert "This is what would go out" in page.inner_text("#preview h1")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert NAME not in page.content()
    with page.expect_download() as download:
        page.click("#preview-copy")
    assert_a_copy(held(download.value, tmp_path), 2)
    expect(page.locator("#clean-download")).to_be_visible()


def test_other_files_take_the_old_preview_away(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}{FORM}")
    page.set_input_files("#id_files", scans())
    page.click("#clean-look")
    page.wait_for_selector("#preview h1")

    page.set_input_files("#id_files", scans(1))

    expect(page.locator("#preview")).to_have_count(0)


def test_the_journey_without_script(
    without_script: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page = without_script
    page.goto(f"{live_server.url}{FORM}")
    page.set_input_files("#id_files", scans())
    with page.context.expect_page() as opened:
        page.click("#clean-look")
    preview = opened.value
    preview.wait_for_selector("#preview h1")
    assert "go back to the tab with your files" in preview.inner_text("main")
    preview.close()

    # The files are still chosen in the first tab.
    with page.expect_download() as download:
        page.click("#clean-get")
    assert_a_copy(held(download.value, tmp_path), 2)


def test_nothing_is_left_in_the_browser_but_the_download(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}{FORM}")
    page.set_input_files("#id_files", scans())
    page.click("#clean-look")
    page.wait_for_selector("#preview h1")

    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert NAME not in page.url + page.title()


def test_files_of_two_people_ask_whose_and_keep_the_files(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    other = make_scan(PatientName="Roe^Ann", PatientID="31-9999", PatientBirthDate="19550505")
    page.goto(f"{live_server.url}{FORM}")
    page.set_input_files(
        "#id_files",
        [*scans(), {"name": "other", "mimeType": "application/octet-stream", "buffer": other}],
    )
    page.click("#clean-look")
    page.wait_for_selector("#clean-form fieldset input[name=person]")

    page.check("#person-1")
    with page.expect_download() as download:
        page.click("#clean-get")

    files = held(download.value, tmp_path)
    assert sum(name.endswith(".dcm") for name in files) in (1, 2)


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_the_journey_is_for_everybody(
    page: Page, live_server: LiveServer, prefix: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for query in ("", "?for=for-research", "?for=for-research&face=keep"):
        page.goto(f"{live_server.url}{prefix}/scans/clean/{query}")
        assert axe_violations(page) == []
        assert not overflows(page)
    page.set_input_files("#id_files", scans())
    page.click("#clean-look")
    page.wait_for_selector("#preview h1")
    assert axe_violations(page) == []
    assert not overflows(page)
    if width > 1000:
        enlarge_text(page)
        assert not overflows(page)


# --- On the device ---------------------------------------------------------------------


def test_a_copy_is_made_on_the_device_and_sends_nothing(
    ready: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    asked: list[str] = []
    read(ready, *scans())
    ready.click("a[href='#device-clean']")
    ready.on("request", lambda request: asked.append(request.url))

    ready.check("#device-for-1")
    ready.click("#device-clean-make")
    ready.wait_for_selector(
        "#device-cleaned:not([hidden]), #device-clean-failed:not([hidden])", timeout=READY_MS
    )
    with ready.expect_download() as download:
        ready.click("#device-clean-download")

    assert_a_copy(held(download.value, tmp_path), 2)
    assert "The pictures were not looked at" in ready.inner_text("#device-account")
    # A browser may ask by itself for the icon of a page that is already there.
    icon = f"{live_server.url}/static/img/mark.svg"
    assert {url for url in asked if not url.startswith(("blob:", "data:"))} <= {icon}


def test_files_of_two_people_ask_whose_on_the_device_too(ready: Page, tmp_path: Path) -> None:
    other = make_scan(PatientName="Roe^Ann", PatientID="31-9999", PatientBirthDate="19550505")
    read(
        ready,
        *scans(),
        {"name": "other", "mimeType": "application/octet-stream", "buffer": other},
    )
    ready.check("#device-for-1")
    ready.click("#device-clean-make")
    ready.wait_for_selector("#device-clean-whose", timeout=READY_MS)
    assert axe_violations(ready) == []
    assert ready.is_hidden("#device-clean-save")

    ready.check("#device-person-1")
    ready.click("#device-clean-whose button")
    ready.wait_for_selector("#device-clean-save:not([hidden])", timeout=READY_MS)
    with ready.expect_download() as download:
        ready.click("#device-clean-download")

    files = held(download.value, tmp_path)
    assert sum(name.endswith(".dcm") for name in files) in (1, 2)


def test_a_head_is_left_out_on_the_device_unless_it_was_chosen_to_stay(ready: Page) -> None:
    head = make_scan(**FACTS, Modality="MR", BodyPartExamined="BRAIN")
    read(ready, {"name": "head", "mimeType": "application/octet-stream", "buffer": head})
    ready.check("#device-for-1")
    ready.click("#device-clean-make")
    ready.wait_for_selector("#device-cleaned:not([hidden])", timeout=READY_MS)

    assert "The file says that it shows a head" in ready.inner_text("#device-account")
    assert ready.is_hidden("#device-clean-save")

    ready.click("#device-clean-again")
    ready.check("input[name=face][value=keep]")
    ready.click("#device-clean-make")
    ready.wait_for_selector("#device-clean-save:not([hidden])", timeout=READY_MS)


def test_a_copy_on_the_device_forgets_with_the_report(ready: Page) -> None:
    read(ready, *scans())
    ready.check("#device-for-1")
    ready.click("#device-clean-make")
    ready.wait_for_selector("#device-cleaned:not([hidden])", timeout=READY_MS)
    assert axe_violations(ready) == []

    ready.click("#keep .forget")

    expect(ready.locator("#device-clean")).to_be_hidden()
    expect(ready.locator("#device-account")).to_be_empty()
