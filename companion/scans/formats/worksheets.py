"""The cells of an XLSX, row by row: what stands beside each other is read together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_ITEM = re.compile(r"<si\b[^>]*>(.*?)</si>", re.DOTALL)
_TEXT = re.compile(r"<t\b[^>]*>([^<]*)</t>")
_ROW = re.compile(r"<row\b[^>]*>(.*?)</row>", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*[^>/])?>(.*?)</c>", re.DOTALL)
_VALUE = re.compile(r"<v\b[^>]*>([^<]*)</v>")
_MOST_ROWS = 20_000
_PASSAGE = 3_500


class Worksheets:
    """The sheets of one workbook, whose texts stand in a table that they share."""

    def __init__(self) -> None:
        self._shared: list[str] = []
        self._sheets: list[str] = []

    def add_shared(self, part: str) -> None:
        """Take the table of texts."""
        self._shared = [_joined(item) for item in _ITEM.findall(part)]

    def add_sheet(self, part: str) -> None:
        """Take a sheet; it is read once the shared texts are known."""
        self._sheets.append(part)

    def rows(self) -> Iterator[str]:
        """The rows of all sheets, and shared texts that stand in no cell."""
        used: set[int] = set()
        for sheet in self._sheets:
            lines: list[str] = []
            length = 0
            for number, row in enumerate(_ROW.finditer(sheet)):
                if number >= _MOST_ROWS:
                    break
                cells = [
                    self._cell(found[1] or "", found[2], used) for found in _CELL.finditer(row[1])
                ]
                lines.append("\t".join(cell for cell in cells if cell))
                length += len(lines[-1])
                if length > _PASSAGE:
                    yield "\n".join(lines)
                    lines, length = [], 0
            yield "\n".join(lines)
        yield "\n".join(text for at, text in enumerate(self._shared) if at not in used)

    def _cell(self, about: str, inner: str, used: set[int]) -> str:
        value = _VALUE.search(inner)
        if 't="s"' in about and value and value[1].isdigit():
            at = int(value[1])
            used.add(at)
            return self._shared[at] if at < len(self._shared) else ""
        return _joined(inner) or (unescape(value[1]) if value else "")


def _joined(inner: str) -> str:
    return unescape("".join(_TEXT.findall(inner)))
