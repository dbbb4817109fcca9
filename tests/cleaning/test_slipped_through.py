"""Ways by which values came through once: each of them is closed, and the file is copied."""

from __future__ import annotations

import io
from typing import Any

import pydicom
import pytest

from companion.cleaning import Choice, FaceChoice, Preset, Stays, clean
from tests.builders import make_scan
from tests.cleaning.making import make_copy, make_sources

PERSON: dict[str, Any] = {
    "PatientName": "Vandermeer^Ilse",
    "PatientID": "QX-7741-0093",
    "PatientBirthDate": "19480229",
    "StudyDate": "20231107",
}
CODE = {"CodeValue": "121181", "CodingSchemeDesignator": "DCM"}


@pytest.mark.parametrize(
    ("elements", "hidden"),
    [
        ({"ProcedureCodeSequence": {**CODE, "CodeMeaning": "Zebulon Frobisher"}}, b"Frobisher"),
        (
            {"ProcedureCodeSequence": {**CODE, "CodeValue": "FROBISHER", "CodeMeaning": "Chest"}},
            b"FROBISHER",
        ),
        ({"SeriesDescription": "CT 7 November 2023"}, b"November"),
        ({"SeriesDescription": "V.A.N.D.E.R.M.E.E.R"}, b"V.A.N"),
        ({"SequenceName": "XVANDERMEERK", "ScanOptions": "QVANDERMEER"}, b"VANDERMEER"),
        ({"BodyPartExamined": "FROBISHER"}, b"FROBISHER"),
        ({"SeriesNumber": "20231107", "AcquisitionNumber": "19480229"}, b"20231107"),
        ({"SliceThickness": "20231107.0"}, b"20231107"),
        ({"InstanceNumber": "77410093"}, b"77410093"),
        ({"SimpleFrameList": [20231107]}, (20231107).to_bytes(4, "little")),
    ],
)
@pytest.mark.parametrize("preset", Preset)
def test_what_is_hidden_there_is_not_in_the_copy(
    preset: Preset, elements: dict[str, Any], hidden: bytes
) -> None:
    copy, account = make_copy({"a.dcm": make_scan(**PERSON, **elements)}, preset)

    assert not account.withheld
    assert all(hidden.lower() not in data.lower() for data in copy.values())


def test_a_name_in_another_script_is_found_in_every_character_set() -> None:
    scan = make_scan(
        **{**PERSON, "PatientName": "Воронцова^Лидия"},
        SpecificCharacterSet="ISO_IR 144",
        SequenceName="Воронцова",
        FilterType="Воронцова",
    )

    copy, _ = make_copy({"a.dcm": scan})

    assert all("Воронцова".encode("iso8859-5") not in data for data in copy.values())


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_a_head_that_nobody_looked_at_is_left_out_unless_its_face_may_stay(modality: str) -> None:
    files = {"a.dcm": make_scan(**PERSON, Modality=modality, StudyDescription="Brain")}

    copy, account = make_copy(files, looked=False)
    kept = clean(make_sources(files), Choice(Preset.FOR_A_DOCTOR, FaceChoice.KEEP))

    assert not copy
    assert [one.reason for one in account.withheld] == ["head-not-looked-at"]
    assert len(list(kept.files())) == 1
    assert Stays.FACE_NOT_JUDGED in kept.account.stays


def test_slices_of_a_head_too_few_to_judge_are_not_said_to_be_without_a_face() -> None:
    copy, account = make_copy({"a.dcm": make_scan(**PERSON, StudyDescription="Brain")})

    assert Stays.FACE_NOT_JUDGED in account.stays
    (data,) = copy.values()
    assert "RecognizableVisualFeatures" not in pydicom.dcmread(io.BytesIO(data))


def test_another_part_of_the_body_goes_out_though_nobody_looked() -> None:
    scan = make_scan(**PERSON, BodyPartExamined="KNEE", SeriesDescription="t1w sag")

    copy, account = make_copy({"a.dcm": scan}, looked=False)

    assert len(copy) == 1
    assert Stays.FACE_NOT_JUDGED not in account.stays
