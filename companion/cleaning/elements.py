"""A data set's elements at its top level, as the bytes they are: what a copy is put together of."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from companion.scans.dicom import tags
from companion.scans.dicom.encoding import LONG_VRS, Encoding

_UNDEFINED = 0xFFFFFFFF
_DEEPEST = 16
_HEAD = struct.Struct("<HHI").unpack_from


class UnevenError(Exception):
    """Bytes that are no plain data set: it is read by what reads everything."""


class Stored(NamedTuple):
    """One element, nested ones in it. A set has a million of them: a tuple is soonest made."""

    tag: int
    vr: bytes
    """Empty where the file names none."""
    start: int
    body: int
    """Where its value starts."""
    end: int
    data: bytes

    def __repr__(self) -> str:
        return f"Stored(tag={self.tag:08X}, vr={self.vr!r}, length={self.end - self.body})"

    @property
    def raw(self) -> bytes:
        """Head and value."""
        return self.data[self.start : self.end]

    @property
    def value(self) -> bytes:
        return self.data[self.body : self.end]


def elements_of(data: bytes, position: int, encoding: Encoding) -> Iterator[Stored]:
    """The elements from an offset to the end of the data, in little endian.

    Raises ``UnevenError`` where they are not in order, or do not fill the data exactly.
    """
    previous, end, read_head = 0, len(data), encoding.read_head
    while position < end:
        tag, vr, length, body = read_head(data, position, end)
        if tag <= previous:
            raise UnevenError
        if length == _UNDEFINED:
            if vr == b"UN" or tag >= tags.FLOAT_PIXEL_DATA:
                raise UnevenError
            following = _end_of_items(data, body, encoding, 0)
        else:
            following = body + length
        if following > end:
            raise UnevenError
        yield Stored(tag, vr, position, body, following, data)
        previous, position = tag, following


def written(tag: int, vr: str, value: bytes, *, explicit: bool) -> bytes:
    """An element in little endian; a value of odd length gets a filler."""
    if len(value) % 2:
        value += b"\0" if vr in ("UI", "OB") else b" "
    return head(tag, vr, len(value), explicit=explicit) + value


def head(tag: int, vr: str, length: int, *, explicit: bool) -> bytes:
    """What stands before a value of that length, in little endian."""
    group, number = tag >> 16, tag & 0xFFFF
    if not explicit:
        return struct.pack("<HHI", group, number, length)
    if vr.encode() in LONG_VRS:
        return struct.pack("<HH2sHI", group, number, vr.encode(), 0, length)
    return struct.pack("<HH2sH", group, number, vr.encode(), length)


def _end_of_items(data: bytes, position: int, encoding: Encoding, depth: int) -> int:
    """Where a sequence of undefined length ends, its delimiter counted in."""
    if depth > _DEEPEST:
        raise UnevenError
    while position + 8 <= len(data):
        group, number, length = _HEAD(data, position)
        tag, position = group << 16 | number, position + 8
        if tag == tags.SEQUENCE_DELIMITATION:
            return position
        if tag != tags.ITEM:
            break
        if length != _UNDEFINED:
            position += length
            continue
        position = _end_of_item(data, position, encoding, depth)
    raise UnevenError


def _end_of_item(data: bytes, position: int, encoding: Encoding, depth: int) -> int:
    while position < len(data):
        tag, vr, length, body = encoding.read_head(data, position, len(data))
        if tag == tags.ITEM_DELIMITATION:
            return body
        if not tag or (vr == b"UN" and length == _UNDEFINED):
            break
        undefined = length == _UNDEFINED
        position = _end_of_items(data, body, encoding, depth + 1) if undefined else body + length
    raise UnevenError
