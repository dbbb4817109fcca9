"""All letters that there are, read from ``content/letters/`` and checked whole.

``letters()`` is loaded when the program starts: a letter that names an unknown
field, jurisdiction, law or option, lacks a language, or says in block A what no law
entry carries, is refused there with file, field and reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from companion.content import law
from companion.content.library import CONTENT
from companion.letters.reading import load
from companion.letters.spec import (
    DERIVED,
    LETTER_SECTIONS,
    PAGE_SECTIONS,
    Catalogue,
    Field,
    FieldWords,
    Spec,
)

__all__ = [
    "DERIVED",
    "FOLDER",
    "LETTER_SECTIONS",
    "PAGE_SECTIONS",
    "Catalogue",
    "Field",
    "FieldWords",
    "Spec",
    "catalogue",
    "letters",
]

FOLDER = CONTENT / "letters"


@cache
def catalogue() -> Catalogue:
    """The catalogue of the content folder, read once."""
    return load(FOLDER, law.jurisdictions())


def letters() -> Mapping[str, Spec]:
    """All letters by slug, in the catalogue's order."""
    return catalogue().letters
