"""Pages of a PDF that show what their text does not say: pictures, outlines, unknown letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

_FEW_LETTERS, _SOME_LETTERS = 25, 200
"""Letters on a page: fewer than the first are no text; up to the second, a large picture
beside them may be what the page is about."""
_LARGE = 700
"""Pixels of width and height from which a picture may be a page that was scanned."""
_DRAWN = 1_500
"""Bytes of drawing on a page without letters, from which it may show letters as lines."""
_MANY_LINES = 200
_DEEPEST, _MOST = 3, 100
"""Drawings inside each other, and how many of one list are looked at."""
_READ = 200_000
"""Bytes of one drawing that are looked at."""
_INLINE_IMAGE = re.compile(rb"(?:^|\s)BI\s[^\0]{1,400}?\sID\s")
_PAINTS = re.compile(rb"\s[fFSsB]\*?(?=\s)")
_LINES = re.compile(rb"\s[lcvy](?=\s)")
_GLYPH_NAME = re.compile(r"/[A-Za-z]{1,5}[\d.]{1,6}")
"""What stands for a letter whose font names it by a number and gives no letter for it."""
_NO_LETTER = re.compile(r"[\x01-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_FEW_UNKNOWN = 3


def is_picture(page: PageObject, text: str) -> bool:
    """Whether a page shows what its text does not say."""
    unknown = len(_GLYPH_NAME.findall(text[:4_000])) + len(_NO_LETTER.findall(text[:4_000]))
    text = _GLYPH_NAME.sub(" ", text[:4_000])
    if unknown > _FEW_UNKNOWN and (unknown * 10 > len(text) or len(text) < _SOME_LETTERS):
        return True
    letters = sum(character.isalnum() for character in text)
    if letters >= _SOME_LETTERS:
        return False
    parts = list(_parts(page))
    sizes = [size for part in parts for size in _size(part)]
    if letters >= _FEW_LETTERS:
        return any(min(size) >= _LARGE for size in sizes)
    return bool(sizes) or _is_drawn(page, parts)


def _is_drawn(page: PageObject, parts: list[Any]) -> bool:
    """Whether a page without letters may show some as lines."""
    from pypdf.generic import StreamObject

    contents = page.get_contents()
    drawings = [contents.get_data() if contents is not None else b""]
    for part in parts:
        if isinstance(part, StreamObject):
            with suppress(Exception):  # damaged, or it unpacks to more than is allowed
                drawings.append(part.get_data())
    paints = lines = length = 0
    for drawing in drawings:
        length += len(drawing)
        if _INLINE_IMAGE.search(drawing[:_READ]):
            return True
        paints += len(_PAINTS.findall(drawing[:_READ]))
        lines += len(_LINES.findall(drawing[:_READ]))
    return length > _DRAWN and (paints > _FEW_LETTERS or (paints > 0 and lines > _MANY_LINES))


def _size(part: Any) -> Iterator[tuple[int, int]]:
    """Width and height of a picture; large where they are unknown."""
    if part.get("/Subtype") == "/Image":
        width, height = part.get("/Width"), part.get("/Height")
        known = isinstance(width, int) and isinstance(height, int)
        yield (width, height) if known else (_LARGE, _LARGE)


def _parts(page: PageObject) -> Iterator[Any]:
    """Pictures and drawings that a page can show: its own, of patterns, masks and annotations."""
    waiting = [(page.get("/Resources"), 0)]
    annotations = _opened(page.get("/Annots"))
    for annotation in list(annotations)[:_MOST] if isinstance(annotations, list) else ():
        look = _opened(_at(_at(annotation, "/AP"), "/N"))
        waiting.append(({"/XObject": {"/N": look}}, 0))
    seen: set[int] = set()
    while waiting and len(seen) < _MOST:
        resources, depth = waiting.pop()
        states = _opened(_at(resources, "/ExtGState"))
        masks = [
            _at(_at(state, "/SMask"), "/G") for state in _values(states) if _at(state, "/SMask")
        ]
        found = [*_values(_at(resources, "/XObject")), *_values(_at(resources, "/Pattern")), *masks]
        for one in map(_opened, found):
            if not isinstance(one, dict) or id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            if depth < _DEEPEST:
                waiting.append((one.get("/Resources"), depth + 1))


def _opened(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _at(table: Any, key: str) -> Any:
    """An entry of a table; None where it is none."""
    table = _opened(table)
    return _opened(table.get(key)) if isinstance(table, dict) else None


def _values(table: Any) -> list[Any]:
    table = _opened(table)
    return list(table.values())[:_MOST] if isinstance(table, dict) else []
