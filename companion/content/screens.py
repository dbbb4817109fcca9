"""The prose of the screens: ``screens/<screen>/en.md`` and the other languages beside it,
one ``# id`` for each passage, ``## part`` within it. Short labels and buttons are in the
templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from companion.content.library import (
    CONTENT,
    LANGUAGES,
    SOURCE,
    ContentError,
    WordsFile,
    translated_files,
)

FOLDER = CONTENT / "screens"


def read(screen: str, language: str) -> WordsFile:
    """The passages of one screen: ``{id: {part: Markdown}}``, in English where it has to be."""
    return _all(screen)[language if language in LANGUAGES else SOURCE]


def passage(screen: str, language: str, name: str, part: str = "") -> str:
    """One passage; ``ContentError`` when it is not there, so that it never shows blank."""
    try:
        return read(screen, language)[name][part]
    except KeyError as error:
        file = FOLDER / screen / f"{SOURCE}.md"
        raise ContentError(file, f"{name} / {part}", "is missing") from error


@lru_cache(maxsize=64)
def _all(screen: str) -> Mapping[str, WordsFile]:
    return translated_files(FOLDER / screen)
