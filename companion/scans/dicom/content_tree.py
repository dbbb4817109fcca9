"""What belongs together in one file: chosen elements, item by item.

The inventory merges the items of all files, which is right for finding values and too
coarse for saying which program, version and signature go with which result. The few files
that tell of one are walked a second time for the elements named here, and only for those.
The walk is bounded, and ends without a word where the bytes make no sense: the parser has
read them before and noted what there is to note.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from companion.scans.dicom import dictionary, tags
from companion.scans.dicom.encoding import IMPLICIT, Encoding
from companion.scans.dicom.structure import UNDEFINED

MOST_ELEMENTS = 60_000
"""Elements of one file that are walked over."""
_DEEPEST = 12
_LONGEST = 1_024
"""Bytes of a text that are kept."""
_PIXELS = 0x7FE0


@dataclass(slots=True)
class Item:
    """A data set or the item of a sequence."""

    texts: dict[int, str] = field(default_factory=dict, repr=False)
    sequences: dict[int, list[Item]] = field(default_factory=dict, repr=False)

    def text(self, tag: int) -> str:
        """The value of an element; empty where it is not there."""
        return self.texts.get(tag, "")

    def items(self, tag: int) -> list[Item]:
        """The items of a sequence; none where it is not there."""
        return self.sequences.get(tag, [])

    def code(self, tag: int) -> str:
        """The code value in the first item of a sequence of codes."""
        return next((item.text(tags.CODE_VALUE) for item in self.items(tag)), "")

    def meaning(self, tag: int) -> str:
        """The same code's meaning in words."""
        return next((item.text(tags.CODE_MEANING) for item in self.items(tag)), "")

    def walk(self) -> Iterator[Item]:
        """This item and all inside it, in the file's order."""
        waiting = [self]
        while waiting:
            item = waiting.pop()
            yield item
            inner = [one for items in item.sequences.values() for one in items]
            waiting.extend(reversed(inner))


class _OutOfStepError(Exception):
    """The bytes make no sense from here on, or the walk has had its share."""


def read_tree(data: bytes, start: int, encoding: Encoding, wanted: frozenset[int]) -> Item:
    """The data set that begins at ``start``, up to its pixels: its items, and ``wanted`` texts."""
    root = Item()
    walk = _Walk(data, wanted)
    with suppress(_OutOfStepError, struct.error):  # what was read up to there stands
        walk.item(root, start, len(data), encoding, [dictionary.DEFAULT_CODEC], 0)
    return root


class _Walk:
    def __init__(self, data: bytes, wanted: frozenset[int]) -> None:
        self._data = data
        self._wanted = wanted
        self._left = MOST_ELEMENTS

    def item(
        self,
        item: Item,
        position: int,
        end: int,
        encoding: Encoding,
        codecs: list[str],
        depth: int,
    ) -> int:
        """Read elements into ``item`` until it ends; returns where to go on."""
        data = self._data
        while position < end:
            tag, raw_vr, length, body = encoding.read_head(data, position, end)
            if tag == tags.ITEM_DELIMITATION:
                return body
            group = tag >> 16
            if not group or group == 0xFFFE or (depth == 0 and group >= _PIXELS):
                raise _OutOfStepError
            self._left -= 1
            if self._left < 0:
                raise _OutOfStepError
            known = dictionary.public_vr(tag) if not group & 1 else "UN"
            vr = raw_vr.decode("latin-1") or known
            undefined = length == UNDEFINED
            if vr == "SQ" or undefined or (vr == "UN" and known == "SQ"):
                unsaid = vr == "UN" and encoding.explicit
                inner = IMPLICIT if unsaid else encoding
                stop = end if undefined else min(body + length, end)
                position = self._sequence(item, tag, body, stop, inner, codecs, depth)
                if not undefined:
                    position = stop
                continue
            position = body + length
            if position > end:
                raise _OutOfStepError
            if tag == tags.SPECIFIC_CHARACTER_SET:
                codecs = dictionary.codecs_of(data[body:position])
            elif tag in self._wanted:
                value = data[body : min(position, body + _LONGEST)]
                kind = known if vr == "UN" else vr
                item.texts[tag] = dictionary.text_of(kind, value, codecs, encoding.little)
        return position

    def _sequence(
        self,
        item: Item,
        tag: int,
        position: int,
        end: int,
        encoding: Encoding,
        codecs: list[str],
        depth: int,
    ) -> int:
        if depth >= _DEEPEST:
            raise _OutOfStepError
        inner = item.sequences.setdefault(tag, [])
        unpack = struct.Struct("<HHI" if encoding.little else ">HHI").unpack_from
        while position + 8 <= end:
            group, number, length = unpack(self._data, position)
            mark, body = group << 16 | number, position + 8
            if mark == tags.SEQUENCE_DELIMITATION:
                return body
            self._left -= 1
            if mark != tags.ITEM or self._left < 0:
                raise _OutOfStepError
            one = Item()
            inner.append(one)
            undefined = length == UNDEFINED
            stop = end if undefined else min(body + length, end)
            position = self.item(one, body, stop, encoding, codecs, depth + 1)
            if not undefined:
                position = stop
        return end
