"""Finding a hospital by name, city, state or postcode, forgiving typos and accents.

An index of the words of published profiles is held in memory: at 10,000 profiles it
is some 12,000 words. One look at the publication number (``Edition``) before each
search keeps it current; only rows published since are read again. It works the same on
every database, and continues with what it knows when the database cannot be reached; if
it then finds nothing, it says that it could not look (``Found.unreachable``). Queries are
neither logged nor kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from companion.providers import reach
from companion.providers.models import Edition, Profile
from companion.providers.word_index import MAX_QUERY as MAX_QUERY
from companion.providers.word_index import WordIndex, published_words, us_states

_WEIGHTS = {"name": 1.0, "other_names": 0.9, "city": 0.7, "state": 0.6, "postcode": 0.7}


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


class Index:
    """Words -> hospitals; one per process, made on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self.edition = 0
        self.hits: dict[int, Hit] = {}
        self.words = WordIndex()

    def search(self, query: str, limit: int = 10) -> Found:
        """The best ``limit`` hospitals for what was typed, the best first."""
        with self._lock:
            reached = self._refresh()
            found = Found(self.hits[row] for row in self.words.find(query, limit))
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
        published = [(row, slug, one) for row, slug, one in changed if one is not None]
        if not self.hits:
            self.words.fill((row, one["name"], _weighed(one)) for row, _, one in published)
        else:
            for row, _, _ in changed:
                self.hits.pop(row, None)
                self.words.remove(row)
            for row, _, one in published:
                self.words.add(row, one["name"], _weighed(one))
        self.hits.update((row, _hit(slug, one)) for row, slug, one in published)
        self.edition = number
        return True


index = Index()
"""The index of this process."""


def find(query: str, limit: int = 10) -> Found:
    """The published hospitals that a person may mean by ``query``, the best first."""
    return index.search(query, limit)


def _hit(slug: str, content: dict[str, str]) -> Hit:
    region = f"{content['state']} {content['postcode']}".strip()
    place = ", ".join(part for part in (content["city"], region) if part)
    return Hit(slug, content["name"], place)


def _weighed(content: dict[str, str]) -> Iterator[tuple[str, float]]:
    for field, weight in _WEIGHTS.items():
        for word in published_words(content.get(field, "")):
            yield word, weight
    if content.get("country") in {"US", ""}:
        for word in published_words(us_states().get(content.get("state", ""), "")):
            yield word, _WEIGHTS["state"]
