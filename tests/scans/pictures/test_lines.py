"""A box that lacks letters at an end is made longer, and no box is without need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from companion.scans.pictures import lines
from companion.scans.pictures.lines import Line
from tests.scans.pictures.drawing import Grey, make_ground, write

WORDS, SIZE, AT = "FERNSBY OTTILIE", 20, (60, 40)


@pytest.fixture(scope="module")
def picture() -> Grey:
    return write(make_ground(3, 120, 480, kind="black"), (WORDS,), size=SIZE, at=AT)


@pytest.fixture(scope="module")
def whole(picture: Grey) -> Line:
    """The box of the line, as it is drawn."""
    marked = picture > 0
    rows, columns = np.nonzero(marked)
    left, top, right, bottom = columns.min(), rows.min(), columns.max(), rows.max()
    return Line(int(left) - 2, int(top) - 2, int(right) + 3, int(bottom) + 3, 0.9)


@pytest.mark.parametrize("end", ["left", "right"])
def test_letters_that_a_box_lacks_at_an_end_are_read(end: str, picture: Grey, whole: Line) -> None:
    if end == "left":
        box = replace(whole, left=whole.left + SIZE)
    else:
        box = replace(whole, right=whole.right - SIZE)

    longer = lines.longer(picture, box, [box])

    assert lines.read(picture, box).text != WORDS
    assert longer is not None
    assert lines.read(picture, longer).text == WORDS


def test_a_box_that_has_all_of_its_line_stays(picture: Grey, whole: Line) -> None:
    assert lines.longer(picture, whole, [whole]) is None


def test_a_box_is_made_no_longer_than_to_the_next_one(picture: Grey, whole: Line) -> None:
    middle = (whole.left + whole.right) // 2
    first, second = replace(whole, right=middle), replace(whole, left=middle)

    assert lines.longer(picture, first, [first, second]) is None
    assert lines.longer(picture, second, [first, second]) is None


def test_a_box_at_the_edge_of_a_picture_and_a_tall_one_stay(picture: Grey) -> None:
    edge = Line(0, 0, picture.shape[1], picture.shape[0] // 2, 0.9)

    assert lines.longer(picture, edge, [edge]) is None
    assert lines.longer(picture, Line(60, 0, 70, 100, 0.9), []) is None
