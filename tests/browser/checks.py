"""What browser tests ask of any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, WCAG and best practices."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def overflows(page: Page) -> bool:
    """The page scrolls sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def enlarge_text(page: Page, percent: int = 200) -> None:
    """As a reader does who sets a larger text in the browser."""
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
