"""3-D models: STL, as text or binary, and OBJ. Only their headers and names are texts."""

from __future__ import annotations

import re

from companion.scans.findings import Kind
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import MAX_TEXT, Inside, Passages, Rank, document_format

_TEXT_MODEL = re.compile(rb"(?:#[^\n]*\n\s*)*(?:v|o|mtllib) ")


def is_model(data: bytes) -> bool:
    """Whether the bytes are a 3-D model."""
    return _is_text_model(data) or _is_binary_model(data)


def _is_text_model(data: bytes) -> bool:
    return data.startswith(b"solid ") or _TEXT_MODEL.match(data[:2048]) is not None


def _is_binary_model(data: bytes) -> bool:
    return len(data) >= 84 and len(data) == 84 + 50 * int.from_bytes(data[80:84], "little")


@document_format(
    "3-D model",
    Kind.DOCUMENT,
    fits=_is_text_model,
    rank=Rank.SHAPE,
)
def read_text(data: bytes, _inside: Inside) -> Passages:
    """Comments and names in a model that is a text."""
    for line in decode(data[:MAX_TEXT]).splitlines():
        if line.startswith(("solid ", "endsolid ", "# ", "o ", "g ", "mtllib ")):
            yield "3-D model header", line.partition(" ")[2]


@document_format(
    "binary 3-D model",
    Kind.OTHER,
    fits=_is_binary_model,
    rank=Rank.ANY,
)
def read_binary(data: bytes, _inside: Inside) -> Passages:
    """The header of a binary model."""
    yield "3-D model header", data[:80].decode("ascii", "replace").strip("\0 ")
