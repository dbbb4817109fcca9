"""JSON inside a file of a format that is not read: a viewer's cache, a store of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from companion.scans.findings import Note
from companion.scans.formats import json_text
from companion.scans.formats.registry import NOTE

LABEL = "JSON inside the file"
MOST = 500
"""Beginnings of JSON that are looked at in one file."""
MAX_BYTES = 262_144
"""Bytes that one piece of JSON may have."""
MAX_ALL = 8 * 1024 * 1024
"""Bytes that are looked at for all of them."""
_BEGINS = re.compile(rb"\{\s{0,20}\"[^\"\x00-\x1f]{1,80}\"\s{0,20}:")
_REST = re.compile(rb"[\t\n\r\x20-\xff]{1,%d}" % MAX_BYTES)
_DECODER = json.JSONDecoder()


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """The values of each whole object or list, on lines behind their names."""
    at = looked = 0
    for _ in range(MOST):
        found = _BEGINS.search(data, at)
        piece = _REST.match(data, found.start()) if found else None
        if found is None or piece is None:
            return
        looked += len(piece[0])
        if looked > MAX_ALL:
            break
        text = piece[0].decode("utf-8", "replace")
        try:
            _, length = _DECODER.raw_decode(text)
        except (ValueError, RecursionError):
            at = found.start() + 2
            continue
        lines = json_text.lines(text[:length]) or []
        if any(": " in line for line in lines):
            yield LABEL, "\n".join(lines)
        at = found.start() + max(2, len(text[:length].encode()))
    yield NOTE, Note.DOCUMENT_CUT
