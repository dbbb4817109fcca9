"""Names and comments of a ZIP's entries: which letters their bytes stand for.

By the format (APPNOTE 6.3.10, 4.4.4 and appendix D) they are UTF-8 where a flag says so, and
else in code page 437. Programs write whatever code page their computer uses; an extra field
(4.6.9) may hold the name in UTF-8 beside it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from companion.scans.formats import code_pages
from companion.scans.formats.strings import text_runs

_STANDARD = "cp437"
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_UNICODE_COMMENT = 0x6375
_USUAL = frozenset({
    0x0001, 0x0007, 0x0009, 0x000A, 0x000D, 0x0014, 0x0015, 0x0016, 0x0017, 0x5455, 0x5855, 0x7075,
    0x7855, 0x7875, 0x9901, 0xA11E, 0xA220, 0xCAFE, 0xD935,
})  # fmt: skip
"""Extra fields of sizes, times, owners, alignment and encryption, and the name in UTF-8."""
_MOST_KEPT = 20_000
"""Names that are remembered, so that the table of contents reads as the entries did."""
_MOST_SHOWN = 1_000
_MOST_WEIGHED = 32
"""Names that are weighed; those after them are in the code page that was found."""


class EntryNames:
    """Reads the names of one archive, which share one code page."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}
        self._evidence: dict[bytes, None] = {}
        self._guessed: dict[str, str] = {}
        self._page: str | None = None
        self._weighed = 0

    def read(self, raw: bytes, flags: int, extra: bytes = b"") -> str:
        """The name that ``raw`` stands for; the same bytes always stand for the same name."""
        for kind, body in extra_fields(extra):
            # Its checksum is that of the name beside it: else that was changed and it was not.
            if kind == _UNICODE_PATH and body[1:5] == struct.pack("<I", zlib.crc32(raw)):
                raw, flags = body[5:], flags | _UTF8_FLAG
        if raw.isascii():
            return raw.decode("ascii")
        known = self._known.get(raw)
        if known is None:
            known = self._read(raw, flags)
            if len(self._known) < _MOST_KEPT:
                self._known[raw] = known
        return known

    def comment(self, raw: bytes) -> str:
        """A comment, of which no flag says anything."""
        return self._read(raw, 0)

    def was_guessed(self, name: str) -> bool:
        """Whether the letters of an entry's name were guessed."""
        return name in self._guessed

    def as_written(self) -> tuple[str, ...]:
        """Names that were guessed, read as the format says."""
        return tuple(self._guessed.values())

    def _read(self, raw: bytes, flags: int) -> str:
        if flags & _UTF8_FLAG or code_pages.is_utf8(raw):
            return raw.decode("utf-8", "replace")
        standard = raw.decode(_STANDARD)
        self._weighed += 1
        if self._weighed <= _MOST_WEIGHED:
            if not code_pages.is_odd(raw, _STANDARD):
                return standard
            for part in raw.split(b"/"):
                self._evidence[part] = None
            if self._weighed & (self._weighed - 1) == 0:  # the 1st, 2nd, 4th, 8th ...
                self._page = code_pages.guess(self._evidence)
        meant = code_pages.read_as(raw, self._page)
        if meant is None and self._weighed <= _MOST_WEIGHED:
            meant = code_pages.read_as(raw, code_pages.guess([raw]))
        if meant is None or meant == standard:
            return standard
        if len(self._guessed) < _MOST_SHOWN:
            self._guessed[meant] = standard
        return meant


def words_in_extra(extra: bytes) -> Iterator[str]:
    """A comment in UTF-8, and the text of extra fields that no common program writes."""
    for kind, body in extra_fields(extra):
        if kind == _UNICODE_COMMENT:
            yield body[5:].decode("utf-8", "replace")
        elif kind not in _USUAL:
            yield from text_runs(body)


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each extra field (APPNOTE 4.5.1)."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length
