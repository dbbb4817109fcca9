"""Firefox and WebKitGTK read on the device too, and nothing gets out of the locked page there.

Both are Debian's (``firefox-esr``; ``webkit2gtk-driver`` with ``xvfb``). script/test installs them;
where they are not at hand, these tests are skipped and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_started
from pytest_django.live_server_helper import LiveServer

from tests.browser.listening import Listener
from tests.browser.other_browsers import (
    FIREFOX,
    WEBKIT_DRIVER,
    XVFB,
    Firefox,
    OtherBrowser,
    WebKit,
    until,
)
from tests.browser.scan_page import TOKEN
from tests.browser.ways_out import BY_DATAGRAM, LEAVING, all_ways, guarded
from tests.builders import make_scan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("device_parts"),
    pytest.mark.timeout(900),
]
ADDRESS = "/scans/on-this-device/"
LET_THROUGH = ("page: fetch", "page: image", "page: beacon", "worker: fetch", "worker: import")
"""Some of the ways that reach our own server before the page has locked itself."""

BARE = "page: link preconnect"
"""Opens a line to another site ahead of need where the browser knows no ``Connection-Allowlist``.
No word goes over it; the page tells of it."""
FONT = "worker: font"
"""In WebKitGTK 2.50 a worker's font is asked of our own site, whatever the policy; of no other. The
page tells of it."""
A_WHILE = "return new Promise((resolve) => setTimeout(resolve, 2000))"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if not FIREFOX.exists():
        pytest.skip("Debian's firefox-esr is not installed")
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    with browser:
        yield browser


@pytest.fixture(scope="module")
def webkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    if not WEBKIT_DRIVER.exists() or not XVFB.exists():
        pytest.skip("Debian's webkit2gtk-driver and xvfb are not installed")
    browser = WebKit(tmp_path_factory.mktemp("webkit"))
    with browser:
        yield browser


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What the site's own server was asked."""
    paths: list[str] = []

    def note(sender: object, environ: dict[str, str], **_: object) -> None:
        paths.append(environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", ""))

    request_started.connect(note)
    yield paths
    request_started.disconnect(note)


def told(asked: list[str]) -> list[str]:
    """What came by a way that was tried: browsers fetch icons of their own accord."""
    return [address for address in asked if "told" in address]


def get_ready(browser: OtherBrowser, live_server: LiveServer) -> None:
    browser.go(f"{live_server.url}{ADDRESS}")
    browser.click("#device-get-ready")
    browser.wait_for(
        "['device-choose', 'device-fault'].some((id) => !document.getElementById(id).hidden)", 600
    )
    said = browser.run("return document.getElementById('device-fault').innerText")
    assert not browser.run("return document.getElementById('device-choose').hidden"), said


def read_a_scan(browser: OtherBrowser, folder: Path) -> None:
    scan = folder / "scan.dcm"
    scan.write_bytes(make_scan(PatientName=TOKEN, PatientBirthDate="19710304"))
    browser.choose("#device-files", scan)
    browser.click("#device-read")
    browser.wait_for("document.getElementById('report-title')", 300)


def stop_a_copy_and_change_the_language(browser: OtherBrowser) -> None:
    """The report stays, and is told in Spanish, although the worker that made it was ended."""
    browser.run(
        """document.querySelector("#device-clean-form input[name=preset]").click();
        document.getElementById("device-clean-make").click();
        document.getElementById("device-clean-stop").click();"""  # before a copy can be done
    )
    browser.click(".site-nav a.language[lang=es]")
    browser.wait_for("document.getElementById('device-page').lang === 'es'", 300)
    said = browser.run("return document.getElementById('device').innerText")
    assert "Lo que estos archivos dicen" in said
    assert "copia para compartir" in said
    assert browser.run("return document.documentElement.lang") == "es"


def test_firefox_reads_a_scan_with_the_network_off_and_asks_for_nothing(
    firefox: Firefox, live_server: LiveServer, tmp_path: Path, asked: list[str]
) -> None:
    get_ready(firefox, live_server)
    asked.clear()
    firefox.set_offline(True)
    try:
        read_a_scan(firefox, tmp_path)

        assert TOKEN in firefox.run("return document.getElementById('device-page').textContent")
        assert firefox.run("return navigator.onLine") is False
        stop_a_copy_and_change_the_language(firefox)
    finally:
        firefox.set_offline(False)
    assert asked == []


def test_no_way_out_of_the_locked_page_or_its_worker_in_firefox(
    firefox: Firefox, live_server: LiveServer, asked: list[str]
) -> None:
    no_way_out(firefox, live_server, asked)


def no_way_out(
    browser: OtherBrowser, live_server: LiveServer, asked: list[str], left: tuple[str, ...] = ()
) -> None:
    """The same ways, first from a page that is not locked, so that this can fail; then from one
    that is, to our own server and to one outside. ``left``: ways to our own that are told of."""
    ways = all_ways()
    browser.go(f"{live_server.url}{ADDRESS}")
    for name in LET_THROUGH:
        asked.clear()
        browser.run_as_the_page(guarded(ways[name]), f"{live_server.url}/healthz?told")
        until(lambda: bool(told(asked)), 30, name)
    get_ready(browser, live_server)
    asked.clear()

    with Listener() as outside:
        for number, (name, script) in enumerate(ways.items()):
            if name == BARE:
                continue
            own = () if name in left else (f"{live_server.url}/healthz",)
            for address in (*own, f"{outside.address}/"):
                browser.run_as_the_page(guarded(script), f"{address}?told={number}")
        browser.run(A_WHILE)
        assert (told(asked), outside.heard) == ([], [])

        browser.run_as_the_page(guarded(ways[BARE]), f"{outside.address}/?told")
        browser.run(A_WHILE)
        assert set(outside.heard) <= {""}  # somebody was there, and said nothing
    assert not browser.run("return document.getElementById('device-choose').hidden")


def test_firefox_leaves_the_page_and_asks_by_datagram_as_the_page_says(
    firefox: Firefox, live_server: LiveServer
) -> None:
    """Firefox knows no ``Connection-Allowlist``: what the page tells of, it does. That our program
    uses none of it is for ``test_device_lock`` and the tests above to show."""
    get_ready(firefox, live_server)
    said = firefox.run("return document.getElementById('device-choose').innerText")
    assert "A link still opens another page" in said
    assert "WebRTC" in said
    assert "a line opened to another site ahead of time" in said

    with Listener() as outside:
        firefox.run_as_the_page(guarded(BY_DATAGRAM), outside.address)
        until(lambda: "udp" in outside.heard, 30, "WebRTC's datagram")
        firefox.run_as_the_page(guarded(LEAVING["a new window"]), f"{outside.address}/?told")
        until(lambda: any("/?told" in line for line in outside.heard), 30, "a new window's request")


def test_webkit_reads_a_scan_on_the_device(
    webkit: WebKit, live_server: LiveServer, tmp_path: Path, asked: list[str]
) -> None:
    get_ready(webkit, live_server)
    asked.clear()

    read_a_scan(webkit, tmp_path)

    assert TOKEN in webkit.run("return document.getElementById('device-page').textContent")
    stop_a_copy_and_change_the_language(webkit)
    assert asked == []


def test_no_way_out_of_the_locked_page_or_its_worker_in_webkit(
    webkit: WebKit, live_server: LiveServer, asked: list[str]
) -> None:
    no_way_out(webkit, live_server, asked, left=(FONT,))

    said = webkit.run("return document.getElementById('device-choose').innerText")
    assert "a font asked from this site" in said
