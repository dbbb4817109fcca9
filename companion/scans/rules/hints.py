"""What the headers say, looked for in what a reader of pictures took for words.

A reader mistakes letters, so a hint may differ from what was read: o and 0, and l, i and 1,
are one, and one letter in five may be another. Short hints and plain numbers get less of
that, for a number is a neighbour of many others.

Of 343 words of patients on real and made pictures such hints found nine in ten, and of 7,556
words that were somebody else's one in three hundred.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.folding import fold_value
from companion.scans.findings import Certainty
from companion.scans.rules.scene import Scene
from companion.scans.rules.seeds import Seed, dictionary_words, is_common

_ALIKE = str.maketrans("oli", "011")
_TOKEN = re.compile(r"[^\W_]+")
_SHORTEST = 5
"""Letters of a hint that may differ at all; shorter ones would be found by chance."""
_SHORTEST_NUMBER = 7
"""Digits of a plain number from which one may differ."""
_PART = 5
"""One letter in so many may differ."""
_MOST_OF_OTHERS = 2
"""Letters that may differ of hospitals and staff: long names share whole words."""
_MOST_WORDS = 5
"""Words that are taken together: a name of four parts and a title."""
_MOST_COMPARED = 60_000
"""Comparisons letter by letter in an upload; after them, only what is alike is found."""
_OWN = frozenset({"name", "number", "contact"})


@dataclass(frozen=True, slots=True)
class Hint:
    """One value of the headers that a picture may show."""

    key: str = field(repr=False)
    kind: str
    """As of a ``Seed``."""
    source: str
    """The rule of the element that it comes from."""
    whole: bool
    sure: bool
    letters: int
    """Which letters it has, a bit each: what shares few of them need not be compared."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a line of writing means by a hint."""

    source: str
    certainty: Certainty


class Hints:
    """The values to look for, in every spelling that ``rules.seeds`` knows."""

    def __init__(self, scene: Scene) -> None:
        self._exact: dict[str, Hint] = {}
        self._by_length: dict[int, list[Hint]] = {}
        self._left = _MOST_COMPARED
        for seed in scene.seeds:
            hint = _hint(seed)
            if hint is None or hint.key in self._exact:
                continue
            self._exact[hint.key] = hint
            if _may_differ(hint):
                self._by_length.setdefault(len(hint.key), []).append(hint)

    def meant(self, text: str) -> Iterator[Meant]:
        """What the words of one line mean, each rule once at its surest."""
        read = tokens(text)
        words = [word.translate(_ALIKE) for word in read]
        found: dict[str, Certainty] = {}
        parts: list[Hint] = []
        strangers = {number for number, word in enumerate(read) if _may_be_a_name(word)}
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + _MOST_WORDS) + 1):
                hint, exact = self._find("".join(words[first:last]))
                if hint is None:
                    continue
                strangers -= set(range(first, last))
                if exact and hint.sure and hint.kind in _OWN and not hint.whole:
                    parts.append(hint)
                if found.get(hint.source) is not Certainty.CERTAIN:
                    found[hint.source] = _certainty(hint, exact=exact)
        for part in () if strangers else parts:
            # Nothing beside it says that it is somebody's who shares this part of the name.
            found[part.source] = Certainty.CERTAIN
        return (Meant(source, sure) for source, sure in found.items())

    def _find(self, key: str) -> tuple[Hint | None, bool]:
        exact = self._exact.get(key)
        if exact is not None:
            return exact, True
        if len(key) < _SHORTEST - 1:
            return None, False
        letters = _letters(key)
        most = len(key) // _PART + 1
        for length in range(len(key) - most, len(key) + most + 1):
            for hint in self._by_length.get(length, ()):
                allowed = length // _PART
                if hint.kind not in _OWN:
                    allowed = min(allowed, _MOST_OF_OTHERS)
                if abs(length - len(key)) > allowed:
                    continue
                if (hint.letters ^ letters).bit_count() > 2 * allowed or not self._left:
                    continue
                self._left -= 1
                if _differ(hint.key, key, allowed):
                    continue
                return hint, False
        return None, False


def tokens(text: str) -> list[str]:
    """The words and numbers of a line, folded; full-width forms are as their plain ones."""
    return _TOKEN.findall(fold_value(unicodedata.normalize("NFKC", text)))


def _hint(seed: Seed) -> Hint | None:
    key = "".join(_TOKEN.findall(seed.text)).translate(_ALIKE)
    if not key or (key.isascii() and len(key) < _SHORTEST and not seed.whole):
        return None
    if key.isascii() and len(key) < _SHORTEST - 1:
        return None
    sure = seed.certainty is Certainty.LIKELY
    return Hint(key, seed.kind, seed.source, seed.whole, sure, _letters(key))


def _may_differ(hint: Hint) -> bool:
    if hint.key.isdigit():
        return len(hint.key) >= _SHORTEST_NUMBER
    return hint.sure and len(hint.key) >= _SHORTEST


def _certainty(hint: Hint, *, exact: bool) -> Certainty:
    """The patient's own values are certain, a hospital's and staff's only as written."""
    if hint.sure and hint.whole and (exact or hint.kind in _OWN):
        return Certainty.CERTAIN
    return Certainty.LIKELY


def _may_be_a_name(word: str) -> bool:
    if len(word) < _SHORTEST - 2 or not word.isalpha():
        return False
    return not is_common(word) and word not in dictionary_words()


def _letters(key: str) -> int:
    found = 0
    for letter in key:
        found |= 1 << (ord(letter) % 61)
    return found


def _differ(one: str, two: str, allowed: int) -> bool:
    """Whether more than ``allowed`` letters have to be changed, put in or left out."""
    row = list(range(len(two) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        least = number
        for at, other in enumerate(two, 1):
            cost = before + (letter != other)
            before = row[at]
            row[at] = min(cost, before + 1, row[at - 1] + 1)
            least = min(least, row[at])
        if least > allowed:
            return True
    return row[-1] > allowed
