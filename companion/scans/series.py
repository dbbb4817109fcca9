"""The numbers of a series' pictures: whether some of them are not here.

Instance Number (0020,0013) counts the pictures of a series (PS3.3, C.7.6.1), but nothing
makes it count without a gap: machines number two series in turns, a person takes every second
slice, a hospital sends three key pictures. So a gap is told only where it cannot be one of those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_SERIES = 2_000
MOST_NUMBERS = 100_000
"""Of all series together; from there on nothing more is counted."""
_LARGEST = 100_000
"""A number above is none that counts pictures."""
_FEWEST = 10
"""Pictures of a series below which a gap may be a choice."""
_MOST_RUNS = 4
"""Gaps in one series: what was lost lies together, what was left out lies all over."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Pictures of one series that are not here, as far as its numbers say."""

    missing: int
    whole: int
    """Of so many, up to the last number that is here."""


@dataclass(slots=True)
class _Series:
    study: str = field(repr=False)
    numbers: set[int] = field(default_factory=set, repr=False)
    counts: bool = True
    """Each picture has a number, and no two the same."""


class SeriesNumbers:
    """Gathers the numbers of an upload's pictures, series by series."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._left = MOST_NUMBERS
        self._whole = True

    def add(self, study: str, series: str, number: str) -> None:
        """Count one file's picture; the texts are as the file has them."""
        found = self._series.get(series)
        if found is None:
            if not series or len(self._series) == MOST_SERIES:
                self._whole = self._whole and not series
                return
            found = self._series[series] = _Series(study)
        text = number.strip()
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))
        if not plain or not 0 < int(text) <= _LARGEST or int(text) in found.numbers:
            found.counts = False
        elif self._left:
            self._left -= 1
            found.numbers.add(int(text))
        else:
            self._whole = False

    def gaps(self) -> Iterator[Gap]:
        """The series that surely lack some; none where a bound left numbers out."""
        if not self._whole:
            return
        of_study: dict[str, list[_Series]] = {}
        for one in self._series.values():
            of_study.setdefault(one.study, []).append(one)
        for siblings in of_study.values():
            for one in siblings:
                if (gap := _gap(one.numbers)) and one.counts and not _in_turns(one, siblings):
                    yield gap


def _gap(numbers: set[int]) -> Gap | None:
    last = max(numbers, default=0)
    missing = last - len(numbers)
    if 1 not in numbers or len(numbers) < _FEWEST or not 0 < missing <= len(numbers):
        return None
    runs = sum(number + 1 not in numbers for number in numbers) - 1
    return Gap(missing, last) if runs <= _MOST_RUNS else None


def _in_turns(one: _Series, siblings: list[_Series]) -> bool:
    """Whether another series of the study has numbers from between, and none of this one's."""
    last = max(one.numbers)
    return any(
        other is not one
        and other.numbers.isdisjoint(one.numbers)
        and any(number < last for number in other.numbers)
        for other in siblings
    )
