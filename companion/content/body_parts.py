"""Which part of the body a scan shows, by the words that files use for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from companion.content.library import CONTENT, read_toml

_FILE = CONTENT / "body-parts.toml"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One drawing: the words that lead to it, whole or as a beginning, and its machines."""

    id: str
    words: frozenset[str]
    beginnings: tuple[str, ...]
    modalities: frozenset[str]


@cache
def parts() -> tuple[BodyPart, ...]:
    """All parts, in the order in which a text is held against them."""
    file = read_toml(_FILE)
    found = []
    for name in file.names():
        table = file.table(name)
        found.append(
            BodyPart(
                name,
                frozenset(table.texts("words", ())),
                table.texts("beginnings", ()),
                frozenset(table.texts("modalities", ())),
            )
        )
        table.done()
    file.done()
    return tuple(found)


def part_of(text: str) -> str:
    """The part that ``text`` names; ``""`` where it names none, ``whole`` where several."""
    words = {word.casefold() for word in _WORD.findall(text)}
    found = {
        part.id
        for part in parts()
        if words & part.words or any(word.startswith(part.beginnings) for word in words)
    }
    if len(found) > 1:
        return "whole"
    return found.pop() if found else ""


def of_modality(modality: str) -> str:
    """The part that a machine of this modality can only show; ``""`` where it may be any."""
    return next((part.id for part in parts() if modality in part.modalities), "")
