"""Dates, numbers, plurals and marks on pages, as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import ngettext

from companion.content import writing
from companion.web.dates import day_in_words

NARROW = "\u202f"
"""The space that French and Spanish numbers have between thousands, where Django has one."""


def shown(source: str, language: str, **values: object) -> str:
    with translation.override(language):
        return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("en", "Nov. 1, 2026", "March 31, 2026"),
        ("es", "1 de noviembre de 2026", "31 de marzo de 2026"),
        ("de", "1. November 2026", "31. März 2026"),
        ("fr", "1er novembre 2026", "31 mars 2026"),
    ],
)
def test_a_date_is_in_the_words_of_the_page(language: str, first: str, other: str) -> None:
    with translation.override(language):
        assert day_in_words(date(2026, 11, 1)) == first
        assert day_in_words(date(2026, 3, 31)) == other
        # The eleventh and the twenty-first are no firsts.
        assert "1er" not in day_in_words(date(2026, 11, 11))
        assert "1er" not in day_in_words(date(2026, 11, 21))
    assert shown("{{ day|in_words }}", language, day=date(2026, 11, 1)) == first
    assert shown("{{ day|in_words }}", language, day=None) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "File: a"), ("es", "File: a"), ("de", "File: a"), ("fr", "File\u00a0: a")],
)
def test_a_label_is_followed_by_the_colon_of_its_language(language: str, text: str) -> None:
    assert shown("File{% colon %} a", language) == text
    assert shown("File{% colon other %} a", "en", other=language) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "a; b"), ("es", "a; b"), ("de", "a; b"), ("fr", "a\u202f; b")]
)
def test_things_on_one_line_are_parted_as_the_language_parts_them(language: str, text: str) -> None:
    assert writing.listed(["a", "b"], language) == text
    assert writing.listed([], language) == ""


def test_a_language_that_says_nothing_writes_as_english_does() -> None:
    assert writing.listed("ab", "qx") == "a; b"
    assert writing.colon("qx") == ":"
    assert writing.day_of_month(1, "qx") == "1"
    assert writing.day_of_month(2, "fr") == "2"


@pytest.mark.parametrize(
    ("language", "thousands", "half"),
    [("en", "12,345", "0.5"), ("de", "12.345", "0,5"), ("fr", f"12{NARROW}345", "0,5")],
)
def test_numbers_have_the_marks_of_the_language(language: str, thousands: str, half: str) -> None:
    with translation.override(language):
        assert number_format(12345, force_grouping=True).replace("\u00a0", NARROW) == thousands
        assert number_format(0.5) == half


@pytest.mark.parametrize(
    ("language", "none", "one", "two"),
    [
        ("en", "0 files", "1 file", "2 files"),
        ("es", "0 archivos", "1 archivo", "2 archivos"),
        ("de", "0 Dateien", "1 Datei", "2 Dateien"),
        # Nothing is singular in French.
        ("fr", "0 fichier", "1 fichier", "2 fichiers"),
    ],
)
def test_plurals_are_those_of_the_language(language: str, none: str, one: str, two: str) -> None:
    with translation.override(language):
        for number, text in ((0, none), (1, one), (2, two)):
            assert ngettext("%(n)s file", "%(n)s files", number) % {"n": number} == text
