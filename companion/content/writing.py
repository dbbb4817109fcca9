"""How a language writes what the program itself sets between words (``writing.toml``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from companion.content.library import CONTENT, SOURCE, Words, read_toml, varied


@cache
def _marks() -> Mapping[str, Words]:
    table = read_toml(CONTENT / "writing.toml")
    found = {name: varied(table, name) for name in ("colon", "semicolon", "first")}
    table.done()
    return found


def colon(language: str) -> str:
    """The mark between a label and what it labels, without the space after it."""
    marks = _marks()["colon"]
    return marks.get(language, marks[SOURCE])


def listed(texts: Iterable[str], language: str) -> str:
    """Several things on one line, parted as the language parts them."""
    marks = _marks()["semicolon"]
    return f"{marks.get(language, marks[SOURCE])} ".join(texts)


def day_of_month(day: int, language: str) -> str:
    """A day's number within a date in words: French writes the first as ``1er``."""
    if day != 1:
        return str(day)
    marks = _marks()["first"]
    return marks.get(language, marks[SOURCE])
