"""A set becomes a copy: what is kept, changed, withheld and refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from companion.cleaning import Action, Preset, Reason, Refusal
from companion.cleaning.proof import must_go
from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.builders import ROOT, make_dataset, make_raw_scan, make_scan, make_study
from tests.cleaning.making import Files, make_copy

PERSON: dict[str, Any] = {
    "PatientName": "Vandermeer^Ilse",
    "PatientID": "MRN4711-88",
    "PatientBirthDate": "19610307",
    "PatientSex": "F",
    "PatientAge": "063Y",
    "PatientWeight": "71.5",
    "StudyDate": "20240311",
    "StudyTime": "081522",
    "AccessionNumber": "ACC7788123",
    "InstitutionName": "Sankt Veit Klinik",
    "ReferringPhysicianName": "Okonkwo^Ada",
    "StudyInstanceUID": f"{ROOT}.10",
    "SeriesInstanceUID": f"{ROOT}.20",
}


def read(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


def only(files: Files, preset: Preset = Preset.FOR_A_DOCTOR) -> Dataset:
    """The only file of a copy."""
    copy, account = make_copy(files, preset)
    assert len(copy) == 1, account.withheld
    return read(next(iter(copy.values())))


def inspected(copy: dict[str, bytes]) -> Report:
    return inspect(Entry(name, [data]) for name, data in copy.items())


def test_another_doctor_gets_sex_age_and_weight_and_nobody_gets_a_name() -> None:
    scan = {"Vandermeer.dcm": make_scan(**PERSON)}

    doctor, research, online = (only(scan, preset) for preset in Preset)

    assert (doctor.PatientSex, doctor.PatientAge, doctor.PatientWeight) == ("F", "063Y", 71.5)
    assert research.PatientSex == online.PatientSex == ""
    assert "PatientAge" not in research
    assert "PatientWeight" in research
    assert "PatientWeight" not in online
    for copy in (doctor, research, online):
        assert copy.PatientID == str(copy.PatientName) != "MRN4711-88"
        assert copy.PatientBirthDate == copy.AccessionNumber == ""


def test_an_age_beyond_89_is_said_to_be_90() -> None:
    assert only({"a.dcm": make_scan(**PERSON | {"PatientAge": "094Y"})}).PatientAge == "090Y"


def test_an_inspection_of_a_copy_finds_nothing_that_must_go() -> None:
    scans = {f"{number}.dcm": make_scan(**PERSON | {"SOPInstanceUID": f"{ROOT}.3.{number}",
             "InstanceNumber": number}) for number in range(3)}  # fmt: skip

    copy, _ = make_copy(scans)

    report = inspected(copy)
    assert [one.rule for one in report.findings if must_go(one)] == []
    assert not {one.rule for one in report.findings} & {"study-date", "uid-study", "patient-id"}


def test_what_only_claims_to_be_a_copy_is_inspected_like_any_other_file() -> None:
    """Days and UIDs are believed to be new where the file says so in our words, and no more."""
    theirs = make_scan(**PERSON | {"PatientIdentityRemoved": "YES",
                       "DeidentificationMethod": "Hospital profile",
                       "LongitudinalTemporalInformationModified": "MODIFIED"})  # fmt: skip
    ours = make_scan(**PERSON | {"DeidentificationMethod": "Privacy companion copy 1"})

    for scan in (theirs, ours):
        rules = {one.rule for one in inspect([Entry("a", [scan])]).findings}
        assert {"patient-name", "patient-id", "birth-date", "accession-number"} <= rules
    assert "study-date" in {one.rule for one in inspect([Entry("a", [theirs])]).findings}


def test_days_beside_a_copy_are_still_found() -> None:
    copy, _ = make_copy({"a.dcm": make_scan(**PERSON)})
    whole = {**copy, "b.dcm": make_scan(StudyDate="20220202", PatientName="Other^Person")}

    days = [one.values for one in inspected(whole).findings if one.rule == "study-date"]

    assert days == [("20220202",)]


def test_references_between_files_stay_whole_and_missing_ones_are_counted() -> None:
    image = make_scan(**PERSON)
    report = make_scan(
        **PERSON
        | {
            "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.59",
            "SOPInstanceUID": f"{ROOT}.99",
            "Modality": "KO",
            "PixelData": None,
            "Rows": None,
            "CurrentRequestedProcedureEvidenceSequence": [
                {"ReferencedSeriesSequence": [{"ReferencedSOPSequence": [
                    {"ReferencedSOPInstanceUID": f"{ROOT}.1"},
                    {"ReferencedSOPInstanceUID": f"{ROOT}.404"},
                ]}]}
            ],
        }
    )  # fmt: skip

    copy, account = make_copy({"a.dcm": image, "b.dcm": report})

    first, second = map(read, copy.values())
    named = second.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert named.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert first.SOPInstanceUID == first.file_meta.MediaStorageSOPInstanceUID != f"{ROOT}.1"
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert account.missing_references == 1


def test_scans_of_several_people_are_refused_and_one_of_them_can_be_chosen() -> None:
    other = PERSON | {
        "PatientName": "Brandt^Uwe",
        "PatientID": "900",
        "PatientBirthDate": "19900101",
    }
    scans = {"a.dcm": make_scan(**PERSON), "b.dcm": make_scan(**other)}

    nothing, refused = make_copy(scans)
    copy, account = make_copy(scans, person="2")

    assert (nothing, refused.refusal) == ({}, Refusal.MIXED_PERSONS)
    assert refused.people == (("1", 1), ("2", 1))
    assert len(copy) == 1
    assert [(one.name, one.reason) for one in account.withheld] == [("a.dcm", Reason.OTHER_PERSON)]
    assert make_copy(scans, person="7")[1].refusal is Refusal.UNKNOWN_PERSON


def test_a_name_that_is_a_medical_word_takes_no_medicine_out() -> None:
    knee = only({"a.dcm": make_scan(**PERSON | {
        "PatientName": "Knee^Left", "BodyPartExamined": "KNEE", "SeriesDescription": "left knee",
    })})  # fmt: skip

    assert (knee.BodyPartExamined, knee.SeriesDescription) == ("KNEE", "left knee")
    assert "Knee" not in str(knee.PatientName)


def test_a_description_with_the_patients_name_in_it_goes_and_a_plain_one_stays() -> None:
    told = only({"a.dcm": make_scan(**PERSON | {"StudyDescription": "CT chest Vandermeer"})})
    plain = only({"a.dcm": make_scan(**PERSON | {"StudyDescription": "CT chest"})})

    assert "StudyDescription" not in told
    assert plain.StudyDescription == "CT chest"


def test_a_copy_can_be_cleaned_once_more() -> None:
    copy, _ = make_copy({"a.dcm": make_scan(**PERSON)})

    again, account = make_copy(copy)

    assert len(again) == 1, account.withheld
    before, after = read(*copy.values()), read(*again.values())
    assert before.SOPInstanceUID != after.SOPInstanceUID
    assert before.StudyDate != after.StudyDate


def test_pixels_are_the_same_to_the_bit() -> None:
    pixels = bytes(range(16)) * 2
    for syntax in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1"):
        scan = make_scan(syntax=syntax, BitsStored=16, HighBit=15, PixelData=pixels, **PERSON)
        copy = only({"a.dcm": scan})
        assert copy.PixelData == pixels
        assert copy.file_meta.TransferSyntaxUID == syntax


def test_what_stands_in_front_of_a_scan_and_behind_it_is_left_behind() -> None:
    scan = make_scan(preamble=b"II*\0".ljust(128, b"\1"), trailing=b"\1\2Vandermeer", **PERSON)

    copy, account = make_copy({"a.dcm": scan})

    data = next(iter(copy.values()))
    assert data[:128] == bytes(128)
    assert b"Vandermeer" not in data
    assert {"preamble", "bytes-behind"} <= {one.name for one in account.done}


def test_a_second_data_set_behind_the_first_is_left_behind() -> None:
    copy, account = make_copy({"a.dcm": make_scan(**PERSON) + make_scan(**PERSON)})

    assert len(copy) == 1, account.withheld
    assert next(iter(copy.values())).count(b"DICM") == 1


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"report.txt": b"Ilse Vandermeer"}, Reason.NOT_A_SCAN),
        ({"photo.jpg": b"\xff\xd8\xff\xe0" + bytes(40)}, Reason.NOT_A_SCAN),
        ({"cut.dcm": make_scan(**PERSON)[:-20]}, Reason.NOT_WHOLLY_READ),
        (
            {"doc.dcm": make_scan(EncapsulatedDocument=b"%PDF-1.4 ", PixelData=None, **PERSON)},
            Reason.ENCAPSULATED,
        ),
        (
            {
                "raw.dcm": make_scan(
                    SOPClassUID="1.2.840.10008.5.1.4.1.1.66", PixelData=None, **PERSON
                )
            },
            Reason.NOT_AN_IMAGE,
        ),
        ({"nothing.dcm": make_raw_scan(b"")}, Reason.NOT_WHOLLY_READ),
    ],
    ids=["text", "photo", "cut", "document", "raw", "empty"],
)
def test_what_cannot_be_cleaned_is_named_and_spoils_no_neighbour(
    files: dict[str, bytes], reason: Reason
) -> None:
    copy, account = make_copy({**files, "good.dcm": make_scan(**PERSON)})

    assert len(copy) == 1
    assert [one.reason for one in account.withheld] == [reason]


def test_pictures_that_nobody_looked_at_are_withheld_where_words_are_often_painted_on_them() -> (
    None
):
    scans = {
        "ct.dcm": make_scan(**PERSON, ImageType=["ORIGINAL", "PRIMARY"]),
        "us.dcm": make_scan(**PERSON | {"Modality": "US"}),
        "screen.dcm": make_scan(**PERSON, ImageType=["DERIVED", "SECONDARY"]),
        "said.dcm": make_scan(**PERSON, BurnedInAnnotation="YES"),
    }

    copy, account = make_copy(scans, looked=False)

    assert len(copy) == 1
    assert {one.name for one in account.withheld} == {"us.dcm", "screen.dcm", "said.dcm"}
    assert {one.reason for one in account.withheld} == {Reason.NOT_LOOKED_AT}
    assert account.pictures == "not-looked-at"
    assert "pictures-not-looked-at" in account.stays
    assert "BurnedInAnnotation" not in read(*copy.values())


def test_a_copy_says_what_was_done_and_nothing_that_was_not() -> None:
    scan = {"a.dcm": make_scan(**PERSON)}
    seen = read(*make_copy(scan)[0].values())
    unseen = read(*make_copy(scan, Preset.TO_SHOW_ONLINE, looked=False)[0].values())

    codes = [
        {item.CodeValue for item in one.DeidentificationMethodCodeSequence}
        for one in (seen, unseen)
    ]
    assert "113101" in codes[0] - codes[1]
    assert {"113105", "113107", "113108"} <= codes[0] - codes[1]
    assert (seen.BurnedInAnnotation, "BurnedInAnnotation" in unseen) == ("NO", False)
    assert seen.LongitudinalTemporalInformationModified == "MODIFIED"
    assert unseen.LongitudinalTemporalInformationModified == "REMOVED"


def test_codes_of_common_schemes_stay_and_a_hospitals_own_words_go() -> None:
    shared = make_dataset(CodeValue="T-D4000", CodingSchemeDesignator="SRT", CodeMeaning="Abdomen")
    own = make_dataset(CodeValue="17", CodingSchemeDesignator="99KLINIK", CodeMeaning="Zimmer Rosa")

    copy = only({"a.dcm": make_scan(**PERSON, AnatomicRegionSequence=[shared],
                                    ProcedureCodeSequence=[own])})  # fmt: skip

    assert copy.AnatomicRegionSequence[0].CodeMeaning == "Abdomen"
    assert "Rosa" not in str(copy)


def test_the_account_holds_codes_and_counts_and_no_value() -> None:
    _, account = make_copy({"scan.dcm": make_scan(**PERSON)})

    text = json.dumps(account.to_json())
    for value in ("Vandermeer", "4711", "19610307", "20240311", "ACC7788123", "Veit", "Okonkwo"):
        assert value not in text
    assert account.files_in == account.files_out == 1


def test_a_study_of_many_slices_comes_one_file_at_a_time_in_order() -> None:
    copy, account = make_copy(make_study(4))

    assert list(copy) == sorted(copy)
    assert account.files_out == 4, account.withheld


def test_nothing_but_other_files_is_refused() -> None:
    assert make_copy({"a.txt": b"hello"})[1].refusal is Refusal.NO_SCANS


@pytest.mark.parametrize("preset", Preset)
def test_days_are_said_to_have_moved_only_where_they_were(preset: Preset) -> None:
    scan = make_scan(StudyDate="20240115", StudyTime="093015")

    copy, account = make_copy({"IM1": scan}, preset)

    copied = read(next(iter(copy.values())))
    said = {one.action for one in account.done if one.name == "StudyDate"}
    moved = copied.StudyDate != "20000101"
    assert said == {Action.SHIFTED if moved else Action.REPLACED}
    assert moved == (preset is not Preset.TO_SHOW_ONLINE)
