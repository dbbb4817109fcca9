"""Text inside binary values, line by line: what one slice says and the one before did not.

A maker's protocol has hundreds of lines in every slice, and between two slices only numbers
differ. Lines that were met in the same element are counted, not kept: a line is known by
what it says without the digits behind its decimal point. All that is new in one value
becomes one passage, so that a thousand slices fill neither memory nor time.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from companion.scans.dicom import tags
from companion.scans.dicom.dictionary import NUMBER_VRS
from companion.scans.dicom.repeats import BETWEEN, SHORTEST, Repeat, Repeats
from companion.scans.findings import Place
from companion.scans.formats import packed
from companion.scans.formats.likeness import is_evident
from companion.scans.formats.strings import Runs, is_text, tells
from companion.scans.inventory import Inventory, Passage

MOST_LINES = 300_000
"""Lines that are remembered; others are kept each time they come."""
MOST_NEW = 20_000
"""New lines that are kept of one value."""
SHOWN = 400
"""Characters that are kept as the value of a private element whose lines are searched."""
_BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW"})
_TEXT_AS_NUMBERS = frozenset({"SS", "UL", "US"})
"""VRs in which makers also keep text, as UTF-16 in numbers of 16 bits."""
_READABLE = re.compile(rb"[\x20-\x7e]{12}|(?:[\x20-\x7e]\0){8}|(?:\0[\x20-\x7e]){8}")
"""What numbers of any VR hardly ever have in them, and text always."""
_SHORTEST_TEXT = 8
_FRACTION = re.compile(r"= -?\d{1,6}\.\d{3,12}(?=\n|\Z)")
"""A decimal number as the value of a setting: neither a date, nor a time, nor a number
that stands for somebody."""
_DECIMAL = re.compile(r"-?\d{1,6}\.\d{3,12}(?:[eE][-+]\d+)?")
_NO_CHANCE = 20.0
"""Bits beyond the length of the data from which a line is no chance: one place in a
million of noise has the like."""
_LOOSE, _FAINT = "text inside", "bytes that may be text in"

_SETTLED, _EVERY, _MOSTLY = 4, 16, 0.5
"""Texts of an element after which its lines are expected to be new as those before were, how
many of the following are looked at line by line all the same, and from which share of new
lines they are strangers."""
_SHORTEST_STRANGE = 256
MOST_STRANGE = 8_000_000
"""Characters of strangers that are kept; further texts are taken line by line."""

_Lines = dict[str, Passage]


@dataclass(slots=True)
class _Known:
    """What is known of one element's texts."""

    lines: _Lines = field(default_factory=dict, repr=False)
    texts: int = 0
    parted: int = 0
    """How many of the texts were taken line by line."""
    news: float = 0.0
    """The share of the last such text's lines that were new."""

    def are_strangers(self) -> bool:
        """Whether hardly a line of the next text will be one that was met before: to look
        for each would be in vain."""
        self.texts += 1
        return self.parted >= _SETTLED and self.news >= _MOSTLY and self.texts % _EVERY > 0


def title_of(place: Place, name: str) -> str:
    """What a passage from the inside of an element is called."""
    return f"{_LOOSE} {f'private data ({name})' if place is Place.PRIVATE else name}"


def is_loose(passage: Passage) -> bool:
    """Whether its lines are strangers to each other, gathered from one binary value."""
    return passage.name.startswith((_LOOSE, _FAINT))


def is_faint(passage: Passage) -> bool:
    """Whether its lines may be chance: they say something only to who knows the words."""
    return passage.name.startswith(_FAINT)


