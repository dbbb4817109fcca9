"""What looks like a finding and is none, beside its twin that is one."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Certainty, Place
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.rules.head_words import names_a_head
from tests.builders import make_scan
from tests.scans.making import add_element, make_inventory, rules_in

WOMAN = (("00100040", "F"), ("00101010", "036Y"), ("00101030", "61"))


@pytest.mark.parametrize(
    ("status", "tells"), [("1", False), ("2", True), ("3", True), ("4", False)]
)
def test_only_a_pregnancy_is_a_health_fact(status: str, tells: bool) -> None:
    found = rules_in(make_inventory(*WOMAN, ("001021C0", status)))

    assert ("pregnancy-and-cycle" in found, "rare-combination" in found) == (tells, tells)


def test_no_man_is_pregnant() -> None:
    found = rules_in(
        make_inventory(
            ("00100040", "M"), ("00101010", "036Y"), ("00101030", "81"), ("001021C0", "3")
        )
    )

    assert not found & {"pregnancy-and-cycle", "rare-combination"}


def test_not_a_number_is_no_date_and_no_weight() -> None:
    assert findings(make_inventory(("00080022", "NaN"), ("00101030", "nan"))) == ()
    assert rules_in(make_inventory(("00080022", "Nanette"))) == {"scan-date"}


@pytest.mark.parametrize(
    "comment",
    [
        "Lavc58.134.100",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90",
        "LEAD Technologies Inc. V1.01",
        "Created by GDCM 3.0.22",
        "Creator: JasPer Version 2.0.14",
        "Kakadu-v7.10.2",
        "File written by Adobe Photoshop 4.0",
        "AppleMark",
    ],
)
def test_a_comment_of_the_encoder_is_no_detail_of_a_person(comment: str) -> None:
    assert "picture-details" not in rules_in(make_commented(comment))


@pytest.mark.parametrize(
    "comment", ["Created by GDCM 3.0.22 for Qzxwv", "Qzxwv^Ann", "quality 90, case 84471093"]
)
def test_a_comment_with_more_in_it_is_one(comment: str) -> None:
    assert "picture-details" in rules_in(make_commented(comment))


def make_commented(comment: str) -> Inventory:
    inventory = make_inventory()
    inventory.add_text(Place.PICTURE, "JPEG comment", comment, path="7FE00010")
    return inventory


OBSERVER = "0040A730[0]"


def make_observed(*concepts: str, name: str, patient: str = "ANON") -> Inventory:
    return make_inventory(
        ("00100010", patient),
        *((f"{OBSERVER}.0040A043[0].00080100", concept) for concept in concepts),
        (f"{OBSERVER}.0040A123", name),
    )


def test_an_observer_of_a_report_is_staff_and_shown() -> None:
    found = {one.rule: one for one in findings(make_observed("121008", name="Qzxwv^Runa^^Dr."))}

    assert found["report-author"].values == ("Qzxwv^Runa^^Dr.",)
    assert not found.keys() & {"second-person-name", "person-in-report"}


def test_a_concept_in_words_makes_staff_too() -> None:
    inventory = make_inventory(
        (f"{OBSERVER}.0040A043[0].00080104", "Name of Reporting Radiologist"),
        (f"{OBSERVER}.0040A123", "Qzxwv^Runa"),
    )

    assert "report-author" in rules_in(inventory)


def test_a_subject_of_a_report_stays_a_second_person() -> None:
    assert "second-person-name" in rules_in(make_observed("121029", name="Qzxwv^Ann"))
    assert "second-person-name" in rules_in(make_observed("121029", "121008", name="Qzxwv^Ann"))


def test_an_observer_beside_the_patient_is_staff() -> None:
    inventory = make_observed("121029", "121008", name="Trklov^Ann", patient="Trklov^Ann")
    add_element(inventory, f"{OBSERVER}.0040A123", "Qzxwv^Runa")

    assert "second-person-name" not in rules_in(inventory)


@pytest.mark.parametrize(
    ("text", "identifies"),
    [
        ("T1_MPRAGE_SAG", False),
        ("AX T2 FLAIR 5mm", False),
        ("CT CHEST", False),
        ("knee of Qzxwv", True),
        ("case 84471093", True),
    ],
)
def test_a_technical_description_has_no_letter_of_hipaa(text: str, identifies: bool) -> None:
    (found,) = findings(make_inventory(("0008103E", text)))

    assert found.hipaa == ("R" if identifies else None)


@pytest.mark.parametrize("tag", ["00280301", "00280302"])
def test_what_a_file_claims_of_its_picture_is_not_certain(tag: str) -> None:
    (found,) = findings(make_inventory((tag, "NO")))

    assert found.certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    ("name", "vr", "text"),
    [
        ("B-Mode Submode", "SH", "GEN"),
        ("Product id", "SH", "LightSpeed Plus"),
        ("Dose Monitoring List", "UN", "1.90687048435211"),
        ("unknown", "CS", "MED"),
        ("CSA Image Header Version", "LO", "VA10A 971201"),
        ("Private Identification Code", "LO", r"MC=3\EC=0\LR=2\FA=C\FP=0.1"),
    ],
)
def test_how_a_machine_was_set_is_no_note(name: str, vr: str, text: str) -> None:
    assert rules_in(make_private(name, vr, text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "GAIN=3 FILTER=B2", "OneLevel-TwoOccurrence-FIELD1-Occurrence1",
        "Kernel: standard; slices 40",
        "T2_TSE_FS_384 flip angle 15", "CoilName HeadNeck64; FieldStrength=3T", "0x83000003",
        '<?xml version="1.0"?><xsd:schema><xsd:element name="Clip"/></xsd:schema>',
        "AcquisitionMode Spiral Reconstruction Diameter", "4.0.12412818",
        "Slice Thickness=1.5\\Spacing=2", "R L A P H F", "MR Head", "256 256 128", "Sr Head",
        "11-1024", "1/2", "3-0134-2", "13/14/575",
    ],
)  # fmt: skip
def test_parameters_of_an_unknown_maker_are_no_note(text: str) -> None:
    assert rules_in(make_private("unknown", "LO", text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Hmph.", "called her daughter at 3 pm", "note=call wife Annelie", "Operator=Qzxwv",
        "QZXWV_ANN", "C:\\Users\\jqzxwv\\scan", "lives at Elmtree Street 4", "GAIN=3 Qzxwv",
        "<Comment>claustrophobic</Comment>", "3.4.1961 Wexcombe", "CoilName HeadNeck64 84471093",
        "Wu^Li", "Head^Iris", "W E X C O M B E", "Mr. Black", "Frau Stein", "1971年4月3日",
        "13/11/57", "555-0134", "DE89 3704 0044 0532 0130 00",
    ],
)  # fmt: skip
def test_what_somebody_typed_among_parameters_is_a_note(text: str) -> None:
    assert "private-note" in rules_in(make_private("unknown", "LO", text))


@pytest.mark.parametrize("name", ["unknown", "Series Header Info"])
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("20230101011721.621000-0040", "private-date"),
        ("20230101011721.6", "private-date"),
        ("20231301011721.6", None),
        ("20230101011721", None),
    ],
)
def test_a_moment_in_a_private_text_is_a_date(name: str, text: str, rule: str | None) -> None:
    found = rules_in(make_private(name, "LO", text))

    assert ("private-date" in found) == (rule is not None)


@pytest.mark.parametrize(
    ("text", "is_staff"), [("SyngoWorkflow^RIS^AGMC", False), ("Qzxwv^Ann", True)]
)
def test_a_program_is_no_member_of_staff(text: str, is_staff: bool) -> None:
    found = rules_in(make_private("Performing Physician's Name", "PN", text))

    assert ("private-staff" in found) == is_staff


@pytest.mark.parametrize(
    ("name", "vr", "text", "rule"),
    [
        ("B-Mode Submode", "SH", "Qzxwv^Ann", "private-words"),
        ("Product id", "SH", "Qzxwv Trklov", "private-words"),
        ("Application Version", "LO", "Qzxwv 84471093", "private-words"),
        ("Private Identification Code", "LO", r"MC=3\NAME=QZXWV", "private-words"),
        ("unknown", "CS", "84471093", "private-note"),
        ("unknown", "LO", "Qzxwv", "private-note"),
    ],
)
def test_a_name_or_number_in_the_same_place_is_one(
    name: str, vr: str, text: str, rule: str
) -> None:
    assert rule in rules_in(make_private(name, vr, text))


def make_private(name: str, vr: str, text: str) -> Inventory:
    inventory = make_inventory()
    add_element(inventory, "00991001", text, vr, creator="ACME 1.0", name=f"ACME 1.0: {name}")
    return inventory


@pytest.mark.parametrize(
    ("name", "is_second"), [("Performing Physician's Name Phonetic", False), ("unknown", True)]
)
def test_a_physician_of_the_private_dictionary_is_no_second_patient(
    name: str, is_second: bool
) -> None:
    inventory = make_inventory(("00100010", "Trklov^Ann"))
    add_element(inventory, "00991001", "Qzxwv^Runa", "PN", creator="ACME", name=f"ACME: {name}")

    assert ("second-person-name" in rules_in(inventory)) is is_second


@pytest.mark.parametrize(("text", "counts"), [("NK5", False), ("set by Qzxwv", True)])
def test_a_table_s_explanation_counts_when_it_says_something(text: str, counts: bool) -> None:
    assert bool(findings(make_inventory(("00283003", text)))) is counts


def test_the_address_of_a_program_s_source_is_no_e_mail() -> None:
    source = make_inventory(("00204000", "made with git@github.com:acme/tool.git"))

    assert "email-in-text" not in rules_in(source)
    assert "email-in-text" in rules_in(make_inventory(("00204000", "ask legit@example.org")))
    assert "email-in-text" in rules_in(make_inventory(("00204000", "ask ute@ward.example.org")))


@pytest.mark.parametrize("place", ["Hospital Name 12345", "Here", "INSTITUTION NAME", "Klinik"])
def test_words_that_say_that_a_hospital_stood_there_name_none(place: str) -> None:
    report = inspect([Entry("a", [make_scan(InstitutionName=place)])])
    assert not [one for one in report.findings if one.rule == "institution"]


def test_a_makers_name_where_a_hospital_should_be_is_not_certain_beside_a_hospital() -> None:
    entries = [
        Entry("a", [make_scan(InstitutionName="GE MEDICAL SYSTEMS")]),
        Entry("b", [make_scan(InstitutionName="Hospital Name of Mercy")]),
    ]
    found = {
        one.values: one.certainty for one in inspect(entries).findings if one.rule == "institution"
    }
    assert found == {("GE MEDICAL SYSTEMS",): "likely", ("Hospital Name of Mercy",): "certain"}


def test_a_picture_file_of_double_size_is_no_e_mail() -> None:
    assert "email-in-text" not in rules_in(make_inventory(("00204000", "icon@2x.png")))
    assert "email-in-text" in rules_in(make_inventory(("00204000", "icon@2x.org")))


@pytest.mark.parametrize(
    ("text", "is_head"),
    [
        ("Hip headneck femur", False), ("head-neck of the hip implant", False),
        ("cabeza femoral", False), ("tête fémorale", False), ("testa del femore", False),
        ("headneck", True), ("cabeza y cuello", True), ("tête", True), ("head, then femur", True),
    ],
)  # fmt: skip
def test_the_head_of_a_bone_is_none_in_any_language(text: str, is_head: bool) -> None:
    assert names_a_head(text) is is_head


@pytest.mark.parametrize("operator", ["MRI Tech", "Radiology Resident", "Quibim", "AUTO", "DICOM"])
def test_a_role_or_a_program_is_nobody_to_look_for(operator: str) -> None:
    scan = make_inventory(("00081070", operator), ("00204000", f"made by {operator}"))

    found = {one.rule: one.certainty for one in findings(scan)}
    assert found["operator"] == "likely"
    assert "echo-staff" not in found
