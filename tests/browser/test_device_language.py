"""The page on the device in another language: all of it changes, and nothing done is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
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
SHARED = {
    "en": "copy to share",
    "es": "copia para compartir",
    "de": "Kopie zum Weitergeben",
    "fr": "copie à partager",
}
"""What the part for a copy is called."""


FRAME = {
    "en": "What we do with your files",
    "es": "Qué hacemos con sus archivos",
    "de": "Was wir mit Ihren Dateien machen",
    "fr": "Ce que nous faisons de vos fichiers",
}
"""A link at the foot of each page."""


def address(code: str, path: str) -> str:
    return path if code == "en" else f"/{code}{path}"


def language_of(page: Page, selector: str) -> str:
    """The language in which a screen reader reads a part of the page."""
    found: str = page.locator(selector).first.evaluate("part => part.closest('[lang]').lang")
    return found


def test_the_whole_page_speaks_each_language_with_the_network_off(ready: Page) -> None:
    read(ready)
    ready.context.set_offline(True)
    titles = {ready.title()}

    for code in ("es", "de", "fr", "en"):
        change_language(ready, code)
        ready.wait_for_selector(SPEAKS.format(code))
        titles.add(ready.title())
        assert language_of(ready, "#device-clean-title") == code
        assert language_of(ready, "#report-title") == code
        assert language_of(ready, ".site-footer p") == code
        assert FRAME[code] in ready.inner_text(".site-footer")
        assert language_of(ready, ".site-nav a") == code
        assert ready.get_attribute(".site-nav a >> nth=1", "href") == address(code, "/checklists/")
        offered = ready.locator(".site-nav a.language").evaluate_all(
            "links => links.map(link => [link.lang, link.hreflang, new URL(link.href).pathname])"
        )
        assert offered == [
            [other, other, address(other, "/scans/on-this-device/")]
            for other in ("en", "es", "de", "fr")
            if other != code
        ]
        around = ready.inner_text("#device-clean") + ready.inner_text("#device-receipts")
        assert [other for other, words in SHARED.items() if words in around] == [code]
        expect(ready.locator("#report-title")).to_be_focused()
    assert len(titles) == 4
    assert axe_violations(ready) == []
    ready.context.set_offline(False)


def test_where_the_other_pages_do_not_come_the_frame_says_in_which_language_it_is(
    page: Page, live_server: LiveServer
) -> None:
    page.route("**/de/scans/on-this-device/", lambda route: route.abort())
    get_ready(page, live_server)

    change_language(page, "de")

    expect(page.locator("#device-ready-title")).to_be_focused()
    assert language_of(page, "#device-ready-title") == "de"
    assert language_of(page, ".site-footer p") == "en"
    assert FRAME["en"] in page.inner_text(".site-footer")


def test_what_was_ticked_typed_and_opened_stays(ready: Page) -> None:
    read(ready, scan_file(Manufacturer="Aidoc", SeriesDescription="AI result"))
    ready.click("label[for=show-values]")
    for closed in ready.locator("#device-page details").all():
        closed.evaluate("details => { details.open = true; }")
    questions = "#device-page textarea[name=questions]"
    ready.fill(questions, "Who looked at it after the program?")
    ready.check("#device-page form:not(#report-form) input[type=checkbox] >> nth=0")
    ticked = "boxes => boxes.map(box => box.id + box.checked)"
    boxes = ready.locator("#device-page input[type=checkbox]")
    before = boxes.evaluate_all(ticked)
    ready.fill("#element-search", "0010,0010")
    ready.check("#device-clean-form input[name=preset] >> nth=1")
    ready.check("#device-clean-form input[name=face] >> nth=1")
    kept = {"name": "kept.json", "mimeType": "application/json", "buffer": b"{}"}
    ready.set_input_files("#device-kept-receipt", kept)  # type: ignore[arg-type]

    change_language(ready, "es")
    ready.wait_for_selector(SPEAKS.format("es"))

    assert ready.input_value(questions) == "Who looked at it after the program?"
    assert boxes.evaluate_all(ticked) == before
    assert ready.locator("#device-page details:not([open])").count() == 0
    assert ready.input_value("#element-search") == "0010,0010"
    assert ready.locator("#element-table tbody tr:visible").count() == 1
    assert TOKEN in ready.inner_text("#device-page")
    assert ready.is_checked("#device-clean-form input[name=preset] >> nth=1")
    assert ready.is_checked("#device-clean-form input[name=face] >> nth=1")
    assert ready.evaluate("document.getElementById('device-kept-receipt').files.length") == 1


def test_files_that_were_chosen_stay_chosen_and_are_counted_in_the_new_language(
    ready: Page,
) -> None:
    ready.set_input_files("#device-files", [scan_file("one.dcm"), scan_file("two.dcm")])

    change_language(ready, "de")

    expect(ready.locator("#device-chosen")).to_contain_text("2 Dateien")
    expect(ready.locator("#device-ready-title")).to_be_focused()
    assert ready.inner_text("#status") == "Die Sprache dieser Seite hat gewechselt."
    ready.click("#device-read")
    ready.wait_for_selector("#report-title", timeout=READY_MS)
    assert language_of(ready, "#report-title") == "de"

    ready.get_by_role("link", name="Mit anderen Dateien").click()
    expect(ready.locator("#device-intro h1")).to_contain_text("Gerät")


def test_the_offer_of_the_browsers_own_language_keeps_the_report(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(locale="fr-FR")
    get_ready(page, live_server)
    read(page)

    page.click(".language-offer a")

    page.wait_for_selector(SPEAKS.format("fr"))
    expect(page.locator("#report-title")).to_be_focused()
    assert page.locator(".language-offer").count() == 0
    page.close()


def test_a_copy_that_was_made_stays_and_its_account_is_told_in_the_new_language(
    ready: Page,
) -> None:
    read(ready)
    ready.check("#device-clean-form input[name=preset] >> nth=0")
    ready.click("#device-clean-make")
    ready.wait_for_selector("#device-cleaned:not([hidden])", timeout=READY_MS)
    expect(ready.locator("#device-account")).to_contain_text("1 file in the copy.")

    change_language(ready, "fr")

    expect(ready.locator("#device-account")).to_contain_text("1 fichier")
    assert language_of(ready, "#device-account") == "fr"
    with ready.expect_download() as download:
        ready.click("#device-clean-download")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_what_was_typed_for_a_sheet_stays(ready: Page) -> None:
    read(ready)
    ready.click("#device-receipt-make")
    ready.wait_for_selector("#receipt-form", timeout=READY_MS)
    ready.fill("#id_from_whom", "The records office")

    change_language(ready, "es")

    ready.wait_for_selector("#device-proof-page[lang=es]")
    assert ready.input_value("#id_from_whom") == "The records office"
    ready.click("#device-proof-back")
    ready.wait_for_selector(SPEAKS.format("es"))


@pytest.fixture
def slow(device_parts: Path) -> Iterator[None]:
    """Parts whose engine takes six seconds for a file that is named ``SLOW.dcm``."""
    with trapped(device_parts, "time.sleep(6 * name.endswith('SLOW.dcm'))"):
        yield


@pytest.mark.usefixtures("slow")
def test_while_a_copy_is_made_the_page_changes_at_once_and_the_copy_goes_on(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page()
    get_ready(page, live_server)
    page.set_input_files("#device-files", [scan_file("one.dcm"), scan_file("SLOW.dcm")])
    page.click("#device-read")
    change_language(page, "es")
    assert page.is_visible("#device-reading")
    assert "archivo" in page.inner_text("#device-progress")
    page.wait_for_selector("#report-title", timeout=READY_MS)
    assert language_of(page, "#report-title") == "es"
    page.check("#device-clean-form input[name=preset] >> nth=0")
    page.click("#device-clean-make")

    change_language(page, "de")
    assert page.is_visible("#device-cleaning")
    assert page.inner_text("#device-clean-stop") == "Anhalten"
    page.wait_for_selector("#device-cleaned:not([hidden])", timeout=READY_MS)

    page.wait_for_selector("#device-account[lang=de]")
    page.wait_for_selector(SPEAKS.format("de"))
    page.close()
