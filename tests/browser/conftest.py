"""How long a page is waited for, and the page on the device, ready for its tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.urls import get_resolver
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from companion.ondevice import packing
from tests.browser.device_page import get_ready

# As long as for everything else that a page does: on a busy machine the first plan, which reads
# all letters, outlasts the 5 s that would be usual.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def device_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The parts where the running site looks for them; made anew, for they follow the code."""
    out = tmp_path_factory.mktemp("ondevice")
    packing.pack(Path(settings.COMPANION_PYODIDE), out, get_resolver().url_patterns)
    with pytest.MonkeyPatch.context() as patch:
        before = [
            folder for folder in settings.STATICFILES_DIRS if folder != settings.COMPANION_ONDEVICE
        ]
        patch.setattr(settings, "STATICFILES_DIRS", [*before, out])
        patch.setattr(settings, "COMPANION_ONDEVICE", out)
        get_finder.cache_clear()  # type: ignore[attr-defined]
        yield out
    get_finder.cache_clear()  # type: ignore[attr-defined]


@pytest.fixture
def ready(browser: Browser, live_server: LiveServer, device_parts: Path) -> Iterator[Page]:
    """A page that has loaded everything and locked itself."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    get_ready(page, live_server)
    yield page
    context.close()
