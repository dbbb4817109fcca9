"""Two receipts -> what became of each file.

Files find each other by their bytes, then by the number that each picture has (SOP Instance UID),
then by their points, and at last by their place in a series; never by their names, which a
receipt does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from companion.receipts.changes import Change, Comparison, Kind, Mark
from companion.receipts.details import Detail, differences
from companion.receipts.persons import Persons
from companion.receipts.points import are_mixed_otherwise, is_coded_with_loss
from companion.receipts.receipt import FileKind, FileReceipt, Identity, Lack, Receipt

_Key = Callable[[FileReceipt], Hashable]
"""What two files have in common that are one file; something false for one that has no such."""
_ORDER = list(Kind)


def compare(old: Receipt, new: Receipt) -> Comparison:
    """What became of the files of ``old`` in ``new``.

    Either may have been made of files at hand or read back. Which details differ, and whose
    scan it is, is said where the files are at hand.
    """
    pairs, missing, added, twice = _matched(old.files, new.files)
    changes = [_changed(one, other) for one, other in pairs]
    changes += [
        Change(Kind.MISSING, old=row, marks=frozenset(_marks_of_one(row))) for row in missing
    ]
    instances = {row.instance for row in old.files} - {""}
    for row in added:
        marks = {*_marks_of_one(row)}
        if row.instance in instances:
            marks.add(Mark.SECOND_VERSION)
        kind = Kind.ADDED_RESULT if row.program else Kind.ADDED
        changes.append(Change(kind, new=row, marks=frozenset(marks)))
    changes = _with_persons(changes, old)
    changes.sort(key=lambda change: _ORDER.index(change.kind))
    return Comparison(
        old.made_on,
        new.made_on,
        tuple(changes),
        both_at_hand=old.at_hand and new.at_hand,
        twice=twice,
        not_read_before=old.not_read,
        not_read_now=new.not_read,
        old_set=old.set_hash,
        unread=new.unread,
    )


@dataclass(slots=True)
class _Matching:
    """Old and new files that have not found each other yet."""

    old: list[FileReceipt]
    new: list[FileReceipt]
    pairs: list[tuple[FileReceipt, FileReceipt]]

    def by(self, key: _Key, *, alone: bool = False) -> None:
        """Pair files that have something in common, in their order; ``alone``: only where each
        side has exactly one."""
        waiting: dict[Hashable, list[FileReceipt]] = {}
        for row in self.new:
            if mark := key(row):
                waiting.setdefault(mark, []).append(row)
        counts: dict[Hashable, int] = {}
        for row in self.old:
            mark = key(row)
            counts[mark] = counts.get(mark, 0) + 1
        left, taken = [], set()
        for row in self.old:
            mark = key(row)
            found = waiting.get(mark) if mark else None
            if not found or (alone and (len(found) != 1 or counts[mark] != 1)):
                left.append(row)
                continue
            partner = found.pop(0)
            taken.add(id(partner))
            self.pairs.append((row, partner))
        self.old = left
        self.new = [row for row in self.new if id(row) not in taken]


def _matched(
    old: Iterable[FileReceipt], new: Iterable[FileReceipt]
) -> tuple[list[tuple[FileReceipt, FileReceipt]], list[FileReceipt], list[FileReceipt], int]:
    """Pairs, what is missing, what was added, and how many new files are another one again."""
    matching = _Matching(list(old), list(new), [])
    matching.by(lambda row: row.file)
    by_file = {one.file: other for one, other in matching.pairs}
    # Two equal files are one, however often they lie there.
    matching.pairs += [(row, by_file[row.file]) for row in matching.old if row.file in by_file]
    matching.old = [row for row in matching.old if row.file not in by_file]
    twice = [row for row in matching.new if row.file in by_file]
    matching.new = [row for row in matching.new if row.file not in by_file]
    matching.by(lambda row: row.instance and (row.instance, row.header, row.points or row.stored))
    matching.by(lambda row: row.instance)
    matching.by(lambda row: row.points and row.header and (row.points, row.header))
    matching.by(lambda row: row.points and row.series and (row.points, row.series))
    matching.by(lambda row: row.header)
    matching.by(lambda row: row.points)
    matching.by(lambda row: row.stored)
    matching.by(_place, alone=True)
    matching.by(lambda row: row.kind is FileKind.DIRECTORY, alone=True)
    # A file that came twice, and is not in the old set, is added once.
    seen: dict[str, FileReceipt] = {}
    again = 0
    for row in matching.new:
        again += row.file in seen
        seen.setdefault(row.file, row)
    return matching.pairs, matching.old, list(seen.values()), len(twice) + again


def _place(row: FileReceipt) -> Hashable:
    """Where in which series a picture lies."""
    return row.series and row.number is not None and (row.study, row.series, row.number)


def _changed(old: FileReceipt, new: FileReceipt) -> Change:
    """What became of one file that is in both sets."""
    if old.file == new.file:
        return Change(Kind.SAME, old, new)
    header, picture = _same_header(old, new), _same_picture(old, new)
    marks = set(_marks(old, new, header=header, picture=picture))
    details: tuple[Detail, ...] = ()
    more = 0
    if header is False and old.details is not None and new.details is not None:
        details, more = differences(old.details, new.details)
    return Change(_kind(header, picture), old, new, frozenset(marks), details, more)


def _kind(header: bool | None, picture: bool | None) -> Kind:
    if header and picture:
        return Kind.REWRAPPED
    if header is False:
        return Kind.PICTURE_AND_DETAILS if picture is False else Kind.DETAILS
    return Kind.PICTURE if picture is False else Kind.NOT_COMPARED


def _same_header(old: FileReceipt, new: FileReceipt) -> bool | None:
    """Whether the clinical headers say the same; None where one of them was not read."""
    return old.header == new.header if old.header and new.header else None


def _same_picture(old: FileReceipt, new: FileReceipt) -> bool | None:
    """Whether all points are the same; None where that could not be told."""
    if not old.header or not new.header:
        return None
    if bool(old.stored) != bool(new.stored):
        return False
    if old.stored == new.stored:
        return True
    if old.points and new.points:
        if old.points == new.points:
            return True
        # Who wrote the new file may have decoded the old one's picture with another program,
        # which computes other points from the same code.
        decoded = is_coded_with_loss(old.syntax) and not is_coded_with_loss(new.syntax)
        otherwise = decoded or are_mixed_otherwise(old.colours, new.colours)
        return None if otherwise and old.frames == new.frames else False
    # What is stored differs, and one of the two was not unpacked.
    return False if old.frames != new.frames or Lack.PICTURE_CUT in new.lacks else None


def _marks(
    old: FileReceipt, new: FileReceipt, *, header: bool | None, picture: bool | None
) -> Iterable[Mark]:
    if new.kind is not FileKind.SCAN:
        yield Mark.NO_SCAN
    if header is None:
        yield Mark.HEADER_NOT_COMPARED
    if picture is None:
        yield Mark.PICTURE_NOT_COMPARED
    if old.instance and new.instance and old.instance != new.instance:
        yield Mark.NEW_NUMBERS
    if header is False and old.shown != new.shown:
        yield Mark.VIEW
    if picture is not True and (new.lossy or is_coded_with_loss(old.syntax)):
        yield Mark.LOSSY
    if new.removed and not old.removed:
        yield Mark.NAMES_REMOVED
    if old.signatures > new.signatures:
        yield Mark.SIGNATURE_GONE
    if old.signatures < new.signatures:
        yield Mark.SIGNATURE_NEW


def _marks_of_one(row: FileReceipt) -> Iterable[Mark]:
    if row.kind is not FileKind.SCAN:
        yield Mark.NO_SCAN
    elif not row.header:
        yield Mark.HEADER_NOT_COMPARED


def _with_persons(changes: list[Change], old: Receipt) -> list[Change]:
    """Mark what bears another person's name than the set that was kept.

    Whose that is, its files say where they are at hand; otherwise those new files say it that
    did not change since.
    """
    unchanged = {Kind.SAME, Kind.REWRAPPED}
    if old.at_hand:
        known = [row.identity for row in old.files]
    else:
        known = [
            change.new.identity for change in changes if change.kind in unchanged and change.new
        ]
    suspects = [change.new.identity for change in changes if change.new is not None]
    persons = Persons(_given(known), _given(suspects))
    out = []
    for change in changes:
        certainty = None
        if change.kind not in unchanged and change.new is not None:
            certainty = persons.is_other(change.new.identity)
        if certainty is not None:
            marks = change.marks | {Mark.OTHER_PERSON}
            change = replace(change, marks=marks, person_certainty=certainty)
        out.append(change)
    return out


def _given(identities: Iterable[Identity | None]) -> list[Identity]:
    return [identity for identity in identities if identity is not None]
