"""Cells below and beside labels: tables, lists in columns, and labels on a line of their own.

A document's text keeps of a table no more than rows, with a tab, a bar, a comma or a few blanks
between cells; of one in a PDF often a single blank. So a head is known by its words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans.formats.heads import BIRTH, NAME, PATIENT, RECORD, meaning

_SIGNS = ("\t", "|", ";", ",")
_BLANKS = re.compile(r" {2,}")
_RULE = re.compile(r"[\s|:+=-]+")
"""A line between the heads and the cells of a table in Markdown or plain text."""
_MOST_ROWS = 5_000
_MOST_CELLS = 200
_LONGEST_LINE = 4_000
_LONGEST_LABEL = 60
_DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}[./-]\d{1,2}[./-](?:18|19|20)?\d{2}|(?:18|19|20)\d\d[./-]?[01]\d[./-]?[0-3]\d)(?!\d)"
)
_NUMBER = re.compile(r"(?<![\w.])(?:[A-Z]{1,5}[-/ ]?)?\d[\dA-Z./-]{3,24}(?!\w)")
_WORD = r"[^\W\d_][\w'’-]*"
_WORDS = re.compile(rf"{_WORD}\.?(?:(?:, ?|\^| ){_WORD}\.?){{0,5}}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands below or beside a label."""

    what: str
    """Of ``formats.heads``."""
    start: int
    """Where in the text its line begins."""
    value: str = field(repr=False)


def cells(text: str) -> Iterator[Cell]:
    """Cells of all tables of a text whose heads say that they are a person's."""
    heads: list[str] = []
    sign: str | None = None
    together: tuple[str, ...] = ()
    rows = at = 0
    waiting = ""
    one_word = False
    # A line may end as it did on old Macs; offsets stay what they are.
    for line in text.replace("\r", "\n").split("\n"):
        start, at = at, at + len(line) + 1
        bare = line.strip()
        if not bare or len(line) > _LONGEST_LINE or _RULE.fullmatch(bare):
            continue
        if (
            waiting
            and not meaning(bare.rstrip(":"))
            and (waiting != PATIENT or not one_word or " " in bare)
        ):
            yield from _checked(waiting, start, bare)
        parted, by = _parted(line)
        told = [meaning(cell) for cell in parted]
        alone = meaning(bare.rstrip(":")) if len(bare) < _LONGEST_LABEL else ""
        waiting = alone if alone != NAME or " " in bare else ""
        one_word = " " not in bare
        if len(parted) > 1 and told[0] and not any(told[1:]):
            yield from _checked(told[0], start, parted[1])  # a label, and its value beside it
        elif sum(map(bool, told)) > 1 or (sum(map(bool, told)) == 1 and _are_heads(parted)):
            heads, sign, together, rows = told, by, (), 0
            continue
        elif not any(told) and (found := _labels_alone(bare)):
            heads, sign, together, rows = [], None, found, 0
            continue
        rows += 1
        if rows > _MOST_ROWS:
            heads, together = [], ()
        if together:
            yield from _somewhere(together, start, bare)
        elif heads:
            row = parted if by == sign else _parted(line, sign)[0]
            if len(row) < 2:
                continue
            sure = bool({BIRTH, RECORD, PATIENT} & set(heads))
            for what, value in zip(heads, row, strict=False):
                if what and sure:
                    yield from _checked(what, start, value)


def _parted(line: str, sign: str | None = "") -> tuple[list[str], str | None]:
    """The cells of a line, and what parts them; None for two blanks or more."""
    if sign == "":
        sign = next((one for one in _SIGNS if one in line), None)
    if sign is None:
        return [cell.strip() for cell in _BLANKS.split(line.strip())][:_MOST_CELLS], None
    found = line.strip("|" if sign == "|" else "\r\n")
    if '"' not in found or sign == "\t":
        row = found.split(sign)
    else:
        row = next(csv.reader([found], delimiter=sign), [])
    return [cell.strip(" \"'") for cell in row[:_MOST_CELLS]], sign


def _are_heads(parted: list[str]) -> bool:
    return len(parted) > 2 and not any(char.isdigit() for cell in parted for char in cell)


def _labels_alone(line: str) -> tuple[str, ...]:
    """What the labels are of which a line is made and nothing else; none for fewer than two."""
    words = line.split(" ")
    if not 2 <= len(words) <= 24 or any(char.isdigit() for char in line):
        return ()
    found: list[str] = []
    others = at = 0
    while at < len(words):
        for length in range(min(4, len(words) - at), 0, -1):
            if what := meaning(" ".join(words[at : at + length])):
                found.append(what)
                at += length
                break
        else:
            others += 1
            at += 1
    return tuple(found) if len(set(found)) > 1 and others <= len(found) + 2 else ()


def _somewhere(together: tuple[str, ...], start: int, line: str) -> Iterator[Cell]:
    """What a row holds of what its heads say, where no sign parts its cells."""
    if BIRTH in together and (found := _DATE.search(line)):
        yield Cell(BIRTH, start, found[0])
    rest = _DATE.sub(" ", line)
    number = _NUMBER.search(rest) if RECORD in together else None
    if number:
        yield Cell(RECORD, start, number[0])
    named = {NAME, PATIENT} & set(together) and (number or rest != line)
    if named and (words := _WORDS.search(rest)):
        yield Cell(PATIENT, start, words[0])


def _checked(what: str, start: int, value: str) -> Iterator[Cell]:
    value = value.strip()
    if what == BIRTH and (found := _DATE.match(value)):
        yield Cell(BIRTH, start, found[0])
    elif what == RECORD and _NUMBER.fullmatch(value):
        yield Cell(RECORD, start, value)
    elif what in (NAME, PATIENT) and _WORDS.fullmatch(value):
        yield Cell(what, start, value)
