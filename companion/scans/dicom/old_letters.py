"""Words in old code pages inside private binary values: a name in Shift-JIS, a clinic in KOI8.

Binary data have no code page of their own, and bytes beyond ASCII are what numbers are made
of. So a word counts only where it fills a field, between zeros, blanks or the ends of the
value, in a value that is otherwise no numbers; and where it reads as a language in a code page
that the file names, or, with more letters, in one that can be worked out. That takes its time:
where there are more fields than are weighed, ``take_notes`` says so, and so does the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import sub

from companion.scans.dicom import name_bytes
from companion.scans.findings import Note
from companion.scans.formats import code_pages, old_text
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
_USUAL = re.compile(r"[\w\u0300-\u036f\u0e31-\u0e4e ^=.,'’()・ｰﾞﾟ-]+")
"""Letters, their marks in Vietnamese and Thai, and the signs of names."""
_MIXED = re.compile(
    r"[a-z0-9][\u0370-\uffee]|[\u0370-\uffee][a-z0-9]|[\uff61-\uff9f][\u3040-\u9fff]"
    r"|[\u3040-\u9fff][\uff61-\uff9f]",
    re.IGNORECASE,
)
"""Letters of two scripts, or a digit, side by side: chance makes them, names hardly ever."""
_LEAST_DECLARED, _LEAST_GUESSED, _LEAST_AMONG_PLAIN = 4, 6, 2
"""Bytes beyond ASCII that a field has; and one that is words of plain letters but for them."""
_WORDS = re.compile(rb"[A-Z\x80-\xff][A-Za-z\x80-\xff]+(?:[ ^,.'-]{1,2}[A-Za-z\x80-\xff]+)*")
_PLAIN_LETTERS = re.compile(rb"[A-Za-z]")
_LEAST_DIFFERENT = 4
"""Different characters of a guess: numbers repeat one or two."""
_LEAST_EASTERN = 5
"""Characters of a guess in code pages that read any two bytes as one of thousands."""
_SMALL_STEP = 5
"""What bytes side by side differ by on average in words of any script; in pixels, by less."""
_EASTERN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uff61-\uff9f]")
_OTHER_LETTERS = re.compile("[\u0370-\u07ff]")
_PLAIN = frozenset({"ascii", "utf-8", "utf_8", "utf8", "iso8859", "iso8859_1", "latin_1"})
"""What is read without this module."""


class OldLetters:
    """Reads the fields of one upload's values; each field that was met is remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, tuple[str, ...]], str | None] = {}
        self._guesses_left = MOST_GUESSES
        self._notes: set[Note] = set()

    def take_notes(self) -> set[Note]:
        """What was passed over, or worked out, since this was asked."""
        notes, self._notes = self._notes, set()
        return notes

    def whole(self, value: bytes, declared: tuple[str, ...]) -> bytes:
        """The value; in UTF-8, where all of it is a text in an old code page."""
        if value.isascii():
            return value
        pages = tuple(page for page in declared if page not in _PLAIN)
        text = old_text.in_utf8(value, pages)
        if text is not None and old_text.has_letters(text):
            self._notes.add(Note.LETTERS_GUESSED)
        return text or value

    def words(self, value: bytes, declared: tuple[str, ...], patient: str = "") -> Iterator[str]:
        """The fields of a value that are words in an old code page, as text.

        ``declared``: the code pages that the data set names, by their names in Python;
        ``patient``: its patient's name, which is looked for in any bytes. Never raises for what
        the value holds.
        """
        yield from name_bytes.copies(value, patient, declared)
        value = value[:MOST_BYTES]
        if value.isascii() and b"\x1b" not in value:
            return
        if len(value) - len(value.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(value):
            return
        pages = tuple(page for page in declared if page not in _PLAIN)
        for number, field in enumerate(_fields(value)):
            if number == MOST_FIELDS:
                self._notes.add(Note.LETTERS_NOT_TRIED)
                return
            key = field, pages
            if key not in self._known:
                text = self._read(field, pages)
                if len(self._known) < MOST_KNOWN and Note.LETTERS_NOT_TRIED not in self._notes:
                    self._known[key] = text
            else:
                text = self._known[key]
            if text is not None:
                yield text

    def _read(self, field: bytes, pages: tuple[str, ...]) -> str | None:
        if _SHIFTED.search(field):
            return _as_words(field, "iso2022_jp_2")
        if code_pages.is_utf8(field):
            # A search for text finds it too, and cannot tell it from chance.
            text = _as_words(field, "utf-8")
            return text if text and len(_OTHER_LETTERS.findall(text)) >= _LEAST_GUESSED else None
        if is_of_numbers(field.decode("latin-1")):
            return None
        if sum(map(abs, map(sub, field[1:], field))) < _SMALL_STEP * (len(field) - 1):
            return None
        for page in pages:
            text = _as_words(field, page)
            if text is not None and not code_pages.is_odd(field, page, weigh=False):
                return text
        beyond = sum(byte >= 0x80 for byte in field)
        if beyond < _LEAST_GUESSED and not _is_mostly_plain(field, beyond):
            return None
        if not self._guesses_left:
            self._notes.add(Note.LETTERS_NOT_TRIED)
            return None
        self._guesses_left -= 1
        if _is_mostly_plain(field, beyond):
            plain = old_text.in_utf8(field, pages)
            return None if plain is None else plain.decode()
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
        enough = beyond >= _LEAST_DECLARED or _is_mostly_plain(field, beyond)
        if enough or _SHIFTED.search(field):
            yield field


def _is_mostly_plain(field: bytes, beyond: int) -> bool:
    """Whether a field is words as people write them, most of whose letters are ASCII."""
    if beyond < _LEAST_AMONG_PLAIN or 2 * beyond > len(field) or not _WORDS.fullmatch(field):
        return False
    return len(_PLAIN_LETTERS.findall(field)) >= beyond


def _as_words(field: bytes, page: str | None) -> str | None:
    """A field in a code page, if it reads as words there."""
    text = code_pages.read_as(field, page)
    if text is None or not _USUAL.fullmatch(text) or _MIXED.search(text):
        return None
    changes = (one.islower() and two.isupper() for one, two in pairwise(text))
    return None if any(changes) else text
