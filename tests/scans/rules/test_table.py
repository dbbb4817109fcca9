"""The identifier table: every row of Table E.1-1, every identifying VR, private notes."""

from __future__ import annotations

import struct
import time

import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom.uid import ImplicitVRLittleEndian

from companion.content import identifiers
from companion.content.identifiers import GROUPS
from companion.scans.assess import findings
from companion.scans.findings import MAX_VALUE_LENGTH, MAX_VALUES
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.rules.rows import ROWS
from companion.scans.rules.table import dictionary_vr, matches, table
from tests.builders import make_raw_scan
from tests.scans.making import add_element, make_inventory, rules_in

VALUES = {
    "DA": "20190403", "DT": "20190403101112", "TM": "101112", "UI": "1.2.276.0.99.771203.4",
    "AS": "052Y", "DS": "48.137", "US": "3", "IS": "7", "CS": "BQXW", "UL": "1651047125",
    "SL": "1651047125",
}  # fmt: skip
BY_VR = ("PN", "DA", "DT", "TM", "AE", "UR", "UI")
TEXT_ROWS = sorted(
    row
    for row in table().rows
    if "x" not in row and dictionary_vr(row) not in ("SQ", "OB", "UN", "OW")
)


def test_the_table_is_there_whole() -> None:
    assert len(table().rows) == 655
    assert ROWS == 655


def test_every_row_leads_to_a_rule() -> None:
    without = [
        row
        for row in table().rows
        if table().rule(row.replace("x", "0"), dictionary_vr(row.replace("x", "0"))) is None
    ]

    assert without == []


@pytest.mark.parametrize("where", ["", "00081115[0].0040A170[2]."])
def test_a_value_in_any_row_is_a_finding_at_the_top_and_in_any_sequence(where: str) -> None:
    missed = []
    for row in TEXT_ROWS:
        if row in ("00081030", "00420011"):
            continue
        value = VALUES.get(dictionary_vr(row), "Qzxwv Trkl")
        inventory = make_inventory((where + row, value))
        if not any(value in match.values for match in matches(inventory)):
            missed.append(row)

    assert missed == []


@pytest.mark.parametrize("vr", BY_VR)
def test_a_value_of_an_identifying_vr_is_a_finding_whatever_the_table_says(vr: str) -> None:
    tags = [f"{tag:08X}" for tag, entry in DicomDictionary.items() if entry[0] == vr]
    value = VALUES.get(vr, "Qzxwv")
    missed = [tag for tag in tags if tag not in kinds_of_file() and not found(tag, value)]

    assert missed == []


def kinds_of_file() -> set[str]:
    """Elements whose UID names a class, a syntax or a list of codes."""
    return table().not_by_vr


def found(tag: str, value: str) -> bool:
    return any(value in match.values for match in matches(make_inventory((tag, value))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("00080016", "1.2.840.10008.5.1.4.1.1.2"),
        ("00081150", "1.2.840.113619.4.30"),
        ("00081155", "1.2.840.10008.3.1.2.3.3"),
        ("00100010", ""),
        ("00100010", "^^^"),
        ("00100010", "ANONYMOUS"),
        ("00100010", "Anonymous^Patient"),
        ("00100020", "REMOVED"),
        ("00100020", "0000"),
        ("00080050", "XXXXXX"),
        ("00100030", "00010101"),
        ("00080020", "19000101"),
        ("00080030", "000000.000000"),
        ("00101010", "000Y"),
        ("00101030", "0"),
        ("001021C0", "4"),
        ("00080070", "TOSHIBA"),
        ("00080008", "ORIGINAL\\PRIMARY\\AXIAL"),
        ("00180060", "120"),
        ("00280010", "512"),
        ("0008010C", "1.2.840.10008.2.16.4"),
    ],
)
def test_blank_made_up_and_technical_values_are_no_findings(path: str, value: str) -> None:
    found = findings(make_inventory((path, value)))
    assert [one for one in found if one.rule != "placeholder"] == []


def test_a_code_inside_a_listed_sequence_counts_as_what_the_sequence_is_about() -> None:
    inventory = make_inventory(
        ("00100050[0].00080104", "Qzxwv Plan"), ("00081072[0].00401101[0].00080100", "ZX81")
    )

    assert rules_in(inventory) == {"insurance-plan", "staff-code"}


def test_names_of_concepts_in_a_report_are_no_findings() -> None:
    inventory = make_inventory(("0040A730[0].0040A043[0].00080104", "Qzxwv finding"))

    assert findings(inventory) == ()


def test_equal_values_in_a_thousand_files_are_one_finding_with_a_count() -> None:
    inventory = make_inventory(
        ("00100010", "Qzxwv^Ann"), files=tuple(f"IM{number:04}.dcm" for number in range(1_000))
    )

    (finding,) = findings(inventory)

    assert (finding.files, finding.distinct, finding.example) == (1_000, 1, "IM0000.dcm")


def test_a_finding_carries_at_most_twenty_values_each_cut() -> None:
    inventory = make_inventory(("00204000", "Qz" * 500))
    for number in range(50):
        add_element(inventory, "00204000", f"note Zqx{number}")

    (finding,) = findings(inventory)

    assert (finding.distinct, len(finding.values)) == (51, MAX_VALUES)
    assert max(map(len, finding.values)) == MAX_VALUE_LENGTH


def test_findings_come_most_telling_first() -> None:
    inventory = make_inventory(
        ("00020012", "1.2.3.4"), ("00080080", "Redlake Clinic"), ("00080020", "20190403"),
        ("00100010", "Qzxwv^Ann"),
    )  # fmt: skip

    groups = [GROUPS.index(finding.group) for finding in findings(inventory)]

    assert groups == sorted(groups)


