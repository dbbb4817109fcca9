"""Words of names -> rows, forgiving typos, accents and words half typed.

Knows nothing of what the rows are: ``search`` fills one with hospitals, ``breach_search``
another with the entries of the public list of breaches.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from math import log as logarithm

from companion.content.library import CONTENT, read_toml
from companion.folding import fold

MAX_QUERY = 100
"""Characters of a query that are looked at."""
MAX_WORDS = 8
MOST_RANKED = 1_000
"""Rows that are ranked precisely when one or two letters match thousands."""
SHORTEST_FUZZY = 4
"""A word shorter than this must be typed right: too much is one letter away from it."""

_SAME = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "univ": "university"}


def words(text: str) -> list[str]:
    """The words of a text as the index knows them: no accents, no case, no punctuation.

    >>> words("St. Mary's Hôpital")
    ['saint', 'marys', 'hopital']
    """
    found = re.findall(r"[^\W_]+", re.sub("['’]", "", fold(text)))
    return [_SAME.get(word, word) for word in found]


class WordIndex:
    """The words of many rows; a row is a number, and nothing else is known of it."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.words: dict[int, set[str]] = {}
        self.rows: dict[str, dict[int, float]] = {}
        self.sorted: list[str] = []
        self.grams: dict[str, set[str]] = {}

    def fill(self, rows: Iterable[tuple[int, str, Iterable[tuple[str, float]]]]) -> None:
        """Add many rows to an empty index: what ``add`` does to each, in a tenth of the time."""
        for row, name, weighed in rows:
            self._add(row, name, weighed, keep_sorted=False)
        self.sorted = sorted(self.rows)

    def add(self, row: int, name: str, weighed: Iterable[tuple[str, float]]) -> None:
        """Add a row: its name, and each of its words with its weight (1.0 for a name's)."""
        self._add(row, name, weighed, keep_sorted=True)

    def remove(self, row: int) -> None:
        """Forget a row; one that is not there is no fault."""
        # Words that no row has any longer stay: they find nothing and cost little.
        self.names.pop(row, None)
        for word in self.words.pop(row, ()):
            self.rows[word].pop(row, None)

    def find(self, query: str, limit: int, only: AbstractSet[int] | None = None) -> list[int]:
        """The best ``limit`` rows for what was typed, the best first; among ``only`` if given.

        Every word must be found, as typed or as a beginning; where that finds nothing,
        words a letter or two away count too, then some may be missing.
        """
        asked = words(query[:MAX_QUERY])[:MAX_WORDS]
        return self.exactly(asked, limit, only) or self.nearly(asked, limit, only)

    def exactly(
        self, asked: list[str], limit: int, only: AbstractSet[int] | None = None
    ) -> list[int]:
        """The best rows that have all of these ``words``, as they are or as a beginning."""
        if not asked:
            return []
        matches = [self._matches(word, only, fuzzy=False) for word in asked]
        return self._rank(matches, asked, len(asked), limit)

    def nearly(
        self, asked: list[str], limit: int, only: AbstractSet[int] | None = None
    ) -> list[int]:
        """The best rows that have most of the words, or words spelled alike."""
        if not asked:
            return []
        # First only the words that match nothing: they are the mistyped ones.
        some = [
            self._matches(word, only, fuzzy=False) or self._matches(word, only, fuzzy=True)
            for word in asked
        ]
        best = self._rank(some, asked, len(asked), limit)
        if best:
            return best
        loose = [self._matches(word, only, fuzzy=True) for word in asked]
        for needed in range(len(asked), len(asked) // 2, -1):
            best = self._rank(loose, asked, needed, limit)
            if best:
                break
        return best

    def _add(
        self, row: int, name: str, weighed: Iterable[tuple[str, float]], *, keep_sorted: bool
    ) -> None:
        self.names[row] = " ".join(words(name))
        has = self.words[row] = set()
        for word, weight in weighed:
            has.add(word)
            rows = self.rows.get(word)
            if rows is None:
                rows = self.rows[word] = {}
                for gram in _grams(word):
                    self.grams.setdefault(gram, set()).add(word)
                if keep_sorted:
                    insort(self.sorted, word)
            rows[row] = max(weight, rows.get(row, 0.0))

    def _matches(
        self, asked: str, only: AbstractSet[int] | None, *, fuzzy: bool
    ) -> dict[int, float]:
        """Rows that have the word, with how well they have it."""
        found: dict[int, float] = {}
        for word, quality in self._alike(asked, fuzzy=fuzzy):
            rows = self.rows[word]
            worth = quality * logarithm(2 + len(self.names) / (1 + len(rows)))
            for row, weight in rows.items():
                if only is not None and row not in only:
                    continue
                if worth * weight > found.get(row, 0.0):
                    found[row] = worth * weight
        return found

    def _alike(self, asked: str, *, fuzzy: bool) -> Iterator[tuple[str, float]]:
        start = bisect_left(self.sorted, asked)
        for position in range(start, len(self.sorted)):
            word = self.sorted[position]
            if not word.startswith(asked):
                break
            yield word, 1.0 if word == asked else 0.7 + 0.2 * len(asked) / len(word)
        if not fuzzy or len(asked) < SHORTEST_FUZZY or asked.isdigit():
            return  # another postcode is another place
        allowed = 1 if len(asked) < 7 else 2
        shared = Counter(word for gram in _grams(asked) for word in self.grams.get(gram, ()))
        # Words that share as many are taken in one order, whichever process is asked.
        likest = heapq.nlargest(
            80, shared, key=lambda word: (shared[word], -abs(len(word) - len(asked)), word)
        )
        for word in likest:
            away = _distance(asked, word, allowed)
            if away > allowed:  # still typing: a letter left out is not the last one
                away = min(
                    _distance(asked, word[:length], allowed)
                    for length in range(len(asked) - allowed, len(asked) + allowed + 1)
                )
            if away <= allowed:
                yield word, 0.6 - 0.1 * away

    def _rank(
        self, matches: list[dict[int, float]], asked: list[str], needed: int, limit: int
    ) -> list[int]:
        """Rows that at least ``needed`` of the words match, the best first."""
        typed = " ".join(asked)
        if needed == len(matches):
            fewest = min(matches, key=len)
            rows = {row for row in fewest if all(row in match for match in matches)}
        else:
            counts = Counter(row for match in matches for row in match)
            rows = {row for row, count in counts.items() if count >= needed}
        # Names that begin as typed come first; where there are enough, no other can win.
        begin = {row for row in rows if self.names[row].startswith(typed)}
        if len(begin) >= limit:
            rows = begin
        totals = {row: sum([match.get(row, 0.0) for match in matches]) for row in rows}
        if len(totals) > MOST_RANKED:
            best = heapq.nlargest(MOST_RANKED, totals.items(), key=lambda item: item[1])
            totals = dict(best)
        return heapq.nsmallest(
            limit,
            totals,
            key=lambda row: (
                row not in begin,
                -round(totals[row], 3),
                len(self.names[row]),
                self.names[row],
                row,
            ),
        )


# Towns, states and names come again and again. Never for what somebody types.
@lru_cache(maxsize=20_000)
def published_words(text: str) -> tuple[str, ...]:
    """``words`` of a text that is published, remembered."""
    return tuple(words(text))


@lru_cache(maxsize=1)
def us_states() -> dict[str, str]:
    """The code of each state of the United States -> its name in English."""
    fields = read_toml(CONTENT / "us-states.toml")
    return {code: fields.text(code) for code in fields.names()}


def _grams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; ``most`` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for position, against in enumerate(other, start=1):
            steps = min(
                above[position] + 1,
                row[-1] + 1,
                above[position - 1] + (letter != against),
            )
            if at > 1 and position > 1 and letter == other[position - 2] and one[at - 2] == against:
                steps = min(steps, before[position - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
