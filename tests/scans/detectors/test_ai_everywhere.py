"""Each place where a program leaves its name, planted once and found; beside each a clean twin
that differs in that one thing and is silent. And ordinary words, which name nobody."""

from __future__ import annotations

import random
from typing import Any

import pytest

from companion.content import ai_makers
from companion.content.ai_makers import Name
from companion.content.identifiers import common_words, health_words
from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from companion.scans.rules.programs import fits
from tests.builders import make_scan
from tests.scans.detectors.test_ai import (
    ALGORITHM,
    COMPREHENSIVE_SR,
    DEVICE,
    MAMMOGRAPHY_CAD,
    PARAMETRIC_MAP,
    PERSON,
    PRESENTATION_STATE,
    SECONDARY_CAPTURE,
    STATEMENT,
    make_code,
    make_item,
    make_segments,
    make_sr,
)
from tests.scans.making import make_report

CHEST_CAD = "1.2.840.10008.5.1.4.1.1.88.65"
COLON_CAD = "1.2.840.10008.5.1.4.1.1.88.69"
PLACED = make_item("TEXT", "121017", "Device Observer Physical Location", TextValue="Cloud south")


def make_capture(**elements: Any) -> dict[str, Any]:
    return {"SOPClassUID": SECONDARY_CAPTURE, "ConversionType": "WSD", **elements}


def make_marks(maker: str) -> dict[str, Any]:
    """A presentation state, with the label that it must have and no creator."""
    return {
        "SOPClassUID": PRESENTATION_STATE, "PixelData": None, "ContentLabel": "MARKS",
        "Manufacturer": maker,
    }  # fmt: skip


def make_map(model: str) -> dict[str, Any]:
    return {
        "SOPClassUID": PARAMETRIC_MAP, "ContentLabel": "MAP",
        "ManufacturerModelName": model,
    }  # fmt: skip


def make_equipment(maker: str, purpose: str) -> dict[str, Any]:
    code = make_code(purpose, "Equipment")
    return {
        "ContributingEquipmentSequence": {
            "Manufacturer": maker,
            "PurposeOfReferenceCodeSequence": code,
        }
    }


Elements = dict[str, Any]
# What it is: the plant, its clean twin, the rule that finds the one and not the other.
RESULTS: dict[str, tuple[Elements, Elements, str]] = {
    "outline by a program": (make_segments("AUTOMATIC"), make_segments("MANUAL"), "ai-result"),
    "outline with help": (make_segments("SEMIAUTOMATIC"), make_segments("MANUAL"), "ai-result"),
    "algorithm anywhere": (
        {"SurfaceSequence": {
            "SurfaceNumber": 1,
            "SegmentSurfaceGenerationAlgorithmIdentificationSequence": ALGORITHM,
        }},
        {"SurfaceSequence": {"SurfaceNumber": 1}}, "ai-result",
    ),
    "device that observed": (make_sr(DEVICE, STATEMENT), make_sr(PERSON, STATEMENT), "ai-result"),
    "place of that device": (
        make_sr(DEVICE, PLACED, STATEMENT), make_sr(DEVICE, STATEMENT), "device-place",
    ),
    "algorithm of a report": (
        make_sr(make_item("TEXT", "111001", "Algorithm Name", TextValue="Triage"), STATEMENT),
        make_sr(STATEMENT), "ai-result",
    ),
    "unsigned words of a program": (
        make_sr(DEVICE, STATEMENT),
        make_sr(DEVICE, STATEMENT, VerificationFlag="VERIFIED"), "ai-unsigned",
    ),
    "mammography CAD": (
        make_sr(STATEMENT, SOPClassUID=MAMMOGRAPHY_CAD),
        make_sr(STATEMENT, SOPClassUID=COMPREHENSIVE_SR), "ai-result",
    ),
    "chest CAD": (
        make_sr(STATEMENT, SOPClassUID=CHEST_CAD),
        make_sr(STATEMENT, SOPClassUID=COMPREHENSIVE_SR), "ai-result",
    ),
    "colon CAD": (
        make_sr(STATEMENT, SOPClassUID=COLON_CAD),
        make_sr(STATEMENT, SOPClassUID=COMPREHENSIVE_SR), "ai-result",
    ),
    "equipment that processed": (
        make_equipment("Aidoc Medical", "109102"), make_equipment("Acme", "109102"), "ai-result",
    ),
    "equipment that modified": (
        make_equipment("Lunit Inc.", "109103"), make_equipment("Acme", "109103"), "ai-result",
    ),
    "capture, its maker": (
        make_capture(Manufacturer="Lunit Inc."), make_capture(Manufacturer="Acme"), "ai-result",
    ),
    "capture, its model": (
        make_capture(ManufacturerModelName="BoneView"),
        make_capture(ManufacturerModelName="Bone viewer"), "ai-result",
    ),
    "capture, its software": (
        make_capture(SoftwareVersions="qure.ai 3.2"),
        make_capture(SoftwareVersions="3.2"), "ai-result",
    ),
    "capture, its series": (
        make_capture(SeriesDescription="Viz.ai LVO"),
        make_capture(SeriesDescription="viz. LVO"), "ai-result",
    ),
    "capture, who made its words": (
        make_capture(ContentCreatorName="Milvue"),
        make_capture(ContentCreatorName="Roe^Max"), "ai-result",
    ),
    "capture, its private block": (
        make_capture(private={(0x0011, "LUNIT INC", 0x01): ("LO", "x")}),
        make_capture(private={(0x0011, "ACME INC", 0x01): ("LO", "x")}), "ai-maker",
    ),
    "presentation state": (
        make_marks("Oxipit"),
        make_marks("Acme"),
        "ai-result",
    ),
    "parametric map": (
        make_map("icobrain"),
        make_map("brain map"), "ai-result",
    ),
}  # fmt: skip


