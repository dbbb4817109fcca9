"""A DICOM file's bytes -> its elements as a tree, with their bytes as they stand.

The reader of a report (``scans.dicom``) counts elements and looks for persons; here each element
is wanted whole and in its place, whatever the way in which the file is written. Iterative and
bounded; what is not understood ends the reading, and nobody then says that a header is the same.

Source: PS3.5 (2026c) 7.1, 7.5, 7.8, A.4; 6.2.2 note 2 (a sequence of VR UN).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans import work
from companion.scans.dicom import dictionary, tags
from companion.scans.dicom.encoding import IMPLICIT, Encoding
from companion.scans.dicom.preamble import DEFLATED_SYNTAXES, encoding_of
from companion.scans.dicom.structure import UNDEFINED
from companion.scans.work import Work, did

MOST_ELEMENTS = 300_000
"""Elements, items and fragments of one file."""
MOST_DEPTH = 32
MOST_INFLATED = 128 * 1024 * 1024
SECONDS = 1.2
"""Work for one file's elements (``work.spent``)."""
_CHECKED = 2_048
_ITEM_MARK = b"\xfe\xff\x00\xe0"
"""The tag of an item in little endian."""

PIXELS = frozenset({tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA})


class NotUnderstoodError(Exception):
    """A part of a data set that could not be read: what follows it is not known.

    ``begun``: the elements in front of it.
    """

    def __init__(self, begun: DataSet | None = None) -> None:
        self.begun = begun or DataSet()
        super().__init__()


@dataclass(slots=True)
class Element:
    """One element: with a value, with items, or with the fragments of compressed pixels."""

    tag: int
    vr: str
    """The file's VR, or the dictionary's where the file has none; ``SQ`` where it has items."""
    creator: str = field(repr=False)
    """Of a private element."""
    value: bytes | memoryview = field(repr=False)
    little: bool
    items: list[DataSet] | None = field(default=None, repr=False)
    fragments: list[memoryview] | None = field(default=None, repr=False)
    """The first is the offset table."""
    said: str = ""
    """The VR that the file itself says; empty in implicit VR."""
    cut: bool = False
    """The file ends before these pixels do."""


@dataclass(slots=True)
class DataSet:
    """The elements of a data set or an item, in the order of the file."""

    elements: list[Element] = field(default_factory=list, repr=False)
    codecs: tuple[str, ...] = (dictionary.DEFAULT_CODEC,)
    """Python's, for the character sets in use."""
    creators: dict[int, str] = field(default_factory=dict, repr=False)
    by_tag: dict[int, Element] = field(default_factory=dict, repr=False)

    def text(self, tag: int) -> str:
        """The value of an element as text; empty where it is not there."""
        element = self.by_tag.get(tag)
        return "" if element is None else self.text_of(element)

    def text_of(self, element: Element) -> str:
        """The value of one of its elements as text; empty for binary values and sequences."""
        if element.items is not None or element.fragments is not None:
            return ""
        value = bytes(element.value[:100_000])
        return dictionary.text_of(element.vr, value, list(self.codecs), element.little)

    def items(self, tag: int) -> list[DataSet]:
        """The items of a sequence; none where it is not there."""
        element = self.by_tag.get(tag)
        return [] if element is None or element.items is None else element.items


@dataclass(frozen=True, slots=True)
class File:
    """A DICOM file, read."""

    dataset: DataSet = field(repr=False)
    syntax: str
    data: bytes = field(repr=False)
    """What the data set was read from; inflated, where it was deflated."""
    start: int
    """Offset of the data set in ``data``."""


def read(data: bytes, start: int) -> File:
    """Read a DICOM file whose meta header or data set starts at ``start``.

    Raises ``NotUnderstoodError`` where not all of the data set could be read.
    """
    encoding, offset, syntax = encoding_of(data, start)
    if syntax in DEFLATED_SYNTAXES:
        data, offset = _inflated(data[offset:]), 0
    if offset >= len(data):
        raise NotUnderstoodError
    return File(_Reader(data, encoding).dataset(offset), syntax, data, offset)


