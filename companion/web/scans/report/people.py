"""A short report for each person whose scans are in the set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext, ngettext

from companion.scans.findings import Person, Report
from companion.web.scans.report.answers import (
    Answer,
    PersonNamed,
    Told,
    about_the_set,
    answers,
    fit_to_share,
)
from companion.web.scans.report.chosen import Words
from companion.web.scans.report.days import scan_days
from companion.web.scans.report.letter_facts import LetterFact, letter_facts
from companion.web.scans.report.readable import Said, plain
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

    @property
    def title(self) -> str:
        """How the page calls this person while names hide."""
        return gettext("Person %(n)s") % {"n": self.number}

    @property
    def scans(self) -> str:
        """How many files are this person's."""
        return ngettext("%(n)d file", "%(n)d files", self.files) % {"n": self.files}


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


def named(person: Person) -> tuple[Said, ...]:
    """The name, else the code in its place; empty where neither is there."""
    return plain(map(Said.name, person.names[:1])) or tuple(map(Said, person.codes[:1]))


def answers_for_all(
    report: Report, share: Share, words: Words, reports: Sequence[PersonReport]
) -> tuple[Answer, ...]:
    """The answers about the whole set, on top of the short reports: who the people are, who
    else is named anywhere, and whether the set is fit to share."""
    fit = fit_to_share(report, share, words)
    if not reports:
        return (fit,)
    # What is said of AI is about the whole set, and the short reports push it far down.
    fit = replace(fit, links=(*fit.links, ("ai", words["ai"]["title"])))
    whole = Told(report.findings, None, (), share.whole)
    people = [PersonNamed(one.number, one.title, one.names, one.scans) for one in reports]
    return (*about_the_set(whole, people, words), fit)


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
        names=named(person),
        files=person.files,
        studies=person.studies,
        answers=answers(told, words),
        facts=letter_facts(report, person),
    )
