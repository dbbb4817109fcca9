"""Pictures that a program made or changed, by their makers' words and settings."""

from __future__ import annotations

from typing import Any

import pytest

from companion.scans.findings import Finding
from tests.scans.making import make_report


def changed(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [
        (str(one.certainty), one.values[0])
        for one in findings
        if one.rule in ("ai-picture", "picture-computed")
    ]


@pytest.mark.parametrize(
    ("maker", "keyword", "value", "product"),
    [
        ("GE MEDICAL SYSTEMS", "ConvolutionKernel", "TrueFidelity DL-M", "TrueFidelity"),
        ("GE MEDICAL SYSTEMS", "ConvolutionKernel", "DLIR-H", "TrueFidelity"),
        ("GE MEDICAL SYSTEMS", "SeriesDescription", "Ax T2 AIR Recon DL", "AIR Recon DL"),
        ("GE MEDICAL SYSTEMS", "ImageComments", "Sonic_DL", "Sonic DL"),
        ("GE MEDICAL SYSTEMS", "ProtocolName", "WB Precision-DL high", "Precision DL"),
        ("Canon Medical Systems", "ConvolutionKernel", "AiCE Body Sharp", "AiCE"),
        ("TOSHIBA", "ReconstructionAlgorithm", "AICE", "AiCE"),
        ("SIEMENS", "SeriesDescription", "t2 Deep Resolve Boost", "Deep Resolve"),
        ("Philips", "ConvolutionKernel", "Precise Image Smoother", "Precise Image"),
        ("Philips Healthcare", "ScanOptions", "SmartSpeed AI", "SmartSpeed AI"),
        ("UIH", "ScanOptions", "ACS", "ACS"),
        ("UIH", "ReconstructionMethod", "uAI HYPER DLR", "uAI HYPER DLR"),
        ("Acme", "SeriesDescription", "T1 SwiftMR", "SwiftMR"),
        ("Acme", "SoftwareVersions", "SubtlePET 2.0", "SubtleMR, SubtlePET"),
    ],
)
def test_a_products_name_where_the_maker_says_how_is_likely(
    maker: str, keyword: str, value: str, product: str
) -> None:
    found = make_report(Manufacturer=maker, **{keyword: value})

    assert changed(found) == [("likely", f"program: {product}")]


@pytest.mark.parametrize(
    ("maker", "keyword", "value"),
    [
        ("HOLOGIC, Inc.", "SeriesDescription", "R MLO C-View"),
        ("HOLOGIC, Inc.", "SeriesDescription", "L CC Intelligent 2D"),
        ("SIEMENS", "SeriesDescription", "Insight 2D"),
    ],
)
def test_a_synthetic_view_is_computed_and_no_ai(maker: str, keyword: str, value: str) -> None:
    found = make_report(Manufacturer=maker, **{keyword: value})

    assert [one.rule for one in found if one.rule == "picture-computed"] == ["picture-computed"]
    assert [one.rule for one in found if one.group == "ai"] == []


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0.75\\High", [("likely", "program: AIR Recon DL")]),
        ("0\\Off", []),
        ("0.0", []),
    ],
)
def test_ges_deep_learning_level_is_read(value: str, wanted: list[Any]) -> None:
    found = make_report(
        Manufacturer="GE MEDICAL SYSTEMS",
        private={(0x0043, "GEMS_PARM_01", 0xCA): ("LO", value.split("\\"))},
    )

    assert changed(found) == wanted


def test_siemens_image_type_tells_which_steps_were_on() -> None:
    found = make_report(
        Manufacturer="SIEMENS", ImageType=["ORIGINAL", "PRIMARY", "M", "DRG", "NORM", "DRS"]
    )

    assert {name for _, name in changed(found)} == {
        "program: Deep Resolve Gain", "program: Deep Resolve Sharp",
    }  # fmt: skip


def test_the_same_letters_of_another_maker_are_no_sign() -> None:
    found = make_report(Manufacturer="Acme", ImageType=["DERIVED", "PRIMARY", "DRG"])

    assert changed(found) == []


@pytest.mark.parametrize(
    ("protocol", "certainty"),
    [
        ("sPat.lAccel\t = \t2\nsDeepResolve.ucMode\t = \t0x1\nlEnd = 3", ["likely"]),
        ("sPat.lAccel\t = \t2\nsDeepResolve.ucMode\t = \t0x0\nlEnd = 3", []),
        ('<ParamMap."DeepResolve"> nothing said here', ["possible"]),
    ],
    ids=["on", "off", "not said"],
)
def test_a_block_of_settings_is_not_yet_switched_on(protocol: str, certainty: list[str]) -> None:
    found = make_report(
        Manufacturer="SIEMENS",
        private={(0x0021, "SIEMENS MR SDS 01", 0x19): ("OB", b"\0\1\2" + protocol.encode())},
    )

    assert [sure for sure, _ in changed(found)] == certainty


def test_a_name_in_other_private_text_is_possible() -> None:
    found = make_report(private={(0x0051, "ACME 1", 0x10): ("LO", "SubtleMR licence")})

    assert changed(found) == [("possible", "program: SubtleMR, SubtlePET")]


@pytest.mark.parametrize(
    "elements",
    [
        {"ConvolutionKernel": "Br44", "ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        {"DerivationDescription": "Lossy compression", "LossyImageCompression": "01"},
        {"Manufacturer": "Acme", "SeriesDescription": "precise image of the knee"},
        {"Manufacturer": "Acme", "SeriesDescription": "ACS protocol"},
    ],
)
def test_an_ordinary_or_derived_picture_is_no_sign_of_ai(elements: dict[str, Any]) -> None:
    assert changed(make_report(**elements)) == []
