"""Ways by which values came through once: each of them is closed, and the file is copied."""

from __future__ import annotations

import io
from typing import Any

import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

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
        ({"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "FROBISHER"]}, b"FROBISHER"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "FROBISHER", "NORM"]}, b"FROBISHER"),
        ({"Manufacturer": "Zebulon Frobisher"}, b"Frobisher"),
        ({"Manufacturer": "SIEMENS, Frobisher"}, b"Frobisher"),
        ({"ManufacturerModelName": "Dr. Frobisher's scanner"}, b"Frobisher"),
        ({"SoftwareVersions": ["VA40A", "set up by Frobisher"]}, b"Frobisher"),
        ({"ScanOptions": ["HELIX", "FROBISHER"]}, b"FROBISHER"),
        ({"ScanOptions": ["VANDER", "MEER"]}, b"VANDER"),
        ({"ConvolutionKernel": "RnJvYmlzaGVy"}, b"RnJvYmlzaGVy"),
        ({"PatientPosition": "FROBISHER"}, b"FROBISHER"),
        ({"AcquisitionNumber": "19991231"}, b"19991231"),
        ({"TableHeight": "29021948"}, b"29021948"),
        ({"KVP": "1948.0229"}, b"1948.0229"),
        ({"ProcedureCodeSequence": {**CODE, "CodeMeaning": "Robert Williams"}}, b"Williams"),
        (
            {
                "ProcedureCodeSequence": {
                    **CODE,
                    "CodeMeaning": "Chest",
                    "ContextIdentifier": "FROBISHER",
                }
            },
            b"FROBISHER",
        ),
        (
            {
                "ProcedureCodeSequence": {
                    **CODE,
                    "CodeMeaning": "Chest",
                    "CodingSchemeDesignator": "FROBISHER",
                }
            },
            b"FROBISHER",
        ),
        ({"RelatedGeneralSOPClassUID": "1.3.6.1.4.1.5555.20231107"}, b"5555"),
    ],
)
@pytest.mark.parametrize("preset", Preset)
def test_what_is_hidden_there_is_not_in_the_copy(
    preset: Preset, elements: dict[str, Any], hidden: bytes
) -> None:
    copy, account = make_copy({"a.dcm": make_scan(**PERSON, **elements)}, preset)

    assert not account.withheld
    assert all(hidden.lower() not in data.lower() for data in copy.values())


def with_raw(scan: bytes, keyword: str, vr: str, raw: bytes) -> bytes:
    """The scan with bytes in an element that are no value of its VR."""
    data_set = pydicom.dcmread(io.BytesIO(scan))
    tag = Tag(keyword)
    data_set[tag] = RawDataElement(
        tag, vr, len(raw), raw, 0, is_implicit_VR=False, is_little_endian=True
    )
    written = io.BytesIO()
    data_set.save_as(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("keyword", "vr", "raw", "hidden"),
    [
        ("SliceThickness", "DS", b"Frobisher ", b"Frobisher"),
        ("FocalSpots", "DS", b"0.6\\Frobisher", b"Frobisher"),
        ("SeriesNumber", "IS", b"Frobisher ", b"Frobisher"),
        ("PatientAge", "AS", b"Ilsa", b"Ilsa"),
        ("ExposureTimeInms", "FD", b"Frobi ", b"Frobi"),
    ],
)
def test_a_word_where_a_number_belongs_is_not_in_the_copy_and_spoils_no_neighbour(
    keyword: str, vr: str, raw: bytes, hidden: bytes
) -> None:
    damaged = with_raw(make_scan(**PERSON, SOPInstanceUID="2.25.8"), keyword, vr, raw)
    whole = make_scan(**PERSON, SOPInstanceUID="2.25.9")

    copy, account = make_copy({"a.dcm": damaged, "b.dcm": whole})

    assert "b.dcm" not in {one.name for one in account.withheld}
    assert copy
    assert all(hidden not in data for data in copy.values())


def test_what_machines_and_codes_say_of_themselves_stays_for_a_doctor() -> None:
    said: dict[str, Any] = {
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"],
        "Manufacturer": "SIEMENS",
        "ManufacturerModelName": "SOMATOM Definition AS+",
        "SoftwareVersions": "syngo CT VA48A",
        "ConvolutionKernel": "B30f",
        "ScanOptions": ["SAT_GEMS", "EPI_GEMS"],
        "PatientPosition": "HFS",
        "KVP": "120",
        "SliceThickness": "1.25",
    }
    units = {"CodeValue": "mm", "CodingSchemeDesignator": "UCUM", "CodeMeaning": "mm"}
    projection = {**CODE, "CodeMeaning": "Circle of Willis"}

    copy, _ = make_copy(
        {
            "a.dcm": make_scan(
                **PERSON, **said, MeasurementUnitsCodeSequence=units, ViewCodeSequence=projection
            )
        }
    )

    after = pydicom.dcmread(io.BytesIO(next(iter(copy.values()))))
    assert {keyword: after[keyword].value for keyword in said} == said
    assert after.MeasurementUnitsCodeSequence[0].CodingSchemeDesignator == "UCUM"
    assert after.ViewCodeSequence[0].CodeMeaning == "Circle of Willis"


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
