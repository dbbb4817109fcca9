"""Words in old code pages inside private binary values: a name in Shift-JIS, a clinic in KOI8.

Binary data have no code page of their own, and bytes beyond ASCII are what numbers are made
of. So a word counts only where it fills a field, between zeros, blanks or the ends of the
value, in a value that is otherwise no numbers; and where it reads as a language in a code page
that the file names, or, with more letters, in one that can be worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from companion.scans.formats import code_pages
from companion.scans.formats.likeness import is_of_numbers

MOST_BYTES = 65_536
"""Bytes of one value that are looked at."""
MOST_FIELDS = 24
"""Fields of one value that are weighed."""
MOST_GUESSES, MOST_KNOWN = 400, 4_000
"""Fields of one upload whose code page is worked out, a millisecond each, and those of which
it is remembered."""
_MOST_CONTROLS = 0.04
"""The share of control characters that a value of fields may have: noise has a tenth."""
_CONTROLS = bytes({*range(1, 32), 0x7F} - set(b"\t\n\r\f\x1b"))
_FIELD = re.compile(rb"[^\x00-\x1a\x1c-\x1f\x7f ](?:[^\x00-\x1a\x1c-\x1f\x7f ]| (?! )){2,118}")
_ENDS = frozenset((b"", b"\0", b"\t", b"\n", b"\r", b"  "))
_SHIFTED = re.compile(rb"\x1b\$[@B]|\x1b\$\([CD]|\x1b\(I")
"""How ISO 2022 goes over to Japanese or Korean characters (PS3.3, C.12.1.1.2)."""
_USUAL = re.compile(r"[\w ^=.,'’()・ｰﾞﾟ-]+")
_MIXED = re.compile(
    r"[a-z0-9][\u0370-\uffee]|[\u0370-\uffee][a-z0-9]|[\uff61-\uff9f][\u3040-\u9fff]"
    r"|[\u3040-\u9fff][\uff61-\uff9f]",
    re.IGNORECASE,
)
"""Letters of two scripts, or a digit, side by side: chance makes them, names hardly ever."""
_LEAST_DECLARED, _LEAST_GUESSED = 4, 6
"""Bytes beyond ASCII that a field has."""
_LEAST_DIFFERENT = 4
"""Different characters of a guess: numbers repeat one or two."""
_LEAST_EASTERN = 5
"""Characters of a guess in code pages that read any two bytes as one of thousands."""
_EASTERN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uff61-\uff9f]")
_PLAIN = frozenset({"ascii", "utf-8", "utf_8", "utf8", "iso8859", "iso8859_1", "latin_1"})
"""What is read without this module."""


class OldLetters:
    """Reads the fields of one upload's values; each field that was met is remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, tuple[str, ...]], str | None] = {}
        self._guesses_left = MOST_GUESSES

    def words(self, value: bytes, declared: tuple[str, ...]) -> Iterator[str]:
        """The fields of a value that are words in an old code page, as text.

        ``declared``: the code pages that the data set names, by their names in Python. Never
        raises for what the value holds.
        """
        value = value[:MOST_BYTES]
        if value.isascii() and b"\x1b" not in value:
            return
        if len(value) - len(value.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(value):
            return
        pages = tuple(page for page in declared if page not in _PLAIN)
        for field in islice(_fields(value), MOST_FIELDS):
            key = field, pages
            if key not in self._known:
                text = self._read(field, pages)
                if len(self._known) < MOST_KNOWN:
                    self._known[key] = text
            else:
                text = self._known[key]
            if text is not None:
                yield text

    def _read(self, field: bytes, pages: tuple[str, ...]) -> str | None:
        if _SHIFTED.search(field):
            return _as_words(field, "iso2022_jp_2")
        if code_pages.is_utf8(field) or is_of_numbers(field.decode("latin-1")):
            return None
        for page in pages:
            text = _as_words(field, page)
            if text is not None and not code_pages.is_odd(field, page, weigh=False):
                return text
        if sum(byte >= 0x80 for byte in field) < _LEAST_GUESSED or not self._guesses_left:
            return None
        self._guesses_left -= 1
        text = _as_words(field, code_pages.guess([field], pages))
        if text is None:
            return None
        eastern = len(_EASTERN.findall(text))
        different = len({letter for letter in text if not letter.isascii()})
        enough = eastern == 0 or eastern >= _LEAST_EASTERN
        return text if enough and different >= _LEAST_DIFFERENT else None


def _fields(value: bytes) -> Iterator[bytes]:
    """What stands between zeros or blanks and may be words beyond ASCII."""
    for found in _FIELD.finditer(value):
        start, end = found.span()
        before, after = value[max(0, start - 1) : start], value[end : end + 1]
        if before == b" ":
            before = value[max(0, start - 2) : start]
        if after == b" ":
            after = value[end : end + 2]
        if before not in _ENDS | {b" "} or after not in _ENDS | {b" "}:
            continue
        field = found[0].rstrip()
        beyond = sum(byte >= 0x80 for byte in field)
        if beyond >= _LEAST_DECLARED or _SHIFTED.search(field):
            yield field


def _as_words(field: bytes, page: str | None) -> str | None:
    """A field in a code page, if it reads as words there."""
    text = code_pages.read_as(field, page)
    if text is None or not _USUAL.fullmatch(text) or _MIXED.search(text):
        return None
    changes = (one.islower() and two.isupper() for one, two in pairwise(text))
    return None if any(changes) else text
