"""Results of programs: by the standard's fields certain, by a maker's name likely."""

from __future__ import annotations

from typing import Any

import pytest

from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan
from tests.scans.making import make_report

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1"
PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
MAMMOGRAPHY_CAD = "1.2.840.10008.5.1.4.1.1.88.50"
DOSE_REPORT = "1.2.840.10008.5.1.4.1.1.88.67"


def make_code(value: str, meaning: str) -> dict[str, str]:
    return {"CodeValue": value, "CodingSchemeDesignator": "DCM", "CodeMeaning": meaning}


def make_item(kind: str, value: str, meaning: str, **more: Any) -> dict[str, Any]:
    return {"ValueType": kind, "ConceptNameCodeSequence": make_code(value, meaning), **more}


DEVICE = make_item(
    "CODE", "121005", "Observer Type", ConceptCodeSequence=make_code("121007", "Device")
)
PERSON = make_item(
    "CODE", "121005", "Observer Type", ConceptCodeSequence=make_code("121006", "Person")
)
STATEMENT = make_item("TEXT", "121071", "Finding", TextValue="Suspected bleeding, score 0.42")


def make_sr(*items: dict[str, Any], **elements: Any) -> dict[str, Any]:
    plain = {
        "SOPClassUID": COMPREHENSIVE_SR,
        "Modality": "SR",
        "PixelData": None,
        "VerificationFlag": "UNVERIFIED",
        "CompletionFlag": "COMPLETE",
        "ConceptNameCodeSequence": make_code("126000", "Imaging Measurement Report"),
        "ContentSequence": list(items),
    }
    return {**plain, **elements}


def make_segments(*kinds: str, **more: Any) -> dict[str, Any]:
    segments = [
        {
            "SegmentNumber": number,
            "SegmentLabel": f"Part {number}",
            "SegmentAlgorithmType": kind,
            **({"SegmentAlgorithmName": "Outliner 2"} if kind != "MANUAL" else {}),
            **more,
        }
        for number, kind in enumerate(kinds, start=1)
    ]
    return {"SOPClassUID": SEGMENTATION, "Modality": "SEG", "SegmentSequence": segments}


ALGORITHM = {
    "AlgorithmFamilyCodeSequence": make_code("123110", "Artificial Intelligence"),
    "AlgorithmName": "LobeFinder",
    "AlgorithmVersion": "7.1",
    "AlgorithmSource": "Quenby Labs",
}


