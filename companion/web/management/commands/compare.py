"""``manage.py compare OLD PATH...``: what changed since a receipt was made, or between two sets.

Exit 0: nothing changed, or only how files are packed; 1: something changed; 3: no change was
seen, and not all could be compared; 2: wrong usage.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from companion.receipts import (
    Change,
    Comparison,
    Kind,
    Outcome,
    Receipt,
    ReceiptError,
    WhyNot,
    compare,
    read_receipt,
)
from companion.receipts.receipt import FORMAT, MOST_BYTES
from companion.web.management.commands.receipt import NOT_ALL, lines_of_unread, receipt_of
from companion.web.management.plain import PlainCommand, WrongInputError, printable

CHANGED = 1
_MOST_LISTED = 50
_MOST_DETAILS = 10
_SNIFFED = 4_096
_KINDS = {
    Kind.SAME: "the same, byte for byte",
    Kind.REWRAPPED: "the same picture and details, packed or written otherwise",
    Kind.DETAILS: "the same picture, changed details",
    Kind.PICTURE: "a changed picture",
    Kind.PICTURE_AND_DETAILS: "a changed picture and changed details",
    Kind.NOT_COMPARED: "not compared: a part could not be read or unpacked here",
    Kind.MISSING: "missing",
    Kind.ADDED: "added",
    Kind.ADDED_RESULT: "added, made by a program",
}
_OUTCOMES = {
    Outcome.SAME: "Nothing changed: every file is the same, byte for byte.",
    Outcome.REWRAPPED: "Not a point and not a detail changed; how the files are packed did.",
    Outcome.CHANGED: "Something changed. This does not tell who changed it, nor why.",
    Outcome.NOTHING_IN_COMMON: "The two have nothing in common: these may be other scans.",
    Outcome.NOT_ALL_COMPARED: "No change was seen, but not all could be compared.",
}
_WHY_NOT = {
    WhyNot.TOO_LARGE: "it is too large for a receipt",
    WhyNot.NOT_JSON: "it is no receipt",
    WhyNot.NOT_A_RECEIPT: "it is no receipt",
    WhyNot.NEWER: "it was made by a newer version of this program",
    WhyNot.DAMAGED: "it is damaged",
    WhyNot.EDITED: "it was changed since it was made",
}


class Command(PlainCommand):
    help = (
        "Say what changed in scans since a receipt was made, or between two sets of files. "
        "Exit 1: something changed; 3: not all could be compared."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD", help="a receipt, or the old file, folder or ZIP")
        parser.add_argument("paths", nargs="+", metavar="PATH", help="the new files")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = _kept_receipt(options["old"])
        old = receipt_of([options["old"]], details=True) if kept is None else kept
        new = receipt_of(options["paths"], details=True)
        comparison = compare(old, new)
        width = max(60, shutil.get_terminal_size((100, 24)).columns)
        for line in _lines(comparison, new):
            self.stdout.write(line[: 4 * width])
        self.stdout.flush()
        outcome = comparison.outcome
        if outcome in {Outcome.CHANGED, Outcome.NOTHING_IN_COMMON}:
            sys.exit(CHANGED)
        if outcome is Outcome.NOT_ALL_COMPARED:
            sys.exit(NOT_ALL)


def _kept_receipt(path: str) -> Receipt | None:
    """The receipt that a file is; None where it is something else. Raises ``WrongInputError``."""
    file = Path(path)
    if not file.is_file():
        return None
    try:
        with file.open("rb") as stream:
            head = stream.read(_SNIFFED)
            if not head.lstrip().startswith(b"{") or FORMAT.encode() not in head:
                return None
            data = head + stream.read(MOST_BYTES)
    except OSError as error:
        raise WrongInputError(f"{printable(path)}: {error.strerror}") from None
    try:
        return read_receipt(data)
    except ReceiptError as error:
        raise WrongInputError(f"{printable(path)}: {_WHY_NOT[error.why]}") from None


def _lines(comparison: Comparison, new: Receipt) -> Iterator[str]:
    yield _OUTCOMES[comparison.outcome]
    yield f"The old receipt is of {comparison.old_made_on.isoformat()}."
    for kind in Kind:
        if count := comparison.counts.get(kind):
            yield f"{count:6}  {_KINDS[kind]}"
    if comparison.twice:
        yield f"{comparison.twice:6}  once more among the new files"
    if comparison.not_read_before:
        yield f"{comparison.not_read_before:6}  not read when the old receipt was made"
    yield from lines_of_unread(comparison.unread)
    listed = comparison.of_kind(*(kind for kind in Kind if kind not in {Kind.SAME, Kind.REWRAPPED}))
    for change in listed[:_MOST_LISTED]:
        yield from _lines_of(change)
    if len(listed) > _MOST_LISTED:
        yield f"... and {len(listed) - _MOST_LISTED} more"
    for check in new.signatures:
        yield f"signature {check.verdict}, {check.files} files: {printable(check.signer)}"
    for trace in new.traces:
        said = ", ".join(printable(value) for value in trace.values)
        yield f"worth a question ({trace.certainty}): {trace.kind}, {trace.files} files: {said}"


def _lines_of(change: Change) -> Iterator[str]:
    row = change.new or change.old
    name = "" if row is None else printable(row.name) or row.instance or row.file[:16]
    marks = f" ({', '.join(sorted(change.marks))})" if change.marks else ""
    yield f"{change.kind}: {name}{marks}"
    for detail in change.details[:_MOST_DETAILS]:
        before, after = _shown(detail.old), _shown(detail.new)
        yield f"    {detail.name} ({detail.path}): {before} -> {after}"
    more = change.more_details + max(0, len(change.details) - _MOST_DETAILS)
    if more:
        yield f"    ... and {more} more details"


def _shown(value: str | None) -> str:
    if value is None:
        return "(not there)"
    return printable(value) or "(no text)"
