"""Whether a program made a file: what a report says of it, asked once for each kind of file."""

from __future__ import annotations

from typing import Any

from companion.receipts.elements import DataSet
from companion.scans.dicom import tags
from companion.scans.findings import Certainty
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits

MOST_ASKED = 200
"""Kinds of files of one set that are inspected; of further ones nothing is said."""
_RULES = frozenset({"ai-result", "ai-picture"})
_HASTY = Limits(file_seconds=0.5)
_ORDER = (Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE)
_SAYS = (
    tags.SERIES_INSTANCE_UID, tags.SOP_CLASS_UID, tags.IMAGE_TYPE, tags.MANUFACTURER,
    tags.SOFTWARE_VERSIONS, tags.SERIES_DESCRIPTION,
)  # fmt: skip
"""What files of one kind have in common."""


class Programs:
    """Asks the inspection of scans, and remembers what it said of files of the same kind."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], str] = {}

    def certainty(self, dataset: DataSet, data: bytes) -> str:
        """How certain it is that a program made this (``Certainty``), empty for no sign of it.

        ``data``: the file's bytes.
        """
        kind = tuple(dataset.text(tag) for tag in _SAYS)
        known = self._known.get(kind)
        if known is None:
            if len(self._known) >= MOST_ASKED:
                return ""
            known = self._known[kind] = _asked(data)
        return known


def _asked(data: bytes) -> str:
    """What a report says of one file, whose documents are not opened for this."""
    report = inspect([Entry("", [data])], _HASTY, isolate=_nothing)
    found = {finding.certainty for finding in report.findings if finding.rule in _RULES}
    return next((certainty.value for certainty in _ORDER if certainty in found), "")


def _nothing(*_: Any) -> None:
    """In the place of a reader of documents."""
