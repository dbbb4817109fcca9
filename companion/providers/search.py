"""Finding a hospital by name, city, state or postcode, forgiving typos and accents.

An index of the words of published profiles is held in memory: at 10,000 profiles it
is some 12,000 words. One look at the publication number (``Edition``) before each
search keeps it current; only rows published since are read again. It works the same on
every database, and continues with what it knows when the database cannot be reached; if
it then finds nothing, it says that it could not look (``Found.unreachable``). Queries are
neither logged nor kept.
"""

from __future__ import annotations

import heapq
import re
import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log as logarithm

from companion.content.library import CONTENT, read_toml
from companion.folding import fold
from companion.providers import reach
from companion.providers.models import Edition, Profile

MAX_QUERY = 100
"""Characters of a query that are looked at."""
MAX_WORDS = 8
MOST_RANKED = 1_000
"""Hospitals that are ranked precisely when one or two letters match thousands."""
SHORTEST_FUZZY = 4
"""A word shorter than this must be typed right: too much is one letter away from it."""

_WEIGHTS = {"name": 1.0, "other_names": 0.9, "city": 0.7, "state": 0.6, "postcode": 0.7}
_SAME = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "univ": "university"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One hospital found: enough to distinguish it from others and to link to it."""

    slug: str
    name: str
    place: str


class Found(list[Hit]):
    """The hospitals found, the best first."""

    unreachable = False
    """Nothing was found, and the directory could not be read: there may be one."""


def words(text: str) -> list[str]:
    """The words of a text as the index knows them: no accents, no case, no punctuation.

    >>> words("St. Mary's Hôpital")
    ['saint', 'marys', 'hopital']
    """
    found = re.findall(r"[^\W_]+", re.sub("['’]", "", fold(text)))
    return [_SAME.get(word, word) for word in found]


class Index:
    """Words -> hospitals; one per process, made on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self.edition = 0
        self.hits: dict[int, Hit] = {}
        self.names: dict[int, str] = {}
        self.words: dict[int, set[str]] = {}
        self.rows: dict[str, dict[int, float]] = {}
        self.sorted: list[str] = []
        self.grams: dict[str, set[str]] = {}

    def search(self, query: str, limit: int = 10) -> Found:
        """The best ``limit`` hospitals for what was typed, the best first.

        Every word must be found, as typed or as a beginning; where that finds nothing,
        words a letter or two away count too, then some may be missing.
        """
        asked = words(query[:MAX_QUERY])[:MAX_WORDS]
        if not asked:
            return Found()
        with self._lock:
            reached = self._refresh()
            exact = [self._matches(word, fuzzy=False) for word in asked]
            best = self._rank(exact, asked, len(asked), limit)
            if not best:
                # First only the words that match nothing: they are the mistyped ones.
                some = [
                    match or self._matches(word, fuzzy=True)
                    for word, match in zip(asked, exact, strict=True)
                ]
                best = self._rank(some, asked, len(asked), limit)
            if not best:
                loose = [self._matches(word, fuzzy=True) for word in asked]
                for needed in range(len(asked), len(asked) // 2, -1):
                    best = self._rank(loose, asked, needed, limit)
                    if best:
                        break
            found = Found(self.hits[row] for row in best)
            found.unreachable = not reached and not found
            return found

    def _refresh(self) -> bool:
        """Apply what was published or taken down since the last search; False if unreachable."""
        try:
            with reach.reading():
                number = Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0
                if number == self.edition:
                    return True
                if number < self.edition:  # another database: a restored copy, a test
                    self._clear()
                # In no order: SQLite would sort ten thousand pages, in a temporary file.
                changed = list(
                    Profile.objects.filter(edition__gt=self.edition, edition__lte=number)
                    .order_by()
                    .values_list("pk", "slug", "published")
                )
        except reach.Unreachable:
            return False
        first = not self.hits
        for row, slug, content in changed:
            if not first:
                self._remove(row)
            if content is not None:
                self._add(row, slug, content, keep_sorted=not first)
        if first:
            self.sorted = sorted(self.rows)
        self.edition = number
        return True

    def _add(self, row: int, slug: str, content: dict[str, str], *, keep_sorted: bool) -> None:
        region = f"{content['state']} {content['postcode']}".strip()
        place = ", ".join(part for part in (content["city"], region) if part)
        self.hits[row] = Hit(slug, content["name"], place)
        self.names[row] = " ".join(words(content["name"]))
        has = self.words[row] = set()
        for word, weight in _weighed(content):
            has.add(word)
            rows = self.rows.get(word)
            if rows is None:
                rows = self.rows[word] = {}
                for gram in _grams(word):
                    self.grams.setdefault(gram, set()).add(word)
                if keep_sorted:
                    insort(self.sorted, word)
            rows[row] = max(weight, rows.get(row, 0.0))

    def _remove(self, row: int) -> None:
        # Words that no row has any longer stay: they find nothing and cost little.
        if self.hits.pop(row, None) is not None:
            for word in self.words.pop(row):
                self.rows[word].pop(row, None)

    def _matches(self, asked: str, *, fuzzy: bool) -> dict[int, float]:
        """Rows that have the word, with how well they have it."""
        found: dict[int, float] = {}
        for word, quality in self._alike(asked, fuzzy=fuzzy):
            rows = self.rows[word]
            worth = quality * logarithm(2 + len(self.hits) / (1 + len(rows)))
            for row, weight in rows.items():
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
        for word, _count in heapq.nlargest(80, shared.items(), key=lambda item: item[1]):
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


index = Index()
"""The index of this process."""


def find(query: str, limit: int = 10) -> Found:
    """The published hospitals that a person may mean by ``query``, the best first."""
    return index.search(query, limit)


def _weighed(content: dict[str, str]) -> Iterator[tuple[str, float]]:
    for field, weight in _WEIGHTS.items():
        for word in _words_published(content.get(field, "")):
            yield word, weight
    if content.get("country") in {"US", ""}:
        for word in _words_published(_states().get(content.get("state", ""), "")):
            yield word, _WEIGHTS["state"]


# Towns, states and names come again and again. Never for what somebody types.
@lru_cache(maxsize=20_000)
def _words_published(text: str) -> tuple[str, ...]:
    return tuple(words(text))


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
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
