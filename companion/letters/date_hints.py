"""Days to look at again: nothing here stops a letter, all of it is worth a second look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from companion.content.law import Jurisdiction
from companion.letters import rights
from companion.letters.catalogue import Catalogue, Spec
from companion.letters.facts import Facts, Problem
from companion.letters.follow_up import addressee
from companion.letters.letter import say_date

_ACCOUNTING_YEARS = 6
"""How far back an accounting of disclosures goes (45 CFR 164.528)."""

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2}), (\d{4})")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.? (?:de )?([^\W\d_]{3,10}) (?:de )?(\d{4})")


def look_at(
    catalogue: Catalogue,
    spec: Spec,
    jurisdiction: Jurisdiction,
    facts: Facts,
    *,
    language: str,
    today: date,
    region: str = "",
) -> Iterator[Problem]:
    """Hints on days that may be wrong, or that have passed, in words of ``language``."""
    sent = facts.date("sent_on") or today

    def say(day: date) -> dict[str, str | int]:
        return {"day": say_date(catalogue, day, language, jurisdiction)}

    start = facts.date("period_from")
    if start and jurisdiction.within("us") and start < _years_before(sent, _ACCOUNTING_YEARS):
        yield Problem("period_from", "six-years")
    scan = facts.date("study_date")
    if scan and spec.layout == "slip" and scan < sent:
        yield Problem("study_date", "scan-passed")
    for line in facts.lines("study_list"):
        for day in days_in(catalogue, line):
            if day > sent:
                yield Problem("study_list", "scan-ahead", say(day))
    name = spec.rule_for(jurisdiction, addressee(catalogue, spec, jurisdiction, facts.answers))
    for field in ("event_date", "notice_date"):
        knew = facts.date(field)
        if knew and name and jurisdiction.rules[name].yours:
            end = rights.due(jurisdiction.rules[name], knew, jurisdiction).due
            if end < today:
                yield Problem(field, "limit-passed")
            elif end < sent:
                yield Problem("sent_on" if facts.date("sent_on") else field, "limit-after")
            break
    wait, first = jurisdiction.nearest(spec.wait), facts.date("original_date")
    if wait and first:
        until = rights.due(jurisdiction.rules[wait], first, jurisdiction, region).due
        if until >= sent:
            yield Problem("original_date", "wait", say(until))


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
