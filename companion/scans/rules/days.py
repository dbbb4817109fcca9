"""Days that stand in scans as plain numbers: counted since some moment, or as eight digits.

A program that writes a time as a number counts from a moment of its own choice: Unix the
seconds (often the milliseconds) since 1970, Windows the steps of 100 nanoseconds since
1601, spreadsheets and OLE the days since 30 December 1899.
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
_LEAST = (FIRST - _OLE).days
"""Below it, no way to count leads to a day: nearly all measurements are told by that."""
_DAY = 86_400
_PLAIN = re.compile(r"\+?(\d{1,20})(?:\.(\d{1,12}))?(?:[eE]\+?(\d{1,2}))?")
_WRITTEN = re.compile(
    r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3}|\d{6})?)?"
)


class Count(Enum):
    """How a number says a day."""

    WRITTEN = "written"  # 20240611, 20240611081522
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    WINDOWS = "windows"
    OLE = "ole"


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
    if power is None and not (parts or "").strip("0") and (written := written_day(whole)):
        yield Reading(written, Count.WRITTEN)
    value = float(number)
    if value < _LEAST:
        return
    for count, start, days in (
        (Count.SECONDS, _UNIX, value / _DAY),
        (Count.MILLISECONDS, _UNIX, value / _DAY / 1_000),
        (Count.WINDOWS, _WINDOWS, value / _DAY / 10_000_000),
        (Count.OLE, _OLE, value),
    ):
        if days < 200_000 and FIRST <= (day := start + timedelta(days)) <= latest():
            yield Reading(day, count)


def latest() -> date:
    """The last day that can be one of a scan: where it is tomorrow already, it is that."""
    return clock.today() + timedelta(1)


def written_day(digits: str) -> date | None:
    """The day that is written as ``YYYYMMDD``, with or without a time of day behind it."""
    found = _WRITTEN.fullmatch(digits)
    return _day(*found.groups()[:3]) if found else None


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
