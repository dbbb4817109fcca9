"""How sure it is that letters and digits in binary data are words, and not chance.

Measured in bits: ten bits say that noise would show the like once in a thousand places.
Pixels and histograms are no noise, they make letters by the hundred; so letters count only
where they follow each other as in words. Which letters do is learned from the names in
the DICOM dictionary.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from functools import cache
from operator import add, sub

from pydicom._dicom_dict import DicomDictionary

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Words as people write them: "Ivanov", "IVANOV", "McIvan"; chance mixes the cases.
_NATURAL = re.compile(r"(?:Mc|Mac|De|Di|La|Le|O')?(?:[^\W\d_]?[^\W\d_A-Z]+|[^\W\d_a-z]+)")
_NATURAL_IN_LINE = re.compile(
    r"(?<![A-Za-z])(?=[A-Za-z]{3})(?:Mc|Mac|De|Di|La|Le)?(?:[A-Za-z]?[a-z]+|[A-Z]+)(?![A-Za-z])"
)
"""The same of at least ``_SHORTEST_WORD`` letters, among whatever else there is in plain ASCII."""
_ASCII_LETTERS = string.ascii_letters.encode()
_LONG_NUMBER = re.compile(r"\d{4,}")
_PLAIN = b" \t.+-_" + bytes(byte for byte in range(128) if chr(byte).isalnum())
"""What rows of written numbers, which are no pixels, are made of."""
_OF_A_LETTER = math.log2(256 / 26)
_OF_A_DIGIT = math.log2(256 / 10)
_OF_ANOTHER_SCRIPT = 7.0
"""Bits of a letter that takes two bytes or more."""
_OF_A_STRANGE_LETTER = -0.5
"""Bits of a letter in what is too short for a word, or mixes cases as nobody does."""
_MOST_OF_A_LETTER = 9.0
"""More than any character adds, a caret with the letters beside it included."""
_SIGN = re.compile(r"[A-Z][a-z]{2}|[a-z]{3}|[A-Z]{3}|(?:Mc|De|Di|La|Le)[A-Z]|\d{4}|\^|[^\x00-\x7f]")
"""What each line has whose evidence is above 0."""
_NAMES = re.compile(
    "[\u0386-\u03ab\u0400-\u042f][\u03ac-\u03ce\u0430-\u045f]{2,40}"
    "(?:[ ,^-]{1,2}[\u0386-\u03ab\u0400-\u042f][\u03ac-\u03ce\u0430-\u045f]{2,40}){1,5}"
)
"""Words of Greek or Cyrillic as people write them: pixels have no blank among such letters."""
_OF_A_STRANGER = -4.0
"""Bits of a character that neither words nor numbers have beside them."""
_CARET = re.compile(r"[^\W\d_]{2}\^[^\W\d_]{2}")
_OF_A_CARET = 6.0
"""Bits of the mark between family and given names in DICOM."""
_USUAL = b"^,'/:=@()\n" + _PLAIN
_RARE = -4.0
"""The least that two letters can count that never follow each other."""
_SHORTEST_WORD = 3
_ENOUGH = 200
"""Characters of a line that are looked at."""
_FILLED = re.compile(r" {8,}")
_FEW_STEPS, _SMALL_STEP = 8, 4.0
"""Of neighbouring pixels: fewer say nothing; what they differ by on average. Twice as much
in twice as many is a sign only where there is no word among them."""
_MANY_STEPS, _OF_NOISE = 40, -0.7
"""A line so long shows by its letters alone that it is noise: by fluency below the second."""
_HEIGHTS, _MOST_LITTLE = 64, 0.8
_LITTLE = frozenset(range(-7, 8)) - {0}
"""Of code, a sixth of all steps is so small."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def common_pairs() -> dict[str, float]:
    """For two letters, how much more often than by chance the second follows the first."""
    words = [part.lower() for entry in DicomDictionary.values() for part in _PART.findall(entry[2])]
    pairs = Counter(word[at : at + 2] for word in words for at in range(len(word) - 1))
    firsts = Counter(letter for word in words for letter in word[:-1])
    return {
        a + b: max(_RARE, math.log2(26 * (pairs[a + b] + 0.2) / (firsts[a] + 5.2)))
        for a in _LETTERS
        for b in _LETTERS
    }


def fluency(word: str) -> float:
    """Bits for two letters, on average, by how well the letters of a word follow each
    other: above 0 for words, below for chance; 0 where it is not in Latin letters."""
    known = common_pairs()
    low = word.lower()
    scores = [score for pair in map(add, low, low[1:]) if (score := known.get(pair)) is not None]
    return sum(scores) / len(scores) if scores else 0.0


