"""Strangers: private texts of whose lines hardly one was met before, searched as one.

A maker's protocol may have a hundred numbers of its own in every slice. To weigh each line
takes a step of the program for each; but nearly all are a name made of words that every scan
holds, and a decimal number. So all such texts are searched together, for the shapes that
whatever tells something has: a sign in a word, a number that is no decimal, a word that is
no setting's, a known value. The texts in which one of these stands wake: they become passages
like all others, and every detector looks at them. The rest says nothing to anybody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from companion.scans.inventory import Inventory, Passage
from companion.scans.rules.labels import STEMS
from companion.scans.rules.seeds import Seed, turned
from companion.scans.rules.weight import weight_of

_CONTACTS = ("tel", "phone", "fax", "mobile", "cell", "call")
"""Words of a label in front of a phone number."""
_LETTERS = bytes((*range(0x41, 0x5B), *range(0x61, 0x7B)))
_DIGITS = b"0123456789"
_WORDS_ONLY = bytes(byte if byte in _LETTERS else 0x20 for byte in range(256))
_SHAPES = bytearray(b" " * 256)
for _bytes, _shape in (
    (_LETTERS, b"a"), (_DIGITS, b"0"), (b".", b"."), (b"/_", b"/"), (b"-", b"-"), (b"^@", b"^"),
):  # fmt: skip
    for _byte in _bytes:
        _SHAPES[_byte] = _shape[0]
_SHAPE_OF_BYTES = bytes(_SHAPES)
_TELLING = re.compile(
    rb"\^"  # a name in DICOM's form, an address
    rb"|a-*0|0-*a|a[./]0"  # a code
    rb"|0-0|[./]0+[./]"  # a date, an address of a network
    rb"|(?<![0.])0{6}|\.0{8}"  # a whole number of six digits, a fraction with room for a date
)
"""What the shapes of all words have that tell something, but those that are letters alone and
those with a year (``rules.weight``, ``detectors.dates``)."""
_YEAR = re.compile(rb"[^0.]*0000\.?")
_DATED = b"0000.0"
_YEARS = frozenset({b"19", b"20"})
_MOST_WORDS, _MOST_TELLING = 20_000, 64
"""Different words of all strangers, and words and shapes among them that tell something: where
there are more, every text wakes."""
_LETTER_RUN = re.compile(r"[a-z]+")


def wake(inventory: Inventory, seeds: Iterable[Seed]) -> None:
    """Make passages of the strangers in which something may stand that tells of a person."""
    texts, inventory.strangers = inventory.strangers, []
    if texts:
        pool = _Pool(texts)
        awake = pool.telling() | pool.known(seeds)
        inventory.passages.extend(texts[number] for number in sorted(awake))


class _Pool:
    """All strangers in one piece, and where each begins."""

    def __init__(self, texts: list[Passage]) -> None:
        self._data = "\n".join(["", *(one.text for one in texts), ""]).encode("ascii")
        self._starts = list(accumulate((len(one.text) + 1 for one in texts), initial=1))[:-1]
        self._words = set(self._data.translate(_WORDS_ONLY).split())

    def telling(self) -> set[int]:
        """Numbers of the texts in which a word or a shape tells something."""
        if len(self._words) > _MOST_WORDS:
            return self._all()
        words = [word for word in self._words if _tells(word.decode("ascii"))]
        shapes = self._data.translate(_SHAPE_OF_BYTES)
        forms = set(shapes.split())
        signs = [form for form in forms if _TELLING.search(form)]
        years = [form for form in forms if _YEAR.fullmatch(form)]
        if max(len(words), len(signs), len(years)) > _MOST_TELLING:
            return self._all()
        found: set[int] = set()
        for word in words:
            found.update(self._holding(self._data, word))
        for form in signs:
            found.update(self._holding(shapes, b" " + form + b" "))
        for form in (*(b" " + one + b" " for one in years), _DATED):
            found.update(self._with_years(shapes, form))
        return found

    def known(self, seeds: Iterable[Seed]) -> set[int]:
        """Numbers of the texts in which a value stands that is known.

        A seed stands alone, so that each run of letters in it is a whole word of the text.
        """
        words = {word.decode("ascii").lower() for word in self._words}
        low = self._data.lower()
        seeds = tuple(seeds)
        found: set[int] = set()
        for text in dict.fromkeys(seed.text for seed in (*seeds, *turned(seeds))):
            if text.isascii() and words.issuperset(_LETTER_RUN.findall(text)):
                found.update(self._holding(low, text.encode("ascii")))
        return found

    def _with_years(self, shapes: bytes, shape: bytes) -> Iterator[int]:
        """Numbers of the texts in which four digits of a shape are a year."""
        first = shape.index(b"0")
        at = shapes.find(shape)
        while at >= 0:
            if self._data[at + first : at + first + 2] in _YEARS:
                yield self._number(at)
            at = shapes.find(shape, at + 1)

    def _holding(self, data: bytes, what: bytes) -> Iterator[int]:
        """Numbers of the texts in which ``what`` stands, each once."""
        at = data.find(what)
        while at >= 0:
            number = self._number(at)
            yield number
            if number + 1 == len(self._starts):
                return
            at = data.find(what, self._starts[number + 1] - 1)

    def _number(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)

    def _all(self) -> set[int]:
        return set(range(len(self._starts)))


def _tells(word: str) -> bool:
    """Whether a word is no setting's, or may be part of a label."""
    low = word.lower()
    return any(stem in low for stem in (*STEMS, *_CONTACTS)) or weight_of(word) > 0
