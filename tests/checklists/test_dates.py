"""The days around a scan."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from companion.checklists import dates, reading
from companion.content.library import LANGUAGES

CATALOGUE = reading.load()
TODAY = date(2026, 11, 21)


def on(scan: date, language: str = "en") -> dict[str, date]:
    return {day.id: day.on for day in dates.days(CATALOGUE, scan, language, TODAY)}


def test_the_days_are_counted_from_the_scan() -> None:
    assert on(date(2026, 12, 3)) == {
        "ask": date(2026, 11, 26),
        "day": date(2026, 12, 3),
        "copy": date(2026, 12, 6),
        "log": date(2027, 1, 2),
        "follow-up": date(2027, 1, 9),
    }


def test_a_scan_in_a_few_days_means_asking_today() -> None:
    assert on(date(2026, 11, 23))["ask"] == TODAY
    assert on(TODAY)["ask"] == TODAY


def test_days_that_are_over_are_left_out() -> None:
    assert set(on(date(2026, 11, 1))) == {"log", "follow-up"}
    assert on(date(2026, 9, 1)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_holds_all_day_events_that_tell_nothing(language: str) -> None:
    found = dates.days(CATALOGUE, date(2026, 12, 3), language, TODAY)
    body = dates.calendar(found, datetime(2026, 11, 21, 12, tzinfo=UTC))
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == 5
    assert all(event.decoded("dtend") - event.decoded("dtstart") for event in events)
    assert len({str(event["uid"]) for event in events}) == 5
    assert b"DTSTART;VALUE=DATE:20261203" in body
    assert b"\r\n" in body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    titles = " ".join(str(event["summary"]) for event in events).lower()
    for word in ("scan", "image", "estudio", "imágen", "privacy", "hospital", "ai", "letter"):
        assert word not in titles.split(), titles
    assert not any("description" in event or "location" in event for event in events)


def test_uids_do_not_come_from_the_patient() -> None:
    found = dates.days(CATALOGUE, date(2026, 12, 3), "en", TODAY)
    first, second = dates.calendar(found), dates.calendar(found)
    assert first != second