def evidence(line: str) -> float:
    """Bits that say a line is no chance: its words, its numbers, less what is neither."""
    line = _without_columns(line)[:_ENOUGH]
    if not line.isascii() and len(_scripts(line)) > 1:
        return 0.0
    bits = _of_words(line)
    bits += _OF_A_DIGIT * sum(map(len, _LONG_NUMBER.findall(line)))
    if "^" in line:
        bits += _OF_A_CARET * len(_CARET.findall(line))
    strangers = line.encode("ascii", "ignore").translate(None, _USUAL)
    return bits + _OF_A_STRANGER * len(strangers)


def is_evident(line: str, bits: float) -> bool:
    """Whether a line is no row of numbers, and its ``evidence`` is at least so many bits; for
    most lines of noise, it cannot be."""
    if bits > 0 and (len(line) * _MOST_OF_A_LETTER < bits or not _SIGN.search(line)):
        return False
    return not is_of_numbers(line) and evidence(line) >= bits


def is_of_numbers(line: str) -> bool:
    """Whether a line is pixels or heights of a histogram that happen to be readable: each
    differs little from the one before, and the letters are no word's."""
    line = _without_columns(line)
    if not line.isascii() and _NAMES.fullmatch(line):
        return False
    data = line[:_ENOUGH].encode("latin-1", "replace")
    steps = list(map(abs, map(sub, data[1:], data)))
    figures = len(data) - len(data.translate(None, b"0123456789 \t"))
    odd = len(data.translate(None, _PLAIN))
    if len(steps) < _FEW_STEPS or (figures > len(steps) / 2 and odd < len(steps) / _FEW_STEPS):
        return False
    step = sum(steps) / len(steps)
    if step < _SMALL_STEP:
        return True
    if len(steps) < 2 * _FEW_STEPS:
        return False
    if step > 2 * _SMALL_STEP:
        return len(steps) > _MANY_STEPS and odd > len(steps) / _FEW_STEPS and _is_noise(line)
    return all(len(word) < _FEW_STEPS or fluency(word) < -1 for word in _WORD.findall(line))


def is_of_heights(data: bytes) -> bool:
    """Whether nearly every byte differs from the one before, by little: as pixels and the
    heights of a histogram do, and neither letters nor what is written in code."""
    head = data[:_HEIGHTS]
    small = sum(map(_LITTLE.__contains__, map(sub, head[1:], head)))
    return small > _MOST_LITTLE * (len(head) - 1)


def _without_columns(line: str) -> str:
    """A line without the blanks that fill its fields: hundreds of them would look like even
    pixels, and hide the day that stands behind."""
    return _FILLED.sub(" ", line) if "        " in line else line


def _is_noise(line: str) -> bool:
    """Whether the letters of a long line follow each other as chance has them: a rough
    histogram of numbers of two bytes reads as capitals."""
    known = common_pairs()
    low = line[:_ENOUGH].lower()
    scores = [score for pair in map(add, low, low[1:]) if (score := known.get(pair)) is not None]
    return len(scores) > _FEW_STEPS and sum(scores) / len(scores) < _OF_NOISE


def _scripts(line: str) -> set[str]:
    """The scripts of letters beyond ASCII: ``LATIN``, ``CYRILLIC``, ``CJK`` ..."""
    return {unicodedata.name(char, "?").split()[0] for char in line if char > "\x7f"}


def _of_words(line: str) -> float:
    """The bits of all words of a line."""
    if not line.isascii():
        return sum(map(_of_word, _WORD.findall(line)))
    # Nearly all that chance makes is no word: those are counted, and not looked at.
    words = _NATURAL_IN_LINE.findall(line)
    others = line.encode("ascii").translate(None, _ASCII_LETTERS)
    strange = len(line) - len(others) - sum(map(len, words))
    return _OF_A_STRANGE_LETTER * strange + sum(map(_of_natural, words))


def _of_word(word: str) -> float:
    if not word.isascii():
        return _OF_ANOTHER_SCRIPT * sum(char > "\x7f" for char in word)
    if len(word) < _SHORTEST_WORD or not _NATURAL.fullmatch(word):
        return _OF_A_STRANGE_LETTER * len(word)
    return _of_natural(word)


def _of_natural(word: str) -> float:
    return _OF_A_LETTER * len(word) + 0.5 * fluency(word) * (len(word) - 1)
