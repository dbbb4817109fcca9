"""Words of machines' screens are known in any of the languages; names are not among them."""

from __future__ import annotations

import pytest

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.rules import screen_words
from companion.scans.rules.screen_words import is_misread, is_of_screens

LANGUAGES = ("en", "de", "fr", "es")


@pytest.mark.parametrize(
    ("word", "known"),
    [("intensitat", "intensity"), ("rotacion", "rotation"), ("kalibrierung", "calibration")],
)
def test_a_word_of_one_language_is_known_by_its_kin_in_another(word: str, known: str) -> None:
    assert is_of_screens(known)
    assert is_of_screens(word)


@pytest.mark.parametrize("word", ["bildrauschen", "rauschbild", "messwertanzeige", "kanalfilter"])
def test_a_german_word_is_known_by_its_parts(word: str) -> None:
    assert word not in screen_words.machine_words()
    assert is_of_screens(word)


@pytest.mark.parametrize("word", ["neumann", "lindstrom", "kowalski", "bergmann", "feldhausen"])
def test_a_name_that_looks_like_one_of_parts_is_none(word: str) -> None:
    assert not is_of_screens(word)


def test_letters_that_look_alike_are_one_in_longer_words_alone() -> None:
    assert is_misread("c0ntro1")
    assert is_misread("exp0sure")
    assert not is_misread("ga1n")


def test_no_word_of_a_list_is_too_long_or_has_anything_but_letters() -> None:
    for name in (*LANGUAGES, "between", "people", "names", "prefixes", "joints"):
        words = identifiers.screen_words(name)
        assert words
        assert all(fold_value(word).isalpha() and len(word) <= 25 for word in words), name


def test_what_is_a_name_too_is_never_a_machine_s_by_itself() -> None:
    assert not any(is_of_screens(word) for word in identifiers.screen_words("names"))


def test_a_word_of_any_length_is_weighed_at_once() -> None:
    assert not is_of_screens("schichtdicke" * 5_000)
    assert not is_misread("0" * 100_000)
