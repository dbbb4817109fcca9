"""PDF: pages, notes and form fields, bookmarks, layers, attachments, and earlier versions."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.markup import read_markup
from companion.scans.formats.pdf_hidden import beside_the_letters, hidden, words
from companion.scans.formats.pdf_objects import MOST_ATTACHMENTS, PdfObjects
from companion.scans.formats.pdf_pictures import is_picture
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import (
    NOTE,
    PAGES,
    Inside,
    Passages,
    PasswordError,
    document_format,
)
from companion.scans.work import Work, did

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 200
"""Pages that are read of one PDF."""
_MOST_VERSIONS = 3
"""Earlier versions that are read of one PDF, the latest of them first."""
_MOST_PACKETS = 40
"""Parts of a form that are read; the standard knows about a dozen."""
_MOST_ANNOTATIONS = 200
"""Annotations of one page whose drawn text is read."""
_END = b"%%EOF"
_USUAL_DETAILS = frozenset(
    ["title", "author", "subject", "keywords", "creator", "producer", "creationdate", "moddate",
     "trapped"]
)  # fmt: skip
"""Names of details that say what they hold; others were given by somebody."""

# pypdf warns of each thing that is wrong, and its words may quote the file; one that was made to
# harm has a hundred thousand, whose telling would take longer than the reading.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


@document_format("PDF", Kind.PDF, fits=signatures.has_pdf_header)
def read(data: bytes, inside: Inside) -> Passages:
    """All texts of a PDF. ``PasswordError`` where it does not open without a password."""
    reader = _open(data)
    yield PAGES, str(len(reader.pages))
    said: set[str] = set()
    for label, text in _read_version(reader, inside):
        if label != NOTE:
            said.add(text)
        yield label, text
    yield from _attachments(reader, inside)
    yield from hidden(data, reader, inside, said)
    yield from _earlier(data, inside, said)


def _open(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    from companion.scans import aes

    aes.lend_where_missing()
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordError
    return reader


def _read_version(reader: PdfReader, inside: Inside) -> Passages:
    """Metadata, pages, and what other objects say, of one state of a PDF."""
    from pypdf.generic import StreamObject

    about: set[str] = set()
    for key, value in (reader.metadata or {}).items():
        if isinstance(value, str) and value.strip():
            about.add(value.strip())
            name = str(key).strip("/")
            own = name.lower() not in _USUAL_DETAILS
            yield f"PDF {name.lower()}", f"{name}: {value}" if own else value
    if reader.xmp_metadata is not None:
        stream = reader.root_object["/Metadata"].get_object()
        packet = stream.get_data() if isinstance(stream, StreamObject) else b""
        for _, text in read_markup(decode(packet)):
            about.add(text.strip())
            yield "PDF XMP", text
    yield from _form_data(reader)
    objects = PdfObjects(reader, inside)
    yield from ((label, text) for label, text in objects.texts() if text not in about)
    if objects.is_cut:
        yield NOTE, Note.DOCUMENT_CUT
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES or inside.is_late:
            yield NOTE, Note.DOCUMENT_CUT
            return
        did(Work.PAGE)
        text = page.extract_text() or ""
        did(Work.DRAWN_LETTER, len(text))
        yield "PDF text", text
        if is_picture(page, text):
            yield NOTE, Note.PICTURE_PAGE
        for drawn in _drawn_in_annotations(page):
            yield "PDF note", drawn
        for beside in beside_the_letters(page, text):
            yield "PDF description", beside


def _form_data(reader: PdfReader) -> Passages:
    """What a form of the XFA kind holds: mark-up of its own beside the pages (ISO 32000-1,
    12.7.8), whole or in named parts."""
    from pypdf.generic import ArrayObject, StreamObject

    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    packets = form.get("/XFA") if isinstance(form, dict) else None
    packets = packets.get_object() if packets is not None else None
    for packet in list(packets)[:_MOST_PACKETS] if isinstance(packets, ArrayObject) else [packets]:
        packet = packet.get_object() if packet is not None else None
        if isinstance(packet, StreamObject):
            with suppress(Exception):  # damaged, or it unpacks to more than is allowed
                for _, text in read_markup(decode(packet.get_data()), is_data=True):
                    yield "PDF form", text


def _drawn_in_annotations(page: PageObject) -> Iterator[str]:
    """What stamps and typed notes show on the page, whatever they say of themselves."""
    from pypdf.generic import StreamObject

    annotations = page.get("/Annots")
    annotations = annotations.get_object() if annotations is not None else ()
    for annotation in list(annotations or ())[:_MOST_ANNOTATIONS]:
        with suppress(Exception):
            look = annotation.get_object().get("/AP", {}).get_object().get("/N")
            look = look.get_object() if look is not None else None
            if isinstance(look, StreamObject):
                text = page.extract_xform_text(look)  # type: ignore[arg-type]
                if text.strip():
                    yield text


def _attachments(reader: PdfReader, inside: Inside) -> Passages:
    """Files that are attached to a PDF or to something in it, by their own formats."""
    objects = PdfObjects(reader, inside, 1)
    for number, (names, stream) in enumerate(objects.attachments()):
        if number >= MOST_ATTACHMENTS or inside.is_late:
            yield NOTE, Note.PART_NOT_CHECKED
            return
        for name in names:
            yield "PDF attachment name", name
        try:
            data = stream.get_data()
        except Exception:  # noqa: BLE001 - damaged, or it unpacks to more than is allowed
            yield NOTE, Note.PART_NOT_CHECKED
            continue
        yield from inside.read("PDF attachment", names[0] if names else "", data)
    if objects.is_cut:
        yield NOTE, Note.PART_NOT_CHECKED


def _earlier(data: bytes, inside: Inside, said: set[str]) -> Passages:
    """What earlier versions say that the last one does not say any more.

    A program that saves a change appends it: each ``%%EOF`` ends a version that is whole.
    """
    ends: list[int] = []
    at = data.find(_END)
    while at >= 0 and len(ends) < 1_000:
        ends.append(at + len(_END))
        at = data.find(_END, at + 1)
    shown = words(said)
    for end in reversed(ends[:-1][-_MOST_VERSIONS:]):
        if inside.is_late:
            yield NOTE, Note.DOCUMENT_CUT
            return
        with suppress(Exception):  # the first of two in a PDF for the web is no version
            for label, text in _read_version(_open(data[:end]), inside):
                if label == NOTE or text in said:
                    continue
                said.add(text)
                gone = "\n".join(line for line in text.splitlines() if words([line]) - shown)
                if gone:
                    yield f"PDF earlier version: {label}", gone
    if len(ends) > _MOST_VERSIONS + 1:
        yield NOTE, Note.DOCUMENT_CUT
