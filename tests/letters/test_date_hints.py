"""Days worth a second look: told, and never in the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from companion.letters.catalogue import catalogue
from companion.letters.date_hints import date_hints, days_in
from tests.letters.builders import make_case


def hints(slug: str, jurisdiction: str = "us", **changes: Any) -> list[tuple[str, str]]:
    found = date_hints(make_case(slug, jurisdiction, **changes))
    return [(one.field, one.code) for one in found]


def test_an_accounting_goes_back_six_years_and_no_more() -> None:
    assert hints("who-has-seen-them", period_from="2020-11-20") == [("period_from", "six-years")]
    assert hints("who-has-seen-them", period_from="2020-11-21") == []
    assert hints("who-has-seen-them", "eu-fr", period_from="2015-01-01") == []


def test_a_slip_for_a_scan_that_is_over_is_told() -> None:
    assert hints("consent-addendum", study_date="2026-11-20") == [("study_date", "scan-passed")]
    assert hints("consent-addendum", study_date="2026-12-20") == []


@pytest.mark.parametrize(
    "line", ["CT 2026-12-03", "CT chest, December 3, 2026", "TC, 3 de diciembre de 2026",
             "CT 3 December 2026", "CT 3. Dec 2026", "CT Thorax, 3. Dezember 2026",
             "scanner, 3 décembre 2026"],
)  # fmt: skip
def test_a_scan_after_the_letter_is_told(line: str) -> None:
    assert list(days_in(catalogue(), line)) == [date(2026, 12, 3)]
    assert hints("get-my-images", study_list=[line]) == [("study_list", "scan-ahead")]


def test_the_first_of_a_month_is_read_as_french_writes_it() -> None:
    line = "scanner du thorax, 1er mars 2026"
    assert list(days_in(catalogue(), line)) == [date(2026, 3, 1)]


@pytest.mark.parametrize("line", ["CT", "2026-13-40", "Foo 3, 2026", "2026", "31 February 2026"])
def test_what_is_no_day_is_left_alone(line: str) -> None:
    assert list(days_in(catalogue(), line)) == []


def test_a_limit_that_has_passed_and_a_wait_that_has_not_are_told() -> None:
    assert hints("complaint", event_date="2026-01-01") == [("event_date", "limit-passed")]
    assert hints("complaint", event_date="2026-06-01", sent_on="2026-12-15") == [
        ("sent_on", "limit-after")
    ]
    assert hints("complaint", "au", original_date="2026-11-20") == [("original_date", "wait")]
    assert hints("complaint", "au", original_date="2026-10-01") == []
