"""Slices in all their disorder: what is kept, and of what nothing is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from companion.scans.pictures import Face
from companion.scans.pictures.heads import judged
from companion.scans.pictures.placing import Placed, Placing, placing
from companion.scans.pictures.volume import MOST_BYTES, MOST_SERIES, Gatherer
from tests.builders import make_dataset, make_scan
from tests.scans.pictures.heads import head, scanned


def placed(
    z: float, *, spacing: float = 2.0, row: tuple[float, float, float] = (1.0, 0.0, 0.0)
) -> Placed:
    return Placed((0.0, 0.0, z), row, (0.0, 1.0, 0.0), (spacing, spacing), 1.0, 0.0)


def take(
    gatherer: Gatherer, number: int, z: float, shape: tuple[int, int], series: str = "2.25.1"
) -> None:
    plane = np.full(shape, 300, np.int16)
    gatherer.take(f"IM{number}", Placing(series, "MR", {0: placed(z)}), 0, plane)


@pytest.mark.parametrize("places", [[0.0], [0.0] * 40, [one * 40.0 for one in range(40)], [0.0, 1]])
def test_too_few_slices_the_same_place_or_wide_gaps_give_no_verdict(places: list[float]) -> None:
    gatherer = Gatherer()
    for number, z in enumerate(places):
        take(gatherer, number, z, (90, 90))
    assert judged(gatherer) == ((), ())


def test_that_there_is_no_face_is_not_said_where_a_slice_is_missing() -> None:
    volume = scanned(head(nose=0), lowest=(-110, -125, 24), slice_step=3)
    gatherer = Gatherer()
    for (name, where), plane in zip(volume.placings(), volume.values, strict=True):
        gatherer.take(name, where, 0, plane)
    assert [one.face for one in judged(gatherer)[0]] == [Face.NO]
    gatherer.take("IM-without-a-place", Placing("2.25.77", "CT", {}), 0, volume.values[0])
    assert judged(gatherer)[0] == ()


def test_slices_of_other_sizes_do_not_disturb() -> None:
    gatherer = Gatherer()
    volume = scanned(head(), slice_step=3)
    for number, ((name, where), plane) in enumerate(
        zip(volume.placings(), volume.values, strict=True)
    ):
        gatherer.take(name, where, 0, plane)
        take(gatherer, number, 3.0 * number, (40 + number, 50), "2.25.77")
    assert Face.YES in {one.face for one in judged(gatherer)[0]}


def test_five_thousand_slices_stay_within_bounds() -> None:
    gatherer = Gatherer()
    plane = np.zeros((512, 512), np.int16)
    plane[100:400, 100:400] = 900
    for number in range(5_000):
        where = Placing("2.25.1", "CT", {0: placed(number * 0.4, spacing=0.9)})
        gatherer.take(f"IM{number}", where, 0, plane)
    (stack,) = gatherer.stacks()
    assert len(stack.files) == 5_000
    assert sum(one.pixels.nbytes for one in stack.slices.values()) <= MOST_BYTES / 4
    judged(gatherer)


def test_many_large_series_make_room_for_the_most_promising() -> None:
    gatherer = Gatherer()
    for series in range(3 * MOST_SERIES):
        for number in range(3 if series else 30):
            take(gatherer, number, 8.0 * number, (256, 256), f"2.25.{series}")
    kept = {stack.series for stack in gatherer.stacks()}
    assert len(kept) <= MOST_SERIES
    assert "2.25.0" in kept


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((90, 90), np.nan, np.float32),
        np.full((90, 90), np.inf, np.float64),
        np.zeros((90, 90), np.uint8),
        np.full((90, 90), 2**31 - 1, np.int64),
        np.zeros((1, 90), np.uint16),
        np.zeros((90, 90, 3), np.uint8),
    ],
    ids=["nan", "infinite", "black", "huge", "one row", "colours"],
)
def test_odd_samples_raise_nothing(pixels: NDArray[Any]) -> None:
    gatherer = Gatherer()
    for number in range(60):
        where = Placing("2.25.1", "MR", {0: placed(2.0 * number)})
        gatherer.take(f"IM{number}", where, 0, pixels)
    assert all(one.face is Face.NO for one in judged(gatherer)[0])


def slice_of(**elements: Any) -> bytes:
    plain: dict[str, Any] = {
        "SeriesInstanceUID": "2.25.5", "PixelSpacing": [1.5, 2],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "ImagePositionPatient": [1, 2, 3],
        "RescaleSlope": 2, "RescaleIntercept": -1024,
    }  # fmt: skip
    return make_scan(**{**plain, **elements})


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"]
)
def test_a_slice_says_where_it_lies(syntax: str) -> None:
    where = placing(slice_of(syntax=syntax))
    assert where is not None
    assert where.series == "2.25.5"
    assert where.frames == {0: Placed((1, 2, 3), (1, 0, 0), (0, 1, 0), (1.5, 2), 2, -1024)}


def test_an_enhanced_picture_says_where_each_frame_lies() -> None:
    frames = [
        make_dataset(
            PlanePositionSequence={"ImagePositionPatient": [0, 0, z]},
            FrameContentSequence={"TemporalPositionIndex": 1},
        )
        for z in (0, 4)
    ]
    shared = make_dataset(
        PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
        PixelMeasuresSequence={"PixelSpacing": [2, 2], "SliceThickness": 4},
        PixelValueTransformationSequence={"RescaleSlope": 1, "RescaleIntercept": -1000},
    )
    data = make_scan(
        SeriesInstanceUID="2.25.5", NumberOfFrames=2, PixelData=bytes(64),
        SharedFunctionalGroupsSequence=shared, PerFrameFunctionalGroupsSequence=frames,
    )  # fmt: skip
    where = placing(data)
    assert where is not None
    assert [where.frames[one].position[2] for one in (0, 1)] == [0, 4]
    assert {one.intercept for one in where.frames.values()} == {-1000}


@pytest.mark.parametrize(
    "elements",
    [
        {"ImagePositionPatient": None},
        {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"PixelSpacing": [0, 0]},
        {"PixelSpacing": [1e5, 1]},
        {"Modality": "US"},
        {"NumberOfFrames": 12},
        {"SeriesInstanceUID": None},
    ],
)
def test_what_does_not_say_where_it_lies_is_no_slice(elements: dict[str, object]) -> None:
    assert placing(slice_of(**elements)) is None


@pytest.mark.parametrize(
    "wrong", ["nan\\2\\33", "inf\\2\\33", "11 22 33", "11\\\\2\\33", "1e5\\2\\33"]
)
def test_places_that_are_no_numbers_are_none(wrong: str) -> None:
    data = slice_of(ImagePositionPatient=["11", "22", "33"])
    right = b"11\\22\\33"
    assert right in data
    assert len(wrong) == len(right)
    assert placing(data.replace(right, wrong.encode())) is None


def test_cut_and_garbled_headers_raise_nothing() -> None:
    data = slice_of()
    random = np.random.default_rng(7)
    for _ in range(400):
        broken = bytearray(data)
        for at in random.integers(132, len(data), 6):
            broken[at] = int(random.integers(256))
        placing(bytes(broken[: int(random.integers(132, len(data)))]))
