"""What a series of slices shows of a face, judged by the shape of the skin."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Kind, Shows, Thumbnail
from companion.scans.pictures import Face, Looked, Volume
from companion.scans.pictures.heads import judged
from companion.scans.pictures.looker import Looker
from companion.scans.pictures.placing import placing
from companion.scans.pictures.volume import Gatherer
from tests.builders import make_dataset, make_scan
from tests.scans.pictures.heads import (
    Scanned,
    Solid,
    box,
    ellipsoid,
    head,
    joined,
    knee,
    scanned,
    trunk,
    without,
)

Judged = tuple[tuple[Volume, ...], tuple[Thumbnail, ...]]


def gather(volume: Scanned, series: str = "2.25.77", gatherer: Gatherer | None = None) -> Gatherer:
    gatherer = gatherer or Gatherer()
    for (name, where), plane in zip(volume.placings(series), volume.values, strict=True):
        gatherer.take(name, where, 0, plane)
    return gatherer


def look(volume: Scanned) -> Judged:
    return judged(gather(volume))


def face(volume: Scanned) -> Face | None:
    volumes, _ = look(volume)
    return volumes[0].face if volumes else None


def body() -> Solid:
    return joined(head(), ellipsoid((0, 20, -480), (200, 115, 330)))


def small(solid: Solid, scale: float) -> Solid:
    return lambda x, y, z: solid(x / scale, y / scale, z / scale) * scale


@pytest.mark.parametrize(
    "volume",
    [
        pytest.param(lambda: scanned(head()), id="CT"),
        pytest.param(lambda: scanned(head(), modality="MR", noise=20), id="noisy MR"),
        pytest.param(lambda: scanned(head(), modality="MR", plane="sagittal"), id="sagittal"),
        pytest.param(
            lambda: scanned(head(), modality="MR", plane="coronal", slice_step=4, pixel=1.5),
            id="coronal, thick",
        ),
        pytest.param(lambda: scanned(head(), slice_step=5, pixel=1.5), id="thick slices"),
        pytest.param(lambda: scanned(head(), turned=20), id="chin up"),
        pytest.param(lambda: scanned(head(), turned=-15), id="chin down"),
        pytest.param(lambda: scanned(head(nose=0.5)), id="a flat nose"),
        pytest.param(lambda: scanned(small(head(), 0.72)), id="a child"),
        pytest.param(
            lambda: scanned(head(), lowest=(-70, -125, -110), highest=(70, 30, 50), slice_step=1.5),
            id="the face alone",
        ),
        pytest.param(
            lambda: scanned(
                body(), lowest=(-260, -180, -800), highest=(260, 160, 140), pixel=4, slice_step=4
            ),
            id="the whole body",
        ),
    ],
)
def test_a_whole_face(volume: Callable[[], Scanned]) -> None:
    assert face(volume()) is Face.YES


@pytest.mark.parametrize(
    ("lowest", "highest"),
    [
        pytest.param(-22, 140, id="down to the eyes"),
        pytest.param(-48, 140, id="down to the nose"),
        pytest.param(-400, -50, id="the chin and the neck"),
    ],
)
def test_a_part_of_a_face(lowest: float, highest: float) -> None:
    volume = scanned(body(), lowest=(-110, -125, lowest), highest=(110, 130, highest))
    assert face(volume) is Face.PART


def folded(solid: Solid) -> Solid:
    """Folds of a few mm, as the inside of a head has them wherever it is cut."""

    def inside(x: Any, y: Any, z: Any) -> Any:
        return solid(x, y, z) + 4 * np.sin(x / 3.1) * np.sin(y / 2.7) * np.sin(z / 3.3)

    return inside


def defaced() -> Solid:
    return without(head(), box((-200, -200, -200), (200, -45, 18)))


@pytest.mark.parametrize(
    "volume",
    [
        pytest.param(lambda: scanned(defaced()), id="the front cut away"),
        pytest.param(lambda: scanned(defaced(), modality="MR", noise=15), id="the same, MR"),
        pytest.param(
            lambda: scanned(without(head(), folded(box((-200, -200, -200), (200, -40, 18))))),
            id="the face cut out to its inside",
        ),
        pytest.param(lambda: scanned(head(), lowest=(-110, -125, 24)), id="above the eyes"),
        pytest.param(lambda: scanned(head(), lowest=(-110, -40, -130)), id="the back half"),
        pytest.param(
            lambda: scanned(trunk(), lowest=(-260, -150, -200), highest=(260, 150, 200), pixel=4),
            id="a trunk",
        ),
        pytest.param(lambda: scanned(knee()), id="a knee"),
        pytest.param(
            lambda: scanned(knee(), modality="MR", plane="sagittal", slice_step=4), id="a knee, MR"
        ),
        pytest.param(lambda: scanned(ellipsoid((0, 0, 0), (80, 80, 80))), id="a ball"),
        pytest.param(lambda: scanned(ellipsoid((0, 0, 0), (100, 100, 900))), id="a tube"),
    ],
)
def test_no_face(volume: Callable[[], Scanned]) -> None:
    volumes, views = look(volume())
    assert [one.face for one in volumes] == [Face.NO]
    assert not views


def test_a_brain_without_its_head_shows_none() -> None:
    brain = folded(ellipsoid((0, 0, 20), (68, 85, 66)))
    assert face(scanned(brain, modality="MR", pixel=1.5, slice_step=1.5)) is Face.NO


def test_a_view_of_the_face_is_small_and_shows_a_face_sided_as_it_is() -> None:
    lopsided = joined(head(), ellipsoid((40, -60, -30), (22, 30, 22)))  # the left cheek swollen
    (volume,), (view,) = look(scanned(lopsided, pixel=1.5))
    assert volume.face is Face.YES
    assert view.shows is Shows.FACE
    assert view.file == volume.file
    picture = Image.open(io.BytesIO(view.image))
    assert picture.size == (view.width, view.height)
    assert max(picture.size) <= MAX_THUMBNAIL_SIDE
    assert len(view.image) < 60_000
    shown = np.asarray(picture.convert("L"), dtype=float)
    left, right = shown[:, : view.width // 2], shown[:, ::-1][:, : view.width // 2]
    rows = slice(int(view.height * 0.5), int(view.height * 0.75))
    # The patient's left is on the right of the view: the swollen cheek throws its shadow there.
    assert np.abs(np.diff(right[rows], axis=0)).sum() != np.abs(np.diff(left[rows], axis=0)).sum()
    assert shown[: view.height // 3].mean() > 40


def test_the_verdict_names_the_middle_slice_and_counts_the_files() -> None:
    volume = scanned(head(), slice_step=3)
    (one,), _ = look(volume)
    assert one.files == len(volume.values)
    assert abs(int(one.file[2:]) - len(volume.values) // 2) <= 1


def test_files_in_any_order_give_the_same() -> None:
    volume = scanned(head(), slice_step=4, pixel=3)
    files = list(zip(volume.scans(), volume.values, strict=True))
    gatherer = Gatherer()
    for number in np.random.default_rng(3).permutation(len(files)):
        (name, data), plane = files[number]
        where = placing(data)
        assert where is not None
        gatherer.take(name, where, 0, plane)
    assert [one.face for one in judged(gatherer)[0]] == [Face.YES]


def test_each_series_has_its_verdict() -> None:
    gatherer = Gatherer()
    for series, solid in (("2.25.1", head()), ("2.25.2", ellipsoid((0, 0, 0), (80, 80, 80)))):
        gather(scanned(solid, slice_step=3, pixel=3), series, gatherer)
    verdicts = {one.series: one.face for one in judged(gatherer)[0]}
    assert verdicts == {"2.25.1": Face.YES, "2.25.2": Face.NO}


def test_without_time_nothing_is_said() -> None:
    volume = scanned(head(), slice_step=4, pixel=4)
    assert judged(gather(volume), patience=-1) == ((), ())


def looked_at(files: Iterable[tuple[str, bytes]]) -> Looked:
    looker = Looker()
    for name, data in files:
        looker.take(name, data, Kind.DICOM)
    return looker.finish()


def test_the_looker_judges_the_slices_that_it_is_given() -> None:
    looked = looked_at(scanned(head(), slice_step=6, pixel=3).scans())
    assert [(one.series, one.face) for one in looked.volumes] == [("2.25.77", Face.YES)]
    assert [one.shows for one in looked.thumbnails].count(Shows.FACE) == 1


def test_the_looker_says_nothing_where_a_slice_was_cut_off() -> None:
    files = list(scanned(ellipsoid((0, 0, 0), (80, 80, 80)), slice_step=6, pixel=3).scans())
    assert [one.face for one in looked_at(files).volumes] == [Face.NO]
    name, data = files[4]
    files[4] = (name, data[: len(data) - 4_000])
    assert looked_at(files).volumes == ()


def test_an_enhanced_picture_is_a_volume() -> None:
    volume = scanned(head(), slice_step=4, pixel=3)
    shared = make_dataset(
        PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
        PixelMeasuresSequence={"PixelSpacing": [3, 3]},
    )
    places = [
        make_dataset(
            PlanePositionSequence={
                "ImagePositionPatient": [volume.first[0], volume.first[1], volume.first[2] + 4 * n]
            }
        )
        for n in range(len(volume.values))
    ]
    data = make_scan(
        SeriesInstanceUID="2.25.9", NumberOfFrames=len(places), Rows=volume.values.shape[1],
        Columns=volume.values.shape[2], BitsStored=16, HighBit=15, PixelRepresentation=1,
        SharedFunctionalGroupsSequence=shared, PerFrameFunctionalGroupsSequence=places,
        PixelData=volume.values.astype("<i2").tobytes(),
    )  # fmt: skip
    (one,) = looked_at([("IM1", data)]).volumes
    assert (one.face, one.files, one.series) == (Face.YES, 1, "2.25.9")
