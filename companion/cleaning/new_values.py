"""What stands in the copy where something of the patient's stood: UIDs, days, a code.

All of it comes from one random key for the set, which is kept nowhere: the same UID has the
same new one in every file, so that references stay whole without a table, and nobody can
work back.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from companion.scans.rules.days import days_of

_NEAREST, _FARTHEST = 400, 3_650
"""Days into the past by which a set is moved: never into the future, never by a few days."""
_SECONDS_OF_A_DAY = 86_400
_TRIES = 2_000
_DAY = re.compile(r"(\d{4})[.-]?(\d\d)[.-]?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d)?:?(\d\d)?(\.\d{1,6})?")
_MOMENT = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\.\d{1,6})?([+-]\d{4})?")
NO_DAY, NO_TIME = "20000101", "000000"
"""What stands for every day and time where a copy has none."""
UID_ROOT = "2.25."
"""Of UIDs that are a random number of 128 bits (PS3.5 B.2)."""


class NewUids:
    """New UIDs for old ones."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def of(self, uid: str) -> str:
        """The new UID: ``2.25.`` and a keyed hash with the bits of a UUID of version 4."""
        found = self._known.get(uid)
        if found is None:
            number = int.from_bytes(hmac.digest(self._key, uid.encode(), "sha256")[:16])
            number = number & ~(0xF000 << 64) | 0x4000 << 64
            number = number & ~(0xC000 << 48) | 0x8000 << 48
            found = self._known[uid] = f"{UID_ROOT}{number}"
        return found


class NewDays:
    """Days and times of the set, all moved by as much; or one day for all of them."""

    def __init__(self, dates: Iterable[str], times: Iterable[str], *, moves: bool) -> None:
        """``dates`` and ``times``: those of the set, as they are in its DA and TM elements.

        No moved day is one of the set's own, and no moved time passes midnight, so that a
        day and the time beside it stay together.
        """
        self.moves = moves
        own = days_of(dates)
        for _ in range(_TRIES):
            self._days = -(_NEAREST + secrets.randbelow(_FARTHEST - _NEAREST))
            moved = {day + timedelta(days=self._days) for day in own if day.year > 1800}
            if not moved & own:
                break
        seconds = [found for text in times if (found := _seconds(text)) is not None]
        first, last = min(seconds, default=0), max(seconds, default=0)
        room = _SECONDS_OF_A_DAY - 1 - last + first
        self._seconds = secrets.randbelow(room + 1) - first if room > 0 else 0

    def of(self, text: str, vr: str) -> str:
        """A DA, DT or TM value as it is in the copy; empty where it is none."""
        move = {"DA": self._date, "TM": self._time, "DT": self._moment}[vr]
        return "\\".join(move(part.strip(" \0")) for part in text.split("\\"))

    def _date(self, text: str) -> str:
        found = _DAY.fullmatch(text)
        if not found:
            return ""
        if not self.moves:
            return NO_DAY
        try:
            year, month, day_of_month = map(int, found.groups())
            day = date(year, month, day_of_month) + timedelta(days=self._days)
        except (ValueError, OverflowError):
            return ""
        return f"{day:%Y%m%d}" if day.year >= 1000 else ""

    def _time(self, text: str) -> str:
        seconds = _seconds(text)
        found = _TIME.fullmatch(text)
        if seconds is None or not found:
            return ""
        if not self.moves:
            return NO_TIME
        whole = (seconds + self._seconds) % _SECONDS_OF_A_DAY
        hours, rest = divmod(whole, 3_600)
        return f"{hours:02}{rest // 60:02}{rest % 60:02}{found[4] or ''}"

    def _moment(self, text: str) -> str:
        found = _MOMENT.fullmatch(text)
        if not found:
            return ""
        if not self.moves:
            return f"{NO_DAY}{NO_TIME}"
        parts = [int(one) if one else None for one in found.groups()[:6]]
        given = sum(part is not None for part in parts)
        year, month, day, hour, minute, second = parts
        try:
            moment = datetime(
                year or 1, month or 7, day or 1, hour or 0, minute or 0, min(second or 0, 59),
                tzinfo=UTC,
            )  # fmt: skip
            moment += timedelta(days=self._days, seconds=self._seconds if given > 3 else 0)
        except (ValueError, OverflowError):
            return ""
        # The zone is left out: it says where, and all moments of a set are moved alike.
        whole = f"{moment:%Y%m%d%H%M%S}"[: 2 + 2 * given]
        return (whole + (found[7] or "")) if moment.year >= 1000 else ""


def new_person_code() -> str:
    """What stands for the name and the number of the person."""
    return f"ANON-{secrets.randbelow(900_000) + 100_000}"


def new_key() -> bytes:
    """The key of one set."""
    return secrets.token_bytes(32)


def _seconds(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip(" \0"))
    if not found:
        return None
    hours, minutes, seconds = (int(one or 0) for one in found.groups()[:3])
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    return hours * 3_600 + minutes * 60 + min(seconds, 59)
