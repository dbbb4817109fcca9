"""Office documents: DOCX, XLSX, PPTX, ODT and their like, and the old ones before them."""

from __future__ import annotations

import io
import re
import zipfile

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.markup import read_markup
from companion.scans.formats.plain_text import DOCUMENT_ENDINGS, decode
from companion.scans.formats.registry import (
    LOOSE,
    NOTE,
    Inside,
    Passages,
    PasswordError,
    Rank,
    document_format,
)
from companion.scans.formats.strings import text_runs

MAX_PART = 4_000_000
"""Bytes that are unpacked of one part of an office document."""
_PARTS = re.compile(
    r"(?:word/[\w-]+\.xml|docProps/\w+\.xml|xl/sharedStrings\.xml|xl/comments\d*\.xml"
    r"|ppt/slides/slide\d+\.xml|content\.xml|meta\.xml)"
)


def is_office(data: bytes) -> bool:
    """Whether a ZIP begins that is an office document."""
    return data.startswith(signatures.ZIP_ENTRY_SIGNATURE) and (
        b"[Content_Types].xml" in data[:4096]
        or b"mimetypeapplication/vnd.oasis.opendocument" in data[:120]
    )


@document_format("office document", Kind.DOCUMENT, fits=is_office)
def read(data: bytes, _inside: Inside) -> Passages:
    """The text of its parts. ``PasswordError`` where they are encrypted."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if any(entry.flag_bits & 1 for entry in parts.infolist()):
            raise PasswordError
        for entry in parts.infolist()[:500]:
            if _PARTS.fullmatch(entry.filename):
                with parts.open(entry) as part:
                    text = decode(part.read(MAX_PART))
                about = "document details" if "meta" in entry.filename.lower() else "text"
                if entry.filename.startswith("docProps"):
                    about = "document details"
                yield from ((about, found) for _, found in read_markup(text))


@document_format(
    "old office document",
    Kind.DOCUMENT,
    fits=signatures.OLE.fits,
    endings=DOCUMENT_ENDINGS,
    needs_both=True,
)
@document_format("other compound file", Kind.OTHER, fits=signatures.OLE.fits, rank=Rank.WRAP)
def read_old(data: bytes, _inside: Inside) -> Passages:
    """The loose text of an old office document, which is not read by its format."""
    yield from ((LOOSE, run) for run in text_runs(data))
    yield NOTE, Note.TEXT_ONLY
