"""Runs of readable text inside binary data: ASCII, UTF-8 and UTF-16.

Nothing here looks at one byte after the other. ``bytes.translate`` gives every byte its
class, ``bytes.replace`` turns whole letters of UTF-8 into the class of readable bytes, and
one regular expression, whose beginning is fixed, finds the runs: a hundredth of a second
for a megabyte of noise. What a run says is looked at only for the few that are found.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from unicodedata import category

from companion.scans.formats.wide_strings import wide_runs

SHORTEST = 4
"""Characters below which a run says nothing."""
MOST = 4_000
"""Runs that are kept of one piece of data."""
SMALL, MIDDLING = 65_536, 262_144
"""Bytes up to which any run counts, and from which only ASCII and UTF-16 are looked for
(a whole text in UTF-8 is known by ``is_text``, whatever its length)."""

LEGIBLE_SHORTEST = 6
LEGIBLE_MOST = 200
_LETTERS = re.compile(r"[^\W\d_]{4}")
_PRINTABLE = bytes(range(0x20, 0x7F))
_TEXT = _PRINTABLE + b"\r\n\t\f"
_NO_TEXT = frozenset(("Cc", "Cn", "Cs"))
"""Unicode's categories of what is no letter and no sign: controls, and numbers of nothing."""
_CONTROLS = bytes(set(range(0x20)) - set(_TEXT)) + b"\x7f"
_SAMPLE = 64

# Classes of bytes: a lower-case letter, an upper-case one, another readable byte, what ends
# a text, what begins a letter of two, three or four bytes in UTF-8, and what goes on in it.
_CLASSES = bytearray(b"x" * 256)
for _bytes, _class in (
    (_PRINTABLE, b"a"),
    (bytes(range(0x61, 0x7B)), b"l"),
    (bytes(range(0x41, 0x5B)), b"U"),
    (b"\0\t\n\r\xff", b"t"),
    (bytes(range(0x80, 0xC0)), b"c"),
    (bytes(range(0xC2, 0xE0)), b"2"),
    (bytes(range(0xE0, 0xF0)), b"3"),
    (bytes(range(0xF0, 0xF5)), b"4"),
    (b"\xc0\xc1\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe", b"h"),
):
    for _byte in _bytes:
        _CLASSES[_byte] = _class[0]
_CLASSES_OF_BYTES = bytes(_CLASSES)
_READABLE_ONLY = bytes.maketrans(b"lUc234h", b"aaxxxxx")
_LATIN = bytes.maketrans(b"234", b"hhh")
_LETTERS_OF_UTF8 = ((b"4ccc", b"aaaa"), (b"3cc", b"aaa"), (b"2c", b"aa"))
_LETTERS_OF_LATIN = ((b"lhl", b"lll"), (b"Uhl", b"Ull"))
"""One letter of Latin-1 inside a word, as in a name in otherwise plain text."""

_CHANCE = 1_024
"""Bytes from which short runs come about by chance."""
_RUNS = (
    (_CHANCE, re.compile(rb"aaaa+")),
    # In data of some length eight characters are no chance, or fewer where a text ends.
    (SMALL, re.compile(rb"aaaa(?:aaaa++|a{0,3}+(?=t|\Z))")),
    (MIDDLING, re.compile(rb"aaaaaa(?:aa++|a?+(?=t|\Z))")),
)
_LONG_RUNS = re.compile(rb"aaaaaaaa+")
_WORD = re.compile(r"[^\W_]{3}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}")
# What even a short run has where it is no chance: letters in the case people write, digits.
_NATURAL = re.compile(r"[^\W\d_a-z]{3}|[^\W\d_A-Z]{2}|\d{4}")
_USUAL = re.compile(r"[\w ^,.'/:=@+-]+")
_OF_AN_END = {b"": 8.0, b"\0": 8.0, b"\n": 5.0, b"\r": 5.0, b"\t": 5.0}
"""Bits for a run that begins or ends where zeros, lines or the data do."""
_OF_UTF_16 = 4.0
"""Bits for each letter in UTF-16, half of which is a zero."""
_FIRST_OF_THE_EAST, _LESS_IN_THE_EAST = "\u3000", 5.0
_SHORT = 8
"""Characters below which a run must be made of what words and numbers are made of."""


