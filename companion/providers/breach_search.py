"""Finding entries of the public list of breaches by a name, as people type it.

The same index of words as the hospitals' (``word_index``), filled anew after each import.
Besides the words of a name it knows its initials, since people say UCLA and write UPMC.
What people add to a name ("hospital", "MRI", a state) may be missing from the list's own
spelling of it. Queries are neither logged nor kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from companion.providers import reach
from companion.providers.models import Breach, BreachList
from companion.providers.word_index import (
    MAX_QUERY,
    MAX_WORDS,
    SHORTEST_FUZZY,
    WordIndex,
    published_words,
    us_states,
    words,
)

_SMALL_WORDS = frozenset(["of", "the", "and", "at", "for", "in", "on", "a", "by", "to", "de"])
_LEGAL_FORMS = frozenset(["inc", "llc", "llp", "corp", "corporation", "ltd", "pc", "pa", "co"])
_ADDED = _SMALL_WORDS | _LEGAL_FORMS | frozenset([
    "hospital", "hospitals", "clinic", "clinics", "center", "centers", "centre", "medical",
    "medicine", "health", "healthcare", "care", "system", "systems", "group", "practice",
    "radiology", "imaging", "mri", "ct", "xray", "diagnostics", "diagnostic", "insurance", "plan",
    "doctors", "dr", "network", "services", "company", "associates", "foundation",
])  # fmt: skip
"""What people add to a name, or say in its place."""
_MAX_INITIALS = 6
_INITIALS_WEIGHT = 0.6
_STATE_WEIGHT = 0.3
"""Below every word of a name: "cedars ca" finds, and "california" prefers names."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    breaches: list[Breach] = field(default_factory=list)
    """The best first; the newest first among entries of one name."""
    elsewhere: list[Breach] = field(default_factory=list)
    """Where none is in the state that was asked for: those in others."""
    alike: bool = False
    """None has the name that was typed: these are spelled alike, or have a part of it."""
    more: bool = False
    """There are more than are shown."""
    unreachable: bool = False
    """The list could not be read: there may be an entry."""


@dataclass(frozen=True, slots=True)
class ListState:
    """The list as a whole."""

    entries: int
    day: date | None
    """The day up to which it goes; None where there is no list."""
    made_up: bool
    states: tuple[str, ...]
    """The codes of the states that it has entries of, sorted."""


