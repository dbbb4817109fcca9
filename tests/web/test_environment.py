from __future__ import annotations

import os
import re
import runpy
import socket
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from companion import environment
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


A_NUMBER = "use a whole number from"
A_SWITCH = "use 'on' or 'off'"
MISTYPED = {
    "COMPANION_ACCENT": None,  # held against the pages' colours at the start: see below
    "COMPANION_ACCENT_DARK": None,
    "COMPANION_ADMIN": ("yes", A_SWITCH),
    "COMPANION_ADMIN_PATH": ("a b", "use letters, digits"),
    "COMPANION_BEHIND_PROXY": ("1", A_SWITCH),
    "COMPANION_CLEANINGS": ("0", A_NUMBER),
    "COMPANION_CLEANING_MB": ("511", A_NUMBER),
    "COMPANION_CLEANING_SECONDS": ("59", A_NUMBER),
    "COMPANION_CLEAN_MB": ("0", A_NUMBER),
    "COMPANION_CONTACT": None,  # words of the operator's own
    # A file that is not there is told by /readyz: it may be made yet.
    "COMPANION_DATABASE": ("", "name the file, or leave it out"),
    "COMPANION_FILE_MB": ("1.5", A_NUMBER),
    "COMPANION_FRAME_ANCESTORS": ("portal.example.org", "use https://host, no path"),
    "COMPANION_HOSTING_COMPANY": None,  # words of the operator's own
    "COMPANION_HOSTING_COUNTRY": None,
    "COMPANION_HOSTS": ("https://companion.example", "use names of hosts, without https://"),
    "COMPANION_HSTS": ("true", "use one of off, host, subdomains, preload"),
    "COMPANION_HTTPS_REDIRECT": ("no", A_SWITCH),
    "COMPANION_INSPECTIONS": ("0", A_NUMBER),
    "COMPANION_INSPECTION_MB": ("255", A_NUMBER),
    "COMPANION_JURISDICTION": None,  # held against the content at the start
    "COMPANION_LANGUAGE": ("English", "use one of en, es, de, fr"),
    "COMPANION_LOGO": None,  # opened at the start
    "COMPANION_METRICS": ("0.0.0.0:9464", "use 127.0.0.1:port"),
    "COMPANION_MODE": ("Production", "use one of production, local, debug"),
    "COMPANION_NAME": None,
    "COMPANION_ON_DEVICE": ("", A_SWITCH),
    "COMPANION_OIDC_CLIENT": None,  # words of the other side's own
    "COMPANION_OIDC_ISSUER": ("accounts.example.org", "use https://host/path"),
    "COMPANION_OIDC_NAME": None,
    "COMPANION_OIDC_SECRET": None,
    "COMPANION_OPERATOR": None,
    "COMPANION_PICTURES": ("ON", A_SWITCH),
    "COMPANION_PICTURES_AT_ONCE": ("-1", A_NUMBER),
    "COMPANION_PICTURES_MB": ("900MB", A_NUMBER),
    "COMPANION_PICTURES_SECONDS": ("3m", A_NUMBER),
    "COMPANION_PICTURES_WAIT_SECONDS": ("٥", A_NUMBER),
    "COMPANION_PUBLIC_URL": ("https://one.example https://two.example", "use one address"),
    "COMPANION_REQUESTS_PER_MINUTE": ("six", A_NUMBER),
    "COMPANION_SECRET_KEY": None,  # weighed by check --deploy
    "COMPANION_STATIC": ("yes", "use one of collected, source"),
    "COMPANION_UPLOAD_FILES": ("10,000", A_NUMBER),
    "COMPANION_UPLOAD_MB": ("99999999", A_NUMBER),
    "COMPANION_UPLOAD_SECONDS": ("9", A_NUMBER),
    "DATABASE_URL": ("mysql://me:s3cret@host/name", "use postgresql://user:password@host:port"),
}
"""For every setting a value that somebody might write, and what is said of it."""


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("COMPANION_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(environment, "_known", set())


def read_settings() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "companion/settings.py"))


