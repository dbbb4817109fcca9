"""What machines write on pictures of themselves: settings, scales, measurements, buttons.

A person's words and a machine's are told apart by lists of words and by shape. A label before a
small number ("Flip 150", "AGD 1.3 mGy") is a setting or a measurement, and capitals in odd places
("rCBV", "iClear", "LVIDd", "MapG") or none but consonants ("CBF") are an abbreviation. Where both
would fit, a line stays a person's: a name that is passed over is worse than a setting that is told.
"""

from __future__ import annotations

import re
from functools import cache

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.rules.seeds import dictionary_words

FEWEST_LETTERS, FEWEST_IN_NAME, FEWEST_OTHERS = 4, 3, 2
"""Letters that a line of a person's words has in Latin script; in one that has the shape of a
name; and in other scripts, of which each may be a word."""
_IN_NAME = re.compile(r"[^\W\d_][,^]")
_FEWEST_DIGITS = 4
_WORD = re.compile(r"[^\W_]+")
_WITH_UNIT = re.compile(r"[\d.]*\d[a-z]{0,4}|[a-z]{1,2}\d{1,3}")
_MARK = re.compile(r"[rlaphfsi]{1,3}")
"""Sides of the body, at the edges of a picture (PS3.3 C.7.6.1.1.1)."""
_LABEL_AND_NUMBER = re.compile(
    r"[^\W\d_]+(?:[ -]?[^\W\d_]{1,4})?[\s:=]{0,3}[<>=+-]?"
    r"(?:\d{1,3}(?:\.\d+)?|\d+\.\d+)(?:\s?[x/-]\s?\d{1,3}(?:\.\d+)?)?\s?(?:[^\W\d_]{1,4}(?:/[^\W\d_]{1,3})?|%)?"
)
"""One word, or one and a short one beside it, then a number of up to three digits or with a
point, and a unit."""
_ABBREVIATION = re.compile(
    r"[a-z]{1,3}[A-Z]\w*"  # rCBV, iClear
    r"|[A-Z]{2,}[a-z]{1,2}"  # LVIDd, SUVbw
    r"|[A-Z][a-z]{1,5}[A-Z]"  # MapG, AutomA
    r"|(?:[A-Za-z]{1,4}\d{1,2}){1,3}[A-Za-z]{0,3}"  # tse2d1, B30f
)
_NAME_BEGINNINGS = (
    "mc", "mac", "de", "di", "da", "la", "le", "du", "van", "von", "der", "el", "al", "o",
)  # fmt: skip
_TITLE = re.compile(r"[A-Z][a-z]+ [a-z]{4,}(?:\W+[\d.]+.{0,6})?")
"""Two words, the second in small letters: "Cortical thickness", which is no way to write the name
of somebody or of a place. Particles of names are shorter."""
_NUMBERED = re.compile(r"[^\W\d_]+\d{4,}[^\W_]*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""Of a word that is joined: AutoFlow, HeadNeck."""
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,4}")
_MACHINES_GROUPS = ("body", "imaging", "makers", "computer", "calendar")


def says_something(plain: str) -> bool:
    """Whether a line is more than marks, settings, measurements and names of makers."""
    words: list[str] = _WORD.findall(plain)
    if len(words) == 1 and words[0].isdigit():
        return len(words[0]) >= _FEWEST_DIGITS  # such as the number of an examination
    if _LABEL_AND_NUMBER.fullmatch(plain.strip()):
        return False
    folded = [fold_value(word) for word in words]
    places, makers = identifiers.picture_words("places"), identifiers.maker_words()
    if len(words) > 1 and not places.isdisjoint(folded) and makers.isdisjoint(folded):
        return True
    if _TITLE.fullmatch(plain.strip()):
        return False
    kept = [word for word, fold in zip(words, folded, strict=True) if not _is_machines(word, fold)]
    if any(_NUMBERED.fullmatch(word) for word in kept):
        return True
    if any(not word.isascii() for word in kept):
        fewest = FEWEST_OTHERS
    elif _IN_NAME.search(plain) or sum(word.isalpha() for word in words) > 1:
        fewest = FEWEST_IN_NAME
    else:
        fewest = FEWEST_LETTERS
    return sum(letter.isalpha() for word in kept for letter in word) >= fewest


def _is_machines(word: str, folded: str) -> bool:
    if (
        folded in _machine_words()
        or _MARK.fullmatch(folded)
        or _WITH_UNIT.fullmatch(folded)
        or _CONSONANTS.fullmatch(folded)
    ):
        return True
    if folded.startswith(_NAME_BEGINNINGS):
        return False
    parts = _PARTS.findall(word)
    joined = len(parts) > 1 and all(part.lower() in _machine_words() for part in parts)
    return joined or _ABBREVIATION.fullmatch(word) is not None


@cache
def _machine_words() -> frozenset[str]:
    return (
        identifiers.picture_words("settings")
        | identifiers.maker_words()
        | identifiers.common_words_of(_MACHINES_GROUPS)
        | dictionary_words()
    )
