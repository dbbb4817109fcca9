"""A comparison of thousands of files -> the few things there are to say of it.

Equal changes are one group with the number of its files; a detail that changed alike in all
slices is one detail. This is what a page shows, and small enough to be sent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from companion.receipts.changes import Change, Comparison, Kind, Mark, Outcome
from companion.receipts.clinical import About
from companion.receipts.receipt import NotRead
from companion.receipts.signatures import SignatureCheck
from companion.receipts.traces import Trace
from companion.scans.findings import Certainty

MOST_EXAMPLES = 5
MOST_DETAILS = 40
"""Details of one group that are told; further ones are counted."""
MOST_GROUPS = 60
MOST_UNREAD = 50
_CERTAINTIES = list(Certainty)


@dataclass(frozen=True, slots=True)
class SummedDetail:
    """A detail that differs in the same way in some files."""

    path: str
    name: str
    about: About
    old: str | None = field(repr=False)
    """None: it was not there; empty: it was, and is no text."""
    new: str | None = field(repr=False)
    files: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Files of which the same is to be said."""

    kind: Kind
    marks: tuple[Mark, ...]
    files: int
    pictures: int
    examples: tuple[str, ...] = field(default=(), repr=False)
    """Names of files at hand, the new one's where there is one."""
    details: tuple[SummedDetail, ...] = field(default=(), repr=False)
    more_details: int = 0
    person: Certainty | None = None
    """How certain it is that the files are another person's."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a page says of a comparison."""

    old_made_on: date
    new_made_on: date
    outcome: Outcome
    groups: tuple[Group, ...] = field(repr=False)
    both_at_hand: bool = False
    twice: int = 0
    not_read_before: int = 0
    not_read_now: int = 0
    old_set: str = ""
    """The one hash of the old set."""
    unread: tuple[NotRead, ...] = field(default=(), repr=False)

    def files(self, *kinds: Kind) -> int:
        """How many files are of some kinds."""
        return sum(group.files for group in self.groups if group.kind in kinds)

    @property
    def marks(self) -> frozenset[Mark]:
        """Every mark that some file has."""
        return frozenset(mark for group in self.groups for mark in group.marks)


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, and what the new files say of themselves."""

    summary: Summary = field(repr=False)
    signatures: tuple[SignatureCheck, ...] = field(default=(), repr=False)
    traces: tuple[Trace, ...] = field(default=(), repr=False)
    from_receipt: bool = True
    """The old part was a receipt, and not files."""


def summarise(comparison: Comparison) -> Summary:
    """Sum up a comparison; the groups are in the order of its kinds."""
    together: dict[tuple[Kind, frozenset[Mark]], list[Change]] = {}
    for change in comparison.changes:
        together.setdefault((change.kind, change.marks), []).append(change)
    groups = [_group(kind, marks, changes) for (kind, marks), changes in together.items()]
    return Summary(
        comparison.old_made_on,
        comparison.new_made_on,
        comparison.outcome,
        tuple(groups[:MOST_GROUPS]),
        both_at_hand=comparison.both_at_hand,
        twice=comparison.twice,
        not_read_before=comparison.not_read_before,
        not_read_now=comparison.not_read_now,
        old_set=comparison.old_set,
        unread=comparison.unread[:MOST_UNREAD],
    )


def _group(kind: Kind, marks: frozenset[Mark], changes: list[Change]) -> Group:
    rows = [change.new or change.old for change in changes]
    names = [row.name for row in rows if row is not None and row.name]
    details: Counter[SummedDetail] = Counter()
    for change in changes:
        for one in change.details:
            details[SummedDetail(one.path, one.name, one.about, one.old, one.new)] += 1
    # A detail that every slice has otherwise is said after those that all have alike.
    ordered = sorted(details.items(), key=lambda item: (list(About).index(item[0].about), -item[1]))
    told = [
        SummedDetail(one.path, one.name, one.about, one.old, one.new, files)
        for one, files in ordered[:MOST_DETAILS]
    ]
    certainties = [one.person_certainty for one in changes if one.person_certainty is not None]
    return Group(
        kind,
        tuple(sorted(marks, key=list(Mark).index)),
        len(changes),
        sum(row.frames for row in rows if row is not None),
        examples=tuple(names[:MOST_EXAMPLES]),
        details=tuple(told),
        more_details=len(ordered) - len(told) + sum(change.more_details for change in changes),
        person=min(certainties, key=_CERTAINTIES.index, default=None),
    )
