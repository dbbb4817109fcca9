"""Placeholders: what de-identifiers, testers and studies write where a real value was.

Two questions, the second only asked of a patient's name: whether a value is no value at
all ("Anonymous", "XXXX", "n.a."), and whether a code stands where the name was
("Subject 12", "TCGA-00-0000"). A code is only a code where no natural part of a name
stands: "Null^Jennifer" and "Smith2" are names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from companion.content import identifiers
from companion.folding import fold_value

_LONGEST = 64
"""Characters beyond which a value is a text, whatever its words."""
_AROUND = " \t\r\n\0^=\\<>[](){}*#\"'_-.:;,!?/|~"
_FILLING = frozenset("xX0.*-_/#? ^=\\,;:|~<>[](){}")
_BETWEEN = re.compile(r"[\s^=\\/_\-.,:;#|<>\[\](){}*\"']+")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]+)(\d+)([a-z]?)")
_HEXADECIMAL = re.compile(r"(?=.*\d)[0-9a-f]{6,}")
_LONGEST_INITIALS = 3


@lru_cache(maxsize=16_384)
def is_placeholder(text: str) -> bool:
    """Whether a value is blank or what is written instead of a real one."""
    bare = text.strip(" \t\r\n\0^=\\")
    if not bare or set(bare) <= _FILLING:
        return True
    if len(bare) >= 8 and len(set(bare)) == 1:
        return True
    if len(bare) > _LONGEST:
        return False
    known = identifiers.placeholders()
    folded = fold_value(bare)
    if folded in known or folded.strip(_AROUND) in known:
        return True
    words = [word for word in _BETWEEN.split(folded) if word]
    if " ".join(words) in known:
        return True
    return all(word in known or _is_filling(word) for word in words) and any(
        not word.isdigit() for word in words
    )


@lru_cache(maxsize=16_384)
def stands_for_a_name(text: str) -> bool:
    """Whether a placeholder or a code stands where a patient's name was.

    Every part has to be one: a known word, a number, a word of a study with a number,
    up to three initials with a number, letters and digits mixed, a repeated letter.
    """
    if is_placeholder(text):
        return True
    groups = [group for group in re.split(r"[=\\]", text) if group.strip(" ^\0")]
    return all(len(group) <= _LONGEST and _is_code(group) for group in groups)


@cache
def _dummies() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words that stand for a name, those that do so beside another, and both with words of
    studies."""
    dummies = frozenset(identifiers.placeholders() | identifiers.dummy_words("alone"))
    beside = frozenset(identifiers.dummy_words("beside"))
    return dummies, beside, dummies | beside | identifiers.code_words()


def _is_code(group: str) -> bool:
    words = [word for word in _BETWEEN.split(fold_value(group)) if word]
    dummies, beside, known = _dummies()
    numbered = False
    unsure = 0
    for word in words:
        if word.isdigit() or _is_mixed(word):
            numbered = True
        elif word in known or _is_filling(word):
            continue
        elif len(word) <= 2 and word.isascii():
            unsure += 1  # initials, which only a number beside them makes a code
        else:
            return False
    if unsure and not numbered:
        return False
    # Without a number, a word of a study may be a name as well: "Case^Pat".
    return numbered or (
        all(word in dummies or word in beside or _is_filling(word) for word in words)
        and not all(word in beside for word in words)
    )


def _is_mixed(word: str) -> bool:
    """Whether letters and digits make one code, in which no natural word stands."""
    if not any(char.isdigit() for char in word):
        return False
    if _HEXADECIMAL.fullmatch(word):
        return True
    if found := _WORD_AND_NUMBER.fullmatch(word):
        stem = found[1]
        return (
            len(stem) <= _LONGEST_INITIALS
            or stem in identifiers.code_words()
            or stem in identifiers.placeholders()
        )
    return max(map(len, re.findall(r"[^\W\d_]+", word)), default=0) <= _LONGEST_INITIALS


def _is_filling(word: str) -> bool:
    """Whether a word is one character repeated: "xxxx", "zzz"."""
    return (len(word) >= 3 and len(set(word)) == 1) or word in ("x", "xx")
