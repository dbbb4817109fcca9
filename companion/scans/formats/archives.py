"""Archives inside a scan or a document: names and texts of what they hold."""

from __future__ import annotations

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats import packed
from companion.scans.formats.registry import (
    LOOSE,
    NOTE,
    Inside,
    Passages,
    Rank,
    begins,
    document_format,
)
from companion.scans.formats.strings import text_runs


@document_format(
    "archive",
    Kind.ARCHIVE,
    fits=begins(
        signatures.ZIP, signatures.GZIP, signatures.BZIP2, signatures.XZ, signatures.ZSTANDARD,
        signatures.SEVEN_ZIP, signatures.RAR, signatures.TAR, signatures.ISO_9660,
    ),
    rank=Rank.WRAP,
)  # fmt: skip
def read(data: bytes, inside: Inside) -> Passages:
    """What an archive holds; a note where it cannot be opened."""
    found = packed.unpack(data, inside.budget)
    yield from (("name of a packed file", name) for name in found.names)
    for part in found.parts:
        yield from inside.read("", part.name, part.data)
    yield from ((NOTE, note) for note in sorted(found.notes))
    if not found:
        yield NOTE, Note.PACKED_NOT_OPENED
    if not found.whole:
        yield from ((LOOSE, run) for run in text_runs(data))
