"""What a comparison says, in kinds that a page has words for.

Never "fake" and never "genuine": a comparison says what differs between two sets, and not who
changed it, nor why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from companion.receipts.details import Detail
from companion.receipts.receipt import FileReceipt, NotRead
from companion.scans.findings import Certainty


class Kind(StrEnum):
    """What became of one file."""

    SAME = "same"  # byte for byte
    REWRAPPED = "rewrapped"  # every point and every detail the same; stored or sent otherwise
    DETAILS = "details"  # every point the same, details differ
    PICTURE = "picture"  # points differ, details do not
    PICTURE_AND_DETAILS = "picture-and-details"
    NOT_COMPARED = "not-compared"  # the bytes differ, and a part could not be compared
    MISSING = "missing"
    ADDED = "added"
    ADDED_RESULT = "added-result"  # added, and made by a program: a result of AI, mostly


class Mark(StrEnum):
    """What else is to be said of a change."""

    OTHER_PERSON = "other-person"  # of the new file; see ``Change.person_certainty``
    NEW_NUMBERS = "new-numbers"  # the same picture under other UIDs
    VIEW = "view"  # side, window or place in the body differ
    LOSSY = "lossy"  # the new picture was compressed with loss, or the old one was already
    NAMES_REMOVED = "names-removed"  # the new file says so of itself
    PICTURE_NOT_COMPARED = "picture-not-compared"  # it could not be unpacked here
    HEADER_NOT_COMPARED = "header-not-compared"  # a part of it was not understood
    SIGNATURE_GONE = "signature-gone"
    SIGNATURE_NEW = "signature-new"
    SECOND_VERSION = "second-version"  # added: a picture of the old set once more, otherwise
    NO_SCAN = "no-scan"  # a paper, a viewer, a disc's index


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file; at least one of the two is there."""

    kind: Kind
    old: FileReceipt | None = field(default=None, repr=False)
    new: FileReceipt | None = field(default=None, repr=False)
    marks: frozenset[Mark] = frozenset()
    details: tuple[Detail, ...] = field(default=(), repr=False)
    """Those that differ, where both files are at hand."""
    more_details: int = 0
    """How many more differ than are listed."""
    person_certainty: Certainty | None = None
    """Of ``Mark.OTHER_PERSON``."""


class Outcome(StrEnum):
    """All changes in one word."""

    SAME = "same"  # byte for byte, none missing, none added
    REWRAPPED = "rewrapped"  # not a point and not a detail changed
    CHANGED = "changed"
    NOTHING_IN_COMMON = "nothing-in-common"  # not one file or picture of the old set
    NOT_ALL_COMPARED = "not-all-compared"  # no change seen; not all, or nothing, was compared


@dataclass(frozen=True)
class Comparison:
    """What became of a set of files since a receipt was made, or between two sets."""

    old_made_on: date
    new_made_on: date
    changes: tuple[Change, ...] = field(repr=False)
    """One for each file, in the order of ``Kind`` and then of the set."""
    both_at_hand: bool = False
    """Whether details can be named: both sets were given as files."""
    twice: int = 0
    """Files of the new set that are byte for byte another one of it, beyond the old's."""
    not_read_before: int = 0
    not_read_now: int = 0
    old_set: str = ""
    """The one hash of the old set: who has it on paper sees whether this is that set."""
    unread: tuple[NotRead, ...] = field(default=(), repr=False)

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many files of each kind; those with none are left out."""
        return dict(Counter(change.kind for change in self.changes))

    @property
    def outcome(self) -> Outcome:
        """All of it in one word."""
        kinds = set(self.counts)
        added = {Kind.ADDED, Kind.ADDED_RESULT}
        if Kind.MISSING in kinds and kinds <= {Kind.MISSING, *added}:
            return Outcome.NOTHING_IN_COMMON
        if kinds - {Kind.SAME, Kind.REWRAPPED, Kind.NOT_COMPARED}:
            return Outcome.CHANGED
        if not kinds or Kind.NOT_COMPARED in kinds or self.not_read_before or self.not_read_now:
            return Outcome.NOT_ALL_COMPARED
        return Outcome.REWRAPPED if Kind.REWRAPPED in kinds else Outcome.SAME

    def of_kind(self, *kinds: Kind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)