@pytest.mark.usefixtures("nothing_set")
def test_the_table_of_mistyped_settings_knows_every_setting() -> None:
    read_settings()
    assert set(MISTYPED) == environment._known


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("name", [name for name, wrong in MISTYPED.items() if wrong])
def test_each_setting_refuses_what_it_does_not_understand(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = MISTYPED[name]
    assert wrong is not None
    monkeypatch.setenv(name, wrong[0])
    with pytest.raises(ImproperlyConfigured, match=f"^{name}.*: {re.escape(wrong[1])}") as fault:
        read_settings()
    assert "s3cret" not in str(fault.value)


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("name", list(MISTYPED))
def test_a_misspelt_name_is_not_taken_for_a_setting_that_is_missing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    misspelt = f"COMPANION_{name.removeprefix('COMPANION_')[:-1]}"
    monkeypatch.setenv(misspelt, "on")
    with pytest.raises(ImproperlyConfigured, match=f"^{misspelt}: there is no such setting"):
        read_settings()


@pytest.mark.usefixtures("nothing_set")
def test_whoever_misspells_a_name_is_told_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANION_HOST", "companion.example")
    with pytest.raises(ImproperlyConfigured, match="did you mean COMPANION_HOSTS"):
        read_settings()


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("missing", list(MISTYPED))
def test_without_any_one_of_its_settings_a_deployment_has_the_careful_value(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "k3Jq" * 16
    complete = {
        "COMPANION_ADMIN": "on",
        "COMPANION_BEHIND_PROXY": "on",
        "COMPANION_FRAME_ANCESTORS": "https://portal.example.org",
        "COMPANION_HOSTS": "companion.example",
        "COMPANION_HSTS": "preload",
        "COMPANION_MODE": "debug",
        "COMPANION_SECRET_KEY": secret,
        "COMPANION_STATIC": "source",
    }
    for name, value in complete.items():
        if name != missing:
            monkeypatch.setenv(name, value)
    found = read_settings()
    careful = {
        "COMPANION_ADMIN": not found["COMPANION_ADMIN"],
        "COMPANION_BEHIND_PROXY": "SECURE_PROXY_SSL_HEADER" not in found,
        "COMPANION_FRAME_ANCESTORS": found["COMPANION_FRAME_ANCESTORS"] == [],
        "COMPANION_HOSTS": found["ALLOWED_HOSTS"] == found["LOOPBACK"],
        "COMPANION_HSTS": not found["SECURE_HSTS_PRELOAD"],
        "COMPANION_MODE": found["PRODUCTION"] and not found["DEBUG"],
        "COMPANION_SECRET_KEY": found["SECRET_KEY"] != secret and len(found["SECRET_KEY"]) >= 50,
    }
    assert careful.get(missing, found["DEBUG"])


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PORT": ""}, "PORT='': use a whole number from 1 to 65535"),
        ({"PORT": "eighty"}, "PORT='eighty': use a whole number from 1 to 65535"),
        ({"PORT": "99999"}, "PORT='99999': use a whole number from 1 to 65535"),
        ({"BIND": ""}, "BIND='': use host:port"),
        ({"BIND": "companion"}, "BIND='companion': use host:port"),
        ({"BIND": "127.0.0.1:99999"}, "BIND='127.0.0.1:99999': use host:port"),
    ],
)
def test_an_address_that_is_none_stops_the_start_with_one_line(
    variables: dict[str, str], said: str
) -> None:
    started = start(*SERVER, COMPANION_MODE="local", **variables)
    assert started.returncode == 1
    assert started.stderr.startswith(f"companion: {said}")
    assert started.stderr.count("\n") == 1


def test_an_address_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        started = start(*SERVER, COMPANION_MODE="local", BIND=address)
    assert started.returncode != 0
    assert started.stderr.startswith(f"companion: {address}: Address already in use\n")
