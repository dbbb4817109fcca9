"""Days to remember as a calendar file (iCalendar, RFC 5545).

All-day events without a time zone or place. They are marked private and leave the
day free: calendars are often shared, and a patient's dates are nobody else's business.
The titles and notes are the caller's, and must name neither a person nor anything about health.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Component

from companion import clock


@dataclass(frozen=True, slots=True)
class Event:
    """One day to remember. A calendar that knows the ``uid`` replaces the event it has."""

    uid: str
    day: date
    title: str
    note: str = ""
    """A text to have at hand on the day; seen by whoever sees the calendar, as the title is."""


def write(events: Iterable[Event], *, product: str, now: datetime | None = None) -> bytes:
    """The file for these events.

    ``product`` names what made it (RFC 5545, 3.7.3) and is seen by whoever reads the
    file; ``now`` is the moment that stamps the events, in UTC.
    """
    stamp = now or clock.now()
    made = Calendar()
    made.add("prodid", f"-//{product}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for event in events:
        made.add_component(_component(event, stamp))
    return bytes(made.to_ical())


def _component(event: Event, stamp: datetime) -> Component:
    made = Component()
    made.add("uid", event.uid)
    made.add("dtstamp", stamp)
    made.add("dtstart", event.day)
    made.add("dtend", event.day + timedelta(days=1))  # exclusive, so it lasts one day
    made.add("summary", event.title)
    if event.note:
        made.add("description", event.note)
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    return made
