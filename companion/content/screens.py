"""The prose of the screens: ``screens/<screen>/en.md`` and ``es.md``, one ``# id`` for
each passage, ``## part`` within it. Short labels and buttons are in the templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from companion.content.library import CONTENT, LANGUAGES, ContentError, read_words

FOLDER = CONTENT / "screens"


@lru_cache(maxsize=64)
def read(screen: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """The passages of one screen: ``{id: {part: Markdown}}``.

    A language that the screen does not have yet gets the English words.
    """
    path = FOLDER / screen / f"{language}.md"
    if language not in LANGUAGES or not path.exists():
        path = FOLDER / screen / "en.md"
    return read_words(path)


def passage(screen: str, language: str, name: str, part: str = "") -> str:
    """One passage; ``ContentError`` when it is not there, so that it never shows blank."""
    try:
        return read(screen, language)[name][part]
    except KeyError as error:
        file = FOLDER / screen / f"{language}.md"
        raise ContentError(file, f"{name} / {part}", "is missing") from error
