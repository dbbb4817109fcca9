"""Ready for production: Django's own checks, and the files that put it there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPANION_", "DJANGO_", "DATABASE_URL"))
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_HOSTS": "companion.example",
        "COMPANION_BEHIND_PROXY": "on",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("admin", ["on", "off"])
def test_the_production_settings_have_no_warning(admin: str) -> None:
    run = check(COMPANION_ADMIN=admin, COMPANION_SECRET_KEY="k3Jq" * 16 + "-xYz0123456789")
    assert run.returncode == 0, run.stderr
    assert "0 silenced" in run.stdout


def test_a_brand_that_cannot_be_read_fails_the_check() -> None:
    run = check(COMPANION_ACCENT="#ffee00")
    assert run.returncode != 0
    assert "contrast" in run.stderr


def test_the_admin_needs_a_key_of_its_own() -> None:
    assert "COMPANION_SECRET_KEY is needed" in check(COMPANION_ADMIN="on").stderr


def test_the_front_keeps_no_visit_and_spools_nothing() -> None:
    front = (ROOT / "deploy/nginx.conf").read_text()
    assert front.count("access_log off;") == front.count("server {")
    for line in ("proxy_request_buffering off;", "proxy_max_temp_file_size 0;"):
        assert line in front


def test_the_service_unit_lets_nothing_reach_a_disk() -> None:
    unit = (ROOT / "deploy/companion.service").read_text()
    for line in ("MemorySwapMax=0", "LimitCORE=0", "PrivateTmp=yes", "ProtectSystem=strict"):
        assert line in unit


def test_the_operating_notes_name_real_settings() -> None:
    notes = (ROOT / "docs/operating.md").read_text()
    settings = (ROOT / "companion/settings.py").read_text()
    for name in set(re.findall(r"COMPANION_[A-Z_]+[A-Z]", notes)):
        assert f'"{name}"' in settings, name
