"""Pixel data is skipped; only the head and the end of each compressed fragment are read.

See PS3.5, A.4, for pixel data that is cut into fragments.
"""

from __future__ import annotations

import struct

from companion.scans.dicom import tags
from companion.scans.dicom.elements import Elements
from companion.scans.dicom.fragments import Codestreams
from companion.scans.dicom.recovery import leave_broken, leave_overrun
from companion.scans.dicom.structure import (
    FRAGMENT_HEAD,
    UNDEFINED,
    DataSetParse,
    OpenItem,
    Stack,
    StopParsing,
)
from companion.scans.findings import Note, Place
from companion.scans.formats.strings import legible_runs
from companion.scans.inventory import FactKind

_PADDING = 8
"""Bytes behind a picture that some writers fill a fragment up with."""


def skip_pixels(
    elements: Elements, parse: DataSetParse, stack: Stack, body: int, tag: int, length: int
) -> int:
    """Skip pixel data whose value starts at ``body``; returns where to go on.

    Raises ``StopParsing`` where it is cut short at the top.
    """
    item = stack[-1]
    top = len(stack) == 1
    place = Place.PICTURE if top else item.context.place
    elements.repeatable = False
    elements.count_without_value(item, tag, "OW" if length != UNDEFINED else "OB")
    if tag == tags.PIXEL_DATA:
        parse.has_pixels = parse.has_pixels or top
        parse.has_hidden_pixels = parse.has_hidden_pixels or place is Place.PRIVATE
        elements.inventory.add_fact(FactKind.PIXEL_DATA, place, path=f"{item.path}{tag:08X}")
        if top and parse.bulk is None:
            parse.bulk = (body, length)
    if length == UNDEFINED:
        return _skip_fragments(elements, parse, stack, body, tag)
    end = body + length - parse.gaps.get(body, 0)
    if end > item.end:
        return leave_overrun(elements, parse, stack, body, body, tag, b"OW")
    if top and tag == tags.PIXEL_DATA:
        parse.plain = tag, body, length
    return end


def _skip_fragments(
    elements: Elements, parse: DataSetParse, stack: Stack, body: int, tag: int
) -> int:
    item = stack[-1]
    top = len(stack) == 1
    pictures = Codestreams()
    head = struct.Struct("<HHI" if item.context.encoding.little else ">HHI")
    position = body
    while position + 8 <= item.end:
        elements.count(parse)
        group, number, size = head.unpack_from(parse.data, position)
        position += 8
        if group << 16 | number == tags.SEQUENCE_DELIMITATION:
            _end_of_pictures(elements, parse, item, tag, pictures)
            return position
        end = position + size - parse.gaps.get(position, 0)
        if group << 16 | number != tags.ITEM or size == UNDEFINED or end > item.end:
            _end_of_pictures(elements, parse, item, tag, pictures)
            note = Note.TRUNCATED if end > item.end else Note.LENGTH_LIES
            if top:
                until = min(item.end, position + FRAGMENT_HEAD)
                elements.search_unread(parse, position, until)
                raise StopParsing(note, item.end if note is Note.TRUNCATED else position - 8)
            return leave_broken(elements, parse, stack, position, note)
        if elements.searches:
            held = min(position + parse.heads.get(position, size), end)
            for words in pictures.take(parse.data, position, held, end):
                elements.attach(parse, Place.PICTURE, item, tag, words)
            surplus = pictures.surplus(parse.data, position if held == end else held, end)
            _search_surplus(elements, parse, surplus)
        position = end
    _end_of_pictures(elements, parse, item, tag, pictures)
    if top:
        raise StopParsing(Note.TRUNCATED, item.end)
    return leave_broken(elements, parse, stack, position, Note.TRUNCATED)


def _end_of_pictures(
    elements: Elements, parse: DataSetParse, item: OpenItem, tag: int, pictures: Codestreams
) -> None:
    """The fragments have ended: nothing more of the last picture will come."""
    for words in pictures.rest():
        elements.attach(parse, Place.PICTURE, item, tag, words)
    if pictures.unfinished:
        parse.notes.add(Note.PART_NOT_CHECKED)


def _search_surplus(elements: Elements, parse: DataSetParse, surplus: bytes) -> None:
    """Search what follows the end of a picture; a few bytes are only padding."""
    if not surplus:
        return
    words = list(legible_runs(surplus))
    if len(surplus) > _PADDING or words:
        parse.notes.add(Note.PIXELS_LONG)
    for text in words:
        elements.inventory.add_text(Place.TRAILING, "text behind the picture", text)
