"""The patient's own name in other bytes: in UTF-16, or as the header has it in a code page.

Two characters of Chinese or Korean are a name, and in binary data no more than chance. Whoever
knows the name finds it all the same: its bytes are looked for, in each way to write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from companion.scans.formats import code_pages

_PART = re.compile(r"[^\s^=.,\\]{2,40}")
_MOST_PARTS = 8
_SHORTEST = 4
"""Bytes below which chance makes the same."""


def copies(value: bytes, name: str, pages: tuple[str, ...]) -> Iterator[str]:
    """The parts of ``name`` that stand in a value, in the order of the name, as one text.

    Only of a name beyond ASCII: a search for text finds the others. ``pages``: the code pages
    that the data set names, or was probably written in.
    """
    if name.isascii():
        return
    for needles in _needles(name, pages):
        found = [text for needle, text in needles if needle in value]
        if found:
            yield " ".join(found)


@lru_cache(maxsize=64)
def _needles(name: str, pages: tuple[str, ...]) -> tuple[tuple[tuple[bytes, str], ...], ...]:
    """For each way to write the parts of a name, their bytes, with the text that they are."""
    readings = dict.fromkeys((name, *_meant(name, pages)))
    written: dict[tuple[tuple[bytes, str], ...], None] = {}
    for reading in readings:
        parts = _PART.findall(reading)[:_MOST_PARTS]
        parts = [part for part in dict.fromkeys(parts) if not part.isascii()]
        for page in ("utf-16-le", "utf-16-be", *pages):
            pairs = tuple((_bytes(part, page), part) for part in parts)
            kept = tuple(pair for pair in pairs if len(pair[0]) >= _SHORTEST)
            if kept:
                written[kept] = None
    return tuple(written)


def _meant(name: str, pages: tuple[str, ...]) -> Iterator[str]:
    """The name as another code page has it: a header that names none was read as Latin-1."""
    raw = _bytes(name, "latin-1")
    for page in pages if raw else ():
        if (text := code_pages.read_as(raw, page)) is not None:
            yield text


def _bytes(text: str, page: str) -> bytes:
    try:
        return text.encode(page)
    except (UnicodeEncodeError, LookupError):
        return b""
