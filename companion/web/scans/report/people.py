"""A short report for each person whose scans are in the set."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.findings import Person, Report
from companion.web.scans.report.answers import Answer, Told, answers
from companion.web.scans.report.chosen import Words
from companion.web.scans.report.days import scan_days
from companion.web.scans.report.letter_facts import LetterFact, letter_facts
from companion.web.scans.report.readable import Said
from companion.web.scans.report.unread import Share

PEOPLE_AT_MOST = 40
OPEN_AT_MOST = 6
"""Short reports that stand open; those of more people are folded."""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What the files say of one person, in short."""

    number: int
    """1, 2 ... as the page counts them."""
    names: tuple[Said, ...] = field(repr=False)
    """The name, else the code in its place; empty where neither is there."""
    files: int
    studies: int
    answers: tuple[Answer, ...]
    facts: tuple[LetterFact, ...] = field(repr=False)


def numbers(report: Report) -> dict[str, str]:
    """The number of each person by id; empty where the set is one person's."""
    if len(report.people) < 2:
        return {}
    return {person.id: str(number) for number, person in enumerate(report.people, 1)}


def person_reports(
    report: Report, share: Share, words: Words
) -> tuple[tuple[PersonReport, ...], int]:
    """The short reports, and how many people are left out. None for a set of one person:
    the report itself is theirs."""
    if len(report.people) < 2:
        return (), 0
    shown = report.people[:PEOPLE_AT_MOST]
    return (
        tuple(_report_of(report, person, n, share, words) for n, person in enumerate(shown, 1)),
        len(report.people) - len(shown),
    )


def told_of(report: Report, person: Person | None, share: Share) -> Told:
    """What the answers about ``person`` rest on; None: the whole set is one person's."""
    if person is None:
        only = report.people[0] if len(report.people) == 1 else None
        return Told(report.findings, only, scan_days(report, only), share.whole)
    own = tuple(finding for finding in report.findings if finding.person == person.id)
    return Told(own, person, scan_days(report, person), share.whole)


def _report_of(
    report: Report, person: Person, number: int, share: Share, words: Words
) -> PersonReport:
    told = told_of(report, person, share)
    return PersonReport(
        number=number,
        names=tuple(map(Said.name, person.names[:1])) or tuple(map(Said, person.codes[:1])),
        files=person.files,
        studies=person.studies,
        answers=answers(told, words),
        facts=letter_facts(report, person),
    )
