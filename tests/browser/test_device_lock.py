"""Nothing gets out of the locked page, by any way that we know; what is left is told as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_started
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.listening import Listener
from tests.browser.ways_out import BY_DATAGRAM, LEAVING, all_ways, guarded

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
]

LET_THROUGH = (
    "page: fetch", "page: xhr", "page: beacon", "page: image", "page: style sheet",
    "page: import", "page: link prefetch", "page: cache",
    "worker: fetch", "worker: import", "worker: cache",
)  # fmt: skip
"""What reaches our own server before the page has locked itself."""


@pytest.fixture
def outside() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What the site's own server was asked: no place is easier to reach."""
    paths: list[str] = []

    def note(sender: object, environ: dict[str, str], **_: object) -> None:
        paths.append(environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", ""))

    request_started.connect(note)
    yield paths
    request_started.disconnect(note)


def reach(page: Page, script: str, address: str) -> None:
    page.evaluate(guarded(script), address)


def test_no_way_out_of_the_locked_page_or_its_worker(
    ready: Page, live_server: LiveServer, outside: Listener, asked: list[str]
) -> None:
    asked.clear()

    for number, script in enumerate(all_ways().values()):
        reach(ready, script, f"{live_server.url}/healthz?told={number}")
        reach(ready, script, f"{outside.address}/?told={number}")
    ready.wait_for_timeout(2000)

    assert (asked, outside.heard) == ([], [])
    assert ready.is_visible("#device-choose")


def test_no_other_site_is_reached_by_what_no_content_policy_stops(
    ready: Page, outside: Listener
) -> None:
    """WebRTC, and leaving the page. This browser knows ``Connection-Allowlist``; not all do."""
    for script in (BY_DATAGRAM, *LEAVING.values()):
        reach(ready, script, f"{outside.address}/?told")
        ready.wait_for_timeout(2500)

    assert outside.heard == []


def without_icon(asked: list[str]) -> list[str]:
    """What was asked for, but the icons that a browser asks for by itself, of each new window,
    and of a page that is already there."""
    icons = ("/favicon.ico", "/static/img/mark.svg")
    return [address for address in asked if address.rstrip("?") not in icons]


def test_leaving_for_a_page_of_this_site_is_possible_as_the_page_says(
    ready: Page, live_server: LiveServer, asked: list[str]
) -> None:
    assert "A link still opens another page" in ready.inner_text("#device-choose")
    asked.clear()

    reach(ready, LEAVING["a new window"], f"{live_server.url}/healthz?told")
    ready.wait_for_timeout(2000)

    assert without_icon(asked) == ["/healthz?told"]


def test_the_ways_out_do_reach_from_a_page_that_is_not_locked(
    page: Page, live_server: LiveServer, outside: Listener, asked: list[str]
) -> None:
    """So that the tests above can fail."""
    page.goto(f"{live_server.url}/scans/on-this-device/")
    ways = all_ways()
    reached = {}
    for name in LET_THROUGH:
        asked.clear()
        reach(page, ways[name], f"{live_server.url}/healthz?told")
        page.wait_for_timeout(700)
        reached[name] = without_icon(asked)
    assert reached == {name: ["/healthz?told"] for name in LET_THROUGH}

    page.goto(f"{live_server.url}/scans/")
    reach(page, BY_DATAGRAM, outside.address)
    page.wait_for_timeout(2500)
    assert "udp" in outside.heard
