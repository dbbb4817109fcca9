"""Rows of cells between commas, semicolons, tabs or bars (RFC 4180), each cell under its head."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

_SIGNS = "\t;|,"
"""What parts cells; a comma last, for it stands in prose as well."""
_FEWEST_BY_COMMA = 3
_LONGEST = 1_000_000
"""Characters of a text that is taken apart."""
_MOST_COLUMNS, _MOST_ROWS, _LONGEST_HEAD = 60, 5_000, 60
_SAMPLE = 20
"""Rows that must have as many cells as the first."""
_MOST_TIMES = 6
"""How many times longer the text may get by its heads."""
_HEAD = re.compile(r"[^\W\d_][^\d\n]*")


def under_heads(text: str) -> str | None:
    r"""Each cell behind the head of its column, a line each; None where no table is to be seen.

    What a value is stands in such a table once, above all of them: "Patient name" is the label
    of every name below it.

    >>> under_heads("Name;Born\nRoe;1958\n")
    'Name: Roe\nBorn: 1958\n'
    """
    first, end, _ = text.partition("\n")
    sign = next((one for one in _SIGNS if one in first), None)
    if not end or sign is None or len(text) > _LONGEST:
        return None
    rows = csv.reader(io.StringIO(text), delimiter=sign)
    try:
        heads = [head.strip() for head in next(rows, [])]
        if not _are_heads(heads, sign):
            return None
        lines: list[str] = []
        told: set[int] = set()
        for number, row in enumerate(filter(None, rows)):
            if number >= _MOST_ROWS or (number < _SAMPLE and len(row) != len(heads)):
                return None
            lines += [*_lines(heads, row), ""]
            told.update(at for at, cell in enumerate(row) if cell.strip())
    except csv.Error:
        return None
    # What stands above nothing may be no head, but somebody's name.
    found = "\n".join([*(head for at, head in enumerate(heads) if at not in told), *lines])
    return found if lines and len(found) <= _MOST_TIMES * len(text) else None


def _lines(heads: list[str], row: list[str]) -> Iterator[str]:
    for number, cell in enumerate(row):
        if cell := cell.strip():
            yield f"{heads[number]}: {cell}" if number < len(heads) else cell


def _are_heads(heads: list[str], sign: str) -> bool:
    fewest = _FEWEST_BY_COMMA if sign == "," else 2
    return (
        fewest <= len(heads) <= _MOST_COLUMNS
        and len(set(heads)) == len(heads)
        and all(len(head) <= _LONGEST_HEAD and _HEAD.fullmatch(head) for head in heads)
    )