def _inflated(packed: bytes) -> bytes:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = engine.decompress(packed, MOST_INFLATED)
    except zlib.error:
        raise NotUnderstoodError from None
    if not engine.eof:
        raise NotUnderstoodError
    return data


@dataclass(slots=True)
class _Level:
    """A data set or a sequence that is open."""

    end: int
    undefined: bool
    encoding: Encoding
    dataset: DataSet
    sequence: Element | None = None
    """The sequence whose items are being read; None inside an item."""


class _Reader:
    def __init__(self, data: bytes, encoding: Encoding) -> None:
        self._data = data
        self._view = memoryview(data)
        self._encoding = encoding
        self._count = 0
        self._deadline = work.spent() + SECONDS

    def dataset(self, offset: int) -> DataSet:
        """The data set at an offset, up to the end or to what is padding behind it."""
        root = DataSet()
        try:
            self._fill(root, offset)
        except NotUnderstoodError:
            raise NotUnderstoodError(root) from None
        return root

    def _fill(self, root: DataSet, offset: int) -> None:
        stack = [_Level(len(self._data), False, self._encoding, root)]
        position = offset
        while stack:
            self._counted()
            level = stack[-1]
            if level.sequence is not None:
                position = self._next_item(stack, level, level.sequence, position)
            elif position >= level.end:
                if level.undefined:
                    raise NotUnderstoodError
                position = stack.pop().end
            else:
                position = self._element(stack, level, position)

    def _counted(self) -> None:
        self._count += 1
        if self._count % _CHECKED == 0:
            did(Work.ELEMENT, _CHECKED)
            if self._count > MOST_ELEMENTS or work.spent() > self._deadline:
                raise NotUnderstoodError

    def _element(self, stack: list[_Level], level: _Level, position: int) -> int:
        """Read one element; opens a sequence, or closes the item."""
        tag, vr, length, body = level.encoding.read_head(self._data, position, level.end)
        if tag == tags.ITEM_DELIMITATION and len(stack) > 1:
            stack.pop()
            return position + 8
        if len(stack) == 1 and tag >> 16 == 0 and not self._data[position:].strip(b"\0"):
            return level.end  # zeros up to the end of a sector
        if tag >> 16 in (0, 0xFFFE):
            raise NotUnderstoodError
        dataset, little = level.dataset, level.encoding.little
        creator = _creator(dataset, tag)
        kind = vr.decode("latin-1")
        known = _known_vr(tag, creator)
        if kind in {"", "UN"}:
            kind = known
        element = Element(tag, kind, creator, b"", little, said=vr.decode("latin-1"))
        dataset.elements.append(element)
        if tag in dataset.by_tag:
            raise NotUnderstoodError  # which of the two a viewer shows, nobody knows
        dataset.by_tag[tag] = element
        undefined = length == UNDEFINED
        if undefined and (tag in PIXELS or vr in (b"OB", b"OW")):
            return self._fragments(element, level, body)
        end = level.end if undefined else body + length
        if end > level.end:
            if tag not in PIXELS or len(stack) > 1:
                raise NotUnderstoodError
            end, element.cut = level.end, True
        if undefined or kind == "SQ" or self._is_sequence(tag, kind, body, end):
            inner = level.encoding
            if vr == b"UN":
                inner = IMPLICIT
            self._open(stack, element, end, undefined, inner)
            return body
        element.value = self._view[body:end] if length > 65_536 else self._data[body:end]
        self._note(dataset, element)
        return end

    def _is_sequence(self, tag: int, kind: str, body: int, end: int) -> bool:
        """Whether bytes of no known kind are items, as they are in a private sequence that
        was written in implicit VR."""
        if kind != "UN" or not tag >> 16 & 1 or end - body < 8:
            return False
        if self._data[body : body + 4] != _ITEM_MARK:
            return False
        length = int.from_bytes(self._data[body + 4 : body + 8], "little")
        return length == UNDEFINED or body + 8 + length <= end

    def _open(
        self, stack: list[_Level], element: Element, end: int, undefined: bool, encoding: Encoding
    ) -> None:
        if len(stack) >= 2 * MOST_DEPTH:
            raise NotUnderstoodError
        element.vr, element.items = "SQ", []
        around = stack[-1].dataset
        stack.append(_Level(end, undefined, encoding, around, element))

    def _next_item(
        self, stack: list[_Level], level: _Level, sequence: Element, position: int
    ) -> int:
        """Open the next item of a sequence, or close the sequence."""
        if position >= level.end:
            if level.undefined:
                raise NotUnderstoodError
            return stack.pop().end
        tag, length = self._item_head(position, level.end, little=level.encoding.little)
        if tag == tags.SEQUENCE_DELIMITATION:
            stack.pop()
            return position + 8
        if tag != tags.ITEM:
            raise NotUnderstoodError
        undefined = length == UNDEFINED
        end = level.end if undefined else position + 8 + length
        if end > level.end:
            raise NotUnderstoodError
        item = DataSet(codecs=level.dataset.codecs)
        assert sequence.items is not None  # noqa: S101 - narrows the type
        sequence.items.append(item)
        stack.append(_Level(end, undefined, level.encoding, item))
        return position + 8

    def _fragments(self, element: Element, level: _Level, position: int) -> int:
        """Take the fragments of compressed pixels (PS3.5 A.4)."""
        element.fragments = []
        while True:
            self._counted()
            if position + 8 > level.end:
                element.cut = True
                return level.end
            tag, length = self._item_head(position, level.end, little=level.encoding.little)
            position += 8
            if tag == tags.SEQUENCE_DELIMITATION:
                return position
            if tag != tags.ITEM or length == UNDEFINED:
                raise NotUnderstoodError
            if position + length > level.end:
                element.cut = True
                element.fragments.append(self._view[position : level.end])
                return level.end
            element.fragments.append(self._view[position : position + length])
            position += length

    def _item_head(self, position: int, end: int, *, little: bool) -> tuple[int, int]:
        if position + 8 > end:
            raise NotUnderstoodError
        form = "<HHI" if little else ">HHI"
        group, number, length = struct.unpack_from(form, self._data, position)
        return group << 16 | number, length

    @staticmethod
    def _note(dataset: DataSet, element: Element) -> None:
        """Take in what an element says of those that follow it."""
        tag = element.tag
        if tag == tags.SPECIFIC_CHARACTER_SET:
            dataset.codecs = tuple(dictionary.codecs_of(bytes(element.value)))
        elif tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF:
            text = dictionary.text_of("LO", bytes(element.value[:256]), list(dataset.codecs), True)
            dataset.creators[tag >> 16 << 8 | tag & 0xFFFF] = text


