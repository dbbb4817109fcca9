"""Tests that read the repository: what it says of itself must be so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LOCKS = [ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"]
PICTURES = ROOT / "pictures.lock"
POSTGRESQL = ROOT / "postgresql.lock"
"""LGPL, and so not shipped: an operator who has a PostgreSQL installs it."""
OIDC = ROOT / "oidc.lock"
LEAST = {PICTURES: 7, POSTGRESQL: 2, OIDC: 9}


def pinned(lock: Path) -> list[str]:
    return re.findall(
        r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("lock", [*LOCKS, PICTURES, POSTGRESQL, OIDC], ids=lambda lock: lock.name)
def test_locks_pin_by_hash_and_name_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    names = pinned(lock)
    assert len(names) >= LEAST.get(lock, 21)
    blocks = re.split(r"^(?=[a-z0-9-]+(?:\[[a-z,]+\])?==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(names)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_tests_run_on_what_is_shipped() -> None:
    lines = {
        lock: set(re.findall(r"^[a-z0-9-]+==[^ ]+", lock.read_text(encoding="utf-8"), re.MULTILINE))
        for lock in LOCKS
    }
    assert lines[LOCKS[0]] <= lines[LOCKS[1]]


def test_the_lock_of_what_looks_at_pictures_is_whole_but_for_what_the_models_ask() -> None:
    """It is installed without asking what its packages need."""
    names = set(pinned(PICTURES))
    for name in names - {"rapidocr"}:
        for line in metadata.requires(name) or []:
            needed = re.match(r"[\w-]+", line)
            assert needed is not None
            assert "extra ==" in line or needed[0].lower() in names, (name, line)
    assert not any("opencv" in name for name in names)


@pytest.mark.parametrize("lock", [PICTURES, POSTGRESQL, OIDC], ids=lambda lock: lock.name)
def test_what_is_in_two_locks_is_the_same_in_both(lock: Path) -> None:
    one, other = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ]+)", text, re.MULTILINE))
        for text in (LOCKS[1].read_text("utf-8"), lock.read_text("utf-8"))
    )
    assert all(one[name] == other[name] for name in one.keys() & other.keys())


def test_nothing_that_is_shipped_is_under_the_gpl() -> None:
    for name in [*pinned(LOCKS[0]), *pinned(PICTURES)]:
        about = metadata.metadata(name)
        licences = " ".join(
            [
                *about.get_all("License-Expression", []),
                *[text[:200] for text in about.get_all("License", [])],
                *[c for c in about.get_all("Classifier", []) if c.startswith("License")],
            ]
        )
        free = re.search(r"MIT|BSD|Apache|MPL|Mozilla|PSF|Python Software|ISC|HPND", licences)
        assert free or "GPL" not in licences, (name, licences)


def packages_of(folder: Path) -> list[Path]:
    """The Python packages and the folders of content just below a folder."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_dir() and ((path / "__init__.py").exists() or path.parent.name == "content")
    ]


def test_readme_names_every_package_command_and_script() -> None:
    for folder in packages_of(ROOT / "companion"):
        assert f"companion/{folder.name}/" in README, folder.name
    for command in (ROOT / "companion").glob("*/management/commands/[a-z]*.py"):
        assert f"manage.py {command.stem}" in README, command.stem
    for script in (ROOT / "script").iterdir():
        # setup is sourced by the others; nobody runs it.
        assert f"script/{script.name}" in README or script.name == "setup", script.name


def test_contributing_has_the_whole_map() -> None:
    made_by_running = {"var", "__pycache__"}
    for folder in ROOT.iterdir():
        if folder.is_dir() and folder.name[0] != "." and folder.name not in made_by_running:
            assert f"`{folder.name}/" in CONTRIBUTING, folder.name
    for folder in packages_of(ROOT / "companion"):
        assert f"**`companion/{folder.name}/`**" in CONTRIBUTING, folder.name
    for folder in packages_of(ROOT / "companion" / "scans"):
        assert f"**`companion/scans/{folder.name}/`**" in CONTRIBUTING, folder.name
    for room in packages_of(ROOT / "companion" / "web"):
        if room.name not in {"management", "templatetags"}:  # Django gives them their names
            assert f"`{room.name}/`" in CONTRIBUTING, room.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_what_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for path in re.findall(
        r"`((?:companion|docs|deploy|tests|script|templates|static|locale)/[\w/.*-]*)`", text
    ):
        assert list(ROOT.glob(path.rstrip("/"))), path
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        # Pages of the site begin with a slash.
        if "://" not in link and not link.startswith("/"):
            assert (document.parent / link).exists(), link
    for name in re.findall(r"`(companion(?:\.\w+)+)`", text):
        assert resolves(name), name


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    path = ROOT / name.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module, _, attribute = name.rpartition(".")
    return resolves(module) and hasattr(import_module(module), attribute)


def test_the_documents_that_a_stranger_looks_for_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"):
        assert (ROOT / name).is_file(), name
        assert name in README or name in {"README.md", "LICENSE"}, name


def test_every_decision_is_recorded_with_what_it_was_weighed_against() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert len(records) >= 5
    for number, record in enumerate(records, 1):
        text = record.read_text(encoding="utf-8")
        assert record.name.startswith(f"{number:04}-"), record.name
        assert re.match(rf"# {number}\. .+\n\nStatus: (accepted|superseded)", text), record.name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Alternatives", "Consequences"], record.name


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    versions = re.findall(
        r"^## \[([\d.]+)\] - (?:\d{4}-\d\d-\d\d|unreleased)$",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions[0] == project["version"]


def test_hooks_call_tools_that_the_lock_pins_by_hash() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (.+)", hooks) == ["local"]
    tools = re.findall(r"entry: \.venv/bin/([\w-]+)", hooks)
    assert len(tools) == hooks.count("- id:")
    packages = {"lint-imports": "import-linter"}
    assert {packages.get(tool, tool) for tool in tools} <= set(pinned(LOCKS[1]))


@pytest.mark.parametrize(
    ("tests", "packages"),
    [
        ("tests/scans", set()),
        ("tests/checklists", set()),
        ("tests/providers", {"postgresql"}),
        (
            "tests/browser",
            {"chromium", "libatomic1", "nginx-light", "firefox-esr", "webkit2gtk-driver", "xvfb"},
        ),
        ("tests/web/test_front.py", {"nginx-light"}),
        ("tests/letters/test_files.py::test_anything", {"libreoffice-writer", "poppler-utils"}),
    ],
)
def test_chosen_tests_ask_only_for_what_they_use(tests: str, packages: set[str]) -> None:
    answer = subprocess.run(
        ["script/test", "--needs", tests], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(answer.stdout.split()) == packages


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_to_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text), "no inline style"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "no inline handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "no inline script"
    assert "hx-on" not in text
    # What is printed never meets a browser, and a page's size is said in a style.
    assert "<style" not in text or "print" in template.parts
    for source in re.findall(r"<(?:script|img|iframe|link)[^>]*\s(?:src|href)=\"([^\"]*)\"", text):
        assert not re.match(r"(?:https?:)?//", source), "nothing from another host"


def test_no_module_is_longer_than_a_reader_bears() -> None:
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


def test_every_word_of_the_interface_is_in_the_catalogue_and_translated(tmp_path: Path) -> None:
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
