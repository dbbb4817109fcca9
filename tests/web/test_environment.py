from __future__ import annotations

import os
import subprocess
import sys

import pytest


def start(**variables):
    """Load the settings in a process of their own, as a deployment would."""
    environment = {key: value for key, value in os.environ.items() if "COMPANION" not in key}
    return subprocess.run(
        [sys.executable, "-c", "import companion.settings as s; print(s.MODE, s.DEBUG)"],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_forgotten_setting_means_production():
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
def test_nonsense_stops_the_server_and_names_the_setting(name, value):
    started = start(**{name: value})
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}={value!r}" in started.stderr
