"""The list of files in a report: problems first, similar files as one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from companion.content import identifiers
from companion.scans.findings import FileRecord
from companion.web.scans.report.coded import in_words

LINES_AT_MOST = 400
NAMES_AT_MOST = 2_000
_ALONE_AT_MOST = 3
"""Similar files of one folder that still get a line each."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file, or several similar ones."""

    name: str = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    """All names, if the line covers more than one file."""
    count: int
    kind: str
    modality: str
    """In words where the code is known."""
    status: str
    status_word: str
    notes: tuple[str, ...]

    @property
    def read(self) -> bool:
        """Read to its end."""
        return self.status == "read"


def file_lines(
    records: Sequence[FileRecord], words: Any, language: str
) -> tuple[tuple[FileLine, ...], int]:
    """The lines, problems first, and how many files were left out."""
    sentences = identifiers.notes(language)
    runs: dict[tuple[Any, ...], list[str]] = {}
    for record in records:
        folder = record.name.rpartition("/")[0]
        key = (record.status, folder, record.kind, record.modality, record.notes)
        runs.setdefault(key, []).append(record.name)
    order = ("not-read", "partly-read", "read")
    lines: list[FileLine] = []
    for (status, folder, kind, modality, notes), names in sorted(
        runs.items(), key=lambda pair: order.index(pair[0][0])
    ):
        runs_of = [names] if len(names) > _ALONE_AT_MOST else [[name] for name in names]
        lines.extend(
            FileLine(
                name=run[0] if len(run) == 1 else folder,
                names=tuple(run[:NAMES_AT_MOST]) if len(run) > 1 else (),
                count=len(run),
                kind=words["kinds"][kind],
                modality=in_words("Modality", modality) or modality,
                status=status,
                status_word=words["statuses"][status.replace("-", "_")],
                notes=tuple(sentences.get(note, note) for note in notes),
            )
            for run in runs_of
        )
    shown = lines[:LINES_AT_MOST]
    return tuple(shown), sum(line.count for line in lines[LINES_AT_MOST:])
