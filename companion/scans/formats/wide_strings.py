"""Runs of text in UTF-16, in either byte order, at even and odd offsets.

In UTF-16 every second byte of a text is the number of its block: 0 for Latin letters, 4 for
Cyrillic. Four of them in a row are no chance. Chinese takes a third of all blocks: there a
run counts where it ends as texts end, and where its characters are common ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from companion.scans.formats.likeness import is_of_heights

SHORTEST = 4
"""Letters below which a run says nothing; of Chinese, kana and Hangul two are a name."""

# Readable letters of Latin, zeros, all else.
_CLASSES = bytearray(b"x" * 256)
_CLASSES[0] = ord("0")
for _byte in (*range(0x20, 0x7F), *range(0xA0, 0x100)):
    _CLASSES[_byte] = ord("a")
_CLASSES_OF_BYTES = bytes(_CLASSES)
_FIRST = b"a0a0a0a"
_LATIN = re.compile(rb"a0a0a0a(?:0a)*")
_FAR_BLOCKS = b"\x01\x02\x1e"
"""Of the Latin letters of Polish, Turkish, Vietnamese ...: single ones in a word of the others."""
_FAR = (
    ("utf-16-le", re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0|[\0-\xff][%b]){4,200}+" % _FAR_BLOCKS)),
    ("utf-16-be", re.compile(rb"(?:\0[\x20-\x7e\xa0-\xff]|[%b][\0-\xff]){4,200}+" % _FAR_BLOCKS)),
)
_WORD = re.compile(r"[^\W\d_]+")
_NATURAL = 0.8
"""The share of letters that stand in words as people write them."""
_FAR_WORDS = re.compile(r"[\w ,.^'()-]+")
_FAR_LETTERS = re.compile("[\u0100-\u024f\u1e00-\u1eff]")
_BESIDE, _MOST_FAR = 40, 1_000
"""Bytes beside a run in which a word with such letters begins and ends, and such runs."""

# Greek, Cyrillic, Hebrew and Arabic: letters of one block, with spaces and digits between.
_BLOCKS = tuple(
    (
        bytes([block]) * 4,
        re.compile(rb"(?:[\x00-\xff]%c|[\x20-\x40]\x00){4,400}" % block),
        re.compile(rb"(?:%c[\x00-\xff]|\x00[\x20-\x40]){4,400}" % block),
    )
    for block in range(0x03, 0x07)
)

_LETTERS = re.compile(
    r"[\u0386-\u03ce\u0410-\u0452\u0454-\u045f\u0490\u0491\u05d0-\u05ea\u0621-\u064a]"
)
"""Letters of those blocks in use today: rows of small numbers fall on the others."""

# Classes of first bytes: one of those four blocks; kana, Han characters and Hangul.
_BLOCK_CLASSES = bytearray(b"x" * 256)
_BLOCK_CLASSES[0] = ord("0")
_BLOCK_CLASSES[3:7] = b"bbbb"
for _byte in (0x30, *range(0x4E, 0xA0), *range(0xAC, 0xD8)):
    _BLOCK_CLASSES[_byte] = ord("k")
_CLASSES_OF_BLOCKS = bytes(_BLOCK_CLASSES)
_LETTERS_OF_A_BLOCK = b"bbbb"
_ENDED = re.compile(rb"0kk+(?=0|\Z)")
_AT_START = re.compile(rb"kk+(?=0|\Z)")
_LONG = 16
"""Characters in a row that are no chance, whatever stands around them."""
_ALONE = re.compile(b"k" * _LONG + b"k*")
_COMMON = {
    "gb2312": bytes(range(0xB0, 0xD8)),
    "big5": bytes(range(0xA4, 0xC7)),
    "shift_jis": bytes(range(0x81, 0x99)),
    "euc_kr": bytes(range(0xB0, 0xC9)),
}
"""First bytes of the common characters of four character sets."""
_COMMON_SHARE = 0.8
_SECONDS = range(0x40, 0x100)
_OF_ONE_BYTE = frozenset(map(chr, (*range(0x80), *range(0xFF61, 0xFFA0))))
"""Letters that are left where two bytes are no character of a set."""


def wide_runs(data: bytes) -> list[str]:
    """Every run of UTF-16, as often as it occurs."""
    found: list[str] = []
    classes = data.translate(_CLASSES_OF_BYTES)
    if _FIRST in classes:
        found += _latin(data, classes)
    all_blocks = data.translate(_CLASSES_OF_BLOCKS)
    for phase in (0, 1):
        blocks = all_blocks[phase::2]
        if _LETTERS_OF_A_BLOCK in blocks:
            found += _in_blocks(data, data[phase::2], phase)
        if b"kk" in blocks:
            found += _eastern(data, blocks, phase)
    return found


def _latin(data: bytes, classes: bytes) -> Iterator[str]:
    """Letters with zeros between them. Whether the zero belongs to the letter before or
    after it matters only at the ends, where either letter may be a stranger."""
    far, left = 0, _MOST_FAR
    for found in _LATIN.finditer(classes):
        start, end = found.span()
        text = data[start:end:2].decode("latin-1")
        readings = [text]
        if classes[start - 1 : start] != b"0" and classes[end : end + 1] != b"0":
            readings = [text[:-1], text[1:]]
        yield from (
            run for one in readings if len(run := one.strip()) >= SHORTEST and _is_plain(run)
        )
        beside = data[max(0, start - 2) : start + 1] + data[end - 1 : end + 3]
        if left and start >= far and _is_far(beside):
            left -= 1
            far = end + _BESIDE
            yield from _with_far_letters(data, start, end)


def _is_plain(run: str) -> bool:
    """Whether half of a run is ASCII: rows of numbers between 160 and 255 are letters, too."""
    return 2 * len(run.encode("ascii", "ignore")) >= len(run)


def _is_far(beside: bytes) -> bool:
    return any(block in beside for block in _FAR_BLOCKS)


def _with_far_letters(data: bytes, start: int, end: int) -> Iterator[str]:
    """The run between two offsets with what goes on beside it in other letters of Latin."""
    for codec, pattern in _FAR:
        for found in pattern.finditer(data, max(0, start - _BESIDE), end + _BESIDE):
            text = found[0].decode(codec, "replace").strip()
            covers = found.start() < end and start < found.end()
            if covers and _FAR_WORDS.fullmatch(text) and _is_of_far_words(text):
                yield text


def _is_of_far_words(text: str) -> bool:
    """Whether each word is one as people write them, and most of its letters are plain ones."""
    words = _WORD.findall(text)
    far = len(_FAR_LETTERS.findall(text))
    return far > 0 and all(map(_is_natural, words)) and 2 * far <= sum(map(str.isascii, text))


def _in_blocks(data: bytes, half: bytes, phase: int) -> Iterator[str]:
    for needle, little, big in _BLOCKS:
        at = half.find(needle)
        while at >= 0:
            high = 2 * at + phase
            after = high + 2
            if high and (match := little.match(data, high - 1)):
                after = match.end()
                yield from _of_letters(match[0].decode("utf-16-le", "replace"))
            if match := big.match(data, high):
                after = max(after, match.end())
                yield from _of_letters(match[0].decode("utf-16-be", "replace"))
            at = half.find(needle, max(at + 1, (after - phase) // 2))


def _of_letters(run: str) -> Iterator[str]:
    run = run.strip()
    letters = len(_LETTERS.findall(run))
    if letters >= max(SHORTEST - 1, len(run) / 2) and _in_words(run) >= _NATURAL * letters:
        yield run


def _in_words(run: str) -> int:
    """Letters in words as people write them; pixels mix capitals and small letters."""
    return sum(len(word) for word in _WORD.findall(run) if _is_natural(word))


def _is_natural(word: str) -> bool:
    return word[1:].islower() or word.isupper() or word.lower() == word.upper()


def _eastern(data: bytes, blocks: bytes, phase: int) -> Iterator[str]:
    """Chinese, Japanese and Korean; ``blocks`` are the classes of every second byte."""
    spans = [(found.start() + 1, found.end()) for found in _ENDED.finditer(blocks)]
    if found := _AT_START.match(blocks):
        spans.append(found.span())
    if b"k" * _LONG in blocks:
        spans += [found.span() for found in _ALONE.finditer(blocks)]
    for start, end in dict.fromkeys(spans):
        first, last = 2 * start + phase, 2 * end + phase
        if is_of_heights(data[first:last]):
            continue
        # Latin letters, two by two, look like Han characters.
        if first and not (little := data[first - 1 : last - 1]).isascii():
            yield from filter(_is_common, [little.decode("utf-16-le", "replace")])
        if not (big := data[first:last]).isascii():
            yield from filter(_is_common, [big.decode("utf-16-be", "replace")])


def _is_common(run: str) -> bool:
    """Whether nearly all characters are common ones of one country."""
    least = _COMMON_SHARE * len(run)
    everywhere, countries = common_characters()
    possible = len(run)
    for start in range(0, len(run), _LONG):  # most of chance is told by its beginning
        piece = run[start : start + _LONG]
        possible += sum(map(everywhere.__contains__, piece)) - len(piece)
        if possible < least:
            return False
    return any(sum(map(common.__contains__, run)) >= least for common in countries)


@cache
def common_characters() -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The common characters of all countries, and those of each."""
    countries = tuple(
        frozenset(
            "".join(bytes(pair).decode(codec, "ignore") for pair in product(firsts, _SECONDS))
        )
        - _OF_ONE_BYTE
        for codec, firsts in _COMMON.items()
    )
    return frozenset().union(*countries), countries
