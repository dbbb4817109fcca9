"""A letter's timeline as a calendar file.

The titles hold the letter's reference and no word about health, since calendars are
often shared. The same is true of the reminder that stands ready on the days when an
answer is due: it can be sent as it is, and says no more than that a letter was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from companion.calendar_file import Event, write
from companion.letters.letter import Letter

# The milestones that ask for an act; the others only tell what was.
_REMINDED = ("due", "due-ask", "confirm", "follow-up", "extended", "wait", "warn", "yours",
             "yours-after")  # fmt: skip
_ANSWER_DUE = ("due", "due-ask", "confirm", "follow-up")
_WORDS = {"due-ask": "ics-due", "yours-after": "ics-yours"}


def to_calendar(
    letter: Letter, *, sent: Letter | None = None, now: datetime | None = None
) -> bytes:
    """One event for each day to remember, in the words of ``letter``.

    ``sent`` is the same letter as the office gets it, where that is another language: the
    reminder is in its words. ``now`` stamps the events (UTC).
    """
    return write(_events(letter, sent or letter), product="Letter dates", now=now)


def _events(letter: Letter, sent: Letter) -> Iterator[Event]:
    reminder = sent.timeline_words["ics-reminder"].format(reference=sent.reference, sent=sent.dated)
    counts: dict[str, int] = {}
    for point in letter.points:
        kind = point.milestone.kind
        if kind not in _REMINDED:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        words = letter.timeline_words[_WORDS.get(kind, f"ics-{kind}")]
        yield Event(
            # The same day of the same letter, downloaded again, replaces the first event.
            uid=f"{letter.reference}-{kind}-{counts[kind]}@letters.invalid",
            day=point.milestone.when.last,
            title=words.format(reference=letter.reference),
            note=reminder if kind in _ANSWER_DUE else "",
        )
