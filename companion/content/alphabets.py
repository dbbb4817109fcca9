"""Letters of languages and the code pages that hold them: ``identifiers/alphabets.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from companion.content.identifiers import FOLDER
from companion.content.library import ContentError, read_toml

SCRIPTS = ("latin", "alphabet", "characters")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How one language is written."""

    language: str
    script: str
    """``latin``: the letters stand among a to z; ``alphabet``; ``characters``."""
    code_pages: tuple[str, ...]
    """Python's names, the most usual first."""
    letters: dict[str, int]
    """The letters beyond ASCII, each with its place among them, the commonest first."""
    never: re.Pattern[str] | None
    """What no word of the language has, in lower case."""


@cache
def alphabets() -> tuple[Alphabet, ...]:
    """Every language of the file, in its order."""
    path = FOLDER / "alphabets.toml"
    file = read_toml(path)
    found = []
    for language in file.names():
        table = file.table(language)
        pages = table.texts("code-pages")
        for page in pages:
            try:
                "".encode(page)
            except LookupError:
                raise ContentError(path, language, f"no code page {page}") from None
        letters = dict.fromkeys("".join(table.text("letters").split()))
        never = table.text("never") if "never" in table else ""
        found.append(
            Alphabet(
                language,
                table.choice("script", SCRIPTS),
                pages,
                {letter: place for place, letter in enumerate(letters)},
                re.compile(never) if never else None,
            )
        )
        table.done()
    file.done()
    return tuple(found)
