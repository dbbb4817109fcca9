"""Rows of the same mark are no letters, and letters are no such row."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from companion.scans.pictures import marks, reading
from tests.scans.pictures.clutter import SHAPES, add_clutter
from tests.scans.pictures.drawing import OTHER_ALPHABETS, make_ground, write


@pytest.mark.parametrize("alphabet", OTHER_ALPHABETS)
def test_letters_of_any_alphabet_are_no_row_of_marks(alphabet: str) -> None:
    font, lines = OTHER_ALPHABETS[alphabet]
    for size in (14, 22, 30):
        drawn = write(np.zeros((60, 700), np.uint8), lines[:1], font=font, size=size)
        rows, columns = np.nonzero(drawn)
        line = drawn[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert not marks.is_row_of_marks(line)


@pytest.mark.parametrize("every", [9, 14, 30])
def test_a_mark_again_and_again_is_a_row_of_them(every: int) -> None:
    one = np.zeros((24, every), np.uint8)
    one[4:20, every // 2] = one[12, 1:-1] = 220
    row = np.tile(one, (1, 9))
    noise = np.random.default_rng(3).integers(0, 30, row.shape).astype(np.uint8)
    assert marks.is_row_of_marks(np.maximum(row, noise))


def test_bars_of_all_widths_are_marks() -> None:
    plate = np.full((36, 300), 20, np.uint8)
    at = 6
    for wide in (9, 7, 5, 4, 3, 2):
        for _ in range(4):
            plate[6:30, at : at + wide] = 230
            at += 2 * wide
        at += 12
    noise = np.random.default_rng(4).integers(0, 20, plate.shape).astype(np.uint8)
    assert marks.is_row_of_marks(np.maximum(plate, noise))


@pytest.mark.parametrize(
    "text", ["十十十十一十", "□□□", "1 1 | 1 1", "oooo", "+ + +", "| | | |", "XXXX", "十", "口口"]
)
def test_strokes_and_boxes_are_no_text(text: str) -> None:
    assert marks.is_strokes(text)


@pytest.mark.parametrize(
    "text", ["Illi", "1111", "10-10", "ANNA", "王十一", "11/11/11", "II", "L1", ""]
)
def test_text_is_no_strokes(text: str) -> None:
    assert not marks.is_strokes(text)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_nothing_is_claimed_of_shapes(shape: str) -> None:
    ground = make_ground(71, 360, 420)
    found = reading.read(add_clutter(ground, shape, 5))
    said = [one.text for one in found if any(letter.isalpha() for letter in one.text)]
    assert (said, [one for one in found if one.letters != "read"]) == ([], [])


def test_a_part_of_one_row_or_tone_is_weighed_without_complaint() -> None:
    for shape in ((1, 400), (2, 3), (3, 90), (40, 80)):
        assert not marks.is_row_of_marks(np.full(shape, 9, np.uint8))
    wide = np.asarray(Image.effect_noise((2_400, 48), 90))
    assert not marks.is_row_of_marks(wide)
