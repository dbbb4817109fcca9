"""The home page in a real browser."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import axe_violations, enlarge_text, overflows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/es/", "/de/", "/fr/"])
def test_home_has_no_fault_that_axe_finds(
    browser: Browser, live_server: LiveServer, address: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(live_server.url + address)
    assert axe_violations(page) == []
    page.close()


def test_each_door_leads_to_its_journey(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    doors = page.locator(".doors a")
    assert doors.all_inner_texts() == [
        "I have a scan coming up", "I have had a scan", "Something is wrong",
        "Keep my scans out of AI", "They do not answer",
    ]  # fmt: skip
    for number in range(5):
        page.goto(live_server.url)
        doors.nth(number).click()
        expect(page).not_to_have_url(live_server.url + "/")
        expect(page.locator("h1")).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    "address",
    ["/", "/es/", "/de/", "/fr/", "/scans/", "/es/what-we-do-with-your-files/",
     "/de/what-we-do-with-your-files/", "/fr/privacy/"],
)  # fmt: skip
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways_even_with_text_of_twice_the_size(
    browser: Browser, live_server: LiveServer, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert not overflows(page)
    enlarge_text(page)
    assert not overflows(page)
    page.close()


def test_home_sets_no_cookie_stores_nothing_and_asks_nobody_else(
    context: BrowserContext, live_server: LiveServer
) -> None:
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url)
    assert all(url.startswith(live_server.url) for url in asked)
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
