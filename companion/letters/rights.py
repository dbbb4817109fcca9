"""When an answer is due, and when the patient's own time ends.

The rules themselves are data (``content/jurisdictions``); this module counts.
Numbers in brackets are the rules of the reference that the code follows:

- R1 a clock starts on receipt. Unknown receipt is a range: the same day for
  email, a portal or the desk; the third to the fifth day after posting.
- R2 HIPAA counts calendar days, the day of receipt not counted, weekends and
  holidays change nothing. A polite follow-up is three working days later.
- R3, R4 a month ends on the same date of the next month, or on its last day
  where there is none (Reg. 1182/71 Art. 3(2)(c)); a day on which offices are
  shut moves to the next working day (Art. 3(4); the ICO's rule for the UK;
  Australia's Acts Interpretation Act 1901 s.36(2)). In Ontario a Saturday counts
  and a Sunday is a holiday (Legislation Act, 2006 ss.88, 89).
- R5 an extension counts from receipt, never from a clamped date.
- R7 the patient's own limit runs from knowledge and is never moved later.
- R8 dates are dates, without a time zone.

Holidays come from the ``holidays`` package, for the recipient's jurisdiction.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal

from companion.content.law import FOLLOW_UP, DeadlineRule, Jurisdiction, Roll, Unit

ASKED_DAYS = 30
"""The days asked for where the law sets none."""

POST_DAYS = (3, 5)
"""The days a posted letter takes, at least and at most (R1)."""

EARLIEST, LATEST = date(1900, 1, 1), date(2400, 12, 31)


class UnknownRegionError(ValueError):
    """A region that the holiday calendars do not know."""


@dataclass(frozen=True, slots=True)
class Span:
    """A day, or a range of days where the exact one is unknown."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule gives for one day of receipt (or of knowledge, for ``yours``)."""

    rule: DeadlineRule
    start: date
    due: date
    extended: date | None
    follow_up: date | None
    warnings: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One point of a letter's timeline. ``kind`` names its words."""

    kind: Literal["sent", "arrives", "arrived", "due", "due-ask", "confirm", "follow-up",
                  "extended", "wait", "waited", "warn", "yours", "yours-passed",
                  "yours-after"]  # fmt: skip
    when: Span


def due(rule: DeadlineRule, start: date, jurisdiction: Jurisdiction, region: str = "") -> Due:
    """Count a rule from a day of receipt, for a recipient there.

    ``region`` is a subdivision of the holiday calendar ("BY", "SCT"), if it is
    not the jurisdiction's own. ``ValueError`` when the day is outside the years 1900 to
    2400; ``UnknownRegionError`` for a region the calendar does not have.
    """
    if not EARLIEST <= start <= LATEST:
        raise ValueError(f"the day must lie between {EARLIEST} and {LATEST}")
    calendar_of = jurisdiction.calendar(region)
    end = _count(start, rule.count, rule.unit, calendar_of)
    extended = _count(start, rule.extended, rule.unit, calendar_of) if rule.extended else None
    if rule.rolls:
        end = _moved(end, rule.roll, calendar_of)
        extended = _moved(extended, rule.roll, calendar_of) if extended else None
    elif region:
        closed_days(start.year, calendar_of)  # an unknown region is refused, not ignored
    return Due(
        rule=rule,
        start=start,
        due=end,
        extended=extended,
        follow_up=None if rule.yours else _count(end, rule.follow_up, "working-days", calendar_of),
        warnings=tuple(start + timedelta(days=days) for days in rule.warn),
    )


def arrival(sent: date, method: str, received: date | None = None) -> Span:
    """When a letter arrives (R1): the day it is known to, or the usual range."""
    if received:
        return Span(received, received)
    if method in ("", "post"):
        return Span(*(sent + timedelta(days=days) for days in POST_DAYS))
    return Span(sent, sent)


