"""Heads of columns and labels of lines: which of them stand above or beside a patient's data."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from companion.content import identifiers
from companion.folding import fold_value

BIRTH, RECORD, PATIENT, NAME = "birth", "record", "patient-name", "name"
"""What a label may say of what it stands by, by the tables of ``labels.toml``."""
_LONGEST = 60
_ASIDE = re.compile(r"\s\([^()]{1,40}\)\s*:?$")
"""How something is to be written: "Date of birth (dd/mm/yyyy)"."""
_BLANK = re.compile(r"[\W_]+")


@lru_cache(maxsize=4_096)
def meaning(label: str) -> str:
    """What a head or a label says of what it stands by; empty where that is nothing of a person.

    >>> meaning("Birth_Date"), meaning('"MRN"'), meaning("Series")
    ('birth', 'record', '')
    """
    return _known().get(_bare(label), "") if 2 <= len(label) <= _LONGEST else ""


@cache
def _known() -> dict[str, str]:
    labels = identifiers.labels()
    return {_bare(label): what for what in (NAME, PATIENT, RECORD, BIRTH) for label in labels[what]}


def _bare(label: str) -> str:
    return _BLANK.sub("", fold_value(_ASIDE.sub("", label)))
