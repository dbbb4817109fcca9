"""UIDs: dates, echoes of numbers, and makers."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from tests.scans.making import make_inventory


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