def of_rule(rule: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


CERTAIN: dict[str, tuple[dict[str, Any], set[str]]] = {
    "automatic outline": (
        make_segments("AUTOMATIC"),
        {"program: Outliner 2", "made: outline", "how: automatic", "part: Part 1"},
    ),
    "outline with help": (make_segments("SEMIAUTOMATIC"), {"how: semiautomatic"}),
    "outline with an identified algorithm": (
        make_segments("AUTOMATIC", SegmentationAlgorithmIdentificationSequence=ALGORITHM),
        {"program: LobeFinder", "version: 7.1", "maker: Quenby Labs", "made: outline"},
    ),
    "an algorithm named anywhere": (
        {
            "SurfaceSequence": {
                "SurfaceNumber": 1,
                "SegmentSurfaceGenerationAlgorithmIdentificationSequence": ALGORITHM,
            }
        },
        {"program: LobeFinder", "version: 7.1", "maker: Quenby Labs", "made: result"},
    ),
    "a map with its algorithm": (
        {"SOPClassUID": PARAMETRIC_MAP, "DecompositionAlgorithmIdentificationSequence": ALGORITHM},
        {"program: LobeFinder", "made: map"},
    ),
    "a device as observer": (
        make_sr(
            DEVICE,
            make_item("TEXT", "121013", "Device Observer Name", TextValue="Bleedspotter"),
            make_item("TEXT", "121014", "Device Observer Manufacturer", TextValue="Quenby Labs"),
            make_item("TEXT", "121016", "Device Observer Serial Number", TextValue="N-3"),
            STATEMENT,
        ),
        {
            "program: Bleedspotter", "maker: Quenby Labs", "serial: N-3", "made: report",
            "signed: no",
        },
    ),
    "a program's report that a person signed": (
        make_sr(DEVICE, STATEMENT, VerificationFlag="VERIFIED"),
        {"made: report", "signed: yes"},
    ),
    "a report that is not finished": (
        make_sr(DEVICE, STATEMENT, PreliminaryFlag="PRELIMINARY"),
        {"complete: no"},
    ),
    "algorithm name and version in the content": (
        make_sr(
            make_item("TEXT", "111001", "Algorithm Name", TextValue="Triage"),
            make_item("TEXT", "111003", "Algorithm Version", TextValue="0.9"),
            STATEMENT,
        ),
        {"program: Triage", "version: 0.9", "made: report"},
    ),
    "measurements only": (
        make_sr(
            DEVICE,
            make_item(
                "NUM", "118565006", "Volume",
                MeasuredValueSequence={
                    "NumericValue": "42",
                    "MeasurementUnitsCodeSequence": make_code("ml", "milliliter"),
                },
            ),
        ),
        {"made: measurement"},
    ),
    "a detection program's class": (
        make_sr(STATEMENT, SOPClassUID=MAMMOGRAPHY_CAD, ManufacturerModelName="Markwell"),
        {"program: Markwell", "made: mark"},
    ),
    "a product in research": (
        {**make_segments("AUTOMATIC"), "ContentQualification": "RESEARCH"},
        {"quality: research"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CERTAIN)
def test_what_the_standard_attributes_to_a_program_is_certain(what: str) -> None:
    elements, wanted = CERTAIN[what]

    (found,) = of_rule("ai-result", make_report(**elements))

    assert found.certainty == "certain"
    assert wanted <= set(found.values)


@pytest.mark.parametrize(
    "elements",
    [
        {},
        make_segments("MANUAL", "MANUAL"),
        make_sr(PERSON, STATEMENT),
        make_sr(STATEMENT, VerificationFlag="VERIFIED"),
        make_sr(DEVICE, STATEMENT, SOPClassUID=DOSE_REPORT),
        {"SOPClassUID": SECONDARY_CAPTURE, "ConversionType": "WSD", "Manufacturer": "Acme"},
        {
            "ContributingEquipmentSequence": {
                "Manufacturer": "Acme Gateways",
                "PurposeOfReferenceCodeSequence": make_code("109104", "De-identifying Equipment"),
            }
        },
    ],
    ids=["scan", "by hand", "person", "signed", "dose", "capture", "gateway"],
)
def test_what_people_and_machines_made_is_no_result_of_a_program(elements: dict[str, Any]) -> None:
    found = make_report(**elements)

    assert [finding for finding in found if finding.group == "ai"] == []


LIKELY: dict[str, dict[str, Any]] = {
    "secondary capture by a maker": {
        "SOPClassUID": SECONDARY_CAPTURE, "ConversionType": "WSD", "Manufacturer": "Lunit Inc.",
    },
    "secondary capture by its words": {
        "SOPClassUID": SECONDARY_CAPTURE, "DerivationDescription": "AI generated heat map",
        "ConversionType": "SYN",
    },
    "presentation state": {
        "SOPClassUID": PRESENTATION_STATE, "PixelData": None, "ContentCreatorName": "Milvue",
    },
    "parametric map": {
        "SOPClassUID": PARAMETRIC_MAP, "ContentQualification": "PRODUCT",
        "ManufacturerModelName": "icobrain",
    },
    "contributing equipment": {
        "ContributingEquipmentSequence": {
            "Manufacturer": "Aidoc Medical",
            "PurposeOfReferenceCodeSequence": make_code("109102", "Processing Equipment"),
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("what", LIKELY)
def test_what_a_makers_name_tells_is_likely(what: str) -> None:
    (found,) = of_rule("ai-result", make_report(**LIKELY[what]))

    assert found.certainty == "likely"


def test_equipment_that_enhances_changed_the_picture() -> None:
    found = make_report(
        ContributingEquipmentSequence={
            "Manufacturer": "Subtle Medical",
            "ManufacturerModelName": "SubtleMR",
            "PurposeOfReferenceCodeSequence": make_code("109103", "Modifying Equipment"),
        }
    )

    assert {finding.rule for finding in found if finding.group == "ai"} == {"ai-picture"}


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("Manufacturer", "Lunit Inc."),
        ("ManufacturerModelName", "BoneView"),
        ("SoftwareVersions", "qure.ai 3.2"),
        ("ContentCreatorName", "Milvue"),
        ("SeriesDescription", "Viz.ai LVO"),
        ("SeriesDescription", "RAPID_CTA summary"),
        ("StationAETitle", "AIDOC"),
        ("SourceApplicationEntityTitle", "TRANSPARA"),
    ],
)
def test_a_maker_that_is_named_is_possible(keyword: str, value: str) -> None:
    if keyword.startswith("Source"):
        found = of_rule(
            "ai-maker",
            inspect([Entry("a", [make_scan(meta={keyword: value})])]).findings,
        )
    else:
        found = of_rule("ai-maker", make_report(**{keyword: value}))

    (only,) = found
    assert only.certainty == "possible"
    assert f"as written: {value}" in only.values


def test_a_private_creator_names_its_maker() -> None:
    found = make_report(private={(0x0011, "LUNIT INC", 0x01): ("LO", "x")})

    assert len(of_rule("ai-maker", found)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Three views, viz. frontal, lateral and oblique", "Viz", "RAPID sequence",
        "rapid infusion",
        "Median nerve", "median filter 3x3", "INSIGHT", "insight into the joint",
        "deep inspiration",
        "Precise positioning", "sonic bath", "AIR", "Air kerma", "zebra stripes", "caption",
        "imagen axial", "la mediana", "Aire libre", "tiefe Vene", "schnell", "Luftweg", "Maidoc",
        "aidocs", "lunito", "A. I. Meier", "aice", "subtle change", "acs", "c view", "profound",
    ],
)  # fmt: skip
def test_names_inside_ordinary_words_are_no_makers(text: str) -> None:
    found = make_report(
        SeriesDescription=text, ImageComments=text, Manufacturer="ACME", SoftwareVersions=text,
        ProtocolName=text, ManufacturerModelName=text,
    )  # fmt: skip

    assert [one for one in found if one.group == "ai" or one.rule == "picture-computed"] == []


def test_a_thousand_outlines_are_one_result_with_some_of_their_parts() -> None:
    (found,) = of_rule("ai-result", make_report(**make_segments(*["AUTOMATIC"] * 1_000)))

    assert found.files == 1
    assert len(found.values) <= 20


def test_a_result_without_a_patient_is_a_result() -> None:
    report = inspect([Entry("a.dcm", [make_scan(**make_segments("AUTOMATIC"))])])

    assert [finding.rule for finding in report.findings if finding.group == "ai"] == ["ai-result"]
    assert report.files[0].status == "read"


def test_a_program_is_neither_the_machine_nor_the_staff() -> None:
    found = make_report(
        SOPClassUID=SECONDARY_CAPTURE,
        ConversionType="WSD",
        Manufacturer="Lunit Inc.",
        ManufacturerModelName="Chest helper",
        ContentCreatorName="Lunit Inc.",
        DeviceSerialNumber="node-7",
    )

    assert not {"machine-model", "device-serial", "report-author"} & {one.rule for one in found}


def test_a_machine_of_the_same_name_in_another_file_stays() -> None:
    outlines = make_scan(**make_segments("AUTOMATIC"), ManufacturerModelName="Scanner 9")
    scan = make_scan(ManufacturerModelName="Scanner 9", SOPInstanceUID="2.25.77")

    found = inspect([Entry("a", [outlines]), Entry("b", [scan])]).findings

    assert of_rule("machine-model", found)[0].values == ("Scanner 9",)


def test_what_a_programs_result_is_described_as_is_not_lost() -> None:
    segments = make_segments("AUTOMATIC", SegmentationAlgorithmIdentificationSequence=ALGORITHM)

    report = make_report(**segments, ContentDescription="Liver of Mrs Quade", ContentLabel="QUADE")

    shown = [value for one in report if one.rule == "annotation-text" for value in one.values]
    assert shown == ["QUADE", "Liver of Mrs Quade"]
