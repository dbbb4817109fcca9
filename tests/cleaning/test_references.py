"""Files that name each other do so in the copy too, by their new numbers, at any depth."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pydicom
import pytest
from pydicom import Dataset

from companion.cleaning import Preset
from tests.builders import ROOT, make_scan
from tests.cleaning.making import make_copy

CT = "1.2.840.10008.5.1.4.1.1.2"
STUDY, SERIES, FRAME_OF_REFERENCE = f"{ROOT}.7", f"{ROOT}.7.1", f"{ROOT}.7.2"
PERSON: dict[str, Any] = {
    "PatientName": "Vandermeer^Ilse",
    "PatientID": "QX-7741-0093",
    "StudyInstanceUID": STUDY,
    "FrameOfReferenceUID": FRAME_OF_REFERENCE,
}
IMAGE = {"ReferencedSOPClassUID": CT, "ReferencedSOPInstanceUID": f"{ROOT}.7.1.1"}
IN_SERIES = {"SeriesInstanceUID": SERIES, "ReferencedSOPSequence": IMAGE}
NAMING: dict[str, dict[str, Any]] = {
    "presentation state": {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.1",
        "Modality": "PR",
        "ReferencedSeriesSequence": {"SeriesInstanceUID": SERIES, "ReferencedImageSequence": IMAGE},
    },
    "report": {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33",
        "Modality": "SR",
        "CurrentRequestedProcedureEvidenceSequence": {
            "StudyInstanceUID": STUDY,
            "ReferencedSeriesSequence": IN_SERIES,
        },
        "ContentSequence": {
            "ValueType": "CONTAINER",
            "RelationshipType": "CONTAINS",
            "ContentSequence": {
                "ValueType": "IMAGE",
                "RelationshipType": "CONTAINS",
                "ReferencedSOPSequence": IMAGE,
            },
        },
    },
    "contours": {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.3",
        "Modality": "RTSTRUCT",
        "ReferencedFrameOfReferenceSequence": {
            "FrameOfReferenceUID": FRAME_OF_REFERENCE,
            "RTReferencedStudySequence": {
                "ReferencedSOPClassUID": "1.2.840.10008.3.1.2.3.1",
                "ReferencedSOPInstanceUID": STUDY,
                "RTReferencedSeriesSequence": {
                    "SeriesInstanceUID": SERIES,
                    "ContourImageSequence": IMAGE,
                },
            },
        },
        "ROIContourSequence": {"ContourSequence": {"ContourImageSequence": IMAGE}},
    },
    "segments": {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4",
        "Modality": "SEG",
        "ReferencedSeriesSequence": {
            "SeriesInstanceUID": SERIES,
            "ReferencedInstanceSequence": IMAGE,
        },
        "PerFrameFunctionalGroupsSequence": {
            "DerivationImageSequence": {"SourceImageSequence": IMAGE}
        },
    },
}


def make_image(**elements: Any) -> bytes:
    return make_scan(
        **PERSON,
        SOPInstanceUID=IMAGE["ReferencedSOPInstanceUID"],
        SeriesInstanceUID=SERIES,
        **elements,
    )


def make_naming(kind: str) -> bytes:
    pixels = {} if kind == "segments" else {"PixelData": None}
    return make_scan(
        **PERSON | {"SOPInstanceUID": f"{ROOT}.7.9", "SeriesInstanceUID": f"{ROOT}.7.8"},
        **NAMING[kind] | pixels,
    )


def elements_of(data_set: Dataset) -> Iterator[tuple[str, str]]:
    """The keyword and value of every UID, at any depth."""
    for element in data_set.iterall():
        if element.VR == "UI":
            yield element.keyword, str(element.value)


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("kind", NAMING)
def test_what_a_file_names_is_named_by_its_new_numbers(kind: str, preset: Preset) -> None:
    copy, account = make_copy({"a.dcm": make_image(), "b.dcm": make_naming(kind)}, preset)

    image, naming = (pydicom.dcmread(io.BytesIO(data)) for data in copy.values())
    named = {*elements_of(naming)}
    instances = {uid for keyword, uid in named if keyword == "ReferencedSOPInstanceUID"}
    assert image.SOPInstanceUID in instances
    assert instances <= {image.SOPInstanceUID, image.StudyInstanceUID}
    assert ("SeriesInstanceUID", str(image.SeriesInstanceUID)) in named
    assert naming.StudyInstanceUID == image.StudyInstanceUID
    assert naming.FrameOfReferenceUID == image.FrameOfReferenceUID
    assert not any(uid.startswith(ROOT) for _, uid in named)
    assert account.missing_references == 0


@pytest.mark.parametrize("kind", NAMING)
def test_a_file_whose_named_ones_are_missing_goes_out_and_the_list_says_so(kind: str) -> None:
    copy, account = make_copy({"b.dcm": make_naming(kind)})

    assert len(copy) == 1
    assert account.missing_references
