"""The cells of an XLSX, row by row: what stands beside each other is read together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

from companion.scans.formats.heads import BIRTH, meaning

_TEXT = re.compile(r"<t\b[^<>]*>([^<]*)</t>")
_VALUE = re.compile(r"<v\b[^<>]*>([^<]*)</v>")
_COLUMN = re.compile(r"\br=[\"']([A-Z]{1,3})\d")
_SHARED = re.compile(r"\bt=[\"']s[\"']")
_FORMULA = re.compile(r"<f\b[^<>]*>([^<]*)</f>")
_LITERAL = re.compile(r"\"([^\"]{2,400})\"")
_AROUND = re.compile(
    r"<((?:odd|even|first)(?:Header|Footer)|formula[12])\b[^<>]*>([^<]{2,2000})<"
    r"|\b(?:prompt|promptTitle|error|errorTitle|tooltip|display)=\"([^\"]{2,2000})\""
)
"""What stands around the cells: headers and footers, choices, and what is said of them."""
_FORMATS = re.compile(r"&(?:[LCRPNDTZFAGUEXYSBIOH+-]|\d{1,3}|\"[^\"]{0,100}\"|K[0-9A-F]{6})")
"""Codes of a header or footer (OOXML part 1, 18.3.1.39)."""
_PREFIX = re.compile(r"<(/?)\w{1,20}:")
_NAMED = re.compile(r"<(?:sheet|definedName)\b[^<>]{0,400}?\bname=[\"']([^\"'>]{1,300})[\"']")
_UNNAMED = re.compile(r"_xlnm\.\w+|[^\W\d_]{2,12} ?\d{1,4}")
"""What programs call a sheet that nobody named: Sheet1, Tabelle 2."""
_DAY = re.compile(r"[1-9]\d{2,4}(?:\.\d{1,12})?")
_FIRST_DAY = date(1899, 12, 30)
"""What numbers of days count from (OOXML part 1, 18.17.4.1)."""
_MOST_ROWS = 20_000
_MOST_COLUMNS = 500
_PASSAGE = 3_500


class Worksheets:
    """The sheets of one workbook, whose texts stand in a table that they share."""

    def __init__(self) -> None:
        self._shared: list[str] = []
        self._sheets: list[str] = []
        self._names: list[str] = []
        self.is_cut = False
        """Whether a sheet has more rows than are read."""

    def add_shared(self, part: str) -> None:
        """Take the table of texts."""
        self._shared = [_joined(item) for _, item in _elements(_bare(part), "si")]

    def add_sheet(self, part: str) -> None:
        """Take a sheet; it is read once the shared texts are known."""
        self._sheets.append(_bare(part))

    def add_book(self, part: str) -> None:
        """Take the names that somebody gave to sheets and places in them."""
        found = (unescape(name) for name in _NAMED.findall(_bare(part)))
        self._names += [name for name in found if not _UNNAMED.fullmatch(name)]

    def rows(self) -> Iterator[str]:
        """The rows of all sheets, what stands around them, and shared texts in no cell.

        Cells stand between tabs, an empty one too, so that each is in its column.
        """
        used: set[int] = set()
        for sheet in self._sheets:
            lines: list[str] = []
            length = 0
            born: set[int] = set()
            for number, (_, row) in enumerate(_elements(sheet, "row")):
                if number >= _MOST_ROWS:
                    self.is_cut = True
                    break
                cells = self._row(row, used)
                _tell_days(cells, born)
                lines.append("\t".join(cells).rstrip())
                length += len(lines[-1])
                if length > _PASSAGE:
                    yield "\n".join(lines)
                    lines, length = [], 0
            yield "\n".join(lines)
            yield "\n".join(_around(sheet))
        yield "\n".join(self._names)
        yield "\n".join(text for at, text in enumerate(self._shared) if at not in used)

    def _row(self, row: str, used: set[int]) -> list[str]:
        cells: list[str] = []
        for about, inner in _elements(row, "c"):
            if column := _COLUMN.search(about):
                cells += [""] * (min(_number(column[1]), _MOST_COLUMNS) - 1 - len(cells))
            cells.append(" ".join(self._cell(about, inner, used).split("\t")))
        return cells

    def _cell(self, about: str, inner: str, used: set[int]) -> str:
        value = _VALUE.search(inner)
        if _SHARED.search(about) and value and value[1].isdigit():
            at = int(value[1])
            used.add(at)
            return self._shared[at] if at < len(self._shared) else ""
        shown = _joined(inner) or (unescape(value[1]) if value else "")
        formula = _FORMULA.search(inner)
        written = (
            [text for text in _LITERAL.findall(unescape(formula[1])) if text not in shown]
            if formula
            else []
        )
        return " ".join([shown, *written])


def _bare(part: str) -> str:
    """XML without the prefix of its elements, which most programs leave away."""
    root = re.search(r"<(\w{1,20}):(?:worksheet|sst|workbook)\b", part[:2_000])
    return _PREFIX.sub(r"<\1", part) if root else part


def _elements(part: str, name: str) -> Iterator[tuple[str, str]]:
    """The attributes and the inside of each element of a name; one pass, whatever is missing."""
    for piece in re.split(rf"<{name}(?=[\s>/])", part)[1:]:
        about, _, inner = piece.partition(">")
        if not about.endswith("/"):
            yield about, inner.partition(f"</{name}>")[0]


def _without_data(sheet: str) -> str:
    begin, end = sheet.find("<sheetData"), sheet.rfind("</sheetData>")
    return sheet[:begin] + sheet[end:] if 0 <= begin < end else sheet


def _tell_days(cells: list[str], born: set[int]) -> None:
    """Write the days below or beside a word for birth as days: a sheet holds them as numbers."""
    for at, cell in enumerate(cells):
        if meaning(cell) == BIRTH:
            born.add(at)
        elif _DAY.fullmatch(cell) and (at in born or (at and meaning(cells[at - 1]) == BIRTH)):
            cells[at] = (_FIRST_DAY + timedelta(days=int(float(cell)))).isoformat()


def _around(sheet: str) -> Iterator[str]:
    for _, text, said in _AROUND.findall(_without_data(sheet)):
        plain = unescape(text or said)
        yield " ".join(_FORMATS.sub(" ", plain).split()).strip('"')


def _number(letters: str) -> int:
    """The number of a column by its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _joined(inner: str) -> str:
    return unescape("".join(_TEXT.findall(inner)))
