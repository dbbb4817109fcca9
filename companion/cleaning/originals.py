"""The values of the originals that may stand nowhere in a copy, and the search for them.

Names, numbers, places, staff and contacts as an inspection found them, with every spelling
that it looks for itself (``rules.seeds``); every day; every UID. A word that is common in
scans is none of them: a patient called Knee has a knee all the same, and no field of a name
stays in the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pydicom.datadict import keyword_for_tag

from companion.folding import fold_value
from companion.scans.findings import Certainty
from companion.scans.inspection import Examined
from companion.scans.people.companies import is_company
from companion.scans.people.placeholders import is_placeholder, stands_for_a_name
from companion.scans.rules.days import days_of
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import Match, matches, table

try:
    from companion.cleaning.pixels import vectors
except ImportError:  # a visitor's browser, or a light installation
    vectors = None  # type: ignore[assignment]

_GROUPS = frozenset({"who-you-are", "other-people", "where", "numbers"})
_MACHINE = frozenset({"device-serial", "treatment-machine", "ae-title", "device-place"})
_NO_VALUES = frozenset({"uid-study", "uid-other", "private-uid", "web-address", "label-or-barcode"})
_TELLING = 5
"""Characters from which a value is looked for inside other texts."""
_TELLING_NUMBER = 6
_TELLING_DIGITS = 7
"""Digits of a number from which they are looked for without what stands between them."""
_CODECS = (
    "utf-16-le", "utf-16-be", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "koi8-r",
    "cp1251", "shift-jis", "euc-jp", "euc-kr", "gb18030",
)  # fmt: skip
"""Character sets of scripts that are not Latin, in which words are looked for in all bytes."""
_TELLING_ANYWHERE = 7
"""Letters from which a word is looked for in the middle of others."""
_LONGEST = 200
_MOST = 5_000
_UID = re.compile(rb"(?<![\d.])[0-2](?:\.\d{1,39}){5,}(?![\d])")
_OWN_ROOTS = (b"2.25.", b"1.2.840.10008.")
_TELLING_AMONG_PIXELS = 8
_RUN = b"a" * _TELLING_AMONG_PIXELS
_RUNS = re.compile(rb"a{8,}")
_LEGIBLE = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")
_DAY_FORMS = ("%Y%m%d", "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y.%m.%d", "%d%m%Y",
              "%m%d%Y")  # fmt: skip
_EXEMPT = frozenset({"Manufacturer", "ManufacturerModelName", "SoftwareVersions", "Modality"})


@dataclass(frozen=True)
class Originals:
    """What may stand nowhere in a copy, folded."""

    words: tuple[str, ...] = field(repr=False)
    """Names, places, contacts; each at least four letters, or two of another script."""
    numbers: tuple[str, ...] = field(repr=False)
    """Values with digits in them."""
    days: tuple[str, ...] = field(repr=False)
    uids: frozenset[bytes] = field(repr=False)

    def stands_in(self, text: str) -> bool:
        """Whether a text holds one of them as a word or a number of its own."""
        return self._stands_in(fold_value(text))

    def stands_in_bytes(self, header: bytes, pixels: Iterable[bytes] = ()) -> bool:
        """Whether one of them stands in the bytes of a file: plainly, in UTF-8 or in UTF-16.

        ``header``: all of it but the pixels' values. In ``pixels`` only what is long enough
        not to stand there by chance is looked for, and only where letters stand in a row.
        """
        if any(uid in self.uids for uid in _UID.findall(header) if not uid.startswith(_OWN_ROOTS)):
            return True
        if any(map(self._stands_in, _forms(header))):
            return True
        if any(one in header for one in self._wide):
            return True
        runs = b"\0".join(run for value in pixels for run in _runs(value, self._letters))
        return any(one in runs for one in self._long)

    def _stands_in(self, folded: str) -> bool:
        if any(word in folded for word in self._anywhere):
            return True
        return any(_stands_alone(folded, one) for one in self._all)

    @cached_property
    def _anywhere(self) -> tuple[str, ...]:
        """Words so long that they are no part of another by chance: ``XABERNATHYKNEE``."""
        return tuple(one for one in self.words if len(one) >= _TELLING_ANYWHERE and one.isalpha())

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return (*self.words, *self.numbers, *self.days)

    @cached_property
    def _wide(self) -> tuple[bytes, ...]:
        """Words of another script as other character sets write them; those in Latin letters
        are found without the zeros of UTF-16."""
        found = {
            form.encode(codec, "ignore")
            for one in self.words
            if not one.isascii()
            for form in (one, one.upper(), one.title())
            for codec in _CODECS
        }
        return tuple(one for one in found if len(one) >= 4)

    @cached_property
    def _long(self) -> tuple[bytes, ...]:
        """What is too long to stand among pixels by chance."""
        found = (one.encode() for one in self._all)
        return tuple(one for one in found if len(one) >= _TELLING_AMONG_PIXELS)

    @cached_property
    def _letters(self) -> bytes:
        """For each byte ``a`` where what is long is written with it, in either case."""
        used = {byte for one in self._long for byte in (*one, *one.upper())}
        return bytes(97 if byte in used else 0 for byte in range(256))


def gather(examined: Examined) -> Originals:
    """The values to look for, from what an inspection saw of the whole set."""
    inventory = examined.inventory
    found = tuple(matches(inventory))
    words: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for seed in Scene(inventory, found, examined.looked).seeds:
        if seed.certainty is Certainty.LIKELY or not seed.whole:
            _sort_in(seed.text, words, numbers)
    for text in _values(found):
        _sort_in(text, words, numbers)
    days = days_of(
        text
        for element in inventory.elements
        if element.vr in ("DA", "DT")
        for text in element.values
    )
    uids = {
        text.strip(" \0").encode("latin-1", "ignore")
        for element in inventory.elements
        if element.vr == "UI" and element.tag not in table().not_by_vr
        for text in element.values
        if not text.startswith("1.2.840.10008.")
    }
    return Originals(
        tuple(words)[:_MOST],
        tuple(numbers)[:_MOST],
        tuple(dict.fromkeys(day.strftime(form) for day in sorted(days) for form in _DAY_FORMS)),
        frozenset(uids),
    )


def _values(found: tuple[Match, ...]) -> Iterator[str]:
    """Whole values of fields that point to a person or a place, of any length that tells."""
    for match in found:
        rule = match.rule
        if rule.id in _NO_VALUES or rule.place == "uid":
            continue
        if rule.group not in _GROUPS and rule.id not in _MACHINE:
            continue
        if keyword_for_tag(int(match.element.tag, 16)) in _EXEMPT:
            continue
        for text in match.values:
            for value in text.split("\\"):
                folded = " ".join(fold_value(value).split())
                if _tells(folded, value):
                    yield folded


def _tells(folded: str, value: str) -> bool:
    if not _TELLING <= len(folded) <= _LONGEST or is_placeholder(value) or is_company(value):
        return False
    words = re.findall(r"[^\W_]+", folded)
    if all(is_common(word) or len(word) < 3 or word in dictionary_words() for word in words):
        return False
    if folded.replace(".", "").isdigit():
        return len(folded) >= _TELLING_NUMBER and len(set(folded)) > 2
    return not (stands_for_a_name(value) and not any(char.isdigit() for char in folded))


def _sort_in(text: str, words: dict[str, None], numbers: dict[str, None]) -> None:
    if any(char.isdigit() for char in text):
        if len(text) >= _TELLING:
            numbers.setdefault(text)
        digits = re.sub(r"\D", "", text)
        if len(digits) >= _TELLING_DIGITS:
            numbers.setdefault(digits)
    elif not is_common(text) and text not in dictionary_words():
        words.setdefault(text)


def _forms(data: bytes) -> Iterator[str]:
    """How bytes may be read, folded: as UTF-8 and as Latin-1, and without the zeros of UTF-16.

    Only what can be read is folded: lengths and numbers between texts are not letters.
    """
    spread = b"".join(data.split(b"\0")) if b"\0" in data else b""
    for bytes_ in (data, spread):
        text = b"\1".join(_LEGIBLE.findall(bytes_))
        yield fold_value(text.decode("utf-8", "ignore"))
        if not text.isascii():
            yield fold_value(text.decode("latin-1"))


def _runs(value: bytes, letters: bytes) -> Iterator[bytes]:
    """Runs of letters among the samples, in small letters; see ``_plain_runs``."""
    found = vectors.runs if vectors is not None else _plain_runs
    return (run.lower() for run in found(value, letters))


def _plain_runs(value: bytes, letters: bytes) -> Iterator[bytes]:
    """Runs of what the searched values are written in, as text of one byte or of two a letter.

    ``letters``: for each byte ``a`` where it is one of them. Samples of two bytes seldom have
    any in their upper byte: then no text of one byte a letter can run through them either.
    """
    halves = [(one, one.translate(letters)) for one in (value[::2], value[1::2])]
    if all(_RUN[::2] in marked for _, marked in halves):
        halves.append((value, value.translate(letters)))
    for bytes_, marked in halves:
        if _RUN in marked:
            for run in _RUNS.finditer(marked):
                yield bytes_[run.start() : run.end()]


def _stands_alone(text: str, one: str) -> bool:
    """Whether ``one`` stands in a text and no letter or digit goes on at either end."""
    at = text.find(one)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(one) : at + len(one) + 1]
        if not (_goes_on(before, one[0]) or _goes_on(after, one[-1])):
            return True
        at = text.find(one, at + 1)
    return False


def _goes_on(outside: str, inside: str) -> bool:
    if not outside:
        return False
    if inside.isdigit():
        return outside.isdigit() or outside == "."
    return inside.isascii() and outside.isalpha()
