"""Where a data set cannot be understood: keep what can be read, say so, and go on.

Each function returns the position at which parsing goes on, in the nearest container
whose end is known, or raises ``StopParsing`` where there is none.
"""

from __future__ import annotations

from companion.scans.dicom import dictionary
from companion.scans.dicom.elements import Elements
from companion.scans.dicom.structure import DataSetParse, Stack, StopParsing
from companion.scans.findings import Note


def leave_broken(
    elements: Elements, parse: DataSetParse, stack: Stack, position: int, note: Note
) -> int:
    """Leave what cannot be understood: go on after the nearest known end."""
    parse.notes.add(note)
    while stack:
        item = stack[-1]
        if not item.undefined and len(stack) > 1 and item.end < len(parse.data):
            elements.search_unread(parse, position, item.end)
            stack.pop()
            return item.end
        stack.pop()
    raise StopParsing(note, position)


def leave_no_element(elements: Elements, parse: DataSetParse, stack: Stack, position: int) -> int:
    """What follows is not an element of this data set."""
    if len(stack) == 1:
        parse.ended = True
        raise StopParsing(position=position)
    cut = position + 8 > len(parse.data)
    note = Note.TRUNCATED if cut else Note.NOT_UNDERSTOOD
    return leave_broken(elements, parse, stack, position, note)


def leave_overrun(
    elements: Elements,
    parse: DataSetParse,
    stack: Stack,
    position: int,
    body: int,
    tag: int,
    vr: bytes,
) -> int:
    """A value that would end after its container does: search the part that is there."""
    item = stack[-1]
    strange = not vr and (item.context.encoding.explicit or elements.known_vr(tag, item) == "UN")
    if len(stack) == 1 and tag >> 16 != 0x7FE0 and (parse.has_pixels or strange):
        parse.ended = True
        raise StopParsing(position=position)
    value = parse.data[body : item.end]
    name, text_vr = elements.name_and_vr(tag, vr, item)
    elements.search(parse, item, tag, name, value)
    if text_vr not in dictionary.BINARY_VRS and text_vr != "SQ":
        elements.observe(item, tag, text_vr, name, value)
    if len(stack) == 1:
        raise StopParsing(Note.TRUNCATED, item.end)
    note = Note.TRUNCATED if item.end == len(parse.data) else Note.LENGTH_LIES
    return leave_broken(elements, parse, stack, item.end, note)
