"""What machines write on pictures of themselves: settings, scales, measurements, buttons.

A person's words and a machine's are told apart by lists of words (``screen_words``) and by shape.
A label before a small number ("Flip 150", "AGD 1.3 mGy") is a setting or a measurement, capitals in
odd places ("rCBV", "iClear", "LVIDd", "MapG") or none but consonants ("CBF") are an abbreviation,
and a capital at the beginning alone makes a phrase. Where both would fit, a line stays a person's:
a name that is passed over is worse than a setting that is told.

Of 24,750 made-up first and last names of 40 countries, 7 in 10,000 are passed over, and of last
names alone 3 in 100, most of which have two or three letters or are words of machines as well.
"""

from __future__ import annotations

import re

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.rules.screen_words import (
    is_between,
    is_misread,
    is_name_too,
    is_of_screens,
    is_plainly_of_screens,
    machine_words,
    settings,
)

FEWEST_LETTERS, FEWEST_IN_NAME, FEWEST_OTHERS = 4, 3, 2
"""Letters that a line of a person's words has in Latin script; in one that has the shape of a
name; and in other scripts, of which each may be a word."""
_IN_NAME = re.compile(r"[^\W\d_][,^]")
_NAME = re.compile(r"[^\W\d_]+ ?[,^] ?[^\W\d_]+")
"""A last name and a first one, as records write them."""
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
_NUMBERED = re.compile(r"[^\W\d_]+\d{4,}[^\W_]*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""Of a word that is joined: AutoFlow, HeadNeck."""
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,4}")
_ADDRESSED = re.compile(r"([^\W\d_]{2,4})\. ?[A-Z]")
"""A title with a point, before a name."""
_MEASURED = re.compile(
    r"(?:[^\W\d_][^\d]*[ :=]{1,3})[<>=+-]?\d{1,4}(?:[.,]\d+)?"
    r"(?:\s?[x/-]\s?\d{1,4}(?:[.,]\d+)?)?\s?"
    r"(?:%|°|[kMmc]?Hz|dB|[cmµ]?m[²2]?|[cm]?m/s|[mµ]?s|sec|[kM]?V|[µm]?As?|[mc]?Gy\S*|HU|UH|HE|"
    r"m?W|px|fps|i?/s|im/s|ml|cc|mmHg|bpm|kPa|[lL]pm|/min|mm/s)"
)
"""Words, then a number of theirs and what it is measured in."""
_AGE = re.compile(r".*[^\d.,]\d{1,3} ?(?:y|yr|yrs|yo|j|a|ans|jahre|m|f|w)\W*", re.IGNORECASE)
"""A number that may be how old somebody is, or that and their sex."""
_MOST_PIECES, _LONGEST_PIECE = 3, 3
"""Pieces that a word is read as, and letters of the shortest."""
_FEWEST_KNOWN = 4
"""Letters of a machine's word beside which another may be one too."""


def says_something(plain: str) -> bool:
    """Whether a line is more than marks, settings, measurements and names of makers."""
    line = plain.strip()
    words: list[str] = _WORD.findall(plain)
    if len(words) == 1 and words[0].isdigit():
        return len(words[0]) >= _FEWEST_DIGITS  # such as the number of an examination
    if _is_measured(line):
        return False
    folded = [fold_value(word) for word in words]
    places, makers = identifiers.picture_words("places"), identifiers.maker_words()
    if len(words) > 1 and not places.isdisjoint(folded) and makers.isdisjoint(folded):
        return True
    if _is_addressed(line):
        return True
    if _is_phrase(words) or _is_parted_word(line):
        return False
    kept = _not_of_machines(words, folded, in_name_s_shape=_NAME.fullmatch(line) is not None)
    if any(_NUMBERED.fullmatch(word) for word in kept):
        return True
    if any(not word.isascii() for word in kept):
        fewest = FEWEST_OTHERS
    elif _IN_NAME.search(plain) or sum(word.isalpha() for word in words) > 1:
        fewest = FEWEST_IN_NAME
    else:
        fewest = FEWEST_LETTERS
    return sum(letter.isalpha() for word in kept for letter in word) >= fewest


def _is_measured(line: str) -> bool:
    """Whether a line is a label and a number with its unit, and not somebody's name and age."""
    if not (_LABEL_AND_NUMBER.fullmatch(line) or _MEASURED.fullmatch(line)):
        return False
    return _AGE.fullmatch(line) is None


def _is_addressed(line: str) -> bool:
    """Whether a line begins as people are addressed: "Dr. House"."""
    found = _ADDRESSED.match(line)
    return found is not None and fold_value(found[1]) in identifiers.name_words("titles")


def _is_phrase(words: list[str]) -> bool:
    """Whether a line is written as a phrase and not as a name: a capital at its beginning alone,
    and a longer word without one that is none of the small words in names."""
    letters = [word for word in words if word.isalpha()]
    return (
        len(letters) > 1
        and letters[0][:1].isupper()
        and letters[0][1:].islower()
        and all(word.islower() for word in letters[1:])
        and any(
            len(word) >= FEWEST_LETTERS and fold_value(word) not in _particles()
            for word in letters[1:]
        )
    )


def _particles() -> frozenset[str]:
    return identifiers.name_words("particles")


def _is_parted_word(line: str) -> bool:
    """Whether a line is one word of machines that was read as several: "P ORTABLE"."""
    words = line.split()
    joined = fold_value("".join(words))
    return (
        1 < len(words) <= _MOST_PIECES
        and min(map(len, words)) <= _LONGEST_PIECE
        and joined.isalpha()
        and joined in machine_words()
    )


def _not_of_machines(
    words: list[str], folded: list[str], *, in_name_s_shape: bool = False
) -> list[str]:
    """The words of a line that machines do not write; those that are names too among them,
    unless all the others are machines' own. Of one like "Roe, J" all that is no plain setting."""
    pairs = list(zip(words, folded, strict=True))
    if in_name_s_shape:
        return [word for word, fold in pairs if fold not in settings()]
    unknown = [(word, fold) for word, fold in pairs if not _is_machines(word, fold)]
    both = [fold for _, fold in unknown if is_name_too(fold)]
    if (
        both
        and len(both) == len(unknown)
        and any(len(fold) >= _FEWEST_KNOWN and is_plainly_of_screens(fold) for _, fold in pairs)
    ):
        return []
    if any(word[:1].isupper() for word in words):
        unknown = [(word, fold) for word, fold in unknown if not word.islower()]
    if len(unknown) < len(pairs):
        unknown = [(word, fold) for word, fold in unknown if not is_between(fold)]
    return [word for word, _ in unknown]


def _is_machines(word: str, folded: str) -> bool:
    if (
        folded in settings()
        or is_of_screens(folded)
        or _MARK.fullmatch(folded)
        or _WITH_UNIT.fullmatch(folded)
        or _CONSONANTS.fullmatch(folded)
        or is_misread(folded)
    ):
        return True
    if folded.startswith(_NAME_BEGINNINGS):
        return False
    parts = _PARTS.findall(word)
    joined = len(parts) > 1 and all(
        part.lower() in settings() or is_of_screens(part.lower()) for part in parts
    )
    return joined or _ABBREVIATION.fullmatch(word) is not None
