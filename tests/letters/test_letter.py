"""The finished letter: the same facts in every form, right blocks, right small print."""

from __future__ import annotations

from datetime import date

import pytest

from companion.content import law
from companion.letters.catalogue import catalogue
from companion.letters.letter import (
    is_reference,
    letter_language,
    new_reference,
    reader_copy,
)
from companion.letters.text import split, to_text
from tests.letters.builders import REFERENCE, make_letter


def test_the_letter_says_what_was_typed() -> None:
    text = to_text(make_letter(accession="EX-0815", delivery="disc"))
    for said in ("Ana Díaz", "Valley Hospital", "MRI head, May 11, 2026", "EX-0815", REFERENCE):
        assert said in text


def test_right_and_request_stand_in_headed_parts_of_their_own() -> None:
    kinds = [section.kind for section in make_letter().sections]
    assert kinds[:3] == ["law", "ask", "answer"]


def test_the_answer_is_asked_for_by_the_rules_day() -> None:
    letter = make_letter(sent_on="2026-11-20", method="portal")
    assert letter.answer_by == "December 20, 2026"
    assert "Please answer by December 20, 2026" in to_text(letter)


def test_without_a_rule_the_answer_is_asked_for_in_thirty_days() -> None:
    letter = make_letter("opt-out", uses=["ai"], sent_on="2026-11-20", method="portal")
    assert [point.milestone.kind for point in letter.points][2] == "due-ask"
    assert letter.answer_by == "December 20, 2026"


def test_dates_are_written_as_the_place_writes_them() -> None:
    assert make_letter(sent_on="2026-11-20").dated == "November 20, 2026"
    assert make_letter(place="uk-eng", sent_on="2026-11-20").dated == "20 November 2026"
    assert make_letter(language="es", sent_on="2026-11-20").dated == "20 de noviembre de 2026"


def test_a_representative_writes_and_signs_for_the_patient() -> None:
    letter = make_letter(representative="Luz Díaz, mother")
    assert letter.sender[0] == letter.signer == "Luz Díaz, mother"
    assert letter.about[0] == ("On behalf of the patient", "Ana Díaz")


def test_a_law_check_of_more_than_a_year_ago_shows_a_warning() -> None:
    assert make_letter().law_is_old == ""
    assert "over a year ago" in make_letter(today=date(2027, 12, 1)).law_is_old


def test_what_no_lawyer_has_checked_says_so() -> None:
    assert "No lawyer has checked this text yet." in make_letter().marks


def test_the_title_names_no_person_and_no_illness() -> None:
    assert make_letter().title == f"Letter {REFERENCE}"


def test_the_letter_stays_out_of_what_is_printed_for_engineers() -> None:
    said = repr(make_letter(accession="EX-0815"))
    for secret in ("Díaz", "Valley", "EX-0815", "MRI"):
        assert secret not in said


@pytest.mark.parametrize(
    ("place", "wanted", "language"),
    [
        ("us", "es", "en"),  # the recipient reads English
        ("eu-es", "en", "es"),  # and here Spanish
        ("eu-de", "es", "es"),  # no German yet: the patient's choice
        ("eu-de", "xx", "en"),
    ],
)
def test_the_recipients_language_comes_first(place: str, wanted: str, language: str) -> None:
    assert letter_language(law.place(place), wanted) == language


def test_the_readers_copy_says_that_it_is_one() -> None:
    copy = reader_copy(make_letter(language="es"), catalogue(), "en")
    assert to_text(copy).startswith("Copia para leer. La carta que vale es la escrita en inglés.")


def test_references_come_by_chance_and_from_nothing_typed() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) > 190
    assert all(map(is_reference, references))


@pytest.mark.parametrize("text", ["", "A7K93M1", "A7K-93", "a7k-93m", "<b>-93M", "A7K-9 M"])
def test_a_reference_of_another_shape_is_not_ours(text: str) -> None:
    assert not is_reference(text)


def test_identifiers_are_enclosed_as_a_list() -> None:
    letter = make_letter(identifiers=["PatientName", "BirthDate"])
    text = to_text(letter)
    assert text.count("- PatientName") == 1
    assert "A list of details that stand in my image files" in text


@pytest.mark.parametrize("limit", [300, 500, 1000, 2000])
def test_text_splits_into_numbered_parts_that_fit(limit: int) -> None:
    letter = make_letter(study_list=["a" * 90 + f" {number}" for number in range(20)])
    parts = split(letter, limit)
    assert all(len(part) <= limit for part in parts)
    assert parts[0].startswith(f"Part 1 of {len(parts)} (Reference {REFERENCE})")
    whole = to_text(letter).split()
    said = [word for part in parts for word in part.partition("\n\n")[2].split()]
    assert said == whole


def test_a_short_text_stays_in_one_part_without_a_number() -> None:
    (part,) = split(make_letter(), 100_000)
    assert part == to_text(make_letter())


def test_a_word_longer_than_a_part_is_cut_and_not_lost() -> None:
    letter = make_letter(study_list=["x" * 900])
    parts = split(letter, 300)
    assert sum(part.count("x") for part in parts) >= 900


def test_a_limit_too_small_for_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="300"):
        split(make_letter(), 299)
