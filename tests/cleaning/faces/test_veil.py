"""A face is cut away from every slice of a head, or it is said that it stays."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from companion.cleaning import data_sets
from companion.cleaning.faces import veil as cutting
from companion.cleaning.faces.heads import Cut, Head
from companion.cleaning.faces.veil import UnveiledError, is_gone, veil
from companion.scans.pictures import Face
from companion.scans.pictures.decode import decode
from companion.scans.pictures.heads import judged
from companion.scans.pictures.stored import StoredPicture, stored_pictures
from companion.scans.pictures.volume import Gatherer, Grid
from tests.scans.pictures.heads import Scanned, head, knee, scanned, trunk


def grid_of(volume: Scanned) -> Grid:
    gatherer = Gatherer()
    for (file, placing), plane in zip(volume.placings(), volume.values, strict=True):
        gatherer.take(file, placing, 0, plane)
    (stack,) = gatherer.stacks()
    return stack.grid()


def cuts_of(volume: Scanned, **elements: Any) -> tuple[dict[str, Cut], dict[str, Any]]:
    """What is cut from each slice, and each slice's samples."""
    one, planes = Head(), {}
    for name, data in volume.scans(**elements):
        one.take(name, data)
        picture = next(iter(stored_pictures(data)))
        assert isinstance(picture, StoredPicture)
        planes[name] = decode(picture, 0)
    return one.cuts(), planes


def face_of(volume: Scanned, planes: list[Any]) -> Face:
    """What the slices show once they have gone through the judge of an inspection."""
    gatherer = Gatherer()
    for (file, placing), plane in zip(volume.placings(), planes, strict=True):
        gatherer.take(file, placing, 0, plane)
    ((found,), _) = judged(gatherer)
    return found.face


VOLUMES: dict[str, dict[str, Any]] = {
    "CT": {},
    "MR with noise": {"modality": "MR", "noise": 15.0},
    "sagittal": {"plane": "sagittal"},
    "coronal MR": {"plane": "coronal", "modality": "MR"},
    "leaning": {"turned": 15.0},
    "fine": {"pixel": 1.5, "slice_step": 2.0},
    "cut off below the nose": {"lowest": (-110, -125, -40)},
}


@pytest.mark.parametrize("how", VOLUMES)
def test_no_face_can_be_rebuilt_from_what_is_left(how: str) -> None:
    volume = scanned(head(), **{"pixel": 3.0, "slice_step": 3.0} | VOLUMES[how])
    assert face_of(volume, list(volume.values)) in (Face.YES, Face.PART)
    cuts, planes = cuts_of(volume)
    after = [cuts[name].over(0, plane, -32768, 32767) for name, plane in planes.items()]
    assert face_of(volume, after) is Face.NO


@pytest.mark.parametrize("shape", [{"nose": 1.3}, {"nose": 0.7}, {"narrow": 0.85}])
def test_faces_of_other_shapes_are_cut_away(shape: dict[str, float]) -> None:
    grid = grid_of(scanned(head(**shape)))
    found = veil(grid)
    assert found is not None
    assert is_gone(grid, found)


@pytest.mark.parametrize("nose", [0.7, 1.3])
def test_the_skin_that_is_left_is_straight_and_has_one_curve(nose: float) -> None:
    found = veil(grid_of(scanned(head(nose=nose))))
    assert found is not None
    rows = ~np.isnan(found.sheet).all(axis=1)
    middle = found.sheet.shape[1] // 2
    sheet = found.sheet[rows][:, middle - 25 : middle + 25]
    assert np.abs(np.diff(sheet, 2, axis=0)).max() < 1e-3
    assert np.abs(np.diff(sheet - sheet[:1], axis=1)).max() < 1e-3


def test_what_lies_behind_the_face_keeps_its_samples() -> None:
    volume = scanned(head(), pixel=3, slice_step=3, noise=10.0)
    cuts, planes = cuts_of(volume)
    # Behind the middle of the head, and above its brow.
    behind = np.arange(-125, 115, 3.0) > 0
    for number, (name, plane) in enumerate(planes.items()):
        after = cuts[name].over(0, plane, -32768, 32767)
        assert np.array_equal(after[behind], plane[behind])
        if -130 + 3 * number > 40:
            assert np.array_equal(after, plane)


def test_a_slope_that_is_no_whole_number_changes_no_sample_outside_the_cut() -> None:
    volume = scanned(head(), pixel=3, slice_step=3)
    one = Head()
    planes: dict[str, Any] = {}
    for name, data in volume.scans():
        data_set = dcmread(io.BytesIO(data))
        data_set.RescaleSlope, data_set.RescaleIntercept = "0.7853981", "-311.7"
        plane = np.rint((volume.values[len(planes)] + 311.7) / 0.7853981).astype("<i2")
        data_set.PixelData = plane.tobytes()
        one.take(name, data_sets.written(data_set))
        planes[name] = plane
    cuts = one.cuts()
    for name, plane in planes.items():
        after = cuts[name].over(0, plane, -32768, 32767)
        changed = after != plane
        # Air or tissue stands where something was cut, and nothing else.
        values = set(np.rint(after[changed] * 0.7853981 - 311.7).astype(int).tolist())
        assert values <= {-1000, 40, 39, 41, -999, -1001}
    assert any(
        (cuts[name].over(0, plane, -32768, 32767) != plane).any() for name, plane in planes.items()
    )


@pytest.mark.parametrize("body", [trunk(), knee()])
def test_a_body_without_a_face_is_not_cut(body: Any) -> None:
    wide = {"lowest": (-260, -180, -150), "highest": (260, 160, 150)}
    volume = scanned(body, pixel=3, slice_step=3, **wide)  # type: ignore[arg-type]
    assert veil(grid_of(volume)) is None
    cuts, planes = cuts_of(volume)
    assert set(cuts) == set(planes)
    assert not any(cut.veils for cut in cuts.values())


def test_a_face_that_would_stay_is_said_to_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = grid_of(scanned(head()))
    monkeypatch.setattr(cutting, "BEHIND", -40.0)  # a sheet before the nose
    with pytest.raises(UnveiledError):
        veil(grid)


def test_slices_that_are_missing_or_cannot_be_placed_leave_the_face_as_it_is() -> None:
    volume = scanned(head(), pixel=3, slice_step=3)
    gap, unplaced = Head(), Head()
    for number, (name, data) in enumerate(volume.scans()):
        if not 40 <= number < 46:
            gap.take(name, data)
        position = b"\x20\x00\x32\x00"
        unplaced.take(name, data.replace(position, b"\x20\x00\x33\x00") if number == 30 else data)
    for one in (gap, unplaced):
        with pytest.raises(UnveiledError):
            one.cuts()


def test_two_files_of_one_name_cannot_be_told_apart() -> None:
    one = Head()
    for name, data in scanned(head(), pixel=4, slice_step=4).scans():
        one.take("IM" if name.endswith(("07", "08")) else name, data)
    with pytest.raises(UnveiledError):
        one.cuts()
