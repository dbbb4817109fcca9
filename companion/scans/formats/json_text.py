"""JSON: each value on a line behind its name, with the letters that its escapes stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from companion.scans.findings import Kind, Note
from companion.scans.formats.embedded import read_embedded, take_out
from companion.scans.formats.escapes import CODED, undo, undone_lines
from companion.scans.formats.plain_text import decode, letters_guessed, looks_like_text
from companion.scans.formats.registry import (
    NOTE,
    Inside,
    Passages,
    Rank,
    document_format,
)

_LONGEST = 4_000_000
"""Characters of a text that is parsed."""
_MOST_VALUES = 100_000
_NESTED = 3
"""Texts of JSON inside each other."""
_PASSAGE = 3_500
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\"\[{\]}\dtfn-]")
_LOOKS = re.compile(r"\s*[\[{]\s*[\"\[{]")
_NAMELESS = frozenset({"value", "alphabetic", "ideographic", "phonetic", "text", "#text", "$"})
"""Names that say nothing: the one around them does (DICOM PS3.18, F.2)."""
_TAG = re.compile(r"[0-9A-Fa-f]{8}")


def lines(text: str) -> list[str] | None:
    """``name: value`` for each value; None where the text is no JSON.

    A text of one document to a line, as logs have them, counts as JSON too.
    """
    if len(text) > _LONGEST:
        return None
    try:
        documents = [json.loads(text)]
    except RecursionError:
        return None
    except ValueError:
        try:
            documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None
        if not all(isinstance(one, (dict, list)) for one in documents):
            return None
    return [line for one in documents for line in _walk(one)]


def looks_like_json(text: str) -> bool:
    """Whether a text begins like an object or a list that holds something."""
    return _LOOKS.match(text) is not None


@document_format(
    "JSON",
    Kind.DOCUMENT,
    fits=lambda data: _BEGINS.match(data) is not None and looks_like_text(data),
    rank=Rank.SHAPE,
)
def read(data: bytes, inside: Inside) -> Passages:
    """The values of JSON; its text where it is damaged or too deep."""
    text, files = take_out(decode(data))
    found = lines(text)
    if found is None:
        yield "text", text
        yield CODED, undone_lines(text)
    else:
        held: list[str] = []
        length = 0
        for line in found[:_MOST_VALUES]:
            held.append(line)
            length += len(line)
            if length > _PASSAGE:
                yield "text", "\n".join(held)
                held, length = [], 0
        yield "text", "\n".join(held)
        if len(found) > _MOST_VALUES:
            yield NOTE, Note.DOCUMENT_CUT
    for media, packed in files:
        yield from read_embedded("inside the text", media, packed, len(text), inside)
    yield from letters_guessed(data, text)


def _walk(whole: Any) -> Iterator[str]:
    """Lines of all values, by a stack of its own: JSON may be deep."""
    stack: list[tuple[str, Any, int]] = [("", whole, 0)]
    while stack:
        name, value, nested = stack.pop()
        if isinstance(value, dict):
            stack += [
                (_name(str(key), name), inner, nested)
                for key, inner in reversed(list(value.items()))
            ]
        elif isinstance(value, list):
            stack += [(name, inner, nested) for inner in reversed(value)]
        elif isinstance(value, str):
            if nested < _NESTED and looks_like_json(value):
                try:
                    stack.append((name, json.loads(value), nested + 1))
                    continue
                except (ValueError, RecursionError):
                    pass
            plain = " ".join(undo(value).split()) if len(value) < 200 else undo(value)
            if plain:
                yield f"{name}: {plain}" if name else plain
        elif value is not None and not isinstance(value, bool):
            yield f"{name}: {value}" if name else str(value)


def _name(key: str, around: str) -> str:
    if around and key.casefold() in _NAMELESS:
        return around
    if _TAG.fullmatch(key):
        from pydicom.datadict import keyword_for_tag

        return keyword_for_tag(int(key, 16)) or key
    return key
