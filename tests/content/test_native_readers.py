"""Who has read a language as a native reader: signed part by part, and said until then."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.content import native_readers
from companion.content.library import CONTENT, LANGUAGES, SOURCE, ContentError, read_toml

SIGNED = """
parts = ["letters", "screens"]
[[reader]]
language = "de"
by = "Eva Beispiel, nurse"
on = 2026-12-01
read = ["screens"]
[[reader]]
language = "fr"
by = "Luc Exemple"
on = 2026-12-02
read = ["screens", "letters"]
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "native-readers.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_nobody_has_signed_is_unread(tmp_path: Path) -> None:
    unread = native_readers.read(write(tmp_path, SIGNED))
    assert unread["de"] == ("letters",)
    assert unread["fr"] == ()
    assert unread["es"] == ("letters", "screens")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"de"', '"xx"', "language"),
        ('by = "Eva Beispiel, nurse"', 'by = ""', "by"),
        ("on = 2026-12-01", "", "on"),
        ('read = ["screens"]', 'read = ["screams"]', "read"),
        ('read = ["screens"]', 'read = ["screens"]\nwhy = "x"', "why"),
    ],
)
def test_a_signature_without_a_name_a_day_or_a_part_is_refused(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    with pytest.raises(ContentError) as refused:
        native_readers.read(write(tmp_path, SIGNED.replace(old, new)))
    assert refused.value.field.endswith(field)


def test_every_folder_of_words_is_a_part() -> None:
    parts = set(read_toml(native_readers.FILE).texts("parts"))
    folders = {
        path.relative_to(CONTENT).parts[0]
        for path in CONTENT.rglob("*")
        if path.name.endswith("en.md") or path.parent.name in ("jurisdictions", "packs")
    }
    assert parts == {*folders, "interface"}


def test_english_needs_no_reader() -> None:
    assert native_readers.unread(SOURCE) == ()
    assert set(LANGUAGES) > {SOURCE}
