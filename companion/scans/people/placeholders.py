"""Placeholders: what de-identifiers, testers and studies write where a real value was.

Two questions, the second only asked of a patient's name: whether a value is no value at
all ("Anonymous", "XXXX", "n.a."), and whether a code or a dummy stands where the name was
("Subject 12", "TCGA-00-0000", "Last^First^Mid"). That is only so where no natural part of a
name stands: "Null^Jennifer", "Last^Nella" and "Smith2" are names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from companion.content import identifiers
from companion.folding import fold_value

_LONGEST = 64
"""Characters beyond which a value is a text, whatever its words."""
_AROUND = " \t\r\n\0^=\\<>[](){}*#\"'_-.:;,!?/|~"
_FILLING = "xX0.*-_/#? ^=\\,;:|~<>[](){}"
_UNREAD = "\ufffd"
"""What stands where bytes could not be read: nobody's mark, but what is left of a name."""
_BETWEEN = re.compile(r"[\s^=\\/_\-.,:;#|<>\[\](){}*\"']+")
_COMPONENT = re.compile(r"[\^=\\]")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]+)(\d+)([a-z]{0,3})")
_COUNTED = re.compile(r"[^\W\d_]+\d{3,}")
_HEXADECIMAL = re.compile(r"(?=.*\d)[0-9a-f]{6,}")
_LONGEST_INITIALS = 3
_SHORTEST_OF_JOINED, _SHORTEST_BEFORE_A_NUMBER = 4, 6
"""Letters of words that are known in one word, "TestPatient", and of one with a number in
words behind it: "Patten" and "Testone" are families."""


@lru_cache(maxsize=16_384)
def is_placeholder(text: str) -> bool:
    """Whether a value is blank or what is written instead of a real one."""
    if _UNREAD in text:
        return False
    bare = text.strip(" \t\r\n\0^=\\")
    if not bare.strip(_FILLING):
        return True
    if len(bare) >= 8 and not bare.strip(bare[0]):
        return True
    if len(bare) > _LONGEST:
        return False
    known = identifiers.placeholders()
    folded = fold_value(bare)
    if folded in known or folded.strip(_AROUND) in known:
        return True
    components = [part for part in _COMPONENT.split(bare) if part.strip()]
    if len(components) > 1 and all(map(is_placeholder, components)):
        return True  # "n/a^n/a"
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
    if _UNREAD in text:
        return False
    groups = [group for group in re.split(r"[=\\]", text) if group.strip(" ^\0")]
    return all(len(group) <= _LONGEST and _is_code(group) for group in groups)


def stands_for_a_place(text: str) -> bool:
    """Whether words say that a hospital stood there, and not which: "Hospital Name 12345"."""
    words = [word for word in _BETWEEN.split(fold_value(text[:_LONGEST])) if word]
    named = [word for word in words if not word.isdigit()]
    return bool(named) and set(named) <= identifiers.dummy_words("places")


def is_doubtful_name(text: str) -> bool:
    """Whether a name may be that of a test ("TEST^ADL", "ZZZDOWNTIME^MARY"), the code of a
    study ("KNEECT000") or no more than initials or a department ("OB"), if it is one."""
    words = _words(text)
    if len(words) == 1 and len(words[0]) <= _LONGEST_INITIALS and words[0].isascii():
        return True
    if words and all(map(_COUNTED.fullmatch, words)):
        return True
    if " ".join(sorted(words)) in identifiers.anybody():
        return True
    tests = identifiers.dummy_words("tests")
    return any(word.startswith("zz") or word.rstrip("0123456789") in tests for word in words)


def is_account(text: str) -> bool:
    """Whether it is an account that everybody there uses: "operator", "MRI Tech"."""
    words = {word for word in _BETWEEN.split(fold_value(text[:_LONGEST])) if word}
    accounts = identifiers.dummy_words("accounts")
    return not accounts.isdisjoint(words) and words <= (
        accounts | identifiers.dummy_words("workplaces")
    )


def _words(group: str) -> list[str]:
    """The words of a name, folded; those that are put together of known ones, apart."""
    words = [word for word in _BETWEEN.split(fold_value(group[:_LONGEST])) if word]
    return [one for word in words for one in _apart(word) or (word,)]


@lru_cache(maxsize=4_096)
def _apart(word: str) -> tuple[str, ...]:
    """Known words of which a word is put together; empty where it is not.

    A number in words is given in digits' place as it is: the last of several.
    """
    known = _known() | identifiers.dummy_words("parts") | identifiers.placeholders()
    if word in known:
        return (word,)
    for end in range(_SHORTEST_OF_JOINED, len(word) - 2):
        first, rest = word[:end], word[end:]
        if first not in known:
            continue
        if end >= _SHORTEST_BEFORE_A_NUMBER and rest in identifiers.dummy_words("counted"):
            return (first, rest)
        if len(rest) >= _SHORTEST_OF_JOINED and (others := _apart(rest)):
            return (first, *others)
    return ()


@cache
def _known() -> frozenset[str]:
    """Dummies, those that are so beside another, and the words of studies."""
    return (
        identifiers.dummy_words("alone")
        | identifiers.dummy_words("beside")
        | identifiers.code_words()
    )


@cache
def _words_of_dummies() -> frozenset[str]:
    """Words of which a code in a name's place is made."""
    return identifiers.placeholders() | _known()


@cache
def _dummies() -> frozenset[str]:
    """Words that stand for a name by themselves."""
    return identifiers.placeholders() | identifiers.dummy_words("alone")


def _names_its_parts(words: list[str]) -> bool:
    """Whether words say what stood where: "Last^First^mid^pre", "Nombre^Nom2^Dr"."""
    parts = set()
    naming = identifiers.dummy_words("naming")
    neutral = identifiers.placeholders() | identifiers.name_words("titles") | _known()
    for word in words:
        stem = word.rstrip("0123456789")
        if stem in identifiers.dummy_words("parts"):
            parts.add(stem)
        elif len(stem) > 1 and stem not in neutral and not _is_filling(stem):
            return False
    return len(parts) > 1 or (bool(parts) and not naming.isdisjoint(words))


def _is_code(group: str) -> bool:
    words = _words(group)
    if _names_its_parts(words):
        return True
    dummies, beside = _dummies(), identifiers.dummy_words("beside")
    known = _words_of_dummies()
    counted = identifiers.dummy_words("counted")
    numbered = False
    unsure = 0
    for before, word in zip(["", *words], words, strict=False):
        counts = word in counted and len(before) >= _SHORTEST_BEFORE_A_NUMBER and before in known
        if word.isdigit() or _is_mixed(word) or counts:
            numbered = True
        elif word in known or _is_filling(word):
            continue
        elif len(word) <= 2 and word.isascii():
            unsure += 1  # initials, which only a number beside them makes a code
        else:
            return False
    if unsure and not numbered:
        return False
    # Without a number, a word of a study may be a name as well: "Case^Pat". Beside one that is
    # a dummy whatever stands there, it is not: "Sujet_test".
    if numbered or not identifiers.dummy_words("alone").isdisjoint(words):
        return True
    return all(
        word in dummies or word in beside or _is_filling(word) for word in words
    ) and not all(word in beside for word in words)


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
    """Whether a word is one character repeated: "xxxx", "zzz"; all but its initial: "Jsssss"."""
    if len(set(word)) == 1:
        return len(word) >= 3 or word in ("x", "xx")
    # No letter stands before "+0000", which is a time zone.
    return len(word) >= 5 and word[0].isalpha() and len(set(word[1:])) == 1