def timeline(
    jurisdiction: Jurisdiction,
    rule: DeadlineRule | None,
    *,
    sent: date,
    method: str,
    received: date | None = None,
    knew: date | None = None,
    region: str = "",
    today: date | None = None,
    asked_days: int = ASKED_DAYS,
    wait: tuple[DeadlineRule, date] | None = None,
) -> tuple[Milestone, ...]:
    """The days of one letter, in their order.

    Without a rule the law sets no day, and the day asked for is shown instead.
    A rule of the patient's own counts from ``knew``, the day they learned of it;
    when that is not known there is nothing to count. ``today`` tells a limit that has
    passed from one that is ahead. ``wait`` is the time that the other side has before
    this letter may go out, and the day from which it counts.
    """
    region = region if region in regions(jurisdiction) else ""
    arrives = arrival(sent, method, received)
    points = [Milestone("sent", Span(sent, sent))]
    points.append(Milestone("arrived" if received else "arrives", arrives))
    if rule is None:
        end = _each(arrives, lambda day: day + timedelta(days=asked_days))
        ask_again = _count(end.last, FOLLOW_UP, "working-days", jurisdiction.calendar(region))
        points.append(Milestone("due-ask", end))
        points.append(Milestone("follow-up", _only_last(ask_again)))
    elif rule.yours:
        points = (
            points
            if knew is None
            else [*points, *_own_limit(rule, knew, jurisdiction, sent, today or sent)]
        )
    else:
        first, last = (
            due(rule, day, jurisdiction, region) for day in (arrives.first, arrives.last)
        )
        points.append(Milestone("confirm" if rule.confirms else "due", Span(first.due, last.due)))
        points.append(Milestone("follow-up", _only_last(last.follow_up or last.due)))
        if first.extended and last.extended:
            points.append(Milestone("extended", Span(first.extended, last.extended)))
    if wait is not None:
        end_of_wait = due(wait[0], wait[1], jurisdiction, region).due
        points.append(
            Milestone("waited" if end_of_wait < sent else "wait", _only_last(end_of_wait))
        )
    return tuple(sorted(points, key=lambda point: point.when.first))


def answer_by(points: tuple[Milestone, ...]) -> date | None:
    """The day that a letter names for its answer: the later end of the range."""
    ends = [point.when.last for point in points if point.kind in ("due", "due-ask")]
    return ends[0] if ends else None


def _own_limit(
    rule: DeadlineRule, knew: date, jurisdiction: Jurisdiction, sent: date, today: date
) -> list[Milestone]:
    """The limit, and the warnings that still help: those before it and not over yet."""
    end = due(rule, knew, jurisdiction)
    limit = _only_last(end.due)
    if end.due < today:
        return [Milestone("yours-passed", limit)]
    warnings = [Milestone("warn", _only_last(day)) for day in end.warnings if day >= today]
    return [*warnings, Milestone("yours" if sent <= end.due else "yours-after", limit)]


def _only_last(day: date) -> Span:
    return Span(day, day)


def _each(span: Span, change: Callable[[date], date]) -> Span:
    return Span(change(span.first), change(span.last))


def _count(start: date, count: int, unit: Unit, calendar_of: tuple[str, ...]) -> date:
    if unit == "days":
        return start + timedelta(days=count)
    if unit == "months":
        return _same_date(start, count)
    if unit == "years":
        return _same_date(start, 12 * count)
    day = start
    for _ in range(count):
        day = _next_working_day(day + timedelta(days=1), calendar_of)
    return day


def _same_date(start: date, months: int) -> date:
    """The same date some months later, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _moved(day: date, roll: Roll, calendar_of: tuple[str, ...]) -> date:
    if roll == "next-working-day":
        return _next_working_day(day, calendar_of)
    while day.weekday() == calendar.SUNDAY or day in closed_days(day.year, calendar_of):
        day += timedelta(days=1)
    return day


def _next_working_day(day: date, calendar_of: tuple[str, ...]) -> date:
    while day.weekday() >= calendar.SATURDAY or day in closed_days(day.year, calendar_of):
        day += timedelta(days=1)
    return day


@cache
def _regions(country: str) -> Mapping[str, str]:
    import holidays  # here, because the report in the browser knows letters and has no calendars

    known = holidays.country_holidays(country)
    names: dict[str, str] = {}
    for name, code in known.subdivisions_aliases.items():
        # Some calendars name a region in several ways; the longest is the one in full.
        names[code] = max(names.get(code, ""), name, key=len)
    return MappingProxyType({code: names.get(code, code) for code in known.subdivisions})


def regions(jurisdiction: Jurisdiction) -> Mapping[str, str]:
    """The regions that may have holidays of their own: code to name."""
    return (
        _regions(jurisdiction.holidays)
        if jurisdiction.holidays and not jurisdiction.region
        else MappingProxyType({})
    )


@lru_cache(maxsize=4096)
def closed_days(year: int, calendar_of: tuple[str, ...]) -> frozenset[date]:
    """The public holidays of a year: by country, region, and names of days besides.

    ``Jurisdiction.calendar`` gives the three.
    """
    country, region, *also = calendar_of
    if not country:
        return frozenset()
    import holidays

    try:
        days = set(holidays.country_holidays(country, subdiv=region or None, years=year))
        if also:
            others = holidays.country_holidays(
                country,
                subdiv=region or None,
                years=year,
                categories=("government", "optional"),
                language="en_US",
            )
            named = {name: day for day, name in others.items()}
            if "Good Friday" in named:  # the library knows Easter Monday in some regions only
                named.setdefault("Easter Monday", named["Good Friday"] + timedelta(days=3))
            days.update(day for name, day in named.items() if name in also)
    except NotImplementedError:
        raise UnknownRegionError(f"no holidays are known for {country} {region}".strip()) from None
    return frozenset(days)
