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


@pytest.mark.parametrize(
    "emoji",
    [
        "\U0001f642", "\U0001f44d\U0001f3fd", "\U0001f1fa\U0001f1f8",
        "\U0001f469\u200d\u2695\ufe0f", "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    ],
)  # fmt: skip
def test_an_emoji_that_no_font_has_is_left_out_whole(
    monkeypatch: pytest.MonkeyPatch, emoji: str
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: ord(sign) < 0x1F000)
    assert glyphs.undrawn_pictures(f"a{emoji}b{emoji}") == (emoji,)
    assert glyphs.for_paper(f"<p>a{emoji}b</p>") == "<p>ab</p>"
    assert glyphs.for_paper(f"<p>a {emoji} b {emoji}{emoji}</p>") == "<p>a b</p>"


def test_what_a_font_draws_and_letters_that_none_has_stay_on_paper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(glyphs, "_coverage", lambda: lambda sign: sign not in "\u4e2d\u2264")
    for text in ("\u2764\ufe0f", "\u2610 yes", "\u4e2d", "\u2264 5 mm"):
        assert glyphs.for_paper(text) == text
        assert glyphs.undrawn_pictures(text) == ()


def test_a_digit_in_a_frame_is_printed_as_the_digit() -> None:
    assert glyphs.for_paper("Room 1\ufe0f\u20e3 and 2\u20e3") == "Room 1 and 2"
