"""Every page that a link leads to, in the languages of long words: all of it is seen.

The pages that only a form leads to (a report, a plan, a letter that is written) are below.
"""

from __future__ import annotations

import re
from collections import deque

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from companion.checklists import reading
from companion.content import screens
from companion.letters.catalogue import catalogue
from companion.web.site.pages import PAGES
from tests.browser.checks import axe_violations, enlarge_text, overflows, words_out_of_their_box
from tests.browser.scan_page import try_sample
from tests.builders import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["de", "fr"]
"""German has the longest words, French is a fifth longer than English."""

SCREENS = [(320, 100), (320, 200), (390, 200), (1280, 100), (1280, 200)]
"""Width in pixels and size of the text in percent (WCAG 1.4.4, 1.4.10)."""

ADDRESSES = [
    "/", "/nowhere/", "/scans/", "/scans/on-this-device/", "/scans/clean/", "/scans/receipt/",
    "/scans/compare/", "/what-we-do-with-your-files/", "/breaches/", "/checklists/",
    "/checklists/phrases/", *(f"/checklists/{slug}/" for slug in reading.load().checklists),
    "/letters/", *(f"/letters/{slug}/" for slug in catalogue().letters), "/at/", "/at/lakeside/",
    "/packs/", "/for-hospitals/", "/site-map/", *(f"/{page}/" for page in PAGES),
]  # fmt: skip

PATIENCE = 200_000
"""Milliseconds: the first page of a kind reads all its words, on a machine that may be busy."""

PAPER = ("/paper/", "/one-pager/")
"""Links to a PDF."""


def faults(page: Page) -> list[str]:
    """What cannot be seen on some screen, with all that unfolds unfolded; and what axe finds."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = []
    for width, percent in SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        enlarge_text(page, percent)
        if overflows(page):
            found.append(f"{width} px, {percent} %: scrolls sideways")
        found += [f"{width} px, {percent} %: {text}" for text in words_out_of_their_box(page)]
    page.set_viewport_size({"width": 390, "height": 800})
    enlarge_text(page, 100)
    return found + axe_violations(page)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_wholly_seen(
    page: Page, live_server: LiveServer, language: str, address: str
) -> None:
    make_provider(answers={("B1", "en"): "No."})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{live_server.url}/{language}{address}")
    assert faults(page) == []


def test_every_page_that_a_link_leads_to_is_among_them(client: Client) -> None:
    ahead, seen = deque(["/de/"]), {"/de/"}
    while ahead:
        body = client.get(ahead.popleft()).content.decode()
        for link in re.findall(r'href="(/de/[^"?#]*)', body):
            if link not in seen and not link.endswith(PAPER):
                seen.add(link)
                ahead.append(link)
    assert {one.removeprefix("/de") for one in seen} <= set(ADDRESSES)
    assert len(seen) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_behind_a_form_are_wholly_seen(
    page: Page, live_server: LiveServer, language: str
) -> None:
    page.set_default_timeout(PATIENCE)
    wrong: dict[str, list[str]] = {}

    page.goto(f"{live_server.url}/{language}/letters/opt-out/?place=eu-{language}")
    page.fill("#id_name", "Friederike Müller-Lüdenscheidt von der Heide")
    page.fill("#id_recipient_name", "Universitätsklinikum für Strahlenschutzmedizin")
    page.wait_for_timeout(1500)
    wrong["letter"] = faults(page)

    page.goto(f"{live_server.url}/{language}/checklists/before/")
    page.locator("#q-B1").wait_for(state="attached")
    page.locator("#to-plan").click()
    title = screens.passage("checklists", language, "plan", "title")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible(timeout=PATIENCE)
    wrong["plan"] = faults(page)

    try_sample(page, live_server, f"/{language}")
    page.check("#show-values", force=True)
    wrong["report"] = faults(page)

    assert {name: found[:8] for name, found in wrong.items() if found} == {}


def test_words_that_leave_their_box_or_the_screen_are_found(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content(
        """<body style="margin: 0; font: 16px sans-serif; overflow-x: clip">
        <p style="width: 4rem; white-space: nowrap">Strahlenschutzmedizin</p>
        <p style="width: 4rem; white-space: nowrap; overflow-x: auto">Kernspintomographie</p>
        <p style="position: relative; left: 19rem">draußen</p>
        <p style="overflow-wrap: anywhere">Computertomographie</p></body>"""
    )
    assert words_out_of_their_box(page) == ["Strahlenschutzmedizin", "draußen"]
