"""Whether a word is one that machines write on their screens, in any of the four languages.

No list has every word of every machine. But technical words are much the same in all languages
and differ by their endings (frequency, Frequenz, fréquence, frecuencia), and German writes several
as one (Schichtdicke). So words are compared without endings and in one spelling, and long ones of
German part by part. A word that is somebody's name as well (Bell, Rose, Klein) is a name here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from companion.content import cleaning, identifiers
from companion.folding import fold_value
from companion.scans.rules.seeds import dictionary_words

_BEFORE_STRONG, _BEFORE_WEAK = 4, 5
"""Letters that have to be left before an ending."""
_LONGEST = 40
"""Letters, beyond which nothing is a word."""
_SHORTEST_PART, _SHORTEST_JOINED, _MOST_PARTS = 3, 8, 3
"""Letters of a part of a German word, and of such a word; the parts that it may have."""
_SHORTEST_MISREAD = 7
"""Letters of a word that may be misread: of shorter ones too many names are likes."""
_TWO = 2
_WHOLE = 6
"""Letters of a word that has no ending where another language puts one: rhythm, Rhythmus."""
_ENDS_IN_PARTS, _ENDS_OF_LAST_PART = ("en", "e", "ung"), ("e", "en", "n", "s", "es", "er")
_ONE_SPELLING = (("ph", "f"), ("qu", "cu"), ("k", "c"), ("z", "c"), ("y", "i"), ("w", "v"))
"""Letters that the languages write one sound with."""
_DOUBLE = re.compile(r"([^aeiou])\1")
_LOOKS_LIKE = str.maketrans("0ceqg1ijlt5v8", "ooooolllllsub")
"""Letters that a reader of pictures takes for one another."""
_MACHINES_GROUPS = ("body", "imaging", "makers", "computer", "calendar")


_BESIDE_NAMES = ("body", "calendar", "people")


@lru_cache(maxsize=4_096)
def is_of_screens(word: str) -> bool:
    """Whether a folded word, its kin in another language or its parts are machines' words."""
    if len(word) > _LONGEST or is_name_too(word):
        return False
    return (
        word in machine_words()
        or not _inflected(word).isdisjoint(_known_inflected())
        or not _kin(word).isdisjoint(_known_kin())
        or _is_prefixed(word)
        or (len(word) >= _SHORTEST_JOINED and word.endswith(_telling_endings()))
        or (len(word) >= _SHORTEST_JOINED and _is_joined(word, _MOST_PARTS))
    )


@lru_cache(maxsize=4_096)
def is_misread(word: str) -> bool:
    """Whether a folded word may be a machine's of which letters were taken for like ones."""
    if not _SHORTEST_MISREAD <= len(word) <= _LONGEST or is_name_too(word):
        return False
    return word.translate(_LOOKS_LIKE) in _shapes()


def is_name_too(word: str) -> bool:
    """Whether a folded word of machines is a name that people have."""
    return word in _list("names")


def is_between(word: str) -> bool:
    """Whether a folded word is one of the small ones of a phrase: "of", "mit", "sans"."""
    return word in _list("between")


@cache
def machine_words() -> frozenset[str]:
    """All words of machines that are written down, folded."""
    lists = (
        *(_list(language) for language in ("en", "de", "fr", "es")),
        *(identifiers.picture_words(name) for name in ("head", "elsewhere", "technical")),
        cleaning.code_words(),
    )
    return settings().union(*lists) - _list("names")


def is_plainly_of_screens(word: str) -> bool:
    """Whether a folded word is written down as one of machines, and none beside which a name
    stands: a word that may be a name is none beside it."""
    return word in machine_words() and not _stands_beside_names(word)


def _stands_beside_names(word: str) -> bool:
    """Whether a folded word says who somebody is or what somebody did, is a month or a part of
    the body."""
    return word in _list("people") or word in identifiers.common_words_of(_BESIDE_NAMES)


