"""Faces that were seen in slices, and what is left of the headers' guess then."""

from __future__ import annotations

from typing import Any

import pytest

from companion.scans.findings import Certainty, Kind, Place, Report
from companion.scans.inspection import Entry, inspect
from companion.scans.pictures import Face, Looked, Seen, Volume
from tests.builders import make_scan

HEAD: dict[str, Any] = {"BodyPartExamined": "HEAD", "SeriesDescription": "t1 mprage sag"}


class Judging:
    """Looks at pictures and gives a series a verdict (``offering.Look``)."""

    why_not = ""

    def __init__(self, *verdicts: tuple[str, Face, float, int]) -> None:
        self._verdicts = verdicts
        self._numbers: list[int] = []

    def data(self, number: int, chunk: bytes) -> None:
        pass

    def take(self, number: int, kind: Kind) -> None:
        self._numbers.append(number)

    def drop(self, number: int) -> None:
        pass

    def finish(self) -> Looked:
        names = [str(number) for number in self._numbers]
        return Looked(
            tuple(Seen(name, 1, 1) for name in names),
            volumes=tuple(
                Volume(series, names[0], files, face, sure)
                for series, face, sure, files in self._verdicts
            ),
        )


def report(
    *verdicts: tuple[str, Face, float, int], series: tuple[str, ...] = ("2.25.5",), **elements: Any
) -> Report:
    """Three files of each series, and what is found in them."""
    entries = [
        Entry(
            f"{one}/IM{number}",
            [
                make_scan(
                    SOPInstanceUID=f"{one}.{number}", SeriesInstanceUID=one, **{**HEAD, **elements}
                )
            ],
        )
        for one in series
        for number in range(3)
    ]
    return inspect(entries, look=Judging(*verdicts))


def faces(found: Report) -> dict[str, str]:
    return {one.rule: one.certainty for one in found.findings if one.place is Place.FACE}


def test_a_whole_face_is_likely_and_takes_the_place_of_the_guess() -> None:
    found = report(("2.25.5", Face.YES, 0.9, 3))
    assert faces(found) == {"face-visible": Certainty.LIKELY}
    (face,) = [one for one in found.findings if one.rule == "face-visible"]
    assert (face.files, face.example, face.hipaa) == (3, "2.25.5/IM0", "Q")


def test_a_face_that_is_less_clear_and_a_part_of_one_are_possible() -> None:
    assert faces(report(("2.25.5", Face.YES, 0.6, 3))) == {"face-visible": Certainty.POSSIBLE}
    assert faces(report(("2.25.5", Face.PART, 0.9, 3))) == {"face-part": Certainty.POSSIBLE}


def test_a_face_is_found_whatever_the_headers_call_the_series() -> None:
    found = report(
        ("2.25.5", Face.YES, 0.9, 3), BodyPartExamined="KNEE", SeriesDescription="MEMPR sag"
    )
    assert faces(found) == {"face-visible": Certainty.LIKELY}


def test_a_whole_series_without_a_face_takes_the_guess_away() -> None:
    assert faces(report(("2.25.5", Face.NO, 0.9, 3))) == {}


@pytest.mark.parametrize(
    ("verdicts", "series"),
    [
        pytest.param((("2.25.5", Face.NO, 0.9, 2),), ("2.25.5",), id="a file was left out"),
        pytest.param((), ("2.25.5",), id="nothing was judged"),
        pytest.param(
            (("2.25.5", Face.NO, 0.9, 3),), ("2.25.5", "2.25.6"), id="one series was not judged"
        ),
        pytest.param((("2.25.9", Face.NO, 0.9, 3),), ("2.25.5",), id="another series"),
    ],
)
def test_the_guess_stays_for_what_was_not_judged(
    verdicts: tuple[tuple[str, Face, float, int], ...], series: tuple[str, ...]
) -> None:
    assert faces(report(*verdicts, series=series)) == {"face-possible": Certainty.POSSIBLE}


def test_what_the_file_says_of_itself_stays() -> None:
    found = report(("2.25.5", Face.NO, 0.9, 3), RecognizableVisualFeatures="YES")
    assert faces(found) == {"face-possible": Certainty.POSSIBLE}
