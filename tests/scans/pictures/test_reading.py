"""Writing is found and read; a body, noise and blackness are not."""

from __future__ import annotations

import numpy as np
import pytest

from companion.scans.pictures import Letters, reading
from companion.scans.pictures.pieces import pieces_of
from companion.scans.pictures.prefilter import may_hold_writing
from companion.scans.pictures.window import grey
from tests.scans.pictures.drawing import (
    CHINESE,
    CHINESE_FONT,
    LATIN_FONTS,
    OTHER_ALPHABETS,
    PEOPLE,
    make_ground,
    write,
)


def texts(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    return " ".join(one.text for one in reading.read(picture) if one.letters is Letters.READ)


@pytest.mark.parametrize("font", LATIN_FONTS.values(), ids=LATIN_FONTS)
def test_a_name_in_the_corner_is_read_in_any_font(font: str) -> None:
    found = texts(write(make_ground(40, 300, 420), PEOPLE[0][:3], font=font, size=15))
    assert "FERNSBY" in found
    assert "4471093" in found


@pytest.mark.parametrize("turned", [1, 3])
def test_a_name_turned_on_its_side_is_read(turned: int) -> None:
    picture = write(make_ground(41, 320, 320), ("FERNSBY, OTTILIE",), size=18, turned=turned)
    assert "FERNSBY" in texts(picture)


def test_dark_words_on_a_bright_ground_and_faint_ones_are_read() -> None:
    dark = write(make_ground(42, 300, 420, kind="bright"), ("Quintero-Salas Ines",), brightness=10)
    faint = write(make_ground(43, 300, 420), ("HALVORSEN SIGRUN",), brightness=60)
    assert "Quintero-Salas" in texts(dark)
    assert "HALVORSEN" in texts(faint)


def test_chinese_is_read() -> None:
    picture = write(make_ground(44, 300, 420), CHINESE[0], font=CHINESE_FONT, size=20)
    assert CHINESE[0][0] in texts(picture)


@pytest.mark.parametrize("alphabet", OTHER_ALPHABETS)
def test_letters_of_an_alphabet_that_the_reader_does_not_know_are_told_as_such(
    alphabet: str,
) -> None:
    font, lines = OTHER_ALPHABETS[alphabet]
    found = reading.read(write(make_ground(45, 400, 400), lines, font=font, size=20))
    assert Letters.UNREAD in {one.letters for one in found}


def test_two_lines_that_touch_are_read_one_by_one() -> None:
    picture = make_ground(46, 200, 300, kind="black")
    picture = write(picture, ("11/18/2094",), font=LATIN_FONTS["mono"], size=26, at=(20, 40))
    picture = write(picture, ("08:50:28",), font=LATIN_FONTS["mono"], size=26, at=(20, 62))
    found = texts(picture)
    assert "11/18/2094" in found
    assert "08:50:28" in found


@pytest.mark.parametrize("kind", ["body", "bright", "noise", "black"])
def test_nothing_is_claimed_of_a_picture_without_writing(kind: str) -> None:
    assert [one.text for one in reading.read(make_ground(47, kind=kind))] == []


def test_a_row_of_pixels_is_no_reason_to_fail() -> None:
    for shape in ((1, 3000), (3000, 1), (1, 1), (2, 2)):
        assert reading.read(np.full(shape, 200, np.uint8)) == []


def test_the_quick_look_passes_writing_and_stops_a_body() -> None:
    ground = make_ground(48)
    assert not may_hold_writing(ground)
    assert may_hold_writing(write(ground, ("FERNSBY",), size=14))
    assert may_hold_writing(write(make_ground(48, kind="bright"), ("FERNSBY",), brightness=20))


def test_pieces_are_joined_at_corners_and_in_bends() -> None:
    mask = np.array(
        [
            [1, 0, 1, 0, 0, 1],
            [0, 1, 0, 0, 0, 1],
            [0, 0, 0, 1, 0, 1],
            [0, 0, 0, 1, 1, 1],
        ],
        bool,
    )
    pieces = pieces_of(mask)
    found = sorted(
        zip(pieces.left.tolist(), pieces.top.tolist(), pieces.right.tolist(),
            pieces.bottom.tolist(), pieces.area.tolist(), strict=True)
    )  # fmt: skip
    assert found == [(0, 0, 3, 2, 3), (3, 0, 6, 4, 7)]
    assert len(pieces_of(np.zeros((4, 4), bool))) == 0


@pytest.mark.parametrize(("brightest", "inverted"), [(14, False), (255, False), (255, True)])
def test_a_few_words_on_grain_do_not_drown_in_it(brightest: int, inverted: bool) -> None:
    grain = np.random.default_rng(48).integers(0, 5, (512, 1024))
    words = write(np.zeros((512, 1024), np.uint8), ("FERNSBY, OTTILIE", "4471093"), size=14)
    samples = np.maximum(grain, words.astype(np.int32) * brightest // 255)
    assert (words > 0).mean() < 0.005, "fewer pixels than the window leaves out at one end"
    found = texts(grey(-samples if inverted else samples))
    assert "FERNSBY" in found
    assert "4471093" in found


def test_a_window_shows_words_at_the_end_of_the_scale_and_numbers_that_are_none() -> None:
    samples = np.full((100, 100), -1000, np.int16)
    samples[40:60] = np.arange(100) * 10
    samples[0, :3] = 4095
    shown = grey(samples)
    assert shown[0, 0] == 255
    assert shown[99, 99] == 0
    floats = samples.astype(np.float32)
    floats[1] = np.nan
    assert grey(floats)[1].max() == 0
    assert not grey(np.full((5, 5), 7, np.uint16)).any()


@pytest.mark.parametrize("size", [14, 40, 64, 96, 120])
def test_letters_of_any_height_pass_the_filter(size: int) -> None:
    assert may_hold_writing(write(make_ground(63), ("OTTILIE", "HX-447"), size=size, at=(20, 20)))


@pytest.mark.parametrize("number", range(8))
def test_a_body_without_letters_does_not_pass(number: int) -> None:
    assert not may_hold_writing(make_ground(64 + number))
