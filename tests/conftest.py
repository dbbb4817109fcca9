"""What all tests share: a quiet, local Django, and a browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A property is about what is true, not how fast it is found: the first text drawn on a fresh
# machine costs a second. ``HYPOTHESIS=explore`` draws other examples than last time; what
# lands is judged on the same ones.
settings.register_profile(
    "land", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("land"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS", "land"))


def pytest_runtest_setup() -> None:
    """Each test starts in English, as a command or a fresh thread does.

    A request for a Spanish page leaves its thread in Spanish. A request that follows it
    sets its own language, the error pages that come before that too; but many tests ask
    for words without any request, and would get those of whichever test ran before.
    """
    from django.utils import translation

    translation.activate("en")


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """Started once the test database is there, so that its threads share our connection.

    Before that each thread opens one of its own to the same memory and never closes it,
    and which of the two happens would depend on the order of the tests.
    """
    return live_server


@pytest.fixture(autouse=True)
def _untraced(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is timed runs at full speed also where coverage counts the lines of all else."""
    tracer = sys.gettrace()
    if tracer is None or request.node.get_closest_marker("timed") is None:
        yield
        return
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, one for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor: no storage, no cookies, desktop width."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
