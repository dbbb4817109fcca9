"""RTF: the text of a letter between its control words."""

from __future__ import annotations

import re

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import Inside, Passages, document_format


@document_format("RTF", Kind.DOCUMENT, fits=signatures.RTF.fits)
def read(data: bytes, _inside: Inside) -> Passages:
    """The text of an RTF."""
    yield "text", _text(decode(data))


def _text(text: str) -> str:
    text = re.sub(r"\\'([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\par[d]?\b ?", "\n", text)
    return re.sub(r"\\[a-z]{1,32}-?\d* ?|[{}]", "", text)
