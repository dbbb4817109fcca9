"""English where a language has no text yet: how it is read, marked and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.content import coverage, library
from companion.content.library import (
    ContentError,
    Untranslated,
    read_toml,
    translated,
    translated_files,
    varied,
)
from companion.content.prose import to_html, to_inline_html


@pytest.fixture(autouse=True)
def _a_new_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside two that have words, one that nobody has written a word in yet."""
    written = {code: library.LANGUAGES[code] for code in ("en", "es")}
    monkeypatch.setattr(library, "LANGUAGES", {**written, "qx": "Qxian"})


def make_table(folder: Path, text: str) -> library.Fields:
    (folder / "thing.toml").write_text(text, encoding="utf-8")
    return read_toml(folder / "thing.toml")


def make_words(folder: Path, **files: str) -> Path:
    for language, text in files.items():
        (folder / f"{language}.md").write_text(text, encoding="utf-8")
    return folder


def test_a_table_gives_its_text_in_each_language(tmp_path: Path) -> None:
    words = translated(make_table(tmp_path, 'name = {en = "Spain", es = "España"}'), "name")
    assert words == {"en": "Spain", "es": "España", "qx": "Spain"}
    assert [type(words[one]) for one in words] == [str, str, Untranslated]


def test_one_text_for_all_languages_is_translated_in_all(tmp_path: Path) -> None:
    words = translated(make_table(tmp_path, 'name = "Österreich"'), "name")
    assert {type(text) for text in words.values()} == {str}


def test_a_citation_varies_only_where_a_language_says_so(tmp_path: Path) -> None:
    table = make_table(tmp_path, 'citation = "Art. 15 GDPR"\ncitation_es = "art. 15 RGPD"')
    assert varied(table, "citation") == {
        "en": "Art. 15 GDPR", "es": "art. 15 RGPD", "qx": "Art. 15 GDPR",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ('name = {es = "España"}', "name.en", "is missing"),
        ('name = {en = "", es = "España"}', "name.en", "is empty"),
        ('name = {en = "Spain", sp = "España"}', "name.sp", "not a field"),
        ('nom = {en = "Spain"}', "name", "is missing"),
        ('name = {en = "Spain", es = 7}', "name.es", "must be a str"),
    ],
)
def test_a_wrong_translation_is_refused(tmp_path: Path, text: str, field: str, why: str) -> None:
    with pytest.raises(ContentError) as refused:
        translated(make_table(tmp_path, text), "name")
    assert refused.value.field == field
    assert why in refused.value.why


def test_a_words_file_is_filled_with_english_text_by_text(tmp_path: Path) -> None:
    folder = make_words(tmp_path, en="# a\nOne\n## b\nTwo\n# c\nThree\n", es="# a\nUno\n## b\n")
    words = translated_files(folder)
    assert words["es"] == {"a": {"": "Uno", "b": "Two"}, "c": {"": "Three"}}
    assert isinstance(words["es"]["a"]["b"], Untranslated)
    assert isinstance(words["qx"]["a"][""], Untranslated)
    assert not isinstance(words["es"]["a"][""], Untranslated)


@pytest.mark.parametrize("text", ["# A\nUno\n", "# a\nUno\n## bb\nDos\n"])
def test_a_heading_that_english_does_not_have_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"is not in en\.md"):
        translated_files(make_words(tmp_path, en="# a\nOne\n## b\nTwo\n", es=text))


def test_a_language_may_add_what_its_kind_of_file_allows(tmp_path: Path) -> None:
    folder = make_words(tmp_path, en="# a\nOne\n", es="# a\nUno\n## letter x\nEquis\n")
    assert translated_files(folder, may_add=("letter ",))["es"]["a"]["letter x"] == "Equis"


def test_an_untranslated_text_marks_itself_and_stays_marked() -> None:
    text = Untranslated(" a < {b}\nc ")
    for made in (
        text.format(b="d"), text.replace("a", "e"), text.strip(),
        text.removesuffix("c "), *text.splitlines(), *text.split(),
    ):  # fmt: skip
        assert isinstance(made, Untranslated)
    assert text.strip().__html__() == ('<span lang="en" class="untranslated">a &lt; {b}\nc</span>')
    assert type(str(text)) is str


def test_untranslated_markdown_is_marked_as_a_whole() -> None:
    text = Untranslated("*a*")
    assert to_inline_html(text) == '<span lang="en" class="untranslated"><em>a</em></span>'
    assert to_html(text) == '<div lang="en" class="untranslated"><p><em>a</em></p>\n</div>'
    assert to_html(Untranslated("")) == ""


def test_what_a_language_lacks_is_counted_by_kind_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    make_table(
        tmp_path / "packs", '[title]\nen = "A"\nes = ""\n[[x]]\nabout = {en = "B", es = "C"}'
    )
    (tmp_path / "screens" / "home").mkdir(parents=True)
    make_words(tmp_path / "screens" / "home", en="# a\nOne\n## b\nTwo\n# c\n", es="# a\nUno\n")
    assert coverage.texts(tmp_path) == {"packs": 2, "screens": 2}
    assert coverage.missing("es", tmp_path) == (
        coverage.Gap("screens", "screens/home/es.md", "a.b"),
        coverage.Gap("packs", "packs/thing.toml", "title"),
    )
    assert len(coverage.missing("qx", tmp_path)) == 4
    assert coverage.missing("en", tmp_path) == ()
