"""Runs of readable text inside binary data: ASCII, UTF-8 and UTF-16.

Each byte is first mapped to one of three classes, and runs are then found by plain
substring search: a pattern would take a tenth of a second for every megabyte.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

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
_HIGH = bytes(range(0x80, 0x100))
_LATIN = bytes(range(0xA0, 0x100))


def _table(text: bytes) -> bytes:
    classes = bytearray(b"x" * 256)
    classes[0] = ord("0")
    for byte in text:
        classes[byte] = ord("a")
    return bytes(classes)


_ASCII_CLASSES = _table(_PRINTABLE)
_UTF8_CLASSES = _table(_PRINTABLE + _HIGH)
_LATIN_CLASSES = _table(_PRINTABLE + _LATIN)
_UTF8 = re.compile(
    rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
    rb"|(?<=[A-Za-z])[\xc0-\xff](?=[a-z])){4,400}"  # one letter of Latin-1 in a word
)
_ASCII = re.compile(rb"[\x20-\x7e]{4,400}")
_LITTLE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,400}")
_BIG = re.compile(rb"(?:\x00[\x20-\x7e\xa0-\xff]){4,400}")
# Greek, Cyrillic, Hebrew and Arabic in UTF-16: letters of one block, with spaces between.
_BLOCKS = tuple(
    (
        bytes([block]) * 4,
        re.compile(rb"(?:[\x00-\xff]%c|[\x20-\x40]\x00){4,400}" % block),
        re.compile(rb"(?:%c[\x00-\xff]|\x00[\x20-\x40]){4,400}" % block),
    )
    for block in range(0x03, 0x07)
)
_WORD = re.compile(r"[^\W_]{3}")
_ENDS = b"\0\t\n\r\xff"
_CERTAIN = 8
"""Characters from which a run is no chance in data of some length."""
_CHANCE = 1_024
"""Bytes from which short runs come about by chance."""


def text_runs(data: bytes) -> Iterator[str]:
    """Each different run of at least four readable characters, in order.

    In large data, where chance makes short runs, only longer ones count, or such as
    end where a text ends; a run needs three letters or digits in a row. At most ``MOST``
    runs are yielded.
    """
    size = len(data)
    shortest = SHORTEST if size <= SMALL else 6 if size <= MIDDLING else 8
    seen: set[str] = set()
    for raw, encoding, end in _candidates(data, shortest):
        text = raw.decode(encoding, "companion-latin" if encoding == "utf-8" else "replace").strip()
        if len(text) < shortest or text in seen or not _WORD.search(text):
            continue
        if size > _CHANCE and len(text) < _CERTAIN and data[end : end + 1] not in _ENDS:
            continue
        seen.add(text)
        yield text
        if len(seen) >= MOST:
            return


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    """The letter that a byte is in Latin-1, where it is none in UTF-8."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - only decoding asks
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("companion-latin", _as_latin)


def _candidates(data: bytes, shortest: int) -> Iterator[tuple[bytes, str, int]]:
    """Runs with their encoding, and where they end."""
    size = len(data)
    if size <= SMALL:
        yield from _search(data, _UTF8_CLASSES, b"a" * shortest, _UTF8, "utf-8")
    elif size <= MIDDLING:
        yield from ((match[0], "utf-8", match.end()) for match in _UTF8.finditer(data))
    else:
        yield from _search(data, _ASCII_CLASSES, b"a" * shortest, _ASCII, "ascii")
    yield from _search(data, _LATIN_CLASSES, b"a0" * shortest, _LITTLE, "utf-16-le")
    yield from _search(data, _LATIN_CLASSES, b"0a" * shortest, _BIG, "utf-16-be")
    yield from _in_blocks(data)


def _in_blocks(data: bytes) -> Iterator[tuple[bytes, str, int]]:
    """Every second byte is the block's number: four in a row are a word."""
    for phase in (0, 1):
        half = data[phase::2]
        for needle, little, big in _BLOCKS:
            at = half.find(needle)
            while at >= 0:
                high = 2 * at + phase
                found = [
                    (match, encoding)
                    for match, encoding in (
                        (little.match(data, high - 1) if high else None, "utf-16-le"),
                        (big.match(data, high), "utf-16-be"),
                    )
                    if match
                ]
                for match, encoding in found:
                    yield match[0], encoding, match.end()
                after = max((match.end() for match, _ in found), default=high + 2)
                at = half.find(needle, max(at + 1, (after - phase) // 2))


def _search(
    data: bytes, classes: bytes, needle: bytes, pattern: re.Pattern[bytes], encoding: str
) -> Iterator[tuple[bytes, str, int]]:
    mapped = data.translate(classes)
    position = mapped.find(needle)
    while position >= 0:
        match = pattern.match(data, position)
        if match:
            yield match[0], encoding, match.end()
        position = mapped.find(needle, match.end() if match else position + 1)


def is_text(data: bytes) -> bool:
    """Whether ``data``, but for padding at its end, is readable text as a whole."""
    body = data.rstrip(b"\0 ")
    if not body or b"\0" in body:
        return False
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\f" for character in text)


def is_legible(text: str) -> bool:
    """Whether a run of text is long enough, and mostly letters, digits and spaces."""
    if len(text) < LEGIBLE_SHORTEST:
        return False
    usual = sum(character.isalnum() or character == " " for character in text)
    return usual >= 0.8 * len(text) and bool(_LETTERS.search(text))


def legible_runs(data: bytes) -> Iterator[str]:
    """At most ``LEGIBLE_MOST`` legible runs of text in ``data``."""
    found = 0
    for text in text_runs(data):
        if is_legible(text):
            yield text
            found += 1
            if found == LEGIBLE_MOST:
                return
