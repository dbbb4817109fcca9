"""Hints on who writes for whom. None of them stops a letter."""

from __future__ import annotations

from collections.abc import Iterator

from companion.letters.case import Case
from companion.letters.date_hints import days_in
from companion.letters.facts import Problem
from companion.letters.person import FULL_AGE, age

ASKED_AGE = 13
"""Years. From about this age on a child is asked, or decides alone, in many places."""


def writer_hints(case: Case) -> Iterator[Problem]:
    """What to know when somebody else writes for the patient, in the words of the case."""
    if case.facts.text("relation") == "child":
        yield from _child(case)
    if case.writer == "survivor":
        yield Problem(
            "relation", "after-death", {"rule": case.jurisdiction.after_death[case.language]}
        )
        yield from _scan_after_death(case)
    if case.facts.text("relation") == "self" and case.facts.text("representative"):
        yield Problem("relation", "two-writers")


def _child(case: Case) -> Iterator[Problem]:
    born = case.facts.date("birth_date")
    if born is None:
        return
    years = age(born, case.sent)
    if years >= FULL_AGE:
        yield Problem("relation", "grown-child", {"years": years})
    elif years >= ASKED_AGE:
        yield Problem("relation", "older-child", {"years": years})


def _scan_after_death(case: Case) -> Iterator[Problem]:
    """A scan after death is rare, though it exists; mostly one of the days is wrong."""
    died = case.facts.date("died_on")
    if died is None:
        return
    scans = [case.facts.date("study_date")]
    for line in case.facts.lines("study_list"):
        scans += days_in(case.catalogue, line)
    for day in scans:
        if day and day > died:
            yield Problem("died_on", "scan-after-death", {"day": case.say(day)})
