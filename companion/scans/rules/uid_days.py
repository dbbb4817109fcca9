"""Days inside UIDs, by the ways in which makers build them.

Siemens writes the minute as ``300000YYMMDDhhmm`` and more digits; many write the full date,
with the time behind it or in the next part; some write year, month and day as three parts.
GE, Canon and DCMTK write the Unix second as one of the last parts, others the millisecond;
Philips the second since the year 1, United Imaging ``YYMMDDhhmmss``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from companion.content import identifiers
from companion.scans.rules.days import FIRST, latest

_RANDOM = "2.25."
"""What comes behind it is a random number (PS3.5 B.2)."""
_SIEMENS = "1.3.12.2.1107."
_SECONDS = ("1.2.840.113619.", "1.2.276.0.7230010.3.", "1.2.392.200036.9116.2.6.1.48.")
"""Roots of GE, DCMTK and Canon."""
_CANON = "1.2.392.200036.9116."
"""Two parts from the end it writes the number of the host, which looks like a second."""
_PHILIPS = "1.3.46.670589.33.1."
_YEAR_1 = re.compile(r"(6[2-4]\d{9})\d{7,12}")
_UIH = "1.2.156.112605."
_SHORT = re.compile(r"(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_LONGEST = 26
"""Digits of a part that is a date, a time and counters; more are a random number's."""
_FULL = re.compile(r"((?:19[89]|20\d)\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d*)")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])(?:[0-5]\d(?:[0-5]\d)?)?")
_WHOLE_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_STAMP = re.compile(
    r"30\d\d00(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d{6,16}"
)
_SHORT_FORMS = ("%y%m%d", "%d%m%y", "%Y%j", "%d%m%Y", "%m%d%Y")
"""Ways to write a day that are common numbers, too."""
_MOST_KNOWN = 20
_UNIX = date(1970, 1, 1).toordinal()
_DAY = 86_400
_UNITS = {
    9: ((_DAY, _UNIX),),
    10: ((_DAY, _UNIX),),
    13: ((_DAY * 1_000, _UNIX),),
    16: ((_DAY * 1_000_000, _UNIX),),
    18: ((_DAY * 10_000_000, date(1601, 1, 1).toordinal()), (_DAY * 10_000_000, 1)),
    19: ((_DAY * 1_000_000_000, _UNIX),),
}
"""By the length of a count: how much of it is a day, and the day that it counts from. Unix
counts seconds and parts of them, Windows and .NET ten millions of steps a second."""
_YEAR = re.compile(r"(?:19[89]|20\d)\d")


@dataclass(frozen=True, slots=True)
class UidDay:
    """A day that a part of a UID seems to name."""

    day: date = field(repr=False)
    part: str = field(repr=False)
    """The digits that say so, with the time where it stands beside them."""
    may_be_off: bool
    """Whether the part counts from a moment in UTC, so that the local day may be another."""


def days_in(uid: str) -> Iterator[UidDay]:
    """The days that parts of ``uid`` seem to name; none of them is more than possible."""
    if uid.startswith(_RANDOM):
        return
    parts = uid.split(".")
    for number, part in enumerate(parts):
        found = _written(uid, part) or _in_three(parts, number) or _counted(uid, parts, number)
        if found is not None and FIRST <= found.day <= latest():
            yield found


class KnownDays:
    """Days of a set, to be found in UIDs whose maker's way to write a time is not known.

    Nothing in such a UID says that its digits are a time: they are told only where they mean a
    day that is known from elsewhere.
    """

    def __init__(self, days: Iterable[date]) -> None:
        """Of many days some would be met by chance: there the last few are enough."""
        kept = sorted(days)[-_MOST_KNOWN:]
        self._written = {day.strftime(form) for day in kept for form in _SHORT_FORMS}
        self._numbers = {day.toordinal() + off for day in kept for off in (-1, 0, 1)}

    def are_in(self, uid: str) -> bool:
        """Whether a part of ``uid`` is one of the days, or counts to one of them or to one
        beside it: a count is in UTC."""
        if uid.startswith(_RANDOM) or not self._numbers:
            return False
        return any(map(self._is_one, uid.split(".")))

    def _is_one(self, part: str) -> bool:
        if part in self._written:
            return True
        if len(part) == 12 and part[:6] in self._written:
            return _WHOLE_CLOCK.fullmatch(part, 6) is not None
        if len(part) not in _UNITS or not (part.isascii() and part.isdecimal()):
            return False
        number = int(part)
        return any(number // unit + first in self._numbers for unit, first in _UNITS[len(part)])


def _written(uid: str, part: str) -> UidDay | None:
    siemens = uid.startswith(_SIEMENS)
    if siemens and (stamp := _STAMP.fullmatch(part)):
        year, month, day = stamp.groups()
        return _uid_day(f"20{year}", month, day, part)
    if uid.startswith(_UIH) and (short := _SHORT.fullmatch(part)):
        year, month, day = short.groups()
        return _uid_day(f"20{year}", month, day, part)
    if uid.startswith(_PHILIPS) and (ticks := _YEAR_1.fullmatch(part)):
        return UidDay(date.fromordinal(int(ticks[1]) // 86_400 + 1), part, may_be_off=True)
    full = _FULL.fullmatch(part)
    if full is None or (len(part) > _LONGEST and not siemens):
        return None
    year, month, day, rest = full.groups()
    clock = _CLOCK if len(rest) <= 12 else _WHOLE_CLOCK
    return _uid_day(year, month, day, part) if not rest or clock.match(rest) else None


def _in_three(parts: list[str], number: int) -> UidDay | None:
    if number < 3 or not _YEAR.fullmatch(parts[number]) or len(parts) < number + 3:
        return None
    year, month, day = parts[number : number + 3]
    if len(month) > 2 or len(day) > 2:
        return None
    return _uid_day(year, month, day, ".".join(parts[number : number + 6]))


def _counted(uid: str, parts: list[str], number: int) -> UidDay | None:
    """A Unix time: GE's and DCMTK's seconds near the end, milliseconds behind a known root."""
    part = parts[number]
    if not (part.isascii() and part.isdecimal()):
        return None
    if len(part) == 13:
        seconds = int(part) // 1_000 if _has_maker(uid) else 0
    else:
        near_the_end = number >= len(parts) - (2 if uid.startswith(_CANON) else 3)
        seconds = int(part) if len(part) in (9, 10) and near_the_end else 0
        if not uid.startswith(_SECONDS):
            seconds = 0
    day = datetime.fromtimestamp(seconds, UTC).date()
    return UidDay(day, part, may_be_off=True) if seconds else None


def _has_maker(uid: str) -> bool:
    return any(uid.startswith(f"{root}.") for root, _ in identifiers.makers())


def _uid_day(year: str, month: str, day: str, part: str) -> UidDay | None:
    try:
        return UidDay(date(int(year), int(month), int(day)), part, may_be_off=False)
    except ValueError:
        return None
