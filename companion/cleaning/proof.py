"""The proof of one cleaned file: it is inspected like any other, and searched for the originals.

An inspection of every file would cost more than all else. In a series only numbers, UIDs and
days differ: files whose words are the same, to the byte, are inspected once, and all of them
are searched.
"""

from __future__ import annotations

from pydicom import Dataset

from companion.cleaning.data_sets import header_and_pixels
from companion.cleaning.originals import Originals
from companion.cleaning.shapes import Cleaned, Reason
from companion.scans.findings import Certainty, Finding, Place, Status
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from companion.scans.other_files import Isolate

_GROUPS = frozenset({"who-you-are", "other-people", "where", "numbers", "when"})
"""Groups of findings none of which may be left."""
_PLACES = frozenset(
    {
        Place.PRIVATE, Place.PREAMBLE, Place.TRAILING, Place.OVERLAY, Place.ICON, Place.DOCUMENT,
        Place.DIRECTORY, Place.ARCHIVE, Place.FILE_NAME,
    }
)  # fmt: skip
"""Places in which a copy holds nothing."""
_MAY_STAY = frozenset({"uid-maker", "code-version", "written-report"})
_MUST_GO = frozenset({"claim-left-over", "two-patients", "original-values", "device-serial"})
_REMEMBERED = 50_000


class Proof:
    """Proves the files of one set."""

    def __init__(self, originals: Originals, limits: Limits, isolate: Isolate) -> None:
        self._originals = originals
        self._limits = limits
        self._isolate = isolate
        self._proven: dict[bytes, tuple[str, ...]] = {}

    def of(
        self, cleaned: Cleaned, data_set: Dataset, words: bytes
    ) -> tuple[Reason | None, tuple[str, ...]]:
        """Why a file may not go out, and the rules of what was found; None and () if it may.

        ``data_set``: what was written. ``words``: a mark of all that it says, or nothing where
        it is to be inspected anyway.
        """
        header, pixels = header_and_pixels(cleaned.data, data_set)
        if self._originals.stands_in_bytes(header, pixels):
            return Reason.VALUE_LEFT, ()
        return self.left(cleaned, words)

    def left(self, cleaned: Cleaned, words: bytes) -> tuple[Reason | None, tuple[str, ...]]:
        """The same of a file that was searched for the originals already."""
        left = self._proven.get(words) if words else None
        if left is None:
            left = self._inspected(cleaned)
            if words and len(self._proven) < _REMEMBERED:
                self._proven[words] = left
        return (Reason.STILL_IDENTIFIES, left) if left else (None, ())

    def _inspected(self, cleaned: Cleaned) -> tuple[str, ...]:
        """The rules of what an inspection finds in a file and may not stay."""
        report = inspect([Entry(cleaned.name, [cleaned.data])], self._limits, isolate=self._isolate)
        if any(record.status is not Status.READ for record in report.files):
            return ("not-read",)
        return tuple(sorted({one.rule for one in report.findings if must_go(one)}))


def must_go(finding: Finding) -> bool:
    """Whether a copy may not go out in which this is found."""
    if finding.rule in _MAY_STAY:
        return False
    if finding.place in (Place.PICTURE, Place.FACE):
        return False  # what reads the pictures judges them
    if finding.place in _PLACES:
        return True
    named = finding.rule in _MUST_GO or finding.group in _GROUPS
    return named and finding.certainty is not Certainty.POSSIBLE
