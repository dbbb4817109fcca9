"""The formats of files that are not DICOM: one file each in this folder, found by itself.

A file says how its format is known and how it is read::

    @document_format("RTF", Kind.DOCUMENT, fits=signatures.RTF.fits)
    def read(data: bytes, inside: Inside) -> Passages: ...

A reader yields pairs of a label ("PDF title") and a text. The label ``NOTE`` comes with a
``findings.Note`` instead. What a file holds of other files goes through ``inside``, which
reads them by their own formats, and only so many and so deep.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from companion import signatures
from companion.scans import formats as _folder
from companion.scans import work
from companion.scans.findings import Kind, Note
from companion.scans.formats.packings import Budget
from companion.scans.formats.strings import text_runs
from companion.scans.work import Work, did

Passages = Iterator[tuple[str, str]]
"""Labels, each with a text."""

NOTE = "note"
"""Label of what is not a text but a ``findings.Note``."""
RAW = "text inside the file"
"""Label of loose text in a file whose format is not read."""
PAGES = "PDF pages"
"""Label of how many pages a document has."""
LOOSE = "loose text"
"""Label of such text in a document, which was written by somebody."""
DATABASE = "database table"
"""How the label of a table begins."""

MAX_TEXT = 2_000_000
"""Characters that are read of one document, with all that is inside it."""
MAX_INSIDE = 60
"""Files that are read inside one document."""
MAX_INSIDE_BYTES = 24 * 1024 * 1024
"""Bytes that are read of them."""
MAX_DEPTH = 3
"""Files inside each other, the document itself not counted."""
SECONDS = 1.0
"""Of work (``work.spent``) after which no further passage of a document is asked for."""


class PasswordError(Exception):
    """A document that opens only with a password."""


class DuplicateFormatError(Exception):
    """Two formats go by the same name."""


class Rank(IntEnum):
    """How strong a sign of its format is; stronger ones are asked first."""

    MARK = 0
    """Bytes that no other file begins with."""
    WRAP = 1
    """Bytes that also formats of their own begin with, which are files in an archive."""
    ENDING = 2
    """The ending of the file's name."""
    SHAPE = 3
    """How a text is laid out."""
    ANY = 4
    """What is left."""


Fits = Callable[[bytes], bool]
"""Whether a file is of a format, by its bytes or their beginning."""
Read = Callable[[bytes, "Inside"], Passages]


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A format, how it is known and how it is read."""

    name: str
    kind: Kind
    rank: Rank
    test: Fits | None
    endings: frozenset[str]
    needs_both: bool
    read: Read

    def fits(self, data: bytes, ending: str) -> bool:
        """Whether a file is of this format, by its bytes and the ending of its name."""
        ends = ending in self.endings
        if self.needs_both:
            return ends and self.test is not None and self.test(data)
        return ends or (self.test is not None and self.test(data))


_registered: dict[str, DocumentFormat] = {}


def document_format(
    name: str,
    kind: Kind,
    *,
    fits: Fits | None = None,
    endings: str = "",
    needs_both: bool = False,
    rank: Rank = Rank.MARK,
) -> Callable[[Read], Read]:
    """Register the reader of a format whose files are of ``kind``.

    They are known by a test of their bytes, by one of ``endings`` of their names (given
    with spaces between), or only by both. Of two formats that fit one file, that of the
    stronger ``rank`` is taken, and of equal ones that whose name comes first.
    """

    def register(read: Read) -> Read:
        if name in _registered and _registered[name].read.__module__ != read.__module__:
            raise DuplicateFormatError(name)
        known = frozenset(endings.split())
        _registered[name] = DocumentFormat(name, kind, rank, fits, known, needs_both, read)
        return read

    return register


def begins(*marks: signatures.Format) -> Fits:
    """A test for files of one of these formats of ``signatures``."""
    return lambda data: signatures.first_fit(data, marks) is not None


@cache
def document_formats() -> tuple[DocumentFormat, ...]:
    """All formats in the order in which they are tried."""
    for module in pkgutil.iter_modules(_folder.__path__):
        importlib.import_module(f"{_folder.__name__}.{module.name}")
    return tuple(sorted(_registered.values(), key=lambda one: (one.rank, one.name)))


def format_of(data: bytes, name: str = "", kind: Kind | None = None) -> DocumentFormat | None:
    """The format of a file; with ``kind``, one whose files are of that kind if any fits."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    first = None
    for one in document_formats():
        if one.fits(data, ending):
            if kind is None or one.kind is kind:
                return one
            first = first or one
    return first


class Inside:
    """Reads the files inside one document, within bounds that they share."""

    def __init__(self) -> None:
        self.budget = Budget()
        """How much may be unpacked of what is packed in the document."""
        self._files = MAX_INSIDE
        self._bytes = MAX_INSIDE_BYTES
        self._depth = 0
        self._until = work.spent() + SECONDS

    @property
    def spent(self) -> float:
        """Which part of its time the document has had."""
        return 1 - (self._until - work.spent()) / SECONDS

    @property
    def is_late(self) -> bool:
        """Whether the document has had its time."""
        return self.spent > 1

    def read(self, label: str, name: str, data: bytes, kind: Kind | None = None) -> Passages:
        """Passages of a file inside the document, each label behind ``label``.

        One that is damaged, locked, too deep inside or one too many yields a note, and
        its loose text where there is time.
        """
        if self._files <= 0 or self._bytes < len(data) or self.is_late:
            yield NOTE, Note.PART_NOT_CHECKED
            return
        self._files -= 1
        self._bytes -= len(data)
        did(Work.PART)
        did(Work.BYTE, len(data))
        found = format_of(data, name, kind)
        if self._depth >= MAX_DEPTH or found is None or found.kind in (Kind.DICOM, Kind.OTHER):
            if data.strip(b"\0"):
                yield NOTE, Note.PART_NOT_CHECKED
            yield from ((LOOSE, run) for run in text_runs(data))
            return
        self._depth += 1
        try:
            for inner, text in found.read(data, self):
                bare = inner in (NOTE, RAW, LOOSE) or inner.startswith(DATABASE)
                yield (inner if bare or not label else f"{label}: {inner}"), text
        except (MemoryError, RecursionError, Exception):  # noqa: BLE001 - any parser's failure
            yield NOTE, Note.PART_NOT_CHECKED
            yield from ((LOOSE, run) for run in text_runs(data))
        finally:
            self._depth -= 1
        if found.kind is Kind.IMAGE:
            yield NOTE, Note.PICTURE_NOT_LOOKED_AT
