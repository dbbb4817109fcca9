"""HL7 version 2: messages of hospital systems, in fields between bars."""

from __future__ import annotations

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import Inside, Passages, document_format


@document_format("HL7", Kind.DOCUMENT, fits=signatures.HL7.fits)
def read(data: bytes, _inside: Inside) -> Passages:
    """The message as it is."""
    yield "text", decode(data)
