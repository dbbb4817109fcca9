"""The page that reads on the visitor's device, as the server gives it out."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from companion.web.security import content_security_policy

ADDRESS = "/scans/on-this-device/"


@pytest.fixture
def installed(settings: Any, tmp_path: Path) -> None:
    """A deployment that has packed the parts; what is in them does not matter here."""
    folder = tmp_path / "device"
    folder.mkdir()
    (folder / "engine.pack").write_bytes(b"engine")
    manifest = {
        "pyodide": "1", "lock": {}, "parts": {"engine.pack": {"bytes": 6, "sha256": "ab"}},
    }  # fmt: skip
    (folder / "parts.json").write_text(json.dumps(manifest))
    settings.COMPANION_ONDEVICE = tmp_path


@pytest.mark.usefixtures("installed")
def test_the_page_may_run_a_worker_and_reach_no_other_site(client: Client) -> None:
    answer = client.get(ADDRESS)

    policy = answer.headers["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy
    assert answer.headers["Connection-Allowlist"] == "(response-origin)"


def test_where_it_is_not_installed_the_page_says_so_under_the_usual_policy(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.COMPANION_ONDEVICE = tmp_path / "nowhere"

    answer = client.get(ADDRESS)

    assert "cannot read files on your own device" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == content_security_policy()
    assert "Connection-Allowlist" not in answer.headers


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.usefixtures("installed")
def test_the_service_worker_stands_below_its_page_and_can_load_nothing(
    client: Client, prefix: str
) -> None:
    answer = client.get(f"{prefix}{ADDRESS}offline.js")

    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Connection-Allowlist"] == "()"
    page = unescape(client.get(f"{prefix}{ADDRESS}").content.decode())
    assert f'"offline": "{prefix}{ADDRESS}offline.js"' in page


def test_a_service_worker_that_listened_to_a_page_could_be_told_a_secret(client: Client) -> None:
    """A locked page can speak to it. It must not hear."""
    script = client.get(f"{ADDRESS}offline.js").content.decode()

    assert 'addEventListener("fetch"' in script
    assert 'addEventListener("message"' not in script
    assert "fetch(" not in script


@pytest.mark.usefixtures("installed")
def test_nothing_can_be_sent_to_it(client: Client) -> None:
    assert client.post(ADDRESS, {"files": "x"}).status_code == 405


@pytest.mark.usefixtures("installed")
def test_home_says_that_the_files_can_stay_and_leads_to_where_that_is_first(
    client: Client,
) -> None:
    assert "stay on this device" in client.get("/").content.decode()
    ways = client.get("/scans/").content.decode()
    assert ways.index(f'href="{ADDRESS}"') < ways.index('id="scan-form"')


def test_home_promises_no_reading_on_the_device_where_it_is_not_installed(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.COMPANION_ONDEVICE = tmp_path / "nowhere"

    assert "stay on this device" not in client.get("/").content.decode()
