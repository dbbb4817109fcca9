from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from companion.content.library import ContentError, read_toml, read_words


def make_file(folder: Path, text: str, name: str = "thing.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_field_is_read_by_its_kind(tmp_path: Path) -> None:
    fields = read_toml(make_file(tmp_path, 'a = "x"\nb = true\nc = ["1"]\nd = 2026-11-21\ne = 3\n'))
    assert fields.text("a") == "x"
    assert fields.flag("b") is True
    assert fields.texts("c") == ("1",)
    assert fields.date("d") == date(2026, 11, 21)
    assert fields.number("e") == 3
    fields.done()


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("", "a", "is missing"),
        ("a = 1", "a", "must be a str"),
        ('a = " "', "a", "is empty"),
    ],
)
def test_a_wrong_field_names_file_field_and_reason(
    tmp_path: Path, text: str, field: str, why: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read_toml(make_file(tmp_path, text)).text("a")
    assert (caught.value.field, caught.value.why) == (field, why)
    assert caught.value.file.endswith("thing.toml")


def test_a_truth_value_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        read_toml(make_file(tmp_path, "a = true")).number("a")


def test_a_field_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    fields = read_toml(make_file(tmp_path, 'a = "x"\nmisspelt = "y"\n'))
    fields.text("a")
    with pytest.raises(ContentError, match="misspelt"):
        fields.done()


def test_a_nested_field_is_named_by_its_way(tmp_path: Path) -> None:
    fields = read_toml(make_file(tmp_path, "[[parts]]\nid = 'x'\n[[parts]]\n"))
    with pytest.raises(ContentError, match=r"parts\[1\]\.id"):
        [part.text("id") for part in fields.tables("parts")]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    for path in (make_file(tmp_path, "a = "), tmp_path / "absent.toml"):
        with pytest.raises(ContentError, match=path.name):
            read_toml(path)


def test_words_are_read_by_id_and_part(tmp_path: Path) -> None:
    words = read_words(make_file(tmp_path, "# B1\nAsk.\n\n## why\nBecause.\n# B2\nSay.\n", "en.md"))
    assert words == {"B1": {"": "Ask.", "why": "Because."}, "B2": {"": "Say."}}


@pytest.mark.parametrize("text", ["# a\n# a\n", "# a\n## b\n## b\n", "words\n# a\n"])
def test_words_that_stand_twice_or_nowhere_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        read_words(make_file(tmp_path, text, "en.md"))