def rules(found: tuple[Finding, ...]) -> set[str]:
    return {one.rule for one in found if one.group == "ai" or one.rule == "picture-computed"}


@pytest.mark.parametrize("what", RESULTS)
def test_a_sign_of_a_program_is_found_and_its_clean_twin_is_silent(what: str) -> None:
    plant, twin, rule = RESULTS[what]

    assert rule in rules(make_report(**plant))
    assert rule not in rules(make_report(**twin))


@pytest.mark.parametrize("quality", ["RESEARCH", "SERVICE"])
def test_what_is_no_approved_product_says_so_and_a_product_does_not(quality: str) -> None:
    def told(qualification: str) -> set[str]:
        found = make_report(**make_segments("AUTOMATIC"), ContentQualification=qualification)
        return {value for one in found if one.rule == "ai-result" for value in one.values}

    assert f"quality: {quality.lower()}" in told(quality)
    assert not {value for value in told("PRODUCT") if value.startswith("quality: r")}


PRODUCTS = [name for name in ai_makers.names() if not name.is_maker and name.does != "result"]
MAKERS = [name for name in ai_makers.names() if name.does == "result"]


def of_maker(name: Name) -> str:
    return name.needs[0].upper() if name.needs else "ACME"


@pytest.mark.parametrize("name", PRODUCTS, ids=lambda name: name.name)
def test_each_product_that_makes_pictures_is_found_as_a_word_and_not_inside_one(
    name: Name,
) -> None:
    wanted = "picture-computed" if name.does == "computed-view" else "ai-picture"
    for form in name.forms:
        maker = of_maker(name)
        found = make_report(Manufacturer=maker, SeriesDescription=f"Ax {form} 3")
        twin = make_report(Manufacturer=maker, SeriesDescription=f"Ax x{form}x 3")
        assert wanted in rules(found), form
        assert rules(twin) == set(), form
    if name.needs:
        assert rules(make_report(Manufacturer="ACME", SeriesDescription=name.forms[0])) == set()


@pytest.mark.parametrize("name", MAKERS, ids=lambda name: name.name)
def test_each_maker_of_programs_is_found_as_a_word_and_not_inside_one(name: Name) -> None:
    for form in name.forms:
        model = f"{of_maker(name)} {form}" if name.needs else form
        found = make_report(Manufacturer=model)
        assert "ai-maker" in rules(found), form
        assert rules(make_report(Manufacturer=f"x{form}x")) == set(), form


# --- Ordinary words --------------------------------------------------------------------

_TRAPS = (
    "viz", "viz.", "rapid", "rapidly", "median", "mediana", "precise", "precisely", "sonic",
    "insight", "air", "aire", "clear", "read", "view", "deep", "resolve", "resolved", "subtle",
    "profound", "caption", "zebra", "annals", "arteries", "behold", "companion", "screen",
    "point", "transparent", "bone", "chest", "intelligent", "preview", "aid", "aids", "docs",
    "unit", "lunar", "imagen", "true", "fidelity", "smart", "speed", "swift", "quick", "cortex",
    "core", "line", "infer", "vision", "heart", "flow", "flowing", "clearly", "quantum", "echo",
    "go", "gleam", "health", "avicenna", "oxide", "pit", "boost", "sharp", "gain", "cleared",
    "precision", "recon", "hyper", "ai", "a.i.", "dl", "ml", "us", "us2", "acs", "cad", "qer",
)  # fmt: skip
"""Words of which makers' names are made, and their neighbours: each is ordinary."""


_BETWEEN = ("the", "of", "and", "with", "no", "for", "in", "a", "de", "la", "und", "to", "at")
"""Two traps side by side can be a name ("deep resolve"): a word of these parts all words."""


def ordinary_sentences(count: int) -> list[str]:
    """Sentences of ordinary words, of which every third is one of the traps; always the same."""
    chance = random.Random(18)
    plain = sorted({*common_words(), *health_words()})
    return [
        " ".join(
            f"{chance.choice(_TRAPS if chance.random() < 1 / 3 else plain)} "
            f"{chance.choice(_BETWEEN)}"
            for _ in range(chance.randrange(3, 8))
        ).capitalize()
        + " knee."
        for _ in range(count)
    ]


def test_ten_thousand_ordinary_sentences_name_no_maker() -> None:
    named = {
        (one.name, sentence)
        for sentence in ordinary_sentences(10_000)
        for one in ai_makers.find(sentence)
        if fits(one, "acme hologic philips canon siemens ge")
    }

    assert named == set()


def test_ordinary_sentences_in_every_text_of_a_scan_are_no_sign_of_ai() -> None:
    sentences = ordinary_sentences(2_000)
    entries = [
        Entry(
            f"IM{number:04d}",
            [
                make_scan(
                    SOPInstanceUID=f"2.25.{number + 1}",
                    SeriesDescription=sentences[at][:64],
                    ProtocolName=sentences[at + 1][:64],
                    SoftwareVersions=[sentences[at + 2][:64], sentences[at + 3][:64]],
                    ManufacturerModelName=sentences[at + 4][:64],
                    DerivationDescription=sentences[at + 5][:1000],
                    ImageComments=" ".join(sentences[at + 6 : at + 50]),
                )
            ],
        )
        for number, at in enumerate(range(0, 2_000, 50))
    ]

    assert rules(inspect(entries).findings) == set()
