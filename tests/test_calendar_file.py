"""A calendar file: whole days, private, and nothing in it but what was handed over."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from companion.calendar_file import Event, write

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_each_event_is_one_private_day_that_leaves_the_day_free() -> None:
    days = (Event("a@letters.invalid", date(2026, 12, 31), "A7K-93M: an answer is due"),)
    read = Calendar.from_ical(write(days, product="Letter dates", now=NOW))
    (event,) = read.walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        date(2026, 12, 31),
        date(2027, 1, 1),
    )
    assert event.decoded("dtstamp") == NOW
    assert (event["class"], event["transp"]) == ("PRIVATE", "TRANSPARENT")
    assert event["summary"] == "A7K-93M: an answer is due"


def test_nothing_tells_where_or_why() -> None:
    written = write((Event("a", date(2026, 12, 31), "x"),), product="Letter dates", now=NOW)
    names = {line.split(b":")[0].split(b";")[0] for line in written.splitlines()}
    assert names == {
        b"BEGIN", b"END", b"PRODID", b"VERSION", b"CALSCALE", b"METHOD", b"UID", b"DTSTAMP",
        b"DTSTART", b"DTEND", b"SUMMARY", b"TRANSP", b"CLASS",
    }  # fmt: skip
