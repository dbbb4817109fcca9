"""A case: what follows from it, and that another language works nothing out again."""

from __future__ import annotations

import dataclasses

import pytest

from companion.letters.letter import compose
from tests.letters.builders import REFERENCE, make_case


def test_another_language_takes_over_what_no_language_changes() -> None:
    case = make_case()
    other = case.in_language("es")
    assert other.facts is case.facts
    assert other.milestones is case.milestones
    assert compose(other, REFERENCE) == compose(make_case(language="es"), REFERENCE)


def test_a_language_that_it_has_already_changes_nothing() -> None:
    case = make_case()
    assert case.in_language(case.language) is case


def test_other_answers_are_judged_anew() -> None:
    case = make_case()
    assert case.facts.text("name") == "Ana Díaz"
    assert dataclasses.replace(case, given={}).facts.text("name") == ""


@pytest.mark.parametrize(
    ("original", "addressee"),
    [
        ("get-my-images", "records"),
        ("opt-out", "privacy-office"),
        ("complaint", "regulator"),
        ("no-such-letter", "privacy-office"),
    ],
)
def test_a_reminder_goes_to_whoever_got_the_first_letter(original: str, addressee: str) -> None:
    assert make_case("reminder", "us", original=original).addressee == addressee


def test_a_reminder_to_the_regulator_itself_goes_there() -> None:
    regulator = make_case("reminder", "uk-eng").jurisdiction.regulator
    assert regulator
    case = make_case(
        "reminder", "uk-eng", original="get-my-images", recipient_name=regulator.name["en"]
    )
    assert case.addressee == "regulator"


def test_a_case_keeps_its_answers_out_of_what_is_printed_for_engineers() -> None:
    assert repr(make_case()) == "Case(get-my-images, us, en)"
