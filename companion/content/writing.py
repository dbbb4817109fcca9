"""How a language writes what the program itself sets between words (``writing.toml``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from companion.content.library import CONTENT, LANGUAGES, SOURCE, Words, read_toml, varied


@cache
def _read() -> tuple[Mapping[str, Words], Mapping[str, frozenset[str]]]:
    """The marks, and the words that are small after a comma, each in every language."""
    table = read_toml(CONTENT / "writing.toml")
    marks = {name: varied(table, name) for name in ("colon", "semicolon", "first")}
    small = {code: frozenset(table.texts(f"small_after_comma_{code}", ())) for code in LANGUAGES}
    table.done()
    return marks, small


def _marks() -> Mapping[str, Words]:
    return _read()[0]


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


def after_comma(sentence: str, language: str) -> str:
    """A sentence as it is written after a greeting that ends in a comma.

    Small in German, unless its first word is one that is capital anywhere.
    """
    first = sentence.split(maxsplit=1)[0] if sentence.strip() else ""
    small = first in _read()[1].get(language, ())
    return sentence[:1].lower() + sentence[1:] if small else sentence