@cache
def settings() -> frozenset[str]:
    """Words of settings, makers, bodies and pictures, folded, whoever may have them as a name."""
    return (
        identifiers.picture_words("settings")
        | identifiers.maker_words()
        | identifiers.common_words_of(_MACHINES_GROUPS)
        | dictionary_words()
    )


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(map(fold_value, identifiers.screen_words(name)))


@cache
def _known_kin() -> frozenset[str]:
    return frozenset(stem for word in machine_words() for stem in _kin(word))


@cache
def _known_inflected() -> frozenset[str]:
    return frozenset(stem for word in machine_words() for stem in _inflected(word))


def _kin(word: str) -> frozenset[str]:
    """A word in the one spelling, before each ending by which languages differ: of "frequency"
    and "frecuencia" the same."""
    plain = _spelled(word)
    found = {plain} if len(plain) >= _WHOLE else set()
    if plain.endswith(_strong_endings()):
        for ending in _strong_endings():
            if plain.endswith(ending) and len(plain) - len(ending) >= _BEFORE_STRONG:
                found.add(plain[: -len(ending)])
    return frozenset(found)


@cache
def _strong_endings() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_spelled(one) for one in _list("strong-endings")))


def _inflected(word: str) -> frozenset[str]:
    """A word, and what is left of it before the endings of number, gender and case."""
    return frozenset(
        (
            word,
            *(
                word[: -len(ending)]
                for ending in _list("weak-endings")
                if word.endswith(ending) and len(word) - len(ending) >= _BEFORE_WEAK
            ),
        )
    )


@cache
def _telling_endings() -> tuple[str, ...]:
    return tuple(_list("telling-endings"))


@cache
def _shapes() -> frozenset[str]:
    return frozenset(
        word.translate(_LOOKS_LIKE) for word in machine_words() if len(word) >= _SHORTEST_MISREAD
    )


def _spelled(word: str) -> str:
    for one, other in _ONE_SPELLING:
        word = word.replace(one, other)
    return _DOUBLE.sub(r"\1", word)


@cache
def _german() -> frozenset[str]:
    return _list("de") - _list("ends-of-names")


@cache
def _parts() -> frozenset[str]:
    """What a German word is made of: German words, also without their last letters, and longer
    ones of all languages."""
    german = {word for word in _german() if len(word) >= _SHORTEST_PART}
    shorter = {
        word[: -len(end)]
        for word in german
        for end in _ENDS_IN_PARTS
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_PART
    }
    others = {word for word in machine_words() if len(word) >= _BEFORE_WEAK}
    return frozenset(german | shorter | others) - _list("ends-of-names")


def _is_joined(word: str, most: int) -> bool:
    """Whether a folded word is two or more words of machines that German writes as one."""
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first = word[:at]
        if first not in _parts() and (at < _WHOLE or _kin(first).isdisjoint(_known_kin())):
            continue
        for joint in ("", *_list("joints")):
            left = word[at:].removeprefix(joint) if word.startswith(joint, at) else ""
            if len(left) < _SHORTEST_PART:
                continue
            if _is_last_part(left) or (most > _TWO and _is_joined(left, most - 1)):
                return True
    return False


def _is_last_part(word: str) -> bool:
    return (
        word in _parts()
        or any(word.endswith(end) and word[: -len(end)] in _german() for end in _ENDS_OF_LAST_PART)
        or not _kin(word).isdisjoint(_known_kin())
    )


def _is_prefixed(word: str) -> bool:
    """Whether a folded word is one of machines behind a part such as "un" or "vor"."""
    return any(
        word.startswith(prefix)
        and len(word) - len(prefix) >= _BEFORE_WEAK
        and (
            not _inflected(word[len(prefix) :]).isdisjoint(_known_inflected())
            or not _kin(word[len(prefix) :]).isdisjoint(_known_kin())
        )
        for prefix in _list("prefixes")
    )
