"""What is no scan - documents, pictures, packed files - beside scans or inside one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion import signatures
from companion.scans.dicom.preamble import archive_note
from companion.scans.dicom.structure import DataSetParse
from companion.scans.findings import SCANS, Kind, Note, Place
from companion.scans.formats import documents, hdf5, images
from companion.scans.formats.strings import is_text, text_runs
from companion.scans.formats.tiff import Spread, read_tiff
from companion.scans.inventory import FactKind, Inventory
from companion.scans.unpacking import OF_PICTURES, OnPart, Opened, Unpacker

Isolate = Callable[..., Any]
"""Calls a function with arguments where a crash of it does no harm; None if it crashed."""

_PACKED_THEMSELVES = (signatures.ZIP, signatures.OLE)
"""What documents begin with whose own readers know how they are packed."""

_LOOSE = "text in a file"
"""Label of text that was found without knowing how the file is built."""


class OtherFiles:
    """Reads what is no scan into one inventory."""

    def __init__(
        self,
        inventory: Inventory,
        isolate: Isolate,
        unpacker: Unpacker,
        on_part: OnPart | None = None,
    ) -> None:
        self.inventory = inventory
        self._on_part = on_part
        self._isolate = isolate
        self._unpacker = unpacker

    def attachments(self, parse: DataSetParse, notes: set[Note]) -> None:
        """Read the documents and pictures that a scan carries."""
        for attachment in parse.attachments:
            data, place = attachment.data, attachment.place
            kind = Kind.IMAGE if place is Place.PICTURE else documents.sniff("", data)
            opened = self._unpack(kind, data, place, notes, attachment.path, attachment.tag)
            if place is Place.DOCUMENT:
                self.inventory.add_fact(
                    FactKind.ENCAPSULATED_DOCUMENT, place, path=attachment.path, detail=kind
                )
                if kind is Kind.PROGRAM or (
                    kind is Kind.OTHER
                    and data.strip(b"\0")
                    and not documents.is_model(data)
                    and not (opened and opened.whole)
                ):
                    notes.add(Note.INSIDE_UNKNOWN)
            if not (opened and opened.whole):
                self._document(kind, data, place, notes, attachment.path, attachment.tag)

    def _unpack(
        self,
        kind: Kind,
        data: bytes,
        place: Place,
        notes: set[Note],
        path: str = "",
        tag: str | None = None,
    ) -> Opened | None:
        """Put what is packed in a file into the inventory; None if there is nothing.

        Formats that are packed themselves are left to their own readers.
        """
        opened = None
        own = kind is Kind.DOCUMENT and signatures.first_fit(data, _PACKED_THEMSELVES)
        script = kind is Kind.PROGRAM and is_text(data[:4_096])
        if (kind in {Kind.ARCHIVE, Kind.OTHER, Kind.DOCUMENT} and not own) or script:
            opened = self._unpacker.open(data, is_file=True)
        for text, where in opened.texts.items() if opened else ():
            self.inventory.add_text(place, f"text inside {where}", text, path=path, tag=tag)
        if opened:
            notes |= opened.notes
            # Packed voxels fill nearly all of a file; the little around them names the patient.
            for text in text_runs(opened.rest) if opened.whole else ():
                self.inventory.add_text(place, _LOOSE, text, path=path, tag=tag)
        return opened

    def file(self, name: str, data: bytes, notes: set[Note], *, whole: bool) -> tuple[Kind, bool]:
        """Read a file that is not DICOM; returns its kind and whether it was read.

        ``whole``: nothing of the file was left out of ``data``.
        """
        archive = archive_note(data)
        if archive:
            notes.add(archive)
            for text in text_runs(data[:65_536]):
                self.inventory.add_text(Place.OTHER_FILE, _LOOSE, text)
            return Kind.ARCHIVE, False
        kind = documents.sniff(name, data)
        if kind in SCANS:
            kind = Kind.OTHER
        opened = self._unpack(kind, data, Place.OTHER_FILE, notes)
        read = True
        if not (opened and opened.whole):
            read = self._document(kind, data, Place.OTHER_FILE, notes, name=name)
        elif signatures.HDF5.fits(data):  # its packed voxels are nearly all of it
            for title, text in self._isolate(hdf5.attributes, data) or ():
                self.inventory.add_text(Place.OTHER_FILE, title, text)
        if kind is Kind.IMAGE:
            notes.add(Note.PICTURE_NOT_LOOKED_AT)
            if whole and images.ends_early(data):
                notes.add(Note.TRUNCATED)
        elif kind is Kind.OTHER and Note.TEXT_ONLY not in notes:
            notes.add(Note.UNKNOWN_FORMAT)
        return kind, read

    def _document(
        self,
        kind: Kind,
        data: bytes,
        place: Place,
        notes: set[Note],
        path: str = "",
        tag: str | None = None,
        name: str = "",
    ) -> bool:
        """Read a document or picture in isolation; its plain text where that fails."""
        passages = self._isolate(read_document, kind, data, name)
        if isinstance(passages, list):
            found = {Note(text) for title, text in passages if title == documents.NOTE}
            notes |= found
            if self._on_part and place is not Place.OTHER_FILE and found & OF_PICTURES:
                self._on_part(kind, data)
            for title, text in passages:
                if title == documents.NOTE:
                    continue
                if title == documents.RAW and place is Place.DOCUMENT:
                    title = documents.LOOSE
                self.inventory.add_text(place, title, text, path=path, tag=tag)
            return True
        if passages == Note.PASSWORD:
            notes.add(Note.PASSWORD)
        else:
            notes.add(Note.NOT_CHECKED if place is Place.OTHER_FILE else Note.PART_NOT_CHECKED)
        for text in text_runs(data):
            self.inventory.add_text(place, _LOOSE, text, path=path, tag=tag)
        return False


def document_inside(
    isolate: Isolate, kind: Kind, data: bytes, name: str
) -> tuple[list[str], set[Note]]:
    """The texts of a document that was inside another file, and what is to be noted."""
    passages = isolate(read_document, kind, data, name)
    if not isinstance(passages, list):
        note = Note.PASSWORD if passages == Note.PASSWORD else Note.PART_NOT_CHECKED
        return list(text_runs(data)), {note}
    notes = {Note(text) for title, text in passages if title == documents.NOTE}
    return [text for title, text in passages if title != documents.NOTE], notes


def read_document(kind: Kind, data: bytes, name: str = "") -> list[tuple[str, str]] | str:
    """All passages of a document at once, so that they can come from another process;
    ``Note.PASSWORD`` for one that is locked."""
    try:
        return list(documents.read(kind, data, name))
    except documents.PasswordError:
        return Note.PASSWORD


def read_preamble(pieces: list[tuple[int, bytes]], size: int) -> list[tuple[str, str]]:
    """What the TIFF that a preamble begins says, as far as ``pieces`` of the file hold it."""
    spread = Spread(pieces, size)
    found = list(read_tiff(spread, "TIFF"))
    if spread.missed:
        found.append((documents.NOTE, Note.PART_NOT_CHECKED))
    return found
