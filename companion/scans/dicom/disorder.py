"""What is against the standard's order, and still plain: valid files of careless writers.

Each function looks ahead from one place of a data set, a few elements at most.
"""

from __future__ import annotations

import struct

from companion.scans.dicom import tags
from companion.scans.dicom.structure import UNDEFINED, DataSetParse, OpenItem

_LOOK_AHEAD = 12
"""Elements of what may be another data set that are looked at."""


def begins_another(parse: DataSetParse, item: OpenItem, position: int) -> bool:
    """Whether a tag that is lower than the one before it begins another data set.

    Another one says again what this one has said, among its first elements; an element
    that is only out of order comes once. ``item.known`` holds the tags so far.
    """
    read_head = item.context.encoding.read_head
    for _ in range(_LOOK_AHEAD):
        tag, _, length, body = read_head(parse.data, position, item.end)
        if not tag >> 16 or tag >> 16 == 0xFFFE:
            return position < item.end  # not an element: what follows is no part of this
        if tag in item.known:
            return True
        if length == UNDEFINED or body + length > item.end:
            return True
        position = body + length
    return False


def is_doubled(data: bytes, position: int, item: OpenItem) -> bool:
    """Whether an end of a sequence, of no length, stands where none is open.

    In an item that ends at a delimiter, only where that follows: otherwise the end is that
    of the sequence around the item, and the item's own is missing.
    """
    if _head(data, position, item) != (tags.SEQUENCE_DELIMITATION, 0):
        return False
    return not item.undefined or _head(data, position + 8, item) == (tags.ITEM_DELIMITATION, 0)


def has_item(data: bytes, position: int, item: OpenItem) -> bool:
    """Whether an item follows a sequence that says it is empty, and its end follows that."""
    tag, length = _head(data, position, item)
    if tag != tags.ITEM:
        return False
    end = position + 8 + (0 if length == UNDEFINED else length)
    return length == UNDEFINED or _head(data, end, item)[0] in _GO_ON


_GO_ON = frozenset({tags.ITEM, tags.SEQUENCE_DELIMITATION})


def _head(data: bytes, position: int, item: OpenItem) -> tuple[int, int]:
    """Tag and length of an item or a delimiter; zeros where there is no room for one."""
    if position + 8 > item.end:
        return 0, 0
    order = "<HHI" if item.context.encoding.little else ">HHI"
    group, number, length = struct.unpack_from(order, data, position)
    return group << 16 | number, length