def text_runs(data: bytes) -> Iterator[str]:
    """Each different run of at least four readable characters, in order.

    In large data, where chance makes short runs, only longer ones count, or such as
    end where a text ends; a run needs three letters or digits in a row. At most ``MOST``
    runs are yielded.
    """
    yield from islice(filter(tells, dict.fromkeys(Runs(data).texts)), MOST)


class Runs:
    """All runs of some data, as often as they occur, whether they tell something or not."""

    def __init__(self, data: bytes, size: int = 0) -> None:
        """``size``: bytes of what the data are a part of; the more there are, the longer is
        what chance makes."""
        self._data = data
        self._spans, texts = _byte_runs(data, size or len(data))
        self.texts = texts + wide_runs(data)

    def bits(self, number: int) -> float:
        """The bits (see ``likeness``) that what stands around a run gives."""
        if number >= len(self._spans):
            text = self.texts[number]
            if text > _FIRST_OF_THE_EAST:  # every third pair of bytes is such a character
                return 2 * _OF_AN_END[b""] - _LESS_IN_THE_EAST * len(text)
            return _OF_UTF_16 * len(text)
        start, end = self._spans[number]
        before, after = self._data[start - 1 : start], self._data[end : end + 1]
        return _OF_AN_END.get(before, 0.0) + _OF_AN_END.get(after, 0.0)


def tells(run: str) -> bool:
    """Whether a run can be a word, a name or a number, and not chance."""
    if not _WORD.search(run) or (len(run) < SHORTEST and run.isascii()):
        return False
    return len(run) >= _SHORT or bool(_USUAL.fullmatch(run) and _NATURAL.search(run))


def _byte_runs(data: bytes, size: int) -> tuple[list[tuple[int, int]], list[str]]:
    """Where runs in ASCII and UTF-8 are, and what they say, spaces around them removed."""
    pattern = next((runs for most, runs in _RUNS if size <= most), _LONG_RUNS)
    classes = data.translate(_CLASSES_OF_BYTES)
    if size <= MIDDLING:
        for letter, readable in _LETTERS_OF_UTF8:
            classes = classes.replace(letter, readable)
        classes = classes.translate(_LATIN)
        for letter, readable in _LETTERS_OF_LATIN:
            classes = classes.replace(letter, readable)
    classes = classes.translate(_READABLE_ONLY)
    spans = [found.span() for found in pattern.finditer(classes)]
    if not spans:
        return [], []
    runs = b"\n".join([data[start:end] for start, end in spans])
    return spans, list(map(str.strip, runs.decode("utf-8", "companion-latin").split("\n")))


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    """The letter that a byte is in Latin-1, where it is none in UTF-8."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - only decoding asks
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("companion-latin", _as_latin)


def is_text(data: bytes) -> bool:
    """Whether ``data``, but for padding at its end, is readable text as a whole."""
    body = data.rstrip(b"\0 ")
    # The beginning tells of nearly all that is no text.
    unusual = body[:_SAMPLE].translate(None, _TEXT)
    if unusual and unusual.translate(None, _CONTROLS) != unusual:
        return False
    unusual = body.translate(None, _TEXT)
    if not unusual:
        return bool(body)
    if unusual.translate(None, _CONTROLS) != unusual:
        return False
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # Signs that are not seen, as a space that does not break or a joiner, are a text's too.
    return not any(category(one) in _NO_TEXT for one in set(text) if one > "\x7f")


def is_legible(text: str) -> bool:
    """Whether a run of text is long enough, and mostly letters, digits and spaces."""
    if len(text) < LEGIBLE_SHORTEST:
        return False
    usual = sum(character.isalnum() or character == " " for character in text)
    return usual >= 0.8 * len(text) and bool(_LETTERS.search(text))


def legible_runs(data: bytes) -> Iterator[str]:
    """At most ``LEGIBLE_MOST`` legible runs of text in ``data``."""
    yield from islice(filter(is_legible, text_runs(data)), LEGIBLE_MOST)
