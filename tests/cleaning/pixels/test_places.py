"""What was read on some frames is blacked on all on which it stands still."""

from __future__ import annotations

from dataclasses import replace

import pytest

from companion.cleaning.pixels.places import MOST_PLACES, Area, Places
from companion.scans.findings import Box
from companion.scans.pictures import Letters, Looked, Seen, Words

ROWS, COLUMNS = 300, 400
NAME = (10, 8, 90, 16)
"""Left, top, width, height."""


def words(
    file: str, at: tuple[int, int, int, int] = NAME, frame: int = 0, series: str = "2.25.5/"
) -> Words:
    return Words(Box(file, frame, *at), Letters.READ, "FERNSBY", 0.9, series, ROWS, COLUMNS)


def places(*found: Words, files: tuple[str, ...] = ("a", "b", "c")) -> Places:
    return Places(Looked(tuple(Seen(one, 1, 1, series="2.25.5/") for one in files), found))


def of(found: Places, file: str, frames: int = 1, *, film: bool = False) -> dict[int, int]:
    """How many areas are blacked in each frame."""
    areas = found.of(file, ROWS, COLUMNS, frames, film=film)
    return {frame: len(each) for frame, each in areas.items()}


def test_a_box_is_blacked_with_a_margin_and_within_the_frame() -> None:
    found = places(words("a", (1, 0, 399, 16)))
    assert found.of("a", ROWS, COLUMNS, 1, film=False) == {0: (Area(0, 0, 400, 18),)}


def test_what_stands_in_one_place_on_two_slices_is_blacked_on_all_of_their_series() -> None:
    longer = (12, 8, 130, 16)
    found = places(words("a"), words("b", longer))
    (area,) = found.of("c", ROWS, COLUMNS, 1, film=False)[0]
    assert (area.left, area.right) == (8, 144)
    assert of(places(words("a")), "c") == {}


def test_a_slice_of_another_size_or_series_is_left_alone() -> None:
    found = Places(
        Looked(
            (
                *(Seen(one, 1, 1, series="2.25.5/") for one in "ab"),
                Seen("x", 1, 1, series="2.25.6/"),
            ),
            (words("a"), words("b")),
        )
    )
    assert of(found, "x") == {}
    assert found.of("a", ROWS * 2, COLUMNS, 1, film=False)[0]  # its own words stay its own
    assert not found.of("c", ROWS * 2, COLUMNS, 1, film=False)


def test_words_on_one_frame_of_a_film_are_blacked_on_all() -> None:
    found = places(words("a", frame=3))
    assert of(found, "a", 5, film=True) == dict.fromkeys(range(5), 1)
    assert of(found, "a", 5) == {3: 1}


def test_words_on_an_icon_are_not_looked_for_on_the_picture_itself() -> None:
    found = places(words("a", series="2.25.5/inside"), words("b", series="2.25.5/inside"))
    assert of(found, "a") == of(found, "c") == {}


def test_a_series_full_of_words_is_compared_within_bounds() -> None:
    many = [
        words(file, (column, row, 6, 6))
        for file in "ab"
        for column in range(0, 390, 10)
        for row in range(0, 290, 10)
    ]
    found = places(*many)
    assert len(many) > 2 * MOST_PLACES
    assert of(found, "c") == {0: MOST_PLACES}
    assert of(found, "a") == {0: len(many) // 2}


@pytest.mark.parametrize(
    ("text", "letters", "height", "blacked"),
    [
        ("11", Letters.READ, 80, False),  # the ventricles of a brain
        ("O", Letters.READ, 200, False),
        ("11", Letters.READ, 16, True),  # of a size that a machine writes
        ("FERNSBY", Letters.READ, 80, True),
        ("", Letters.UNREAD, 80, True),
        ("11", Letters.CODE, 80, True),
    ],
)
def test_a_shape_in_the_body_that_was_read_as_a_character_is_left_as_it_is(
    text: str, letters: Letters, height: int, *, blacked: bool
) -> None:
    found = replace(words("a", (100, 80, 80, height)), text=text, letters=letters)
    assert bool(of(places(found), "a")) == blacked
    # The same on the next slice makes no place that is blacked on all.
    both = places(found, replace(found, box=replace(found.box, file="b")))
    assert bool(of(both, "c")) == blacked
