"""How long the way to a letter is: pages, taps and pixels of eight journeys.

    python -m tests.bench.journeys http://127.0.0.1:8000

walks each on a phone and on a desk, with scripts and without, at a server that runs
already, and prints: pages opened, presses up to the letter's form, pixels of all pages
down to its foot, and those of the form's own page.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS


@dataclass(frozen=True)
class Journey:
    """A way from the first page: the links to press, and the place to choose at its end."""

    name: str
    links: tuple[str, ...]
    place: str = ""


JOURNEYS = (
    Journey("keep my scans out of AI, Texas", ("Keep my scans out of AI",), "us-tx"),
    Journey("they do not answer, California", ("They do not answer",), "us-ca"),
    Journey("a breach, New York", ("Something is wrong", "I got a letter about a breach"), "us-ny"),
    Journey("somebody looked", ("Something is wrong", "Someone looked who should not")),
    Journey("a mix-up, England", ("Something is wrong", "A scan is in the wrong record"), "uk-eng"),
    Journey("a copy, Germany", ("Letters", "I want a copy of my images"), "eu-de"),
    Journey("the fee is too high", ("Letters", "They want too much money")),
    Journey("complain, France", ("Letters", "Complain about a hospital"), "eu-fr"),
)
VIEWS = {"phone": (390, 844), "desk": (1280, 900)}


def height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def walk(page: Page, root: str, journey: Journey) -> tuple[int, int, int, int]:
    """Pages, presses, pixels of all pages, pixels of the last."""
    page.goto(root)
    pages, presses, pixels = 1, 0, 0
    for words in journey.links:
        pixels += height(page)
        page.get_by_role("link", name=words).first.click()
        page.wait_for_load_state()
        pages, presses = pages + 1, presses + 1
    if journey.place:
        page.select_option("#id_place", journey.place)
        presses += 1
        button = page.locator("#use-place")
        if button.is_visible():
            pixels += height(page)
            button.click()
            pages, presses = pages + 1, presses + 1
        page.wait_for_url(f"**place={journey.place}*")
    last = height(page)
    return pages, presses, pixels + last, last


def measured(browser: Browser, root: str) -> None:
    print(f"{'':34}{'view':7}{'scripts':9}{'pages':>6}{'taps':>6}{'pixels':>8}{'form':>7}")
    for journey in JOURNEYS:
        for view, (width, tall) in VIEWS.items():
            for scripts in (True, False):
                context = browser.new_context(
                    viewport={"width": width, "height": tall}, java_script_enabled=scripts
                )
                found = walk(context.new_page(), root, journey)
                context.close()
                print(
                    f"{journey.name:34}{view:7}{'yes' if scripts else 'no':9}"
                    "{:6}{:6}{:8}{:7}".format(*found)
                )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        measured(browser, sys.argv[1])
        browser.close()


if __name__ == "__main__":
    main()
