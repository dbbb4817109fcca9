# ruff: noqa: E501 - a table reads better with one row a line
"""Reading in the visitor's own browser: it works, it works offline, and nothing gets out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.urls import get_resolver
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from companion.ondevice import packing
from tests.browser.checks import axe_violations
from tests.browser.scan_page import TOKEN, scan_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY_MS = 120_000

# Each tries to reach the address given; what is refused at once may throw.
FROM_THE_PAGE = {
    "fetch": "a => fetch(a).catch(() => {})",
    "xhr": "a => { const x = new XMLHttpRequest(); x.open('GET', a); x.send(); }",
    "beacon": "a => { navigator.sendBeacon(a, 'x'); }",
    "socket": "a => { new WebSocket(a.replace('http', 'ws')); }",
    "events": "a => { new EventSource(a); }",
    "image": "a => { new Image().src = a; }",
    "script": "a => { const s = document.createElement('script'); s.src = a; document.head.append(s); }",
    "style": "a => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = a;"
    " document.head.append(l); }",
    "prefetch": "a => { for (const r of ['prefetch', 'preload', 'modulepreload', 'preconnect',"
    " 'dns-prefetch', 'icon', 'manifest']) { const l = document.createElement('link'); l.rel = r;"
    " l.as = 'script'; l.href = a; document.head.append(l); } }",
    "frame": "a => { const f = document.createElement('iframe'); f.src = a; document.body.append(f); }",
    "object": "a => { const o = document.createElement('object'); o.data = a; document.body.append(o); }",
    "media": "a => { const v = document.createElement('video'); v.src = a; document.body.append(v); }",
    "form": "a => { const f = document.createElement('form'); f.action = a; f.method = 'post';"
    " document.body.append(f); f.submit(); }",
    "ping": "a => { const l = document.createElement('a'); l.href = '#'; l.ping = a;"
    " document.body.append(l); l.click(); }",
    "import": "a => import(a).catch(() => {})",
    "worker": "a => { new Worker(a); }",
    "speculation": "a => { const s = document.createElement('script'); s.type = 'speculationrules';"
    " s.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [a] }] });"
    " document.head.append(s); }",
    "font": "a => new FontFace('f', `url(${a})`).load().catch(() => {})",
}
FROM_THE_WORKER = {
    "fetch": "(a) => fetch(a).catch(() => {})",
    "xhr": "(a) => { const x = new XMLHttpRequest(); x.open('GET', a); x.send(); }",
    "socket": "(a) => { new WebSocket(a.replace('http', 'ws')); }",
    "events": "(a) => { new EventSource(a); }",
    "import": "(a) => import(a).catch(() => {})",
    "worker": "(a) => { new Worker(a); }",
}


@pytest.fixture(scope="module", autouse=True)
def _packed() -> Iterator[None]:
    """The parts where the running site looks for them; made anew, for they follow the code."""
    packing.pack(
        Path(settings.COMPANION_PYODIDE),
        Path(settings.COMPANION_ONDEVICE),
        get_resolver().url_patterns,
    )
    before = settings.STATICFILES_DIRS
    if Path(settings.COMPANION_ONDEVICE) not in [Path(folder) for folder in before]:
        settings.STATICFILES_DIRS = [*before, settings.COMPANION_ONDEVICE]
    yield
    settings.STATICFILES_DIRS = before


@pytest.fixture
def ready(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page that has loaded everything and locked itself."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    get_ready(page, live_server)
    yield page
    context.close()


def get_ready(page: Page, live_server: LiveServer, prefix: str = "") -> None:
    page.goto(f"{live_server.url}{prefix}/scans/on-this-device/")
    page.click("#device-get-ready")
    page.wait_for_selector("#device-choose:not([hidden])", timeout=READY_MS)


def read(page: Page, *files: object) -> None:
    page.set_input_files("#device-files", list(files or [scan_file()]))  # type: ignore[arg-type]
    page.click("#device-read")
    page.wait_for_selector("#report-title", timeout=READY_MS)


def test_a_scan_is_read_with_the_network_off_and_nothing_is_asked_for(
    ready: Page, tmp_path: Path
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            asked.append(request.url)

    ready.on("request", note)
    ready.context.set_offline(True)

    read(ready)

    ready.click("label[for=show-values]")
    assert TOKEN in ready.inner_text("#device-page")
    with ready.expect_download() as download:
        ready.click("#report-form button[value=json]")
    saved = tmp_path / "report.json"
    download.value.save_as(saved)
    report = json.loads(saved.read_text("utf-8"))
    assert report["format"] == "companion-report"
    assert TOKEN in str(report["findings"])

    ready.click(".site-nav a.language")
    ready.wait_for_selector("text=Lo que estos archivos dicen")
    assert TOKEN in ready.inner_text("#device-page")
    assert asked == []

    ready.context.set_offline(False)
    ready.remove_listener("request", note)


def test_no_way_out_of_the_locked_page_or_its_worker(ready: Page, live_server: LiveServer) -> None:
    tries = {f"page: {way}": script for way, script in FROM_THE_PAGE.items()}
    tries |= {f"worker: {way}": in_a_worker(script) for way, script in FROM_THE_WORKER.items()}

    out = [way for way, script in tries.items() if reached(ready, live_server, script)]

    assert out == []


def in_a_worker(script: str) -> str:
    """A script that does the same from a worker made as the page makes its own."""
    inside = (
        "self.onmessage = async ({data}) => {"
        f" try {{ await ({script})(data); }} catch {{}} postMessage(1); }}"
    )
    return f"""a => new Promise((resolve) => {{
      const source = new Blob([{json.dumps(inside)}], {{ type: "text/javascript" }});
      const made = new Worker(URL.createObjectURL(source), {{ type: "module" }});
      made.onmessage = () => resolve();
      made.onerror = () => resolve();
      made.postMessage(a);
    }})"""


def reached(page: Page, live_server: LiveServer, script: str) -> bool:
    """Whether a try to reach our own server got to it: no server is easier to reach."""
    arrived: list[str] = []

    def note(sender: object, environ: dict[str, str], **_: object) -> None:
        if "told" in environ.get("QUERY_STRING", ""):
            arrived.append(environ["PATH_INFO"])

    request_started.connect(note)
    try:
        page.evaluate(
            f"async (a) => {{ try {{ await ({script})(a); }} catch {{}} }}",
            f"{live_server.url}/healthz?told",
        )
        page.wait_for_timeout(300)
    finally:
        request_started.disconnect(note)
    return bool(arrived)


def test_the_ways_out_do_reach_the_server_from_a_page_that_is_not_locked(
    page: Page, live_server: LiveServer
) -> None:
    """So that the tests above can fail."""
    page.goto(f"{live_server.url}/scans/")

    for way in ("fetch", "xhr", "image", "style"):
        assert reached(page, live_server, FROM_THE_PAGE[way]), way


def test_forgetting_leaves_nothing_in_the_page(page: Page, live_server: LiveServer) -> None:
    get_ready(page, live_server)
    read(page)
    page.on("dialog", lambda dialog: dialog.accept())

    page.locator("#device-page .forget").first.click()

    page.wait_for_selector("#device-forgotten:not([hidden])")
    assert TOKEN not in page.content()


def test_the_page_and_its_report_are_accessible(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/scans/on-this-device/")
    assert axe_violations(page) == []


def test_without_script_the_other_way_is_offered(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/scans/on-this-device/")

    assert page.get_by_role("link", name="Send the files instead").is_visible()
    assert not page.locator("#device-get-ready").is_visible()
    context.close()
