"""Values that are nearly those of the slices before: only what is new in them is searched.

Makers write tables of settings: names and numbers with zeros between, of which a few change
from slice to slice. A value is parted at its zeros. A part that has come twice in the same
element is known, with the passages that its text is in; from then on it is passed over, and
its passages are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.inventory import Passage

SHORTEST = 512
"""Bytes of a value below which a search costs less than a comparison."""
_ZEROS = bytes(4)
"""What no text goes across, in any encoding."""
BETWEEN = bytes(8)
"""What stands around each part, so that it reads as it does in its value."""
_MOST_PARTS = 4_000
"""Parts of one value; with more of them, they are too small to be worth it."""
_MOST_MET = 200_000
_MOST_BYTES = 16 * 1024 * 1024

_Parts = dict[bytes, tuple[Passage, ...]]


@dataclass(slots=True)
class Repeat:
    """A value of which some parts may be known."""

    new: bytes = field(repr=False)
    """The other parts, apart from each other; the value itself where no part is known."""
    passages: dict[int, Passage] = field(repr=False)
    """Those of the known parts, by their ``id``."""
    twice: list[bytes] = field(repr=False)
    """Parts among ``new`` that have come before, and can be learned."""
    known: _Parts = field(repr=False)


class Repeats:
    """Parts of values that were met before, by element."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], _Parts] = {}
        self._met: set[int] = set()
        """Hashes of parts that have come once."""
        self._room = _MOST_BYTES

    def of(self, element: tuple[str, str, str], value: bytes) -> Repeat | None:
        """The parts of a value; None if it has but one, as a text has."""
        parts = value.rstrip(b"\0 ").split(_ZEROS, 4 * _MOST_PARTS)
        if len(parts) == 1 or len(parts := list(filter(None, parts))) > _MOST_PARTS:
            return None
        known = self._known.setdefault(element, {})
        hits = list(map(known.get, parts))
        new = [part for part, hit in zip(parts, hits, strict=True) if hit is None]
        passages = {id(one): one for hit in hits if hit for one in hit}
        hashes = list(map(hash, new))
        met = self._met
        twice = [part for part, mark in zip(new, hashes, strict=True) if mark in met]
        if len(met) < _MOST_MET:
            met.update(hashes)
        fresh = value if len(new) == len(parts) else BETWEEN.join([b"", *new, b""])
        return Repeat(fresh, passages, twice, known)

    def learn(self, repeat: Repeat, part: bytes, passages: tuple[Passage, ...]) -> None:
        """Remember a part with the passages that hold its text."""
        room = self._room - len(part) - 200
        if room >= 0:
            self._room = room
            repeat.known[part] = passages
