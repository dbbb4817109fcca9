"""JSON: each value on a line behind its name, with the letters that its escapes stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
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
OF_A_CARD = {"fn": "full name", "n": "full name", "bday": "birth date", "tel": "phone"}
"""Properties of an address card (RFC 6350) by what they are called elsewhere."""
_PERSON = frozenset({"birthDate", "family", "given"})
_OF_A_PERSON = {
    "family": "family name", "given": "given name", "identifier": "patient identifier",
}  # fmt: skip
"""Names in FHIR's Patient and HumanName (R4, 8.1 and 2.24.0.6)."""
_TELLING = re.compile(r"[^\W\d_]{2,}[,^] ?[^\W\d_]{2,}|[A-Z][a-z]+ [A-Z][a-z]+|\d{6}")
"""A name of a value that may be a person's or a number."""
_TAG = re.compile(r"[0-9A-Fa-f]{8}")


def lines(text: str) -> list[str] | None:
    """``name: value`` for each value; None where the text is no JSON.

    A text of one document to a line, as logs have them, counts as JSON too.
    """
    if len(text) > _LONGEST:
        return None
    try:
        documents = [_parsed(text)]
    except RecursionError:
        return None
    except ValueError:
        try:
            documents = [_parsed(line) for line in text.splitlines() if line.strip("\x1e \t")]
        except (ValueError, RecursionError):
            return None
        if not all(isinstance(one, (dict, list)) for one in documents):
            return None
    return [line for one in documents for line in islice(walk(one), _MOST_VALUES + 1)]


def _parsed(text: str) -> Any:
    return json.loads(text.lstrip("\x1e"), object_pairs_hook=_table)


def _table(pairs: list[tuple[str, Any]]) -> Any:
    """A table; a list of tables where a name stands in it twice, so that no value is lost."""
    table = dict(pairs)
    return table if len(table) == len(pairs) else [{name: value} for name, value in pairs]


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


def walk(whole: Any) -> Iterator[str]:
    """Lines of all values, by a stack of its own: JSON may be deep."""
    stack: list[tuple[str, Any, int]] = [("", whole, 0)]
    while stack:
        name, value, nested = stack.pop()
        if isinstance(value, dict):
            of_a_person = not _PERSON.isdisjoint(value) or value.get("resourceType") == "Patient"
            stack += [
                (_name(str(key), name, of_a_person=of_a_person), inner, nested)
                for key, inner in reversed(list(value.items()))
            ]
            told = [str(key) for key in value if _TELLING.search(str(key))]
            if keys := [key for key in told if not _TAG.fullmatch(key)]:
                yield "\n".join(keys)
        elif isinstance(value, list) and _is_property(value):
            stack += [(_of_a_card(value[0]), inner, nested) for inner in reversed(value[3:])]
        elif isinstance(value, list):
            stack += [(name, inner, nested) for inner in reversed(value)]
        elif isinstance(value, str):
            if nested < _NESTED and looks_like_json(value):
                try:
                    stack.append((name, _parsed(value), nested + 1))
                    continue
                except (ValueError, RecursionError):
                    pass
            plain = " ".join(undo(value).split()) if len(value) < 200 else undo(value)
            if plain:
                yield f"{name}: {plain}" if name else plain
        elif value is not None and not isinstance(value, (bool, bytes)):
            yield f"{name}: {value}" if name else str(value)


def _is_property(value: list[Any]) -> bool:
    """Whether a list is a property of an address card or a calendar (RFC 7095, 3.3)."""
    return (
        len(value) >= 4
        and isinstance(value[0], str)
        and isinstance(value[1], dict)
        and isinstance(value[2], str)
    )


def _of_a_card(name: str) -> str:
    return OF_A_CARD.get(name.lower(), name)


def _name(key: str, around: str, *, of_a_person: bool = False) -> str:
    if of_a_person and (known := _OF_A_PERSON.get(key.casefold())):
        return known
    if around and key.casefold() in _NAMELESS:
        return around
    if _TAG.fullmatch(key):
        from pydicom.datadict import keyword_for_tag

        return keyword_for_tag(int(key, 16)) or key
    return key
