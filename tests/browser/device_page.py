"""What the browser tests of the page on the device share: getting ready, reading, traps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from companion.ondevice import packing
from tests.browser.scan_page import scan_file

READY_MS = 120_000


def get_ready(page: Page, live_server: LiveServer, prefix: str = "") -> None:
    """Load everything and lock the page."""
    page.goto(f"{live_server.url}{prefix}/scans/on-this-device/")
    page.click("#device-get-ready")
    page.wait_for_selector(
        "#device-choose:not([hidden]), #device-fault:not([hidden])", timeout=READY_MS
    )
    assert page.is_visible("#device-choose"), page.inner_text("#device-fault")


def read(page: Page, *files: object) -> None:
    """Read files (a scan, if none is given) and wait for their report."""
    page.set_input_files("#device-files", list(files or [scan_file()]))  # type: ignore[arg-type]
    page.click("#device-read")
    page.wait_for_selector("#report-title", timeout=READY_MS)


def change_language(page: Page, code: str) -> None:
    """Press the language in the header and wait until the page speaks it."""
    page.click(f".site-nav a.language[lang={code}]")
    page.wait_for_function("code => document.documentElement.lang === code", arg=code)


@contextmanager
def trapped(parts: Path, trap: str, before_receipt: str = "pass") -> Iterator[None]:
    """Parts whose engine does something of its own before it reads a file: ``trap``, a line of
    Python that knows the file's ``name``; and another before it makes a receipt."""
    whole = packing._read

    def with_a_trap(*arguments: object) -> list[tuple[str, bytes]]:
        more = TRAPPED.format(trap=trap, before_receipt=before_receipt).encode()
        return [
            (name, data + more if name == "companion/ondevice/door.py" else data)
            for name, data in whole(*arguments)  # type: ignore[arg-type]
        ]

    def pack_again() -> None:
        packing.pack(Path(settings.COMPANION_PYODIDE), parts, get_resolver().url_patterns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_read", with_a_trap)
        pack_again()
        yield
    pack_again()


TRAPPED = """

import time
from companion.scans.reader import Reader as _Trapped

_whole = _Trapped.read


def _trapped(self, name, *rest):
    {trap}
    return _whole(self, name, *rest)


_Trapped.read = _trapped

from companion.ondevice import session as _session

_made = _session.make_receipt


def _trapped_receipt(*given, **settings):
    {before_receipt}
    return _made(*given, **settings)


_session.make_receipt = _trapped_receipt
"""
