"""The list of parts: whole against the lock file, and honest about licences."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from companion.web.management.plain import WrongInputError
from tests.server import ROOT

STRONG_COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)
CHOICE = {"pyphen"}
"""Packages that may be used under another of the licences they name: pyphen under MPL 1.1."""


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    out = io.StringIO()
    call_command("parts", stdout=out)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def test_every_locked_package_is_a_part_with_its_hashes(parts: dict[str, Any]) -> None:
    lock = "".join((ROOT / name).read_text() for name in ("requirements.lock", "pictures.lock"))
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", lock, re.MULTILINE))
    wheels = {part["name"]: part for part in parts["components"] if "pypi" in part.get("purl", "")}
    assert {name: part["version"] for name, part in wheels.items()} == locked
    hashes = [
        found["content"]
        for part in wheels.values()
        for reference in part["externalReferences"]
        for found in reference["hashes"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_every_package_states_a_licence_that_may_be_shipped(parts: dict[str, Any]) -> None:
    for part in parts["components"]:
        if "pypi" not in part.get("purl", ""):
            continue
        stated = [one["license"]["name"] for one in part["licenses"]]
        assert stated, part["name"]
        if part["name"] not in CHOICE:
            assert not any(STRONG_COPYLEFT.search(name) for name in stated), part["name"]


def test_the_codecs_and_the_models_of_pictures_are_parts_with_licences(
    parts: dict[str, Any],
) -> None:
    pytest.importorskip("imagecodecs")
    by_name = {part["name"]: part for part in parts["components"]}
    assert {"imagecodecs/libopenjp2", "imagecodecs/libcharls"} <= by_name.keys()
    models = [part for part in parts["components"] if part["type"] == "machine-learning-model"]
    assert len(models) == 2
    for part in [*models, *(one for name, one in by_name.items() if "imagecodecs/" in name)]:
        stated = part["licenses"][0]["license"]["name"]
        assert "see the project" not in stated, part["name"]
        assert "GPL" not in stated or "exception" in stated, part["name"]
        assert len(part["hashes"][0]["content"]) == 64


def test_debian_s_packages_and_the_fonts_are_parts(parts: dict[str, Any]) -> None:
    names = {part["name"] for part in parts["components"]}
    assert {"libpango-1.0-0", "fonts-noto-core", "static/fonts/DejaVuSans.ttf"} <= names


def test_two_lists_of_one_version_are_equal_and_go_where_they_are_sent(
    parts: dict[str, Any], tmp_path: Path
) -> None:
    call_command("parts", out=str(tmp_path / "parts.json"))
    assert json.loads((tmp_path / "parts.json").read_text()) == parts
    with pytest.raises(WrongInputError, match="No such file"):
        call_command("parts", out=str(tmp_path / "nowhere/parts.json"))
