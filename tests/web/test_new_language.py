"""A language is one step: its code and one file give a site that starts and shows it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

from companion.content.library import CONTENT, read_words
from companion.content.untranslated import CSS_CLASS
from tests.web.new_language import CODE

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "Qxian"
TITLE, OPENING = "Qix qax my images", "Qux qix qax, qix."
LETTER_PAGE = "letters/get-my-images/?place=us"
_BARE = {"title", "option", "textarea", "script", "style"}
"""Elements that hold text and nothing else."""
_VOID = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "use", "wbr"}
"""Elements without an end; the templates write those of SVG so."""


class Page(HTMLParser):
    """What a page says in which language, and what is wrong in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.marked = 0
        self.faults: list[str] = []
        self.own: list[str] = []
        """The texts that are not said to be in English."""
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if self._open and self._open[-1][0] in _BARE:
            self.faults.append(f"<{tag}> in <{self._open[-1][0]}>")
        if CSS_CLASS in given.get("class", "").split():
            self.marked += 1
            if given.get("lang") != "en":
                self.faults.append(f"a marked <{tag}> without its language")
        for name, value in given.items():
            if "<" in value or (name != "class" and CSS_CLASS in value):
                self.faults.append(f"markup in {tag}[{name}]: {value[:90]}")
        if tag not in _VOID:
            inherited = self._open[-1][1] if self._open else ""
            self._open.append((tag, given.get("lang", inherited)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self._open[-1] if self._open else ("", "")
        # In these elements a parser takes markup for text.
        if tag in _BARE and CSS_CLASS in data:
            self.faults.append(f"markup in <{tag}>: {data[:90]}")
        if tag not in _BARE and language != "en":
            self.own.append(" ".join(data.split()))


def make_site(folder: Path) -> Path:
    """A copy of the project with a language more in the list."""
    for name in ("companion", "templates", "static", "locale", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    library = folder / "companion" / "content" / "library.py"
    text, lists = re.subn(
        r"^(LANGUAGES: .*\(\s*\{[^}]*?),?(\s*\}\s*\))$",
        rf'\1, "{CODE}": "{NAME}"\2',
        library.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert lists == 1
    library.write_text(text, encoding="utf-8")
    return folder


def run(site: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=site, check=False, capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"))


def shown(site: Path, words: str, text: str) -> dict[str, str]:
    """All pages, with one file of the language in ``content/`` and nothing else."""
    file = site / "companion" / "content" / words
    file.write_text(text, encoding="utf-8")
    run(site, "manage.py", "check")
    found: dict[str, str] = json.loads(run(site, "-m", "tests.web.new_language"))
    file.unlink()
    return found


@pytest.fixture(scope="module")
def one_letter(site: Path) -> dict[str, str]:
    text = f"# title\n{TITLE}\n# opening\n{OPENING}\n"
    return shown(site, f"letters/get-my-images/{CODE}.md", text)


@pytest.fixture(scope="module")
def one_screen(site: Path) -> dict[str, str]:
    return shown(site, f"screens/about/{CODE}.md", f"# title\n{TITLE}\n")


def sentences() -> set[str]:
    """English sentences of the content that no interface text and no law is."""
    found = set()
    for file in (*CONTENT.rglob("en.md"), CONTENT / "identifiers" / "notes.en.md"):
        for parts in read_words(file).values():
            for text in parts.values():
                lines = (" ".join(line.split()) for line in text.splitlines())
                found |= {line for line in lines if len(line) > 25 and not set(line) & set("{[*`<")}
    with translation.override("es"):
        # What Spanish has in its catalogue, the interface says too.
        return {text for text in found if gettext(text) == text}


def html_of(found: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in found.items() if not name.startswith("text")}


def test_no_page_has_markup_where_only_text_may_be(
    one_letter: dict[str, str], one_screen: dict[str, str]
) -> None:
    for found in (one_letter, one_screen):
        pages = html_of(found)
        assert {name: page.faults for name, page in pages.items() if page.faults} == {}


def test_pages_are_in_the_language_and_their_english_is_marked(one_letter: dict[str, str]) -> None:
    pages = html_of(one_letter)
    whole = [page for page in pages.values() if page.language]
    assert {page.language for page in whole} == {CODE}
    assert len(whole) > 30
    assert [name for name, page in pages.items() if not page.marked] == []


def test_no_english_of_the_content_passes_for_the_language(one_letter: dict[str, str]) -> None:
    english = sentences()
    assert len(english) > 1500
    found = {
        name: mixed
        for name, page in html_of(one_letter).items()
        if (mixed := english & set(page.own))
    }
    assert found == {}


def test_the_one_letter_is_shown_in_the_language(one_letter: dict[str, str]) -> None:
    page, paper = (html_of(one_letter)[name] for name in (LETTER_PAGE, "paper get-my-images"))
    assert TITLE in page.own
    assert OPENING in paper.own
    assert OPENING in one_letter["text get-my-images"]
    assert "Parts of this letter are in English" in one_letter["text get-my-images"]
    assert f'<option value="{CODE}"' in one_letter[LETTER_PAGE.replace("=us", "=eu-de")]
    # The other is not written in it: it is not offered, and the page says why.
    other = one_letter["letters/opt-out/?place=eu-de"]
    assert f'<option value="{CODE}"' not in other
    assert "not written in the language of this page yet" in other
    assert "not written in the language of this page yet" not in one_letter[LETTER_PAGE]


def test_the_one_screen_is_shown_in_the_language(one_screen: dict[str, str]) -> None:
    assert f"<h1>{TITLE}</h1>" in one_screen["about/"]
    assert TITLE not in html_of(one_screen)["privacy/"].own


def test_a_page_says_that_its_language_is_not_whole(one_letter: dict[str, str]) -> None:
    assert f"not in {NAME} yet" in one_letter[""]
