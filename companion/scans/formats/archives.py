"""Archives inside a scan or a document: names and texts of what they hold, if simply packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats.registry import LOOSE, Inside, Passages, Rank, begins, document_format
from companion.scans.formats.strings import text_runs

MAX_PACKED = 100
"""Files whose names are read of an archive."""
MAX_PART = 4_000_000
"""Bytes that are unpacked of one of them."""


@document_format(
    "archive",
    Kind.ARCHIVE,
    fits=begins(
        signatures.ZIP, signatures.GZIP, signatures.BZIP2, signatures.XZ, signatures.SEVEN_ZIP,
        signatures.RAR, signatures.TAR, signatures.ISO_9660,
    ),
    rank=Rank.WRAP,
)  # fmt: skip
def read(data: bytes, inside: Inside) -> Passages:
    """What an archive holds, as far as it can be opened simply."""
    parts: list[tuple[str, bytes]] = []
    if signatures.GZIP.fits(data):
        with suppress(zlib.error):
            parts.append(("", zlib.decompressobj(31).decompress(data, MAX_PART)))
    elif data.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, zlib.error), zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist()[:MAX_PACKED]:
                yield "name of a packed file", entry.filename
                plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                if plain and not entry.flag_bits & 1:
                    with packed.open(entry) as opened:
                        parts.append((entry.filename, opened.read(MAX_PART)))
    for name, part in parts:
        yield from inside.read("", name, part)
    yield from ((LOOSE, run) for run in text_runs(data))
