"""A letter in a language that lacks a part of its words: what is English, and says so."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
from docx.oxml.ns import qn

from companion.content import law
from companion.content.library import Untranslated
from companion.letters import samples, text, word
from companion.letters.catalogue import Catalogue
from companion.letters.letter import Letter
from companion.letters.reading import load
from companion.letters.recipient_language import letter_language
from companion.web.letters.printed import letter_html
from tests.letters.builders import LONE_LETTER, TODAY

PART_IN_ENGLISH = "Partes de esta carta están en inglés"


def drop(file: Path, heading: str) -> None:
    """Take the text under a heading, and those below it, out of a words file."""
    whole = file.read_text(encoding="utf-8")
    level = heading.split()[0]
    shorter = re.sub(rf"(?ms)^{heading}\n.*?(?=^#{{1,{len(level)}}} |\Z)", "", whole)
    assert len(shorter) < len(whole)
    file.write_text(shorter, encoding="utf-8")


def spanish(catalogue: Catalogue) -> Letter:
    """The letter in Spanish, with made-up answers."""
    return samples.sample(
        catalogue, catalogue.letters[LONE_LETTER], law.jurisdiction("us"), "es", TODAY
    )


def read(folder: Path) -> Letter:
    return spanish(load(folder, law.jurisdictions()))


def test_a_whole_letter_marks_nothing(folder: Path) -> None:
    letter = read(folder)
    assert PART_IN_ENGLISH not in text.to_text(letter)
    assert 'class="untranslated"' not in letter_html(letter)


def test_a_section_that_is_missing_is_english_and_the_small_print_says_so(folder: Path) -> None:
    drop(folder / LONE_LETTER / "es.md", "# opening")
    letter = read(folder)
    runs = [run for block in letter.opening for line in block.lines for run in line]
    assert {type(run.text) for run in runs if not run.typed} == {Untranslated}
    assert not any(isinstance(run.text, Untranslated) for run in runs if run.typed)
    assert not isinstance(letter.subject, Untranslated)
    assert PART_IN_ENGLISH in letter.marks[-1]
    assert '<span lang="en" class="untranslated">' in letter_html(letter)


def test_a_missing_fixed_word_is_english_and_the_small_print_says_so(folder: Path) -> None:
    drop(folder / "es.md", "## closing")
    letter = read(folder)
    assert isinstance(letter.frame["closing"], Untranslated)
    assert PART_IN_ENGLISH in letter.marks[-1]


def test_a_date_without_names_of_months_is_english_as_a_whole(folder: Path) -> None:
    drop(folder / "es.md", "# months")
    letter = read(folder)
    assert letter.dated == "November 21, 2026"
    assert isinstance(letter.dated, Untranslated)
    assert PART_IN_ENGLISH in letter.marks[-1]


def test_a_word_file_says_the_language_of_each_part(folder: Path) -> None:
    drop(folder / LONE_LETTER / "es.md", "# opening")
    letter = read(folder)
    english = letter.opening[0].lines[0][0].text
    paragraphs = docx.Document(io.BytesIO(word.to_docx(letter))).paragraphs
    languages = {
        run.text: run._r.rPr.find(qn("w:lang")).get(qn("w:val"))
        for paragraph in paragraphs
        for run in paragraph.runs
        if run._r.rPr is not None
    }
    assert languages[str(english)] == "en-US"
    assert languages[letter.sections[0].heading] == "es-ES"


def test_a_letter_without_a_file_is_offered_in_english_alone(folder: Path) -> None:
    for path in (folder / LONE_LETTER).glob("??.md"):
        if path.name != "en.md":
            path.unlink()
    spec = load(folder, law.jurisdictions()).letters[LONE_LETTER]
    assert spec.languages == ("en",)
    assert letter_language(spec.languages, law.jurisdiction("eu-es"), "es") == "en"