class Index:
    """Words -> entries; one per process, made on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self.stamp = ""
        self.words = WordIndex()
        self.by_state: dict[str, set[int]] = {}
        self.state = ListState(0, None, False, ())

    def search(self, query: str, state: str = "", limit: int = 20) -> Found:
        """The entries that a person may mean; only of one ``state`` where one is given."""
        with self._lock:
            reached = self._refresh()
            only = self.by_state.get(state, set()) if state else None
            rows, alike = self._find(query, limit + 1, only)
            elsewhere: list[int] = []
            if state and not rows:
                elsewhere, alike = self._find(query, limit, None)
        wanted = [*rows[:limit], *elsewhere]
        try:
            with reach.reading():
                known = Breach.objects.in_bulk(wanted)
        except reach.Unreachable:
            return Found(unreachable=True)
        # An import between the two steps: what is gone by now is left out.
        return Found(
            breaches=_ordered(known, rows[:limit]),
            elsewhere=_ordered(known, elsewhere),
            alike=alike,
            more=len(rows) > limit,
            unreachable=not reached and not wanted,
        )

    def list_state(self) -> ListState | None:
        """What there is of the list as a whole; None where it cannot be read."""
        with self._lock:
            reached = self._refresh()
            return self.state if reached or self.stamp else None

    def _find(self, query: str, limit: int, only: set[int] | None) -> tuple[list[int], bool]:
        """The best rows, and whether they only resemble what was typed."""
        asked = words(query[:MAX_QUERY])[:MAX_WORDS]
        states = _state_words()
        for way in (asked, *_joined(asked)):
            if rows := self.words.exactly(way, limit, only):
                own = [word for word in way if word not in states]
                return rows, not any(self._is_named(row, own) for row in rows)
        telling = [word for word in asked if word not in _ADDED and word not in states]
        if telling != asked and (rows := self.words.exactly(telling, limit, only)):
            return rows, True
        nearly = self.words.nearly(asked, limit, only)
        if nearly and telling:
            nearly = list(dict.fromkeys([*self._by_rare_word(telling, limit, only), *nearly]))
        return nearly[:limit], True

    def _is_named(self, row: int, asked: list[str]) -> bool:
        """Whether a name itself has all the words, and not only their letters as its initials."""
        name = self.words.names[row].replace(" ", "")
        return all(word in name for word in asked)

    def _by_rare_word(self, telling: list[str], limit: int, only: set[int] | None) -> list[int]:
        """The rows with the first word, where fewer have it than any other of the words: in
        "anthem blue cross" it is the name, and many others share the rest."""
        rows = [self.words.rows.get(word, {}) for word in telling]
        if not 0 < len(rows[0]) <= limit or len(telling[0]) < SHORTEST_FUZZY:
            return []
        if any(0 < len(other) < len(rows[0]) for other in rows[1:]):
            return []
        having = rows[0].keys() if only is None else rows[0].keys() & only
        return self.words.exactly(telling[:1], limit, having)

    def _refresh(self) -> bool:
        """Take in the list if it is another than last time; False if unreachable."""
        try:
            with reach.reading():
                whole = BreachList.objects.filter(pk=1).first()
                stamp = whole.stamp if whole else ""
                if stamp == self.stamp:
                    return True
                # In no order: SQLite would sort the pages in a temporary file.
                rows = list(Breach.objects.order_by().values_list("pk", "name", "state"))
        except reach.Unreachable:
            return False
        self._clear()
        self.words.fill((row, name, _weighed(name, state)) for row, name, state in rows)
        for row, _, state in rows:
            self.by_state.setdefault(state, set()).add(row)
        self.state = ListState(
            entries=len(rows),
            day=whole.day if whole else None,
            made_up=bool(whole and whole.made_up),
            states=tuple(sorted(filter(None, self.by_state))),
        )
        self.stamp = stamp
        return True


index = Index()
"""The index of this process."""


def _ordered(known: dict[int, Breach], rows: Iterable[int]) -> list[Breach]:
    """The entries of ``rows``; those of one name together where its first stands, newest first."""
    groups: dict[str, list[Breach]] = {}
    for row in rows:
        if breach := known.get(row):
            groups.setdefault(" ".join(published_words(breach.name)), []).append(breach)
    return [
        breach
        for group in groups.values()
        for breach in sorted(group, key=lambda one: one.told_on, reverse=True)
    ]


def _joined(asked: list[str]) -> Iterator[list[str]]:
    """The words with two neighbours as one: "health care" is listed as "Healthcare", too."""
    for at in range(len(asked) - 1):
        yield [*asked[:at], asked[at] + asked[at + 1], *asked[at + 2 :]]


@lru_cache(maxsize=1)
def _state_words() -> frozenset[str]:
    return frozenset(
        word for code, name in us_states().items() for word in (*words(code), *words(name))
    )


def _weighed(name: str, state: str) -> Iterator[tuple[str, float]]:
    own = published_words(name)
    for word in own:
        yield word, 1.0
        if word == "healthcare":
            yield from (("health", 1.0), ("care", 1.0))
    for word in _initials(own):
        yield word, _INITIALS_WEIGHT
    for text in (state, us_states().get(state, "")):
        for word in published_words(text):
            yield word, _STATE_WEIGHT


def _initials(own: tuple[str, ...]) -> Iterator[str]:
    """The initials of a name, at least three: what is typed may be fewer than all."""
    telling = [word for word in own if word not in _SMALL_WORDS | _LEGAL_FORMS]
    if len(telling) >= 3:
        yield "".join(word[0] for word in telling[:_MAX_INITIALS])
