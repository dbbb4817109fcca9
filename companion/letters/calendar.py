"""A letter's time line as a calendar file (RFC 5545).

All-day events without a time zone. The titles hold the letter's reference and
no word about health, since calendars are often shared.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from companion.letters.letter import Letter

_TOLD = ("due", "due-ask", "confirm", "follow-up", "extended", "wait", "warn", "yours",
         "yours-after")  # fmt: skip
_WORDS = {"due-ask": "ics-due", "yours-after": "ics-yours"}


def to_calendar(letter: Letter, *, now: datetime | None = None) -> bytes:
    """One event for each day to remember; ``now`` stamps them (UTC)."""
    made = Calendar()
    made.add("prodid", "-//Letter dates//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    words = letter.timeline_words
    counts: dict[str, int] = {}
    for point in letter.points:
        kind = point.milestone.kind
        if kind not in _TOLD:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        title = words[_WORDS.get(kind, f"ics-{kind}")].format(reference=letter.reference)
        uid = f"{letter.reference}-{kind}-{counts[kind]}@letters.invalid"
        made.add_component(_event(uid, title, point.milestone.when.last, now))
    return bytes(made.to_ical())


def _event(uid: str, title: str, day: date, now: datetime | None) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now or datetime.now(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))  # exclusive, so the event is one day long
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
