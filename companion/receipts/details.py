"""A file's elements in words, and which of them differ between two files at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from companion.receipts import clinical
from companion.receipts.clinical import About
from companion.receipts.elements import PIXELS, DataSet, walk
from companion.scans.dicom import dictionary

MOST_DETAILS = 100
"""Details of one pair of files that are listed; further ones are counted."""
MOST_ELEMENTS = 50_000
"""Elements of one file of which the words are kept; of a file with more, none are."""
MOST_KEPT = 300_000
"""Different elements of a set of which the words are kept; of files beyond, none are."""
MOST_LENGTH = 200
"""Characters of a value that are shown."""
_SHORT = 32
_SEQUENCES_LEFT_OUT = clinical.LEFT_OUT - PIXELS
"""Pixels of a picture inside an item are a detail."""
_ORDER = list(About)


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail that differs. None: it is not there; empty: there, and not to be read."""

    path: str
    """``00400275[0].00321060``."""
    name: str
    """The dictionary's keyword; of a private element, its creator and name."""
    about: About
    old: str | None = field(repr=False)
    new: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Detailed:
    """One element in words."""

    key: str = field(repr=False)
    """The path, in which a private element is told by its creator."""
    path: str
    name: str
    about: About
    text: str = field(repr=False)
    """Empty for what is no text."""
    mark: bytes = field(repr=False)
    """Its value in one form, or the digest of that: what tells whether two are the same."""


Details = tuple[Detailed, ...]
"""The elements of one file; equal ones of many files are one object."""


class Memory:
    """Keeps one of equal elements: those of a thousand slices are mostly the same."""

    def __init__(self) -> None:
        self._known: dict[Detailed, Detailed] = {}

    def details_of(self, dataset: DataSet) -> Details | None:
        """The elements of a clinical header in words; those without a value are left out. None
        where there are more of them than are kept."""
        found = []
        for path, key, around, element in walk(dataset, _SEQUENCES_LEFT_OUT):
            tag = element.tag
            if element.items is not None or not clinical.in_header(tag, "." not in path):
                continue
            if tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF:
                continue
            value = clinical.value_of(element, around)
            if not value:
                continue
            if tag >> 16 & 1:
                name = dictionary.private_name(tag, element.creator)
            else:
                name = dictionary.public_name(tag)
            mark = value if len(value) <= _SHORT else blake2b(value, digest_size=16).digest()
            text = around.text_of(element)[:MOST_LENGTH]
            one = Detailed(key, path, name, clinical.about(tag, element.vr), text, mark)
            found.append(self._known.setdefault(one, one))
            if len(found) > MOST_ELEMENTS or len(self._known) > MOST_KEPT:
                return None
        return tuple(found)


def differences(old: Details, new: Details) -> tuple[tuple[Detail, ...], int]:
    """The details that differ, those about the person first, and how many are not listed."""
    befores, afters = {one.key: one for one in old}, {one.key: one for one in new}
    found = []
    for key in befores.keys() | afters.keys():
        before, after = befores.get(key), afters.get(key)
        if before is not None and after is not None and before.mark == after.mark:
            continue
        one = after or before
        assert one is not None  # noqa: S101 - the key is one's of the two
        found.append(
            Detail(
                one.path,
                one.name,
                one.about,
                None if before is None else before.text,
                None if after is None else after.text,
            )
        )
    found.sort(key=lambda detail: (_ORDER.index(detail.about), detail.path))
    return tuple(found[:MOST_DETAILS]), max(0, len(found) - MOST_DETAILS)
