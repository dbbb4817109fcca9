"""The dates in the files: the timeline of a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from companion.scans.findings import Finding

_DATE = re.compile(r"^(1[89]\d\d|20\d\d)[.-]?(0[1-9]|1[0-2])[.-]?(0[1-9]|[12]\d|3[01])")
_NO_DAYS = {
    "timezone", "code-version", "study-time", "scan-time", "other-time", "uid-date",
    "set-dates", "set-ages",
}  # fmt: skip
"""Rules about dates that name no day themselves."""
_DAYS_ELSEWHERE = {"birth-date", "death-date", "machine-date", "private-date", "file-name-date"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the timeline, and the kinds of dates that name it."""

    day: date = field(repr=False)
    titles: tuple[str, ...]


def as_day(value: str) -> date | None:
    """The day that a DICOM date or date and time names; None when it names none."""
    match = _DATE.match(value)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def may_name_a_day(finding: Finding) -> bool:
    """Whether a date is expected here; elsewhere eight digits may be any number."""
    return finding.group == "when" or finding.rule in _DAYS_ELSEWHERE


def days(findings: Sequence[Finding], rules: Any) -> tuple[Day, ...]:
    """Every day that a finding names, oldest first; ``rules``: words by rule."""
    titles: dict[date, dict[str, None]] = {}
    for finding in findings:
        if finding.rule in _NO_DAYS or not may_name_a_day(finding):
            continue
        title = rules[finding.rule].title if finding.rule in rules else finding.name
        for value in finding.values:
            for part in value.split("\\"):
                day = as_day(part)
                if day:
                    titles.setdefault(day, {})[title] = None
    return tuple(Day(day, tuple(titles[day])) for day in sorted(titles))
