"""UIDs: dates, echoes of numbers, and makers."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Certainty, Finding, Place
from tests.scans.making import add_element, make_inventory


def certainty(rule: str, *elements: tuple[str, str]) -> str | None:
    found = [one for one in findings(make_inventory(*elements)) if one.rule == rule]
    return found[0].certainty if found else None


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        ("1.2.840.113619.2.55.20190403101112.7", "likely"),
        ("1.3.46.670589.11.8410.5.0.20190403", "likely"),
        ("1.3.12.2.1107.5.1.4.7.30000019040310111200000012345", "likely"),
        ("1.2.276.0.99.9920190403.5", "likely"),
        ("1.2.276.0.99.20111231.5", "possible"),
        ("1.2.276.0.99.20111231235959.5", "possible"),
        ("1.2.276.0.99.20113131.5", None),
        ("1.2.276.0.99.18111231.5", None),
        ("1.2.276.0.99.7.5", None),
        ("2.25.211120190101998877665544332211", None),
    ],
)
def test_a_date_in_a_uid_is_likely_when_it_is_a_known_one(uid: str, expected: str | None) -> None:
    assert certainty("uid-date", ("00080020", "20190403"), ("0020000D", uid)) == expected


def test_a_serial_number_is_found_as_a_part_of_a_uid() -> None:
    serial = ("00181000", "73473")

    assert certainty("uid-echo", serial, ("0020000E", "1.3.12.2.1107.5.1.4.73473.3")) == "likely"
    assert certainty("uid-echo", serial, ("0020000E", "1.3.12.2.1107.5.1.4.973473.3")) is None


@pytest.mark.parametrize(
    ("uid", "maker"),
    [
        ("1.2.840.113619.2.5.7", "GE HealthCare (1.2.840.113619)"),
        ("1.3.12.2.1107.5.1.4.7", "Siemens Healthineers (1.3.12.2.1107.5)"),
        ("1.2.826.0.1.3680043.8.498.7", "pydicom (1.2.826.0.1.3680043.8.498)"),
    ],
)
def test_a_known_root_is_named(uid: str, maker: str) -> None:
    (found,) = [
        one for one in findings(make_inventory(("0020000D", uid))) if one.rule == "uid-maker"
    ]

    assert found.values == (maker,)


def test_a_root_that_only_begins_alike_is_not_named() -> None:
    assert certainty("uid-maker", ("0020000D", "1.2.840.1136190.2.5")) is None


def test_classes_and_syntaxes_say_nothing() -> None:
    assert findings(make_inventory(("00080016", "1.2.840.113619.4.20190403"))) == ()


SIEMENS_STUDY = "1.3.12.2.1107.5.1.4.51234.30000018072509411207800000015"


@pytest.mark.parametrize(
    "uid",
    [
        SIEMENS_STUDY,
        "1.3.12.2.1107.5.2.18.41234.30010018072509411207800000015",
        "1.3.12.2.1107.5.2.18.41234.2018072509411207812345678",
        "1.2.276.0.99.2018072509411207812345678",
        "1.2.276.0.99.20180725.94112.7",
        "1.2.276.0.99.2018.7.25.9.41.12",
        "1.2.40.0.13.1.17.1532504472123",
        "1.2.840.113619.2.55.3.71234.495.1532504472.467",
        "1.2.276.0.7230010.3.1.2.71234.99.1532504472.467",
        "1.2.392.200036.9116.2.6.1.48.1211400000.1532504472.467",
        "1.3.46.670589.33.1.63668101272177325400001.25533096685263475880",
        "1.2.156.112605.71234567.180725094112.3.9",
    ],
)
def test_a_day_in_a_uid_is_possible_when_the_header_has_no_dates(uid: str) -> None:
    assert certainty("uid-date", ("0020000D", uid)) == "possible"


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.276.0.99.30000018072509411207800000015",  # Siemens' form under another root
        "1.3.12.2.1107.5.1.4.51234.30000018132509411207800000015",
        "1.3.12.2.1107.5.1.4.51234.30000018072577411207800000015",
        "1.2.826.0.1.3680043.8.498.20180725094112078123456789012345678",  # random digits
        "1.2.276.0.99.2018072599991207812345678",
        "1.2.276.0.99.2018.13.25.9",
        "1.2.276.0.99.2018.2.30.9",
        "1.2.276.0.99.2018.725.9",
        "1.2.276.0.99.1532504472123",  # no maker's root
        "1.2.276.0.99.1.1532504472.467",
        "1.2.840.113619.2.30.1.1532504472.71234.11.22.33",  # a host's number
        "1.2.392.200036.9116.2.6.1.48.1532504472.77.467",
        "1.2.156.112605.71234567.180725994112.3.9",
        "1.2.276.0.99.20610725.5",  # a day to come
        "2.25.2018072509411207812345678",
    ],
)
def test_digits_that_only_look_alike_are_no_day(uid: str) -> None:
    assert certainty("uid-date", ("0020000D", uid)) is None


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.40.0.13.abcdefghijklm",
        "1.2.840.113619.2.55.not-a-day.7",
        "1.2.840.113619.2.55.\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669.7",
        "1.2.840.113619." + "9" * 60_000,
        "." * 5_000,
        "1.2.40.0.13.9999999999999",
    ],
)
def test_a_hostile_uid_names_no_day(uid: str) -> None:
    assert certainty("uid-date", ("0020000D", uid)) is None


def test_two_parts_that_name_one_day_vouch_for_each_other() -> None:
    other = "1.3.12.2.1107.5.1.4.51234.30000018072510020307800000099"

    assert certainty("uid-date", ("0020000D", SIEMENS_STUDY), ("0020000E", other)) == "likely"
    assert certainty("uid-date", ("0020000D", "1.2.99.20180725094112.2018.7.25")) == "likely"


def test_a_part_that_uids_share_is_one_part() -> None:
    shared = "1.2.276.0.99.20180725094112"

    found = certainty("uid-date", ("0020000D", f"{shared}.1"), ("0020000E", f"{shared}.2"))
    assert found == "possible"


def uid_rows(*elements: tuple[str, str]) -> list[Finding]:
    return [one for one in findings(make_inventory(*elements)) if one.rule != "uid-maker"]


def test_a_uid_in_several_elements_is_told_once_and_names_them() -> None:
    (found,) = uid_rows(
        ("00020003", "1.2.276.0.99.7"), ("00080018", "1.2.276.0.99.7"),
        ("00081140[0].00081155", "1.2.276.0.99.7"),
    )  # fmt: skip

    assert (found.rule, found.path, found.place) == ("uid-study", "00080018", Place.UID)
    assert found.name == "SOPInstanceUID, MediaStorageSOPInstanceUID, ReferencedSOPInstanceUID"
    assert found.values == ("1.2.276.0.99.7",)


def test_a_uid_with_a_day_inside_is_not_told_again_without_it() -> None:
    found = uid_rows(("0020000D", SIEMENS_STUDY), ("00081110[0].00081155", SIEMENS_STUDY))

    assert [(one.rule, one.path) for one in found] == [("uid-date", "0020000D")]


def test_uids_of_different_things_are_told_apart() -> None:
    found = uid_rows(("0020000D", "1.2.276.0.99.7"), ("0020000E", "1.2.276.0.99.8"))

    assert [(one.rule, one.values) for one in found] == [
        ("uid-study", ("1.2.276.0.99.7",)),
        ("uid-study", ("1.2.276.0.99.8",)),
    ]


def test_a_uid_that_stands_only_in_private_data_is_told_there() -> None:
    inventory = make_inventory(("0020000D", "1.2.276.0.99.7"))
    for value in ("1.2.276.0.99.7", "1.2.276.0.99.9"):
        add_element(inventory, "00091001", value, "UI", creator="MAKER", name="MAKER: unknown")

    hidden = [one for one in findings(inventory) if one.place is Place.PRIVATE]

    assert [(one.rule, one.values) for one in hidden] == [("private-uid", ("1.2.276.0.99.9",))]


def test_pictures_of_one_series_are_one_finding() -> None:
    inventory = make_inventory()
    for number in range(300):
        add_element(inventory, "00080018", f"1.2.276.0.99.{number}")
        add_element(inventory, "00020003", f"1.2.276.0.99.{number}")

    (found,) = findings(inventory)
    assert (found.distinct, len(found.values)) == (300, 20)


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.392.200036.9125.2.1684316472.123",
        "1.2.3.4.1.2.0.1684316472123.5726.0",
        "1.2.3.4.9.1684316472123456",
        "1.2.3.4.93.133287900720000000",
        "1.2.3.4.93.638199132720000000",
        "1.2.3.4.5.17052023.94112",
        "1.2.3.4.5.05172023.1",
        "1.2.3.4.2.230517",
        "1.2.3.4.2.230517094112",
        "1.2.3.4.2023137.94112",
    ],
)
def test_a_day_that_only_the_header_vouches_for_is_told(uid: str) -> None:
    def said(day: str) -> list[Finding]:
        inventory = make_inventory(("0020000D", uid, "UI"), ("00080020", day, "DA"))
        return [one for one in findings(inventory) if one.rule == "uid-date"]

    assert [one.certainty for one in said("20230517")] == [Certainty.LIKELY]
    assert said("20230527") == []
