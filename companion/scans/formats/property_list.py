"""Property lists of Apple's programs in their binary form (``bplist00``): value behind name."""

from __future__ import annotations

import plistlib
from itertools import islice

from companion.scans.findings import Kind, Note
from companion.scans.formats.json_text import walk
from companion.scans.formats.registry import LOOSE, NOTE, Inside, Passages, document_format
from companion.scans.formats.strings import text_runs

_LONGEST = 8 * 1024 * 1024
_MOST_VALUES = 20_000
_MOST_NODES = 100_000
_SHORTEST_FILE = 16
_PASSAGE = 100


@document_format("property list", Kind.DOCUMENT, fits=lambda data: data.startswith(b"bplist00"))
def read(data: bytes, inside: Inside) -> Passages:
    """The values of a property list, and the files in it."""
    if len(data) > _LONGEST:
        yield NOTE, Note.DOCUMENT_CUT
    # A reference may lead back to where it stands, and a few of them make a text without end.
    whole = plistlib.loads(data[:_LONGEST], fmt=plistlib.FMT_BINARY)
    nodes, files = _nodes(whole)
    if nodes > _MOST_NODES:
        yield NOTE, Note.PART_NOT_CHECKED
        yield from ((LOOSE, run) for run in text_runs(data))
        return
    lines = list(islice(walk(whole), _MOST_VALUES + 1))
    for start in range(0, min(len(lines), _MOST_VALUES), _PASSAGE):
        yield "text", "\n".join(lines[start : start + _PASSAGE])
    if len(lines) > _MOST_VALUES:
        yield NOTE, Note.DOCUMENT_CUT
    for packed in files:
        yield from inside.read("inside the list", "", packed)


def _nodes(whole: object) -> tuple[int, list[bytes]]:
    """How many values there are, as far as it matters, and those that may be files."""
    files: list[bytes] = []
    stack, nodes = [whole], 0
    while stack and nodes <= _MOST_NODES:
        one = stack.pop()
        inner = list(one.values()) if isinstance(one, dict) else one
        nodes += 1
        if isinstance(inner, list):
            nodes += len(inner)
            stack += inner[:_MOST_NODES]
        elif isinstance(one, bytes) and len(one) > _SHORTEST_FILE:
            files.append(one)
    return nodes, files
