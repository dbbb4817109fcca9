"""A letter's files with a fault are refused, with the file, the field and the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from companion.content import law
from companion.content.library import ContentError, Untranslated
from companion.letters import samples
from companion.letters.catalogue import catalogue
from companion.letters.reading import load
from tests.letters.builders import LONE_LETTER, TODAY, change


def refusal(folder: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load(folder, law.jurisdictions())
    return caught.value


def test_the_letter_itself_is_fine(folder: Path) -> None:
    assert list(load(folder, law.jurisdictions()).letters) == [LONE_LETTER]


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
        ("es.md", "# can\n", "# cann\n", "cann", "is not in en.md"),
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
    change(folder / LONE_LETTER / file, old, new)
    error = refusal(folder)
    assert Path(error.file).name == file
    assert error.field == field
    assert why in error.why


@pytest.mark.parametrize(
    ("old", "new", "field", "why"),
    [
        ("# can\n", "# cann\n", "cann", "not a section that is known"),
        ("# subject\n", "# field shoe\n", "subject", "is missing"),
    ],
)
def test_a_letter_in_english_alone_needs_all_its_sections(
    folder: Path, old: str, new: str, field: str, why: str
) -> None:
    for path in (folder / LONE_LETTER).glob("??.md"):
        if path.name != "en.md":
            path.unlink()
    change(folder / LONE_LETTER / "en.md", old, new)
    error = refusal(folder)
    assert (Path(error.file).name, error.field) == ("en.md", field)
    assert why in error.why


def test_a_letter_without_a_file_in_a_language_is_not_written_in_it(folder: Path) -> None:
    (folder / LONE_LETTER / "es.md").unlink()
    spec = load(folder, law.jurisdictions()).letters[LONE_LETTER]
    assert "es" not in spec.languages
    assert isinstance(spec.words["es"]["title"][""], Untranslated)


def test_a_section_that_a_language_lacks_is_the_english_one_marked(folder: Path) -> None:
    text = (folder / LONE_LETTER / "es.md").read_text()
    before, _, rest = text.partition("# answer\n")
    (folder / LONE_LETTER / "es.md").write_text(before + rest[rest.index("\n# ") :])
    spec = load(folder, law.jurisdictions()).letters[LONE_LETTER]
    assert spec.templates["es"]["answer"].untranslated
    assert spec.templates["es"]["answer"].nodes == spec.templates["en"]["answer"].nodes
    assert not spec.templates["es"]["subject"].untranslated


def test_a_misspelt_shared_word_of_one_language_is_refused(folder: Path) -> None:
    change(folder / "es.md", "# want copy\n", "# want kopie\n")
    error = refusal(folder)
    assert (Path(error.file).name, error.field) == ("es.md", "want kopie")


def test_two_letters_of_one_number_are_refused(folder: Path) -> None:
    shutil.copytree(folder / LONE_LETTER, folder / "another")
    assert refusal(folder).field == "number"


def test_every_letter_can_be_written_in_every_place_and_language() -> None:
    letters = catalogue()
    written = set()
    for spec, jurisdiction, language, writer in samples.every(
        letters, ("patient", "representative")
    ):
        if writer != "patient" and "patient" in samples.written_by(spec):
            continue  # in all voices: tests/letters/test_writers.py
        letter = samples.sample(letters, spec, jurisdiction, language, TODAY, writer)
        assert letter.sections, (spec.slug, jurisdiction.id, language)
        written.add((spec.slug, language))
    assert written == {
        (slug, language) for slug, spec in letters.letters.items() for language in spec.languages
    }
