"""Second identity, demographics, original values, claims, and the set as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from tests.builders import make_scan
from tests.scans.making import add_element, make_inventory, rules_in


def only(rule: str, inventory: Inventory) -> list[Finding]:
    return [finding for finding in findings(inventory) if finding.rule == rule]


def test_a_name_inside_that_stands_in_no_name_tag_is_a_second_identity() -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Ada"), ("0040A730[0].0040A123", "Brandt^Uwe"))

    (found,) = only("second-person-name", inventory)

    assert (found.values, found.place) == (("Brandt^Uwe",), "report-text")


@pytest.mark.parametrize("inner", ["Okonkwo^Ada", "OKONKWO^A", "Okonkwo"])
def test_the_patient_in_another_spelling_is_no_second_identity(inner: str) -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Ada"), ("00081120[0].00100010", inner))

    assert only("second-person-name", inventory) == []


def test_the_doctor_at_the_top_is_no_second_identity_in_the_report() -> None:
    inventory = make_inventory(
        ("00100010", "Okonkwo^Ada"), ("00080090", "Brandt^Uwe"),
        ("0040A730[0].0040A123", "Brandt^Uwe"),
    )  # fmt: skip

    assert only("second-person-name", inventory) == []


def test_two_patients_in_one_upload_are_reported() -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Ada"))
    inventory.add_study(("7", "Okonkwo^Ada", "1.2", "20190403", "", "CT", ""))
    inventory.add_study(("8", "Brandt^Uwe", "1.3", "20190403", "", "CT", ""))

    (found,) = only("two-patients", inventory)

    assert found.values == ("Okonkwo^Ada", "Brandt^Uwe")


@pytest.mark.parametrize(
    ("name", "number"), [("OKONKWO^ADA^M", "9"), ("Okonkwo Ada", "9"), ("Adams^Ada", "7")]
)
def test_one_patient_with_two_spellings_or_a_new_name_is_one(name: str, number: str) -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Ada"))
    inventory.add_study(("7", "Okonkwo^Ada", "1.2", "20190403", "", "CT", ""))
    inventory.add_study((number, name, "1.3", "20190403", "", "CT", ""))

    assert only("two-patients", inventory) == []


@pytest.mark.parametrize(
    ("age", "over"), [("089Y", False), ("090Y", True), ("101Y", True), ("095M", False)]
)
def test_an_age_over_89_is_an_identifier_of_its_own(age: str, over: bool) -> None:
    found = only("age-over-89", make_inventory(("00101010", age)))

    assert [one.hipaa for one in found] == (["C"] if over else [])


def test_uncommon_details_that_add_up_are_reported() -> None:
    inventory = make_inventory(
        ("00100040", "F"), ("00101010", "052Y"), ("00102180", "lighthouse keeper")
    )

    (found,) = only("rare-combination", inventory)

    assert found.distinct == 3


def test_sex_age_and_weight_alone_are_no_rare_combination() -> None:
    inventory = make_inventory(("00100040", "F"), ("00101010", "052Y"), ("00101030", "70"))

    assert only("rare-combination", inventory) == []


def test_the_old_values_of_a_corrected_record_are_gathered() -> None:
    inventory = make_inventory(
        ("04000561[0].04000550[0].00100010", "Okonkwo^Ada"),
        ("04000561[0].04000550[0].00180015", "KNEE"),
    )

    (found,) = only("original-values", inventory)

    assert (found.tag, found.place, set(found.values)) == (
        "04000561",
        "nested",
        {"Okonkwo^Ada", "KNEE"},
    )


def test_a_claim_of_removal_lists_what_is_still_there() -> None:
    inventory = make_inventory(
        ("00120062", "YES"), ("00100010", "Okonkwo^Ada"), ("00080050", "A77120")
    )

    (found,) = only("claim-left-over", inventory)

    assert set(found.values) == {"PatientName", "AccessionNumber"}


def left_over(*files: bytes) -> dict[str, set[str]]:
    report = inspect([Entry(f"IM{number}", [data]) for number, data in enumerate(files)])
    return {f.certainty: set(f.values) for f in report.findings if f.rule == "claim-left-over"}


def test_a_cleaned_file_is_not_charged_with_what_stands_in_another() -> None:
    cleaned = make_scan(PatientIdentityRemoved="YES", SOPInstanceUID="2.25.9.1")
    other = make_scan(PatientName="Okonkwo^Ada", SOPInstanceUID="2.25.9.2")

    assert left_over(cleaned, other) == {"possible": {"PatientName"}}


def test_a_cleaned_file_is_charged_with_what_must_stand_in_it() -> None:
    both = make_scan(
        PatientIdentityRemoved="YES", PatientName="Okonkwo^Ada", SOPInstanceUID="2.25.9.1"
    )
    named = make_scan(PatientName="Okonkwo^Ada", SOPInstanceUID="2.25.9.2")

    assert left_over(both, named) == {"likely": {"PatientName"}}


def test_a_claim_with_nothing_left_over_stands_alone() -> None:
    assert rules_in(make_inventory(("00120062", "YES"), ("00100010", ""))) == {
        "claim-identity-removed"
    }


def test_a_file_that_says_no_claims_nothing() -> None:
    inventory = make_inventory(("00120062", "NO"), ("00100010", "Okonkwo^Ada"))

    assert not {rule for rule in rules_in(inventory) if rule.startswith("claim")}


def test_a_claimed_method_is_a_claim_of_removal() -> None:
    inventory = make_inventory(("00120063", "Basic profile"), ("00100010", "Okonkwo^Ada"))

    assert {"claim-how", "claim-left-over"} <= rules_in(inventory)


def test_several_study_dates_make_a_time_line() -> None:
    inventory = make_inventory(("00080020", "20190403"))
    for day in ("20190403", "20200711", "20211102"):
        inventory.add_study(("7", "", f"1.2.{day}", day, "Redlake", "CT", ""))

    (found,) = only("set-dates", inventory)

    assert found.values == ("20190403", "20200711", "20211102")


def test_one_number_over_two_hospitals_joins_the_scans() -> None:
    inventory = make_inventory(("00100020", "A77120"))
    for hospital in ("Redlake", "Bluehill"):
        inventory.add_study(("A77120", "", f"1.2.{hospital}", "20190403", hospital, "CT", ""))

    (found,) = only("set-one-number", inventory)

    assert (found.name, found.values) == ("PatientID", ("A77120",))


def test_one_study_is_no_set() -> None:
    inventory = make_inventory(("00100020", "A77120"), ("00080020", "20190403"))
    inventory.add_study(("A77120", "", "1.2", "20190403", "Redlake", "CT", "1.9"))

    assert not {rule for rule in rules_in(inventory) if rule.startswith("set-")}


def test_unknown_private_elements_do_not_count_as_left_over() -> None:
    inventory = make_inventory(("00120062", "YES"))
    add_element(inventory, "00991001", "qzx trkl", "LO", creator="ACME", name="ACME: unknown")

    assert only("claim-left-over", inventory) == []


@pytest.mark.parametrize(
    ("tag", "value", "vr"),
    [
        ("00200010", "77120945", "SH"),
        ("00080012", "20240115", "DA"),
        ("00400002", "20240115", "DA"),
        ("00101010", "093Y", "AS"),
        ("00104000", "Qzxwv called", "LT"),
    ],
)
def test_what_a_claim_of_removal_leaves_is_listed(tag: str, value: str, vr: str) -> None:
    inventory = make_inventory(("00120062", "YES"))
    add_element(inventory, tag, value, vr)

    (finding,) = only("claim-left-over", inventory)
    assert len(finding.values) == 1


@pytest.mark.parametrize(
    ("names", "certainty"),
    [
        (("Smith^John", "Smith^Mary"), "possible"),
        (("Smith^John", "Jones^Mary"), "likely"),
        (("Smith^John", "Smith^J"), None),
        (("Smith^John", "Smith^John^Andrew"), None),
    ],
)
def test_relatives_are_two_patients_and_a_shortened_name_is_one(
    names: tuple[str, str], certainty: str | None
) -> None:
    files = [
        Entry(f"IM{number}", [make_scan(PatientName=name, PatientID=f"88{number}41{number}7")])
        for number, name in enumerate(names)
    ]
    found = [one.certainty for one in inspect(files).findings if one.rule == "two-patients"]

    assert found == ([certainty] if certainty else [])


@pytest.mark.parametrize("text", ["DOB 03/14/61", "born 14.3.61", "geb. 14. März 1961"])
def test_the_birth_date_is_found_however_it_is_written(text: str) -> None:
    scan = make_scan(PatientBirthDate="19610314", ImageComments=text)

    assert "echo-birth-date" in {one.rule for one in inspect([Entry("x", [scan])]).findings}


def test_versions_and_counts_are_no_dates() -> None:
    scan = make_scan(PatientBirthDate="19610314", ImageComments="v 1.2.10, 3/4/12, 10-11-22")

    assert not {"echo-birth-date", "date-in-text"} & {
        one.rule for one in inspect([Entry("x", [scan])]).findings
    }


def test_many_staff_names_leave_room_for_the_patient_s_number() -> None:
    files = []
    for number in range(30):
        staff: dict[str, Any] = {
            keyword: f"Staff{chr(97 + number % 26)}{letters}^Given{letters}"
            for keyword, letters in (
                ("ReferringPhysicianName", "qzv"), ("OperatorsName", "wkx"),
                ("PerformingPhysicianName", "trl"),
            )
        }  # fmt: skip
        scan = make_scan(
            PatientName="Qzxwv^Ann", PatientID="77120945", ImageComments="see 77120945", **staff
        )
        files.append(Entry(f"IM{number}", [scan]))

    assert "echo-number" in {one.rule for one in inspect(files).findings}
