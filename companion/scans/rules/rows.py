"""Table E.1-1 of DICOM PS3.15, whose rows ``dicom-anonymizer`` ships as data."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from companion.content.identifiers import EDITION

ROWS = 655
"""Rows of Table E.1-1 in the edition of ``identifiers.EDITION``."""


_LISTS = {
    "D_TAGS": "D", "Z_TAGS": "Z", "X_TAGS": "X", "U_TAGS": "U", "Z_D_TAGS": "Z/D",
    "X_Z_TAGS": "X/Z", "X_D_TAGS": "X/D", "X_Z_D_TAGS": "X/Z/D", "X_Z_U_STAR_TAGS": "X/Z/U*",
}  # fmt: skip
"""The lists of the data file, and the code that the table has for their rows."""


def rows() -> frozenset[str]:
    """Tags of Table E.1-1, ``x`` for any digit in the three masks."""
    return frozenset(actions())


@cache
def actions() -> dict[str, str]:
    """The rows, each with its code in the column of the Basic Profile (PS3.15, E.1.1).

    The data file is read by itself: importing its package would import a whole
    anonymizer, of which nothing else is used.
    """
    spec = importlib.util.find_spec("dicomanonymizer")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("dicom-anonymizer, which holds Table E.1-1, is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "dicom_anonymization_databases"
    file = importlib.util.spec_from_file_location(
        "table_e_1_1", folder / f"dicomfields_{EDITION}.py"
    )
    if file is None or file.loader is None:
        raise ImportError(f"Table E.1-1 in edition {EDITION} is not there")
    module = importlib.util.module_from_spec(file)
    file.loader.exec_module(module)
    found = {_row(row): code for name, code in _LISTS.items() for row in getattr(module, name)}
    if len(found) != ROWS:
        raise ValueError(f"Table E.1-1 has {len(found)} rows, not {ROWS}")
    return found


def _row(row: tuple[int, ...]) -> str:
    if len(row) == 2:
        return f"{row[0]:04X}{row[1]:04X}"
    group, element, group_mask, element_mask = row
    digits = zip(f"{group:04X}{element:04X}", f"{group_mask:04X}{element_mask:04X}", strict=True)
    return "".join(digit if mask == "F" else "x" for digit, mask in digits)