def test_no_repr_shows_a_value() -> None:
    inventory = make_inventory(("00100010", "Qzxwv^Ann"), ("00081030", "knee of Qzxwv"))

    assert "Qzxwv" not in repr((findings(inventory), inventory, inventory.elements))


@pytest.mark.parametrize(
    "known", identifiers.private_elements(), ids=lambda one: f"{one.creator} {one.tag}"
)
def test_a_private_element_known_to_identify_is_a_finding(
    known: identifiers.PrivateElement,
) -> None:
    inventory = make_inventory(("00080060", "CT"))
    vr = "LO" if known.vr == "UN" else known.vr
    tag = known.tag.replace("xx", "10")
    value = VALUES.get(vr, "Qzxwv Trkl")
    add_element(
        inventory, tag, value, vr, creator=known.creator, name=f"{known.creator}: {known.name}"
    )

    reported = [one for one in findings(inventory) if one.rule == known.rule]

    (found,) = reported
    assert found.place == "private"
    assert value in found.values[0]  # beside the day that a number means


def test_no_private_fact_is_lost() -> None:
    assert len(identifiers.private_elements()) >= 81


@pytest.mark.parametrize(
    ("name", "vr", "value", "rule"),
    [
        ("unknown", "LO", "Qzxwv here", "private-note"),
        ("unknown", "UN", "Qzxwv here", "private-note"),
        ("unknown", "PN", "Qzxwv^Ann", "private-staff"),
        ("unknown", "DA", "20190403", "private-date"),
        ("PatientsBirthDate", "LO", "20190403", "private-birth-date"),
        ("Patient Name", "LO", "Qzxwv", "private-patient-name"),
        ("Operators Name", "LO", "Qzxwv", "private-staff"),
        ("Hospital name", "LO", "Qzxwv", "private-place"),
        ("Device Serial Number", "SH", "77120399", "private-serial"),
        ("Sequence Variant", "LO", "qzxwv trkl", "private-words"),
    ],
)
def test_private_notes_are_named_by_the_private_dictionary_or_by_vr(
    name: str, vr: str, value: str, rule: str
) -> None:
    inventory = make_inventory(("00080060", "CT"))
    add_element(inventory, "00991001", value, vr, creator="ACME 1.0", name=f"ACME 1.0: {name}")

    assert rules_in(inventory) - {"second-person-name"} == {rule}


@pytest.mark.parametrize(
    ("name", "vr", "value"),
    [
        ("unknown", "DS", "771203"),
        ("unknown", "LO", "12"),
        ("unknown", "LO", "ORIGINAL"),
        ("Patient Position", "CS", "HFS"),
        ("Slice Thickness", "DS", "1.5"),
    ],
)
def test_private_measurements_are_no_findings(name: str, vr: str, value: str) -> None:
    inventory = make_inventory(("00080060", "CT"))
    add_element(inventory, "00991001", value, vr, creator="ACME 1.0", name=f"ACME 1.0: {name}")

    assert findings(inventory) == ()


def test_text_in_a_field_that_nobody_knows_is_possible() -> None:
    (finding,) = findings(make_inventory(("00181FF0", "Qzxwv trkl", "LO")))

    assert (finding.rule, finding.certainty) == ("unknown-field", "possible")


@pytest.mark.parametrize("undefined_length", [True, False])
def test_a_sequence_that_the_dictionary_does_not_know_yet_is_entered(
    undefined_length: bool,
) -> None:
    """In implicit VR only the dictionary says that (0010,0011) is a sequence."""
    value = struct.pack("<HHI", 0x0010, 0x0012, 6) + b"Qzxwv "
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value
    body = struct.pack("<HHI", 0x0010, 0x0011, 0xFFFFFFFF if undefined_length else len(item)) + item
    if undefined_length:
        body += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)

    report = inspect([Entry("x", [make_raw_scan(body, syntax=ImplicitVRLittleEndian)])])

    (finding,) = [one for one in report.findings if "Qzxwv" in one.values]
    assert (finding.rule, finding.name) == ("other-patient-names", "NameToUse")
    assert (finding.path, finding.place) == ("00100011[0].00100012", "nested")


def test_ten_times_the_values_cost_no_more_than_in_proportion() -> None:
    few, many = (make_numbered_slices(count) for count in (200, 2_000))

    assert _processor_seconds(many) < 30 * _processor_seconds(few)  # a square would be 100


def make_numbered_slices(count: int) -> Inventory:
    """The inventory of ``count`` slices whose private and UID values all differ."""
    inventory = Inventory()
    for number in range(count):
        inventory.begin(f"CT/IM{number:05}.dcm")
        add_element(inventory, "00100010", "Qzxwv^Ann^Marie")
        add_element(inventory, "00181000", "771203")
        for tag in ("00080018", "00020003"):
            add_element(inventory, tag, f"1.2.276.0.99.20240115.771203.9.{number}")
        for part in range(6):
            add_element(
                inventory,
                f"00091{part:03X}",
                f"value {number}",
                "LO",
                creator="ACME",
                name="ACME: unknown",
            )
            add_element(inventory, f"00200{part:03X}", f"{number}.{part}", "DS")
    return inventory


def _processor_seconds(inventory: Inventory) -> float:
    """The least that a second and a third look at ``inventory`` cost."""
    findings(inventory)
    spent = []
    for _ in range(2):
        start = time.process_time()
        findings(inventory)
        spent.append(time.process_time() - start)
    return min(spent)
