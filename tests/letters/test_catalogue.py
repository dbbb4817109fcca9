"""A letter's files with a fault are refused, with the file, the field and the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from companion.content import law
from companion.content.library import ContentError
from companion.letters import samples
from companion.letters.catalogue import FOLDER, catalogue
from companion.letters.reading import load
from tests.letters.builders import TODAY

SLUG = "move-mammograms"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shared words and one letter that stands alone."""
    made = tmp_path / "letters"
    made.mkdir()
    for name in ("fields.toml", "en.md", "es.md"):
        shutil.copy(FOLDER / name, made / name)
    shutil.copytree(FOLDER / SLUG, made / SLUG)
    change(made / SLUG / "letter.toml", "follow_ups = ", "follow_ups = [] #")
    return made


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load(folder, law.jurisdictions())
    return caught.value


def test_the_letter_itself_is_fine(folder: Path) -> None:
    assert list(load(folder, law.jurisdictions()).letters) == [SLUG]


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "why"),
    [
        ("en.md", "# B\n", "# B\n{nome} ", "B", "there is no field 'nome'"),
        ("en.md", "# B\n", "# B\n[us-xx> x] ", "B", "there is no place 'us-xx'"),
        ("en.md", "# A\n", "# A\n{law us.none} ", "A", "there is no law entry us.none"),
        ("en.md", "# A\n", "# A\nNo law here.\n\n", "A", "no law entry"),
        ("en.md", "# A\n", "# A\nAbroad ({law eu.gdpr.access}).\n\n", "A", "is no law of us"),
        ("en.md", "# B\n", "# B\nI demand it.\n\n", "B", "'demand'"),
        ("en.md", "# B\n", "# B\nSee {law us.hipaa.access}.\n\n", "B", "cites a law"),
        ("en.md", "# can\n", "# cann\n", "cann", "not a section that is known"),
        ("en.md", "# subject\n", "# field shoe\n", "subject", "is missing"),
        ("letter.toml", "want = ", 'want = "fame" #', "want", "letters/en.md has no '# want fame'"),
        ("letter.toml", "recipient = ", 'recipient = "king" #', "recipient", "king"),
        ("letter.toml", "places = ", 'places = ["mars"] #', "places", "no place 'mars'"),
        ("letter.toml", "follow_ups = ", 'follow_ups = ["x"] #', "follow_ups", "no letter 'x'"),
        ("letter.toml", "order = ", 'shoe = 9\norder = ', "shoe", "not a field that is known"),
        ("letter.toml", "[strength]\nus", "[strength]\nau", "strength", "us must be one of"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_field_and_reason(
    folder: Path, file: str, old: str, new: str, field: str, why: str
) -> None:
    change(folder / SLUG / file, old, new)
    error = refusal(folder)
    assert Path(error.file).name == file
    assert error.field == field
    assert why in error.why


def test_a_missing_language_is_refused(folder: Path) -> None:
    (folder / SLUG / "es.md").unlink()
    assert Path(refusal(folder).file).name == "es.md"


def test_a_shared_word_that_one_language_lacks_is_refused(folder: Path) -> None:
    change(folder / "es.md", "# want copy\n", "# want kopie\n")
    error = refusal(folder)
    assert (Path(error.file).name, error.field) == ("es.md", "want copy")


def test_two_letters_of_one_number_are_refused(folder: Path) -> None:
    shutil.copytree(folder / SLUG, folder / "another")
    assert refusal(folder).field == "number"


def test_every_letter_can_be_written_in_every_place_and_language() -> None:
    letters = catalogue()
    count = 0
    for spec, jurisdiction, language in samples.every(letters):
        letter = samples.sample(letters, spec, jurisdiction, language, TODAY)
        assert letter.sections or letter.opening
        count += 1
    assert count > 1500
