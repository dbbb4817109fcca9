"""xDT: records of German practices (GDT 2.1, LDT, BDT of the KBV), field by field."""

from __future__ import annotations

import re

from companion.scans.findings import Kind
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import Inside, Passages, document_format

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\d{3}8000\d{4}\r?\n\d{7}")
_LINE = re.compile(r"\d{3}(\d{4})(.{1,1000})")
_FIELDS = {
    "3000": "patient number", "3101": "family name", "3102": "given name", "3103": "birth date",
    "3105": "insurance number", "3119": "insurance number", "3106": "place", "3107": "street",
    "3112": "postal code", "3626": "phone", "3618": "phone", "3619": "e-mail",
}  # fmt: skip
_DAY = re.compile(r"(\d\d)(\d\d)(\d{4})")


@document_format("xDT", Kind.DOCUMENT, fits=lambda data: _BEGINS.match(data) is not None)
def read(data: bytes, _inside: Inside) -> Passages:
    """Each field on a line behind what it is."""
    lines: list[str] = []
    for line in decode(data).splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        what = _FIELDS.get(found[1], found[1])
        value = _DAY.sub(r"\1.\2.\3", found[2]) if what == "birth date" else found[2]
        lines.append(f"{what}: {value}")
    yield "text", "\n".join(lines)
