"""What criteria of WCAG 2.2 ask that axe does not look for unless told, on a page of each kind."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import overflows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/", "/fr/", "/scans/", "/scans/clean/", "/scans/receipt/", "/scans/compare/", "/breaches/",
    "/checklists/before/", "/letters/", "/de/letters/opt-out/?place=eu-de", "/at/", "/packs/",
    "/for-hospitals/", "/privacy/",
)  # fmt: skip
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""The spacing that 1.4.12 names, as a reader's own style sheet sets it."""
CUT = """() => [...document.querySelectorAll("body *")].filter(each => {
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const hides = ["hidden", "clip"].includes(style.overflowY);
  const hidden = box.width <= 2 || box.height <= 2 || each.closest(".visually-hidden");
  return hides && !hidden && each.innerText && each.scrollHeight > each.clientHeight + 1;
}).map(each => each.outerHTML.slice(0, 160))"""
RING = """() => {
  const has = each => each && getComputedStyle(each).outlineStyle !== "none"
    && parseFloat(getComputedStyle(each).outlineWidth) >= 2;
  const at = document.activeElement;
  if (at === document.body) return "";
  // The ring of a card stands around the card, and that of a hidden box around its label.
  const around = [at, at.nextElementSibling, at.closest(".card-link")];
  return around.some(has) ? "ring" : at.outerHTML.slice(0, 160);
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_wider_spacing_of_text_cuts_nothing_off(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for address in PAGES:
        page.goto(live_server.url + address)
        page.evaluate(SPACED)
        assert not overflows(page), address
        assert page.evaluate(CUT) == [], address
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_whatever_can_be_pressed_is_large_enough_or_stands_apart(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    # So high that nothing that stays at an edge lies over anything.
    page = browser.new_page(viewport={"width": width, "height": 8000})
    for address in PAGES:
        page.goto(live_server.url + address)
        found = Axe().run(page, options={"runOnly": ["target-size"]}).response
        small = [node["html"][:160] for item in found["violations"] for node in item["nodes"]]
        assert small == [], address
        assert found["passes"], address  # it looked
    page.close()


def test_whatever_takes_the_focus_has_a_ring(page: Page, live_server: LiveServer) -> None:
    for address in PAGES:
        page.goto(live_server.url + address)
        seen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(RING))
            if not seen[-1]:  # past the last one
                break
        assert set(seen) - {""} == {"ring"}, address
