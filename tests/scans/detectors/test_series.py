"""Pictures that a series lacks are found in files as they come."""

from __future__ import annotations

from collections.abc import Iterable

from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan


def found_in(numbers: Iterable[int]) -> list[Finding]:
    """What a series with these numbers says of pictures that are missing."""
    entries = [
        Entry(
            f"CD/IM{number:04}",
            (
                make_scan(
                    SOPInstanceUID=f"1.2.3.{number}",
                    StudyInstanceUID="1.2.3",
                    SeriesInstanceUID="1.2.3.4",
                    InstanceNumber=str(number),
                ),
            ),
        )
        for number in numbers
    ]
    return [one for one in inspect(entries).findings if one.rule == "series-gap"]


def test_a_series_with_a_gap_says_how_many_of_how_many() -> None:
    (found,) = found_in([*range(1, 11), *range(14, 21)])
    assert found.values == ("3/20",)
    assert found.hipaa is None
    assert found.files == 17


def test_a_whole_series_and_every_second_slice_say_nothing() -> None:
    assert found_in(range(1, 21)) == []
    assert found_in(range(1, 41, 2)) == []