def _creator(dataset: DataSet, tag: int) -> str:
    if not tag >> 16 & 1 or tag & 0xFFFF <= 0xFF:
        return ""
    return dataset.creators.get(tag >> 8, "")


def _known_vr(tag: int, creator: str) -> str:
    """The dictionary's VR, whatever the file says."""
    if not tag >> 16 & 1:
        return dictionary.public_vr(tag)
    if 0x10 <= tag & 0xFFFF <= 0xFF:
        return "LO"
    return dictionary.private_vr(tag, creator)


def walk(
    dataset: DataSet, leaves_out: frozenset[int] = frozenset()
) -> Iterator[tuple[str, str, DataSet, Element]]:
    """Every element of a data set and of its items, each with its path, a path in which a
    private element is told by its creator, and the data set around it.

    ``leaves_out``: tags that are passed over, with all that is in their items.
    """
    todo = [("", "", dataset)]
    while todo:
        path, key, around = todo.pop()
        for element in around.elements:
            if element.tag in leaves_out:
                continue
            here, own = f"{path}{element.tag:08X}", f"{key}{place_of(element)}"
            yield here, own, around, element
            for number, item in enumerate(element.items or ()):
                todo.append((f"{here}[{number}].", f"{own}[{number}].", item))


def place_of(element: Element) -> str:
    """An element's tag; of a private one its group, creator and number in the creator's block,
    since each writer may choose the block anew (PS3.5 7.8.1)."""
    tag = element.tag
    if element.creator:
        return f"{tag >> 16:04X}({element.creator}){tag & 0xFF:02X}"
    return f"{tag:08X}"
