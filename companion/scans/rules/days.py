"""Days that stand in scans as plain numbers: counted since some moment, or as eight digits.

A program that writes a time as a number counts from a moment of its own choice: Unix the
seconds (often a thousandth, a millionth or less of one) since 1970, Windows the steps of 100
nanoseconds since 1601, .NET those since the year 1, spreadsheets and OLE the days since 30
December 1899, MATLAB those since the year 0, astronomers those since 4713 before Christ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from companion import clock

FIRST = date(1985, 1, 1)
"""Before it there is no scan in DICOM's forms: a number that counts to a day before is none."""
_UNIX, _WINDOWS, _OLE = date(1970, 1, 1), date(1601, 1, 1), date(1899, 12, 30)
_YEAR_1 = date(1, 1, 1)
_LEAST = (FIRST - _OLE).days
"""Below it, no way to count leads to a day: nearly all measurements are told by that."""
_DAY = 86_400
_PLAIN = re.compile(r"\+?(\d{1,20})(?:\.(\d{1,17}))?(?:[eE]\+?(\d{1,2}))?")
_WRITTEN = re.compile(
    r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3}|\d{6})?)?"
)


_EXACT = 1e15
"""Below it a number with an exponent has all its digits."""
_FIRST_NANOSECOND, _LAST_NANOSECOND = 946_684_800e9, 1e19
"""The first is of the year 2000: those before would be read as ticks of .NET, too."""
_TURNED = re.compile(r"(\d\d)(\d\d)((?:19|20)\d\d)")


class Count(Enum):
    """How a number says a day."""

    WRITTEN = "written"  # 20240611, 20240611081522
    TURNED = "turned"  # 11062024, 6112024
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    NANOSECONDS = "nanoseconds"
    WINDOWS = "windows"
    TICKS = "ticks"
    OLE = "ole"
    MATLAB = "matlab"
    JULIAN = "julian"


IN_DAYS = frozenset({Count.OLE, Count.MATLAB, Count.JULIAN})
"""Counts of so few digits that any measurement may have them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One day that a number can mean."""

    day: date = field(repr=False)
    count: Count


def readings(number: str) -> Iterator[Reading]:
    """The days from ``FIRST`` to tomorrow that ``number`` can mean, by every way to count.

    Eight written digits can also mean a day long before: a birth date.
    """
    found = _PLAIN.fullmatch(number)
    if found is None:
        return
    whole, parts, power = found.groups()
    value = float(number)
    if value < _LEAST:
        return
    last = latest()
    if power is not None and value < _EXACT and value.is_integer():
        whole, parts, power = str(int(value)), "", None
    if power is None and not (parts or "").strip("0"):
        if written := written_day(whole):
            yield Reading(written, Count.WRITTEN)
        elif 7 <= len(whole) <= 8:
            yield from (Reading(day, Count.TURNED) for day in _turned_days(whole.zfill(8)))
    for count, start, days in (
        (Count.SECONDS, _UNIX, value / _DAY),
        (Count.MILLISECONDS, _UNIX, value / _DAY / 1_000),
        (Count.MICROSECONDS, _UNIX, value / _DAY / 1_000_000),
        (Count.WINDOWS, _WINDOWS, value / _DAY / 10_000_000),
        (Count.TICKS, _YEAR_1, value / _DAY / 10_000_000),
        (Count.OLE, _OLE, value),
        (Count.MATLAB, _YEAR_1, value - 367),
        (Count.JULIAN, _YEAR_1, value - 1_721_425.5),
    ):
        if 0 < days < 800_000 and FIRST <= (day := start + timedelta(days)) <= last:
            yield Reading(day, count)
    is_long = _FIRST_NANOSECOND < value < _LAST_NANOSECOND
    if is_long and (day := _UNIX + timedelta(value / _DAY / 1e9)) <= last:
        yield Reading(day, Count.NANOSECONDS)


def latest() -> date:
    """The last day that can be one of a scan: where it is tomorrow already, it is that."""
    return clock.today() + timedelta(1)


def written_day(digits: str) -> date | None:
    """The day that is written as ``YYYYMMDD``, with or without a time of day behind it."""
    found = _WRITTEN.fullmatch(digits)
    return _day(*found.groups()[:3]) if found else None


def _turned_days(digits: str) -> Iterator[date]:
    """The days that eight digits mean with the year at their end, as Europe and the United
    States write it."""
    if found := _TURNED.fullmatch(digits):
        first, second, year = found.groups()
        pairs = dict.fromkeys(((second, first), (first, second)))
        yield from filter(None, (_day(year, month, day) for month, day in pairs))


def days_of(values: Iterable[str]) -> set[date]:
    """The days that values of DA and DT elements name; ranges and several values too."""
    found = set()
    for text in values:
        for value in re.split(r"[\\-]", text):
            digits = value.strip().replace(".", "")[:8]
            if len(digits) == 8 and (day := written_day(digits)):
                found.add(day)
    return found


def is_near(day: date, known: Iterable[date], *, within: int) -> bool:
    """Whether ``day`` is at most so many days away from a known one."""
    return any(abs((day - one).days) <= within for one in known)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
