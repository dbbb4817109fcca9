"""The days around a scan, and the calendar file that holds them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from companion.calendar_file import Event, write
from companion.checklists.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Day:
    """One day to remember."""

    id: str
    on: date
    title: str
    """Neutral: it may be read on a shared calendar."""
    shown: str
    """The plainer words that stand on the patient's own page."""


def days(catalogue: Catalogue, scan_on: date, language: str, today: date) -> tuple[Day, ...]:
    """The days that are still to come, today included, the soonest first.

    When the day to ask is past but the scan is not, asking is for today.
    """
    found = []
    for reminder in catalogue.reminders:
        on = scan_on + timedelta(days=reminder.days)
        if reminder.days < 0 and on < today <= scan_on:
            on = today
        if on >= today:
            found.append(
                Day(
                    reminder.id,
                    on,
                    catalogue.say("dates", reminder.id, language),
                    catalogue.say("dates", reminder.id, language, "shown"),
                )
            )
    return tuple(sorted(found, key=lambda day: day.on))


def calendar(found: tuple[Day, ...], now: datetime | None = None) -> bytes:
    """The days as a calendar file. The ids are random: they say nothing of the checklist."""
    events = (Event(str(uuid.uuid4()), day.on, day.title) for day in found)
    return write(events, product="companion//checklists", now=now)
