"""Tests that read the repository: what it says of itself must be so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LOCKS = [ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"]


def pinned(lock: Path) -> list[str]:
    return re.findall(
        r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("lock", LOCKS, ids=["runtime", "tests"])
def test_locks_pin_by_hash_and_name_no_host(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    names = pinned(lock)
    assert len(names) > 20
    blocks = re.split(r"^(?=[a-z0-9-]+(?:\[[a-z,]+\])?==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(names)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_tests_run_on_what_is_shipped():
    lines = {
        lock: set(re.findall(r"^[a-z0-9-]+==[^ ]+", lock.read_text(encoding="utf-8"), re.MULTILINE))
        for lock in LOCKS
    }
    assert lines[LOCKS[0]] <= lines[LOCKS[1]]


def test_nothing_that_is_shipped_is_under_the_gpl():
    for name in pinned(LOCKS[0]):
        about = metadata.metadata(name)
        licences = " ".join(
            [
                about.get("License-Expression") or "",
                (about.get("License") or "")[:200],
                *[c for c in about.get_all("Classifier") or [] if c.startswith("License")],
            ]
        )
        free = re.search(r"MIT|BSD|Apache|MPL|Mozilla|PSF|Python Software|ISC|HPND", licences)
        assert free or "GPL" not in licences, (name, licences)


def test_readme_names_every_package_command_and_content_folder():
    for folder in sorted((ROOT / "companion").iterdir()):
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert f"companion/{folder.name}/" in README, folder.name
    for command in (ROOT / "companion").glob("*/management/commands/[a-z]*.py"):
        assert f"manage.py {command.stem}" in README, command.stem
    for script in ("server", "test"):
        assert f"script/{script}" in README


def test_readme_names_only_what_is_there():
    for path in re.findall(
        r"`((?:companion|docs|deploy|tests|script|templates)/[\w/.-]*)`", README
    ):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([^):]+)\)", README):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_to_the_content_security_policy(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text), "no inline style"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "no inline handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "no inline script"
    assert "hx-on" not in text
    # What is printed never meets a browser, and a page's size is said in a style.
    assert "<style" not in text or "print" in template.parts
    for source in re.findall(r"<(?:script|img|iframe|link)[^>]*\s(?:src|href)=\"([^\"]*)\"", text):
        assert not re.match(r"(?:https?:)?//", source), "nothing from another host"


def test_no_module_is_longer_than_a_reader_bears():
    long = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "companion").rglob("*.py")
        if "migrations" not in path.parts
        and len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    # One hot loop over shared state, and what it calls.
    assert long <= {"companion/scans/dicom/parser.py"}


def copy_of_the_sources(folder: Path) -> Path:
    for name in ("companion", "templates", "locale", "manage.py", "tests"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
            )
        else:
            shutil.copy(source, folder / name)
    return folder


def messages(catalogue: Path, *options: str) -> set[str]:
    """The message ids of a catalogue that the given msgattrib options select."""
    out = subprocess.run(
        ["msgattrib", "--no-wrap", "--no-obsolete", *options, str(catalogue)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(re.findall(r"^msgid \"(.+)\"$", out, re.MULTILINE))


def test_every_word_of_the_interface_is_in_the_catalogue_and_translated(tmp_path):
    folder = copy_of_the_sources(tmp_path)
    shutil.rmtree(folder / "tests" / "browser", ignore_errors=True)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "es", "--no-location", "--no-wrap",
         "--ignore", "tests", "--verbosity", "0"],
        cwd=folder,
        check=True,
    )  # fmt: skip
    extracted = folder / "locale" / "es" / "LC_MESSAGES" / "django.po"
    assert len(messages(extracted)) > 100
    assert messages(extracted, "--untranslated") == set()
    assert messages(extracted, "--only-fuzzy") == set()
