"""A value that holds something packed, or a file of its own -> the text that is in it.

What ``formats.packed`` brings out is read as what it is: a scan as a scan, a document as a
document, all else for its readable text. Each upload has one ``Unpacker``, whose budget bounds
what all its files may unpack to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from companion import signatures
from companion.scans.findings import FileRecord, Kind, Note, Place
from companion.scans.formats import documents, old_text, packed
from companion.scans.formats.packed import Budget, Part
from companion.scans.formats.strings import is_text, text_runs
from companion.scans.inventory import Inventory

SCANS_DEEP = 2
"""Scans inside each other that are read as scans."""
MOST_TEXTS = 4_000
"""Texts that are kept of one value."""
_LINE = 400
"""Characters of one text."""

OF_PICTURES = frozenset({Note.PICTURE_NOT_LOOKED_AT, Note.PICTURE_PAGE})
"""What a document says of pictures in it, at which nobody has looked yet."""
_EXPECTED = frozenset(
    {Note.NO_PIXELS, Note.PIXELS_SHORT, Note.PIXELS_LONG, Note.PADDING, Note.NO_META}
)
"""What is noted of a scan of its own, and says nothing of one inside another file."""
_NO_WORDS = frozenset(
    {"AT", "CS", "FD", "FL", "SL", "SQ", "SS", "SV", "TM", "UI", "UL", "US", "UV"}
)
"""VRs whose values say nothing in a scan inside another file."""

ReadDocument = Callable[[Kind, bytes, str], tuple[list[str], set[Note]]]
"""Reads a document, apart from all else, for its texts and what is to be noted."""

OnPart = Callable[[Kind, bytes], None]
"""Takes a picture inside a file, or a document inside that may be one."""


class ReadsScans(Protocol):
    """What reads a scan into an inventory of its own (``reader.Reader``)."""

    def read(self, name: str, chunks: Iterable[bytes]) -> FileRecord: ...


@dataclass(slots=True)
class Opened:
    """What one value holds."""

    texts: dict[str, str] = field(default_factory=dict, repr=False)
    """Texts, each with what it stands in: ``packed data``, ``a document``, ``a scan``."""
    notes: set[Note] = field(default_factory=set)
    whole: bool = False
    """Whether the value is nothing but one thing packed."""
    rest: bytes = field(default=b"", repr=False)
    """The value without what was packed in it, to be searched for text."""


class Unpacker:
    """Opens values, one after the other, within one budget."""

    def __init__(
        self,
        make_reader: Callable[[Inventory], ReadsScans],
        read_document: ReadDocument,
        on_part: OnPart | None = None,
    ) -> None:
        self.budget = Budget()
        self._on_part = on_part
        self._make_reader = make_reader
        self._read_document = read_document
        self._deep = 0

    def begin(self) -> None:
        """A new file: its own share of the budget."""
        self.budget.begin()

    def open(self, value: bytes, *, is_file: bool = False) -> Opened | None:
        """What is packed in a value or stands there as a file; None if there is nothing.

        ``is_file``: the value as a whole is a file that the caller reads itself.
        """
        if not packed.may_hold(value):
            return None
        found = packed.unpack(value, self.budget, is_file=is_file)
        if not found:
            return None
        opened = Opened(notes=found.notes, whole=found.whole, rest=found.rest(value))
        for name in found.names:
            opened.texts.setdefault(name[:_LINE], "packed data")
        for part in found.parts:
            for text in self._texts(part, opened):
                opened.texts.setdefault(text, _where(part))
                if len(opened.texts) >= MOST_TEXTS:
                    opened.notes.add(Note.PACKED_CUT)
                    return opened
        return opened

    def _texts(self, part: Part, opened: Opened) -> Iterable[str]:
        data = part.data
        if signatures.DICOM.fits(data):
            return self._scan(data, opened)
        kind = documents.sniff(part.name, data)
        if kind in {Kind.OTHER, Kind.PROGRAM, Kind.ARCHIVE} or _is_plain(kind, data):
            plain = old_text.in_utf8(data, proven=True)
            if plain is None:
                return text_runs(data)
            if old_text.has_letters(plain):
                opened.notes.add(Note.LETTERS_GUESSED)
            return _lines(plain.decode())
        texts, notes = self._read_document(kind, data, part.name)
        opened.notes |= notes
        if kind is Kind.IMAGE:
            opened.notes.add(Note.PICTURE_NOT_LOOKED_AT)
        if self._on_part and (kind is Kind.IMAGE or notes & OF_PICTURES):
            self._on_part(kind, data)
        return (line for text in texts for line in _lines(text))

    def _scan(self, data: bytes, opened: Opened) -> Iterable[str]:
        if self._deep >= SCANS_DEEP:
            opened.notes.add(Note.PACKED_NOT_OPENED)
            return text_runs(data)
        inventory = Inventory(max_public=5_000, max_private=5_000, max_text=2_000_000)
        self._deep += 1
        try:
            record = self._make_reader(inventory).read("", [data])
        finally:
            self._deep -= 1
        opened.notes |= {Note(note) for note in record.notes} - _EXPECTED
        texts = [
            f"{element.name}: {value}"
            for element in inventory.elements
            if element.vr not in _NO_WORDS and element.place is not Place.FILE_META
            for value in element.values
        ]
        passages = (*inventory.passages, *inventory.strangers)
        return texts + [line for one in passages for line in _lines(one.text)]


def _is_plain(kind: Kind, data: bytes) -> bool:
    """Whether a document is text line by line, which a search reads as well as any reader."""
    head = data[:512].lstrip()
    return kind is Kind.DOCUMENT and is_text(data[:8_192]) and head[:1] not in {b"<", b"{"}


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        bare = " ".join(line.split())
        for start in range(0, len(bare), _LINE):
            yield bare[start : start + _LINE]


def _where(part: Part) -> str:
    if part.packing:
        return "packed data"
    return "a scan" if signatures.DICOM.fits(part.data) else "a document"
