"""The list of parts: whole against the lock file, and honest about licences."""

from __future__ import annotations

import io
import json
import re
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from companion.web.management import debian
from companion.web.management.commands import parts as parts_command
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
    names = sorted(path.name for path in ROOT.glob("*.lock"))
    assert set(names) == set(parts_command.LOCKS)
    lock = "".join((ROOT / name).read_text() for name in names)
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", lock, re.MULTILINE))
    wheels = {part["name"]: part for part in parts["components"] if "pypi" in part.get("purl", "")}
    assert {name: part["version"] for name, part in wheels.items()} == locked
    hashes = [
        found["content"]
        for part in wheels.values()
        for reference in part["externalReferences"]
        for found in reference["hashes"]
    ]
    assert set(hashes) == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert len(hashes) == len(set(hashes))


def test_what_the_operator_chooses_is_marked_as_a_choice(parts: dict[str, Any]) -> None:
    scopes = {part["name"]: part.get("scope") for part in parts["components"]}
    assert scopes["pydicom"] == scopes["cryptography"] == "required"
    assert scopes["psycopg"] == scopes["authlib"] == scopes["imagecodecs"] == "optional"


STATUS = """\
Package: libpango-1.0-0
Status: install ok installed
Architecture: amd64
Version: 1.50.12+ds-1
Depends: fontconfig (>= 2.13.0), libgone | libthai0 (>= 0.1.25), awk

Package: libthai0
Status: install ok installed
Architecture: amd64
Version: 0.1.29-1
Depends: libpango-1.0-0

Package: fontconfig
Status: deinstall ok config-files
Architecture: amd64
Version: 2.14

Package: mawk
Status: install ok installed
Architecture: amd64
Version: 1:1.3
Provides: awk
"""


def test_debian_s_packages_come_with_what_they_depend_on_and_their_licences(
    tmp_path: Path,
) -> None:
    (tmp_path / "status").write_text(STATUS)
    for name, text in {
        "libpango-1.0-0": "Files: *\nLicense: LGPL-2+\n\nFiles: x\nLicense: ICU\n\nLicense: ICU\n",
        "libthai0": "Free prose of the old days.",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "copyright").write_text(text)
    found = debian.needed(
        ["libpango-1.0-0", "fonts-unknown"], status=tmp_path / "status", documents=tmp_path
    )
    by_name = {package.name: package for package in found}
    assert sorted(by_name) == ["fonts-unknown", "libpango-1.0-0", "libthai0", "mawk"]
    assert by_name["libpango-1.0-0"].version == "1.50.12+ds-1"
    assert by_name["libpango-1.0-0"].licences == ("LGPL-2+", "ICU")
    assert by_name["libthai0"].licences == ("see /usr/share/doc/libthai0/copyright",)
    assert by_name["fonts-unknown"] == debian.Package("fonts-unknown", "", "", ())


def test_a_machine_without_dpkg_names_the_packages_alone(tmp_path: Path) -> None:
    found = debian.needed(["libpango-1.0-0"], status=tmp_path / "none", documents=tmp_path)
    assert found == [debian.Package("libpango-1.0-0", "", "", ())]


# --- Hashes of what a visitor's browser gets ---------------------------------------------


def test_each_file_of_the_site_is_listed_with_its_hash_as_sha256sum_reads_it(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "static/css").mkdir(parents=True)
    for name in ("css/a.1f.css", "css/a.1f.css.gz", "logo.gz", "z.js"):
        (tmp_path / "static" / name).write_bytes(name.encode())
    call_command("served", out=str(tmp_path / "served.txt"))
    text = (tmp_path / "served.txt").read_text()
    assert [line.split()[1] for line in text.splitlines()] == [
        "static/css/a.1f.css", "static/logo.gz", "static/z.js",
    ]  # fmt: skip
    check = ["sha256sum", "--check", "--strict", "served.txt"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "static/z.js").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1


def test_nothing_to_list_is_told_with_what_mends_it(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(WrongInputError, match="collectstatic"):
        call_command("served")


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


def test_what_a_browser_loads_is_a_part_with_its_licence(parts: dict[str, Any]) -> None:
    lock = json.loads((ROOT / "companion/ondevice/npm/package-lock.json").read_text())
    pinned = lock["packages"]["node_modules/pyodide"]
    by_name = {part["name"]: part for part in parts["components"]}
    pyodide = by_name["pyodide"]
    assert pyodide["version"] == pinned["version"]
    assert pyodide["licenses"] == [{"license": {"name": "MPL-2.0"}}]
    (digest,) = pyodide["hashes"]
    assert digest["alg"] == "SHA-512"
    assert b64encode(bytes.fromhex(digest["content"])).decode() == pinned["integrity"][7:]
    assert by_name["pyodide/cpython"]["licenses"] == [{"license": {"name": "PSF-2.0"}}]


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
