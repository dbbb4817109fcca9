from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.server import ROOT, free_port

SHOW = ("-c", "import companion.settings as s; print(s.MODE, s.DEBUG)")
SERVER = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "companion.wsgi")


def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start in a process of its own, as a deployment would; without a command, the settings."""
    environment = {key: value for key, value in os.environ.items() if "COMPANION" not in key}
    environment |= {"DJANGO_SETTINGS_MODULE": "companion.settings", "PORT": str(free_port())}
    return subprocess.run(
        [sys.executable, *(command or SHOW)],
        cwd=ROOT,
        env=environment | variables,
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_forgotten_setting_means_production() -> None:
    assert start().stdout == "production False\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMPANION_MODE", "prod"),
        ("COMPANION_UPLOAD_MB", "lots"),
        ("COMPANION_UPLOAD_MB", "0"),
        ("COMPANION_BEHIND_PROXY", "True"),
        ("COMPANION_FRAME_ANCESTORS", "https://portal.example.org/path"),
        ("COMPANION_FRAME_ANCESTORS", "*"),
    ],
)
def test_nonsense_stops_the_server_and_names_the_setting(name: str, value: str) -> None:
    started = start(**{name: value})
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}={value!r}" in started.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("manage.py", "migrate"),
        ("manage.py", "inspect", "tests"),
        ("manage.py", "letter", "--list"),
        SERVER,
    ],
    ids=lambda command: command[1],
)
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COMPANION_UPLOAD_MB", "lots", "COMPANION_UPLOAD_MB='lots': use a whole number from 1"),
        ("COMPANION_MODE", "two\nlines", "COMPANION_MODE='two\\nlines': use one of production, "),
        ("COMPANION_ADMIN", "on", "COMPANION_SECRET_KEY is needed where the admin is on"),
        ("DATABASE_URL", "postgresql://[s3cret/x", "DATABASE_URL: use postgresql://user:"),
        ("DATABASE_URL", "postgresql://me@host:s3cret/x", "DATABASE_URL: use postgresql://user:"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    command: tuple[str, ...], name: str, value: str, said: str
) -> None:
    started = start(*command, **{name: value})
    assert started.returncode == 1
    assert started.stdout == ""
    assert started.stderr.startswith(f"companion: {said}")
    assert started.stderr.count("\n") == 1
    assert "s3cret" not in started.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COMPANION_ACCENT", "#ffee00", "COMPANION_ACCENT=#ffee00: its contrast with "),
        ("COMPANION_LOGO", "/nonexistent.png", "COMPANION_LOGO"),
    ],
)
def test_a_brand_that_nobody_can_read_stops_the_server_with_one_line(
    name: str, value: str, said: str
) -> None:
    started = start(*SERVER, COMPANION_MODE="local", **{name: value})
    assert started.returncode == 1
    assert started.stderr.startswith(f"companion: {said}")
    assert started.stderr.count("\n") == 1
