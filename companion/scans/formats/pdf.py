"""PDF: pages, form fields, notes and metadata."""

from __future__ import annotations

import io

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.markup import read_markup
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import (
    NOTE,
    Inside,
    Passages,
    PasswordError,
    document_format,
)

MAX_PAGES = 200
"""Pages that are read of one PDF."""


@document_format("PDF", Kind.PDF, fits=signatures.has_pdf_header)
def read(data: bytes, _inside: Inside) -> Passages:
    """All texts of a PDF. ``PasswordError`` where it does not open without a password."""
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordError
    for key, value in (reader.metadata or {}).items():
        if isinstance(value, str) and value.strip():
            yield f"PDF {str(key).strip('/').lower()}", value
    if reader.xmp_metadata is not None:
        stream = reader.root_object["/Metadata"].get_object()
        packet = stream.get_data() if isinstance(stream, StreamObject) else b""
        yield from (("PDF XMP", text) for _, text in read_markup(decode(packet)))
    for attachment in reader.attachment_list:
        yield "PDF attachment", str(attachment.name)
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            yield NOTE, Note.DOCUMENT_CUT
            return
        yield "PDF text", page.extract_text() or ""
        for annotation in page.get("/Annots", None) or ():
            entry = annotation.get_object()
            for key in ("/Contents", "/T", "/V"):
                text = entry.get(key)
                if isinstance(text, str) and text.strip():
                    yield "PDF note or form field", text
