"""A language is one step: its code and one file give a site that starts and shows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from companion.content.untranslated import CSS_CLASS
from tests.web.new_language import CODE

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "Qxian"
TITLE, STEP = "Qix qax my images", "Qux qix qax"
_BARE = {"title", "option", "textarea", "script", "style"}
"""Elements that hold text and nothing else."""


class Page(HTMLParser):
    """What a page says of its languages, and what is wrong in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.marked = 0
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if self._open and self._open[-1] in _BARE:
            self.faults.append(f"<{tag}> in <{self._open[-1]}>")
        if CSS_CLASS in given.get("class", "").split():
            self.marked += 1
            if given.get("lang") != "en":
                self.faults.append(f"a marked <{tag}> without its language")
        for name, value in given.items():
            if "<" in value or (name != "class" and CSS_CLASS in value):
                self.faults.append(f"markup in {tag}[{name}]: {value[:90]}")
        if tag in _BARE:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BARE and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        # In these elements a parser takes markup for text.
        if self._open and CSS_CLASS in data:
            self.faults.append(f"markup in <{self._open[-1]}>: {data[:90]}")


def make_site(folder: Path) -> Path:
    """A copy of the project with a language more in the list."""
    for name in ("companion", "templates", "static", "locale", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    library = folder / "companion" / "content" / "library.py"
    text = library.read_text(encoding="utf-8")
    assert '"es": "Español"}' in text
    library.write_text(
        text.replace('"es": "Español"}', f'"es": "Español", "{CODE}": "{NAME}"}}'), encoding="utf-8"
    )
    return folder


def run(site: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=site, check=False, capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def one_letter(site: Path) -> Iterator[dict[str, str]]:
    """All pages of the site with one letter in the language, of which a part is written."""
    words = site / "companion" / "content" / "letters" / "get-my-images" / f"{CODE}.md"
    words.write_text(f"# title\n{TITLE}\n# opening\n{STEP}\n", encoding="utf-8")
    run(site, "manage.py", "check", "--fail-level", "ERROR")
    yield json.loads(run(site, "-m", "tests.web.new_language"))
    words.unlink()


def test_every_page_is_shown_and_marked_where_it_is_in_english(one_letter: dict[str, str]) -> None:
    faults = {
        name: page.faults
        for name, html in one_letter.items()
        if not name.startswith("text") and (page := Page(html)).faults
    }
    assert faults == {}
