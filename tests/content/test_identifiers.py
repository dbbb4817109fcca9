"""The words and facts of findings: complete in every language, plain, honest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from companion.content import identifiers
from companion.content.library import CONTENT, LANGUAGES, ContentError, read_toml, read_words
from companion.scans import detectors
from companion.scans.findings import Note, Place
from companion.scans.rules import table
from tests.content.languages import WRITTEN

SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
RULES = identifiers.rules()


@pytest.mark.parametrize("language", WRITTEN)
def test_every_rule_has_all_its_words(language: str) -> None:
    written = read_words(identifiers.FOLDER / f"{language}.md")

    assert set(written) == set(RULES)
    assert all(written[rule].get(part) for rule in RULES for part in identifiers.PARTS)


@pytest.mark.parametrize("language", WRITTEN)
def test_every_note_has_a_sentence(language: str) -> None:
    written = read_words(identifiers.FOLDER / f"notes.{language}.md")

    assert set(written) == set(Note)
    assert all(identifiers.notes(language)[code] for code in Note)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    longest = [
        (rule, sentence)
        for rule, words in identifiers.words(language).items()
        for part in identifiers.PARTS
        for sentence in SENTENCE_END.split(getattr(words, part))
        if len(sentence.split()) > 25
    ]

    assert longest == []


@pytest.mark.filterwarnings("ignore:pkg_resources")
def test_english_reads_at_the_sixth_grade() -> None:
    textstat = pytest.importorskip("textstat")
    hard = {
        rule: grade
        for rule, words in identifiers.words("en").items()
        if (grade := textstat.flesch_kincaid_grade(f"{words.what} {words.why} {words.next}")) > 6
    }

    assert hard == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_promises_or_scares(language: str) -> None:
    forbidden = re.compile(
        r"\b(?:safe|anonymous|anonymous?ly|guarantee\w*|danger\w*|fully removed"
        r"|seguro que|segura|an[oó]nim\w+|garantiza\w*|peligro\w*)\b",
        re.IGNORECASE,
    )
    texts = [
        getattr(words, part)
        for words in identifiers.words(language).values()
        for part in identifiers.PARTS
    ]

    assert [
        text
        for text in texts + list(identifiers.notes(language).values())
        if forbidden.search(text)
    ] == []


def test_spanish_keeps_to_the_formal_address() -> None:
    familiar = re.compile(r"\b(?:t[uú]|tus|te|tienes|puedes|debes|quieres)\b", re.IGNORECASE)
    texts = [
        getattr(words, part)
        for words in identifiers.words("es").values()
        for part in identifiers.PARTS
    ]

    assert [text for text in texts if familiar.search(text)] == []


def test_places_are_those_of_the_report() -> None:
    assert {rule.place for rule in RULES.values()} - {None} <= set(Place)


def test_every_detector_that_a_rule_names_exists_and_every_detector_has_a_rule() -> None:
    named = {rule.detector for rule in RULES.values() if rule.detector}

    assert named == set(detectors.detectors())


def test_every_rule_can_be_reached() -> None:
    by_table = {rule.id for rule in table.table().by_tag.values()}
    by_table |= {rule.id for _, rule in table.table().patterns}
    by_table |= {rule.id for rule in table.table().by_vr.values()}
    by_table |= {rule.id for rule in table.table().by_vr_listed.values()}
    private = {one.rule for one in identifiers.private_elements()}
    private |= {pattern.rule for pattern in identifiers.name_patterns()}
    private |= {"private-date", "private-uid", "private-address", "private-note", "private-words"}
    private |= {"unknown-field"}
    by_code = {rule.id for rule in RULES.values() if rule.detector}

    assert set(RULES) - by_table - private - by_code == set()


@pytest.mark.parametrize("field", ["letters", "questions"])
def test_next_steps_exist(field: str) -> None:
    wanted = {step for rule in RULES.values() for step in getattr(rule, field)}
    if field == "letters":
        known = {path.parent.name for path in (CONTENT / "letters").glob("*/letter.toml")}
        if not known:
            pytest.skip("no letters here")
    else:
        known = set()
        for path in (CONTENT / "checklists").glob("*/questions.toml"):
            known |= set(
                re.findall(r'^id = "(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
            )

    assert wanted
    assert wanted - known == set()


def test_a_rule_in_two_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for group in identifiers.GROUPS:
        (tmp_path / f"{group}.toml").write_text("[patient-name]\nhipaa = 'A'\n", encoding="utf-8")
    monkeypatch.setattr(identifiers, "FOLDER", tmp_path)

    with pytest.raises(ContentError, match="another file"):
        identifiers.rules.__wrapped__()


def test_a_misspelt_field_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for group in identifiers.GROUPS:
        (tmp_path / f"{group}.toml").write_text("", encoding="utf-8")
    (tmp_path / "hidden.toml").write_text("[one]\nhippa = 'A'\n", encoding="utf-8")
    monkeypatch.setattr(identifiers, "FOLDER", tmp_path)

    with pytest.raises(ContentError, match="hippa"):
        identifiers.rules.__wrapped__()


def test_new_names_are_rows_of_the_table_that_the_dictionary_lacks() -> None:
    from pydicom._dicom_dict import DicomDictionary

    missing = {
        row for row in table.table().rows if "x" not in row and int(row, 16) not in DicomDictionary
    }

    assert set(identifiers.new_names()) == missing


def test_roots_of_uids_are_well_formed() -> None:
    for root in read_toml(identifiers.FOLDER / "uid-roots.toml").names():
        assert re.fullmatch(r"[0-2](?:\.(?:0|[1-9]\d*))+", root)


def test_every_part_of_the_opening_has_a_rule() -> None:
    assert {rule.opening for rule in RULES.values()} == {None, *identifiers.OPENINGS}


def test_an_unknown_part_of_the_opening_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in identifiers.GROUPS:
        (tmp_path / f"{group}.toml").write_text("", encoding="utf-8")
    (tmp_path / "ai.toml").write_text("[one]\nopening = 'weather'\n", encoding="utf-8")
    monkeypatch.setattr(identifiers, "FOLDER", tmp_path)

    with pytest.raises(ContentError, match="weather"):
        identifiers.rules.__wrapped__()
