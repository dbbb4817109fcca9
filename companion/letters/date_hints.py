"""Hints on dates that may be wrong or have passed. None of them stops a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from companion.letters import rights
from companion.letters.case import Case
from companion.letters.catalogue import Catalogue
from companion.letters.facts import Problem

_ACCOUNTING_YEARS = 6
"""How far back an accounting of disclosures goes (45 CFR 164.528)."""

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2}), (\d{4})")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:\.|er)? (?:de )?([^\W\d_]{3,10}) (?:de )?(\d{4})")


def date_hints(case: Case) -> Iterator[Problem]:
    """Hints on days that may be wrong, or that have passed, in the words of the case."""
    sent, facts = case.sent, case.facts
    start = facts.date("period_from")
    if start and case.jurisdiction.within("us") and start < _years_before(sent, _ACCOUNTING_YEARS):
        yield Problem("period_from", "six-years")
    scan = facts.date("study_date")
    if scan and case.spec.is_slip and scan < sent:
        yield Problem("study_date", "scan-passed")
    for line in facts.lines("study_list"):
        for day in days_in(case.catalogue, line):
            if day > sent:
                yield Problem("study_list", "scan-ahead", {"day": case.say(day)})
    yield from _own_limit(case)
    if case.wait:
        until = rights.due(*case.wait, case.jurisdiction, case.region).due
        if until >= sent:
            yield Problem("original_date", "wait", {"day": case.say(until)})


def _own_limit(case: Case) -> Iterator[Problem]:
    """Whether the patient's own time has passed, or will have when the letter is sent."""
    if not (case.rule and case.rule.yours and case.learned_on):
        return
    end = rights.due(case.rule, case.learned_on, case.jurisdiction).due
    if end < case.today:
        yield Problem(
            "event_date" if case.facts.date("event_date") else "notice_date", "limit-passed"
        )
    elif end < case.sent:
        fields = ("sent_on", "event_date", "notice_date")
        yield Problem(next(one for one in fields if case.facts.date(one)), "limit-after")


def days_in(catalogue: Catalogue, line: str) -> Iterator[date]:
    """The days that a line names, as 2026-03-03 or with the month in a word."""
    months: dict[str, int] = {}
    for language in catalogue.shared:
        for number, name in enumerate(catalogue.text(language, "months").split("\n"), 1):
            months[name.casefold()] = months[name.casefold()[:3]] = number
    found = [(year, month, day) for year, month, day in _ISO.findall(line)]
    for month, day, year in _MONTH_FIRST.findall(line):
        found.append((year, months.get(month.casefold(), 0), day))
    for day, month, year in _DAY_FIRST.findall(line):
        found.append((year, months.get(month.casefold(), 0), day))
    for year, month, day in found:
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
