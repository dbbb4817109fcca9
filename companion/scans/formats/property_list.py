"""Property lists of Apple's programs in their binary form (``bplist00``): value behind name."""

from __future__ import annotations

import plistlib
from itertools import islice

from companion.scans.findings import Kind, Note
from companion.scans.formats.json_text import walk
from companion.scans.formats.registry import NOTE, Inside, Passages, document_format

_LONGEST = 8 * 1024 * 1024
_MOST_VALUES = 20_000
_PASSAGE = 100


@document_format("property list", Kind.DOCUMENT, fits=lambda data: data.startswith(b"bplist00"))
def read(data: bytes, inside: Inside) -> Passages:
    """The values of a property list, and the files in it."""
    if len(data) > _LONGEST:
        yield NOTE, Note.DOCUMENT_CUT
    whole = plistlib.loads(data[:_LONGEST], fmt=plistlib.FMT_BINARY)
    lines = list(islice(walk(whole), _MOST_VALUES + 1))
    for start in range(0, min(len(lines), _MOST_VALUES), _PASSAGE):
        yield "text", "\n".join(lines[start : start + _PASSAGE])
    if len(lines) > _MOST_VALUES:
        yield NOTE, Note.DOCUMENT_CUT
    for packed in _files(whole):
        yield from inside.read("inside the list", "", packed)


def _files(whole: object) -> list[bytes]:
    found: list[bytes] = []
    stack, looked = [whole], 0
    while stack and looked < _MOST_VALUES:
        one = stack.pop()
        looked += 1
        if isinstance(one, dict):
            stack += list(one.values())
        elif isinstance(one, list):
            stack += one
        elif isinstance(one, bytes) and len(one) > 16:
            found.append(one)
    return found
