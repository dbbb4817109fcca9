"""A slice cleaned by its bytes is, to the byte, what cleaning it as a whole makes of it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from companion.cleaning import Account, Preset, door
from companion.cleaning.elements import UnevenError, elements_of
from companion.cleaning.rewriting import Rewriter
from companion.scans.dicom.encoding import EXPLICIT
from tests.builders import ROOT, make_element, make_scan, make_study
from tests.cleaning.making import make_copy

PERSON: dict[str, Any] = {
    "PatientName": "Vandermeer^Ilse",
    "PatientID": "MRN4711-88",
    "StudyDate": "20240115",
    "StudyTime": "093012.5",
    "StudyInstanceUID": f"{ROOT}.7",
    "SeriesInstanceUID": f"{ROOT}.7.1",
}


@pytest.fixture
def rewritten(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each slice was rewritten; all that is drawn by lot is drawn alike."""
    seen: list[bool] = []
    plain = Rewriter.rewritten

    def watched(self: Rewriter, *arguments: object) -> object:
        found = plain(self, *arguments)  # type: ignore[arg-type]
        seen.append(found is not None)
        return found

    monkeypatch.setattr(Rewriter, "rewritten", watched)
    return seen


def both_ways(
    files: dict[str, bytes], preset: Preset, monkeypatch: pytest.MonkeyPatch, *, looked: bool
) -> tuple[tuple[dict[str, bytes], Account], tuple[dict[str, bytes], Account]]:
    """The copy as it is made, and as it is made where no slice is rewritten."""
    found = []
    for whole in (False, True):
        chance = random.Random(5)
        monkeypatch.setattr(door, "new_key", lambda: b"k" * 32)
        monkeypatch.setattr(door, "new_person_code", lambda: "ANON-111111")
        monkeypatch.setattr("companion.cleaning.new_values.secrets.randbelow", chance.randrange)
        if whole:
            monkeypatch.setattr(Rewriter, "elements", lambda *_: None)
        found.append(make_copy(files, preset, looked=looked))
    return found[0], found[1]


KINDS: dict[str, dict[str, Any]] = {
    "implicit": {"syntax": "1.2.840.10008.1.2", "SmallestImagePixelValue": 3},
    "signed, with unused bits": {
        "PixelRepresentation": 1,
        "SmallestImagePixelValue": -4,
        "PixelData": bytes(range(32)),
    },
    "one byte a sample": {
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelData": bytes(16),
    },
    "nested and private": {
        "RequestAttributesSequence": {"RequestedProcedureID": "RP-7"},
        "SourceImageSequence": {"ReferencedSOPInstanceUID": f"{ROOT}.9"},
        "private": {(0x0029, "ACME", 1): ("LO", "Vandermeer")},
    },
    "another script": {"SpecificCharacterSet": "ISO_IR 192", "StudyDescription": "Grudź Łucja"},
    "a day in a number": {"SeriesNumber": "20240115"},
    "bytes before and behind": {"preamble": b"Ilse".ljust(128), "PixelData": bytes(40)},
}  # fmt: skip


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_lead_to_the_same_copy_and_the_same_account(
    kind: str, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"{number}.dcm": make_scan(
            **{**PERSON, "SOPInstanceUID": f"{ROOT}.7.1.{number}", "InstanceNumber": str(number),
               "PatientSex": "F", "BodyPartExamined": "CHEST", **KINDS[kind]}
        )
        for number in range(1, 4)
    }  # fmt: skip

    quick, whole = both_ways(files, preset, monkeypatch, looked=False)

    assert len(quick[0]) == 3
    assert quick == whole


def test_the_slices_of_a_study_are_rewritten(
    rewritten: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(make_study(3))

    quick, whole = both_ways(files, Preset.FOR_A_DOCTOR, monkeypatch, looked=True)

    assert quick == whole
    assert rewritten == [True] * len(quick[0])


@pytest.mark.parametrize(
    "data",
    [
        make_element(0x00100020, "LO", b"AB") + make_element(0x00100010, "PN", b"AB"),
        make_element(0x00100020, "LO", b"AB", length=40),
        make_element(0x00100020, "SQ", b"", length=0xFFFFFFFF),
        make_element(0x00100020, "UN", b"", length=0xFFFFFFFF),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_other_way(data: bytes) -> None:
    with pytest.raises(UnevenError):
        list(elements_of(data, 0, EXPLICIT))
