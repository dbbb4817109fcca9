"""A made-up set with answers, counted as the MIDI-B benchmark of 2024 counts.

Each element of each file has an answer: its value has to be gone, has to be another one, or has
to be kept. The score is the share of answers that a copy fulfils.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from pydicom import Dataset, dcmread

from companion.cleaning import Preset
from tests.builders import ROOT, make_scan
from tests.cleaning.making import make_copy

FAMILIES = ("Vandermeer", "Okonkwo", "Brandtner", "Szczepański", "Ferreira", "Takahashi")
GIVEN = ("Ilse", "Adaeze", "Uwe", "Grażyna", "Joaquim", "Hanako")
PLACES = ("Sankt Veit Klinik", "Lakeshore Infirmary", "Hospital da Serra")


class Answer(Enum):
    """What has to become of a value."""

    GONE = auto()
    CHANGED = auto()
    KEPT = auto()


@dataclass(frozen=True)
class Asked:
    """One element, what it holds, and its answer."""

    keyword: str
    value: Any
    answer: Answer


def asked_of(number: int, preset: Preset) -> list[Asked]:
    """The elements of one file, drawn for its number."""
    chance = random.Random(number)
    family, given = chance.choice(FAMILIES), chance.choice(GIVEN)
    day = f"20{chance.randint(10, 23)}{chance.randint(1, 12):02}{chance.randint(10, 28)}"
    count = "".join(chance.choice("123456789") for _ in range(8))
    place = chance.choice(PLACES)
    doctor = preset is Preset.FOR_A_DOCTOR
    words = preset is not Preset.TO_SHOW_ONLINE
    gone, changed, kept = Answer.GONE, Answer.CHANGED, Answer.KEPT
    return [
        Asked("PatientName", f"{family}^{given}", changed),
        Asked("PatientID", count, changed),
        Asked("PatientBirthDate", "19610307", gone),
        Asked("OtherPatientIDs", f"X{count}", gone),
        Asked("PatientAddress", f"Rosenweg {chance.randint(1, 99)}", gone),
        Asked("PatientTelephoneNumbers", f"0664 {count}", gone),
        Asked("PatientComments", f"{given} {family} called", gone),
        Asked("PatientSex", "F", kept if doctor else gone),
        Asked("PatientAge", "063Y", kept if doctor else gone),
        Asked("EthnicGroup", "Sorb", gone),
        Asked("Occupation", "Glassblower", gone),
        Asked("AccessionNumber", f"A{count}", gone),
        Asked("StudyID", f"S{count[:6]}", gone),
        Asked("StudyDate", day, changed),
        Asked("SeriesDate", day, changed),
        Asked("AcquisitionDateTime", f"{day}093112.50", changed),
        Asked("InstitutionName", place, changed),
        Asked("InstitutionAddress", "Rosenweg 4, 9300", gone),
        Asked("StationName", f"CT{count[:4]}X", changed),
        Asked("ReferringPhysicianName", f"{chance.choice(FAMILIES)}^Erik", gone),
        Asked("OperatorsName", f"{chance.choice(FAMILIES)}^Nils", changed),
        Asked("RequestingPhysician", f"{family}^Olaf", gone),
        Asked("DeviceSerialNumber", f"SN{count}", changed),
        Asked("StudyInstanceUID", f"{ROOT}.{number}.10", changed),
        Asked("SeriesInstanceUID", f"{ROOT}.{number}.20", changed),
        Asked("SOPInstanceUID", f"{ROOT}.{number}.30", changed),
        Asked("FrameOfReferenceUID", f"{ROOT}.{number}.40", changed),
        Asked("StudyDescription", "CT chest with contrast", kept if words else gone),
        Asked("SeriesDescription", f"Chest {family}", gone),
        Asked("ImageComments", f"seen by {given}", gone),
        Asked("Modality", "CT", kept),
        Asked("BodyPartExamined", "CHEST", kept),
        Asked("PatientPosition", "HFS", kept),
        Asked("SliceThickness", "1.25", kept),
        Asked("KVP", "120", kept),
        Asked("ImagePositionPatient", ["-120.5", "-98.25", "33"], kept),
        Asked("PixelSpacing", ["0.7", "0.7"], kept),
        Asked("RescaleIntercept", "-1024", kept),
        Asked("WindowCenter", "40", kept),
        Asked("InstanceNumber", str(number + 1), kept),
        Asked("ConvolutionKernel", "B30f", kept),
        Asked("PixelData", bytes(chance.randrange(16) for _ in range(32)), kept),
    ]


def score(preset: Preset, files: int = 60) -> tuple[int, int, dict[str, int]]:
    """Answers fulfilled, answers in all, and how often each element's was not."""
    right = asked = 0
    wrong: dict[str, int] = {}
    for number in range(files):
        wanted = asked_of(number, preset)
        scan = make_scan(
            **{one.keyword: one.value for one in wanted},
            BitsStored=16,
            HighBit=15,
            SpecificCharacterSet="ISO_IR 192",
        )
        copy, _ = make_copy({f"{number}.dcm": scan}, preset)
        before = dcmread(io.BytesIO(scan))
        after = dcmread(io.BytesIO(next(iter(copy.values())))) if copy else Dataset()
        for one in wanted:
            asked += 1
            if fulfils(before, after, one):
                right += 1
            else:
                wrong[one.keyword] = wrong.get(one.keyword, 0) + 1
    return right, asked, wrong


def fulfils(before: Dataset, after: Dataset, one: Asked) -> bool:
    """Whether an element of a copy is as its answer says."""
    old, new = before.get(one.keyword), after.get(one.keyword)
    if one.answer is Answer.KEPT:
        return bool(new == old)
    if one.answer is Answer.GONE:
        return new in (None, "", []) or str(new) == "REMOVED"
    return new not in (None, "", []) and new != old
