"""Heads by their names: what makes a picture one from which a face can be rebuilt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scans.making import make_report


def is_face(**elements: str | None) -> bool:
    base = {"SpecificCharacterSet": "ISO_IR 192", "Modality": "MR"}
    wanted: dict[str, Any] = {**base, **elements}
    found = make_report(**wanted)
    return any(one.rule == "face-possible" for one in found)


@pytest.mark.parametrize(
    "series",
    [
        "anat-T1w",
        "sub-07_ses-1_T2w",
        "MEMPRAGE_4e_p2_1mm",
        "T1_MPRAGE_SAG",
        "t1_mp2rage_sag_UNI",
        "3D FSPGR BRAVO",
        "task-rest_bold",
        "t1_mpr_sag_p2_iso",
        "t2_space_dark-fluid_sag",
        "ep2d_diff_mddw_20",
        "CCT nativ 1.0",
        "AX T2 FLAIR",
        "SWI_Images",
        "gre_fieldmap",
        "Sella dynamic",
        "3D T1 TFE",
        "Neuroimaging",
        "AAHead_Scout",
        "rfMRI_REST1_AP",
        "Schädel nativ",
        "Schaedel-CT",
        "Kopf ohne KM",
        "NNH coronal",
        "IRM cérébrale",
        "tête",
        "TAC de cráneo",
        "cabeza simple",
        "encefalo senza mdc",
        "Orbits fat sat",
        "SINUS W/O",
        "IAC thin",
        "Pituitary dynamic",
        "C-SPINE SAG",
        "cervical spine",
        "soft tissue neck",
        "whole body PET",
        "МРТ головного мозга",
        "頭部単純",
        "颅脑平扫",
    ],
)
def test_a_series_of_a_head_or_neck_may_show_a_face(series: str) -> None:
    assert is_face(SeriesDescription=series)


@pytest.mark.parametrize(
    "series",
    [
        "t2_tse_tra prostate T2w",
        "T2w prostata",
        "knee MPRAGE phantom",
        "MR KNEE PD FS",
        "t1_mpr_sag knee",
        "ep2d_diff_b50 liver mddw",
        "MPR cor",
        "femoral head cor",
        "head of the pancreas",
        "Thorax LAT",
        "T1 VIBE dyn liver",
        "lumbar spine",
        "routine",
        "surface coil",
        "header test",
    ],
)
def test_another_part_of_the_body_shows_none(series: str) -> None:
    assert not is_face(SeriesDescription=series)


def test_a_named_body_part_wins_over_a_sequence() -> None:
    assert not is_face(BodyPartExamined="KNEE", SeriesDescription="MPRAGE sag")
    assert is_face(BodyPartExamined="HEAD", SeriesDescription="t2 tse")
    assert is_face(BodyPartExamined=None, ProtocolName="MPRAGE sag")


def test_an_x_ray_of_a_head_is_no_volume() -> None:
    assert not is_face(Modality="CR", BodyPartExamined="SKULL")
