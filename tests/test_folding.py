"""Folding: what is the same to a reader is the same to a search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from companion.folding import fold, fold_value, unspelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HÔPITAL", "hopital"),
        ("Straße", "STRASSE"),
        ("Ｍüller", "muller"),  # the wide letters of East Asian typing
        ("Mu\u0308ller", "M\u00fcller"),  # two letters, or one
        ("İzmir", "izmir"),
        ("Ángel Muñoz", "angel munoz"),
    ],
)
@pytest.mark.parametrize("folded", [fold, fold_value])
def test_ways_to_write_one_word_are_folded_to_the_same(
    folded: Callable[[str], str], one: str, other: str
) -> None:
    assert folded(one) == folded(other)


def test_words_that_differ_stay_different() -> None:
    assert len({fold(word) for word in ("Muller", "Miller", "Møller", "김", "이")}) == 5


def test_a_value_that_was_read_in_the_wrong_character_set_is_set_right() -> None:
    assert fold_value("Müller".encode().decode("latin-1")) == "muller"
    assert fold_value("Müller") == "muller"


def test_a_syllable_of_a_name_stays_one_character() -> None:
    assert fold_value("김") == "김"
    assert len(fold_value("김")) == 1


@pytest.mark.parametrize(
    ("own", "plain"),
    [
        ("Łukasz", "lukasz"),
        ("SØREN", "soren"),
        ("Þór", "thor"),
        ("Işıl", "isil"),
        ("Đorđe", "dorde"),
    ],
)
def test_a_value_with_letters_that_have_no_mark_to_lose_is_folded_to_plain_ones(
    own: str, plain: str
) -> None:
    assert fold_value(own) == plain


@pytest.mark.parametrize(
    ("spelled", "own"), [("mueller", "Müller"), ("soerensen", "Sørensen"), ("djukic", "Đukić")]
)
def test_a_word_that_was_spelled_out_is_folded_like_its_own_letters(spelled: str, own: str) -> None:
    assert unspelled(spelled) == fold_value(own)