class LooseText:
    """Puts the lines of binary values into an inventory, and remembers them."""

    def __init__(self, inventory: Inventory) -> None:
        self.cut = False
        """Whether a value had more new lines than are kept; set back by whoever asks."""
        self._inventory = inventory
        self._known: dict[tuple[str, str, str], _Known] = {}
        self._left = MOST_LINES
        self._strange_left = MOST_STRANGE
        self._repeats = Repeats()

    def repeat(self, place: Place, name: str, tag: str, value: bytes) -> Repeat | None:
        """What of a value is new and what is known, where that can be told.

        Not of one in which something packed may stand: it is opened as a whole.
        """
        repeat = self._repeats.of((place, name, tag), value) if len(value) >= SHORTEST else None
        if repeat is None or repeat.new is value:
            return repeat
        return None if packed.may_hold_packed(value) else repeat

    def add(
        self,
        place: Place,
        name: str,
        path: str,
        tag: str,
        value: bytes,
        repeat: Repeat | None = None,
    ) -> tuple[Passage, ...]:
        """The passages that hold the lines of ``value``, those of earlier values too.

        ``repeat``: what is known of the value; the rest alone is searched.
        """
        element = self._known.get((place, name, tag))
        if element is None:
            element = self._known[(place, name, tag)] = _Known()
        known = element.lines
        title = title_of(place, name)
        if repeat is None and is_text(value):
            may_be_strange = len(value) >= _SHORTEST_STRANGE and place is Place.PRIVATE
            if (
                may_be_strange
                and element.are_strangers()
                and (kept := self._keep_strange(title, path, tag, value))
            ):
                return kept
            lines = value.rstrip(b"\0 ").decode("utf-8").split("\n")
            found, new = _part(known, list(map(str.strip, lines)))
            element.parted += 1
            element.news = len(new) / len(lines)
            new.pop("", None)
            found += self._keep(known, place, title, path, tag, new)
        else:
            runs = Runs(value if repeat is None else repeat.new, len(value))
            found, new = _part(known, runs.texts)
            numbers = dict(zip(runs.texts, range(len(runs.texts)), strict=True)) if new else {}
            needed = _NO_CHANCE + math.log2(len(value) + 1)
            sure: dict[str, str] = {}
            faint: dict[str, str] = {}
            for shape, line in new.items():
                if tells(line) and not _DECIMAL.fullmatch(line):
                    lacking = needed - runs.bits(numbers[line])
                    solid = is_evident(line, lacking)
                    (sure if solid else faint)[shape] = line
            found += self._keep(known, place, title, path, tag, sure)
            title = title.replace(_LOOSE, _FAINT, 1)
            found += self._keep(known, place, title, path, tag, faint)
        if repeat is not None:
            found += repeat.passages.values()
            if self._left > 0:
                for part in repeat.twice:
                    hits, _ = _part(known, Runs(BETWEEN + part + BETWEEN, len(value)).texts)
                    self._repeats.learn(repeat, part, tuple(hits))
        for passage in found:
            passage.where |= self._inventory.bit
        return tuple(found)

    def _keep_strange(self, title: str, path: str, tag: str, value: bytes) -> tuple[Passage, ...]:
        """Keep a text of ASCII as it is; nothing where there is no more room for such texts."""
        if len(value) > self._strange_left or not value.isascii():
            return ()
        self._strange_left -= len(value)
        text = value.rstrip(b"\0 ").decode("ascii")
        passage = self._inventory.add_text(
            Place.PRIVATE, title, text, path=path, tag=tag, stranger=True
        )
        return () if passage is None else (passage,)

    def _keep(
        self, known: _Lines, place: Place, title: str, path: str, tag: str, new: dict[str, str]
    ) -> list[Passage]:
        """Make a passage of new lines."""
        if not new:
            return []
        if len(new) > MOST_NEW:
            self.cut = True
            new = dict(list(new.items())[:MOST_NEW])
        text = "\n".join(new.values())
        passage = self._inventory.add_text(place, title, text, path=path, tag=tag)
        if passage is None:
            return []
        if self._left > 0:
            self._left -= len(new)
            known.update(dict.fromkeys(new, passage))
        return [passage]


def _part(known: _Lines, lines: list[str]) -> tuple[list[Passage], dict[str, str]]:
    """The passages of the lines that are known, each once, and the other lines, by what
    they say without the fractions of their numbers."""
    hits = list(map(known.get, lines))
    passages = dict(zip(map(id, hits), hits, strict=True))
    new: dict[str, str] = {}
    if passages.pop(id(None), lines) is None:
        fresh = [line for line, hit in zip(lines, hits, strict=True) if hit is None]
        shapes = _FRACTION.sub("= .", "\n".join(fresh)).split("\n")
        new = dict(zip(shapes, fresh, strict=True))
        if not known.keys().isdisjoint(new):
            again = {shape: known[shape] for shape in new if shape in known}
            passages.update((id(hit), hit) for hit in again.values())
            new = {shape: line for shape, line in new.items() if shape not in again}
    return [passage for passage in passages.values() if passage is not None], new


def bytes_to_search(tag: int, kind: str, name: str, value: bytes, text: str) -> bytes:
    """The value, where text in it is told by no rule for an element."""
    private = tag >> 16 & 1
    if tag >> 16 >= 0x7FE0 or (tag >> 24 == 0x60 and tag & 0xFFFF == tags.OVERLAY_DATA):
        return b""  # pictures
    if tag == tags.ENCAPSULATED_DOCUMENT:
        return b""  # read as a file
    if kind == "OB":
        return value  # also where all of it is text: there is no rule for what it says
    if kind in _BULK and (private or len(value) >= _SHORTEST_TEXT):
        return value
    if len(value) < _SHORTEST_TEXT:
        return value if kind == "UN" and not text else b""
    if kind == "UN":
        return value if not text or ((private or name == "Unknown") and len(text) >= SHOWN) else b""
    if private and kind in _TEXT_AS_NUMBERS:
        return value
    # Few numbers are readable by chance; and of a picture's, there are many.
    return value if kind in NUMBER_VRS and _READABLE.search(value) else b""
