"""The scan journey without faults that axe finds, on any screen, in forced colours."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations, enlarge_text, overflows
from tests.browser.scan_page import choose, scan_file, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_no_fault_that_axe_finds_on_any_page_of_the_journey(
    browser: Browser, live_server: LiveServer, prefix: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=scheme)
    for address in ("/scans/", "/scans/forgotten/", "/what-we-do-with-your-files/"):
        page.goto(live_server.url + prefix + address)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert axe_violations(page) == []
    try_sample(page, live_server, prefix)
    assert axe_violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.check("#show-values", force=True)
    assert axe_violations(page) == []
    page.close()


def test_on_a_phone_no_part_of_a_table_is_off_the_screen(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    try_sample(page, live_server)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for table in page.locator(".stacks").all():
        right = table.evaluate(
            "(t) => Math.max(...[...t.querySelectorAll('tbody :is(td, th)')]"
            ".map((cell) => cell.getBoundingClientRect().right))"
        )
        assert right <= 360
        assert table.get_attribute("role") == "table"
    page.close()


def test_the_sample_is_under_seventeen_screens_of_a_phone(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    try_sample(page, live_server)
    assert page.evaluate("document.documentElement.scrollHeight") < 17 * 740
    page.close()


def test_forced_colours_tell_whether_the_switch_is_on(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(forced_colors="active")
    choose(page, live_server)
    page.focus("#report-title")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    knob = page.locator(".switch-knob")
    off = knob.screenshot()
    page.check("#show-values", force=True)
    page.evaluate("document.activeElement.blur()")
    assert knob.screenshot() != off
    page.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_report_never_scrolls_sideways(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    long = scan_file(
        PatientComments="W" * 200, StudyDescription="x" * 60, SpecificCharacterSet="ISO_IR 192"
    )
    choose(page, live_server, long)
    page.check("#show-values", force=True)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert not overflows(page)
    enlarge_text(page)
    assert not overflows(page)
    page.close()
