"""Texts of any length cost what their length says, not its square."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from companion import folding
from companion.folding import fold_value
from companion.scans.formats import code_pages
from companion.scans.rules.labels import is_labelled


def test_every_character_that_combines_is_known_to_folding() -> None:
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]

    assert folding._accents().sub("", "".join(marks)) == ""
    assert fold_value("e\u0301\u0323 plain") == "e plain"


@pytest.mark.parametrize("head", [b"plain letters, and many of them; " * 20, b"x" * 130])
def test_a_code_page_is_guessed_where_the_odd_letters_come_late(head: bytes) -> None:
    assert code_pages.guess([head + "Jürgen Müller".encode("cp1252")]) == "cp1252"


@pytest.mark.parametrize("between", [": ", ' = "', "\t", "  \t ", " => ", ":" + " " * 30])
def test_a_label_is_known_by_what_stands_between_it_and_its_value(between: str) -> None:
    assert is_labelled(f"PatientName{between}Wexcombe^Ottilie")
