"""Gaps in the numbers of a series: told where pictures are surely missing, and only there."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from companion.scans import series
from companion.scans.series import Gap, SeriesNumbers

SIXTY = range(1, 61)


def gaps(*numbers: Iterable[object], study: str = "1.2") -> list[Gap]:
    """Those of series with these numbers, all of one study."""
    gathered = SeriesNumbers()
    for at, own in enumerate(numbers):
        for number in own:
            gathered.add(study, f"1.2.{at}", str(number))
    return list(gathered.gaps())


@pytest.mark.parametrize(
    ("lost", "gap"),
    [
        (range(20, 32), Gap(12, 60)),
        ((7,), Gap(1, 60)),
        ((3, 17, 18, 40), Gap(4, 60)),
    ],
)
def test_pictures_that_were_lost_are_counted(lost: Iterable[int], gap: Gap) -> None:
    kept = [number for number in SIXTY if number not in set(lost)]
    assert gaps(kept) == [gap]


@pytest.mark.parametrize(
    "numbers",
    [
        SIXTY,
        range(1, 61, 2),  # every second slice was taken
        [n for n in SIXTY if n % 3 != 2],  # two of three
        [n for n in range(21, 61) if n != 30],  # nobody knows where it begins
        [*range(1, 31), *range(40, 61), 5],  # a number twice counts something else
        [*range(1, 31), *range(40, 61), ""],  # a picture without a number
        [*range(1, 31), *range(40, 61), "12.5"],
        [1, 2, 900],  # key pictures
        [*range(1, 12), 4_000],
        [1, *range(100, 200), "9" * 40],
    ],
)
def test_numbers_that_may_be_meant_so_say_nothing(numbers: Iterable[object]) -> None:
    assert gaps(numbers) == []


def test_two_series_that_were_numbered_in_turns_have_no_gap() -> None:
    first, second = [*range(1, 21), *range(41, 61)], range(21, 41)
    assert gaps(first) == [Gap(20, 60)]
    assert gaps(first, second) == []
    assert gaps(first, SIXTY) == [Gap(20, 60)]


def test_where_a_bound_left_numbers_out_no_gap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [number for number in SIXTY if not 20 <= number < 32]
    monkeypatch.setattr(series, "MOST_SERIES", 1)
    assert gaps(kept) == [Gap(12, 60)]
    assert gaps(kept, SIXTY) == []
    monkeypatch.setattr(series, "MOST_NUMBERS", 40)
    assert gaps(kept) == []
