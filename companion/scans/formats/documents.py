"""Files that are not DICOM: what kind they are, and the text that they hold.

This is the door to the formats of this folder, each of which is one file that registers
itself (``registry``). ``sniff`` names the kind by the bytes, the file's name only where
bytes say nothing. ``read`` yields pairs of a label ("PDF title") and a text. Nothing is ever
run, opened by name or fetched, no XML entity is expanded, no pixel decoded. A parser may fail
on a damaged file: the caller runs ``read`` apart from itself and says "could not be checked".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats import images, json_inside, plain_text
from companion.scans.formats.models import is_model
from companion.scans.formats.office import is_office
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import (
    DATABASE,
    LOOSE,
    MAX_TEXT,
    NOTE,
    PAGES,
    RAW,
    Inside,
    PasswordError,
    format_of,
)
from companion.scans.work import Work, did

__all__ = [
    "DATABASE",
    "LOOSE",
    "MAX_TEXT",
    "NOTE",
    "PAGES",
    "RAW",
    "PasswordError",
    "decode",
    "is_model",
    "is_office",
    "read",
    "sniff",
]

_PICTURES = frozenset({Kind.IMAGE, Kind.PDF})
_UNSEEN = dict.fromkeys(map(ord, "\0\u00ad\u200b\u2060\ufeff"))
"""What stands within a word and is not seen: where it may be parted, marks of a program."""
_PASSAGE = 4_000
"""Characters of one passage."""


def sniff(name: str, data: bytes) -> Kind:
    """The kind of a file; ``data`` may be its beginning."""
    if signatures.DICOM.fits(data):
        return Kind.DICOM
    found = format_of(data, name)
    return found.kind if found is not None else Kind.OTHER


def read(kind: Kind, data: bytes, name: str = "") -> Iterator[tuple[str, str]]:
    """Label and text of everything readable in a file of this kind.

    The label ``NOTE`` comes with a code that says what could not be read of it.
    ``PasswordError`` for a document that opens only with a password; other errors of a
    damaged file come through.
    """
    left = MAX_TEXT
    inside = Inside()
    for label, text in _read(kind, data, name, inside):
        if label == NOTE:
            yield label, text
            continue
        did(Work.LETTER, len(text))
        clean = text.translate(_UNSEEN).strip()
        for start in range(0, min(len(clean), left), _PASSAGE):
            yield label, clean[start : start + _PASSAGE]
        left -= len(clean)
        if left < 0 or inside.is_late:
            yield NOTE, Note.DOCUMENT_CUT
            return


def _read(kind: Kind, data: bytes, name: str, inside: Inside) -> Iterator[tuple[str, str]]:
    found = format_of(data, name, kind)
    if kind is Kind.IMAGE and (found is None or found.kind not in _PICTURES):
        # What a scan holds of a picture may be no more than a part of its bytes.
        return images.read(data)
    passages = (found.read if found is not None else plain_text.read)(data, inside)
    unknown = found is None or (found.kind is Kind.PROGRAM and _is_data(data))
    return chain(passages, json_inside.read(data)) if unknown else passages


def _is_data(data: bytes) -> bool:
    """Whether what is called a program by its name is binary data."""
    executable = (signatures.PE, signatures.ELF, signatures.MACH_O, signatures.SQLITE)
    return b"\0" in data and signatures.first_fit(data, executable) is None
