"""Who has read the texts of a language as a native reader (``native-readers.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from companion.content.library import CONTENT, LANGUAGES, SOURCE, ContentError, Fields, read_toml

FILE = CONTENT / "native-readers.toml"


def unread(language: str) -> tuple[str, ...]:
    """The parts of the site that no native reader of ``language`` has signed yet.

    English, in which the texts are written, has none.
    """
    return () if language == SOURCE else _unread()[language]


@cache
def _unread() -> Mapping[str, tuple[str, ...]]:
    return read(FILE)


def read(file: Path) -> Mapping[str, tuple[str, ...]]:
    """What nobody has signed yet, by language; ``ContentError`` names the first fault."""
    table = read_toml(file)
    parts = table.texts("parts")
    signed: dict[str, set[str]] = {code: set() for code in LANGUAGES}
    for one in table.tables("reader", ()):
        signed[one.choice("language", LANGUAGES)] |= _signed(one, parts)
    table.done()
    return {
        code: tuple(part for part in parts if part not in read) for code, read in signed.items()
    }


def _signed(reader: Fields, parts: tuple[str, ...]) -> set[str]:
    """The parts that one reader has signed, with a name and a day."""
    reader.text("by")
    reader.date("on")
    read = set(reader.texts("read"))
    if unknown := sorted(read - set(parts)):
        raise ContentError(reader.file, f"{reader.where}.read", f"there is no part {unknown[0]!r}")
    reader.done()
    return read
