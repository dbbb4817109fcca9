"""Signs that would print as a box are known before the letter is printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from companion.letters import glyphs

NEVER_A_LETTER = "\U0003fffd"
"""A code point that no standard will give a shape: fonts leave it out."""
UNDRAWN = "\U000323b0"
"""The first code point behind the newest ideographs: unassigned, so in no font."""


@pytest.fixture
def forgotten() -> Iterator[None]:
    glyphs._coverage.cache_clear()
    yield
    glyphs._coverage.cache_clear()


@pytest.mark.parametrize("text", ["Ana Díaz", "Łódź", "Ελένη", "Київ", "line\nline\t", "a\u200db"])
def test_what_the_fonts_have_is_not_named(text: str) -> None:
    assert glyphs.undrawn(text) == ()


def test_a_sign_is_named_once_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: sign not in "ßð")
    assert glyphs.undrawn("að ß ðß b") == ("ð", "ß")


def test_the_fonts_are_really_asked() -> None:
    draws = glyphs._coverage()
    assert draws is not None
    assert draws("a")
    assert not draws(UNDRAWN)
    assert not draws(NEVER_A_LETTER)


def test_where_fonts_cannot_be_asked_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, forgotten: None
) -> None:
    monkeypatch.setattr(glyphs, "_LIBRARIES", ("libnothing.so",))
    assert glyphs.undrawn("a" + UNDRAWN) == ()
