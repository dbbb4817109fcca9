"""The dates in the files: the timeline of a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import ngettext

from companion.scans.findings import Finding, Person, Report
from companion.web.dates import day_in_words
from companion.web.scans.report.coded import in_words

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


@dataclass(frozen=True, slots=True)
class ScanDay:
    """One day on which scans were made, with the kind of machine of that day."""

    day: date | None = field(repr=False)
    modality: str
    files: int
    """0 where nothing tells which files are of that day."""

    @property
    def said(self) -> str:
        """The day in the language of the page."""
        return day_in_words(self.day) if self.day else ""

    @property
    def what(self) -> str:
        """The kind of scan in words, and how many files."""
        kind = in_words("Modality", self.modality) or self.modality
        if not self.files:
            return kind
        count = ngettext("%(n)d file", "%(n)d files", self.files) % {"n": self.files}
        return f"{kind}, {count}" if kind else count


def scan_days(report: Report, person: Person | None) -> tuple[ScanDay, ...]:
    """The days of one person's scans, oldest first, each with its own kind of scan.

    Without a person they are the study's days; the kind of scan stands beside them only where
    the whole set has one.
    """
    if person is not None and person.days:
        found = (ScanDay(as_day(one.date), one.modality, one.files) for one in person.days)
        return tuple(sorted((d for d in found if d.day), key=lambda d: (d.day, d.modality)))
    own = [f for f in report.findings if person is None or f.person == person.id]
    days_found = {
        day
        for finding in own
        if finding.rule == "study-date" and finding.certainty != "possible"
        for value in finding.values
        for part in value.split("\\")
        if (day := as_day(part))
    }
    kinds = {r.modality for r in report.files if r.modality and r.kind == "dicom"}
    modality = kinds.pop() if len(kinds) == 1 else ""
    return tuple(ScanDay(day, modality, 0) for day in sorted(days_found))
