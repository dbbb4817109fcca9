"""A data set's bytes -> elements with their paths, counted in the inventory.

Parsing is iterative and bounded, and accounts for every byte: where it cannot, it says
where it stopped and why. In a study most elements of a slice are byte for byte those of
the slice before it, so each context keeps a dictionary from an element's raw bytes to what
they were found to be, and whole runs of elements are recognised at once (``header_cache``);
only unseen bytes are decoded.

Written from PS3.5 (2026c) sections 7.1 (elements), 7.5 (sequences), 7.8 (private
elements), A.4 (encapsulated pixel data) and 6.2.2 note 2 (CP-246: an element of
VR UN and undefined length is a sequence in implicit VR little endian).
"""

from __future__ import annotations

import struct
from hashlib import blake2b

from companion.scans.dicom import dictionary, tags
from companion.scans.dicom.disorder import begins_another, has_item, is_doubled
from companion.scans.dicom.elements import CHECKED, Elements
from companion.scans.dicom.encoding import IMPLICIT, Encoding, Head
from companion.scans.dicom.header_cache import HeaderCache
from companion.scans.dicom.pixel_data import skip_pixels
from companion.scans.dicom.recovery import leave_broken, leave_no_element, leave_overrun
from companion.scans.dicom.structure import (
    BULK,
    CACHED,
    CHARSET_ROLE,
    CREATOR_ROLE,
    UNDEFINED,
    Context,
    DataSetParse,
    Decoded,
    OpenItem,
    RunElement,
    Stack,
    StopParsing,
)
from companion.scans.findings import Note, Place
from companion.scans.inventory import FactKind, Inventory
from companion.scans.limits import Limits

_SIGNATURES = frozenset({tags.DIGITAL_SIGNATURES_SEQUENCE, tags.MAC_PARAMETERS_SEQUENCE})


class Parser:
    """Parses data sets into one inventory, and remembers what it has decoded."""

    def __init__(self, inventory: Inventory, limits: Limits) -> None:
        self.inventory = inventory
        self.limits = limits
        self.elements = Elements(inventory, limits)
        self._header_cache = HeaderCache(self.elements)
        self._roots: dict[tuple[Place, Encoding], Context] = {}

    def begin(self) -> None:
        """A new file: its own share of time and of elements to decode."""
        self.elements.begin()

    def parse(
        self, parse: DataSetParse, start: int, end: int, encoding: Encoding, place: Place
    ) -> None:
        """Parse the data set between two offsets of ``parse.data``.

        ``place`` is ``HEADER``, ``FILE_META`` or ``TRAILING``. Never raises for what the
        data hold: ``parse.stopped`` and ``parse.notes`` say how it went.
        """
        root = self._roots.get((place, encoding))
        if root is None:
            root = Context(place, "", encoding, [dictionary.DEFAULT_CODEC], top=True)
            self._roots[(place, encoding)] = root
        stack = [OpenItem(False, end, False, root, "")]
        top = stack[0]
        parse.stopped = start
        try:
            position = start
            while stack:
                if stack[-1].is_sequence:
                    position = self._next_item(parse, stack, position)
                else:
                    position = self._elements(parse, stack, position)
                if len(stack) <= 1:
                    parse.stopped = position
                    if root.is_header:
                        self._header_cache.end_sequence(parse, top, position)
        except StopParsing as stop:
            if stop.note is not None:
                parse.notes.add(stop.note)
            if stop.position is not None:
                parse.stopped = stop.position
        self._header_cache.abandon_sequence()
        self._header_cache.end_run(parse, top)

    def settle(self) -> None:
        """Complete the counts of elements and values; call it before they are read."""
        self._header_cache.settle()

    # --- elements ------------------------------------------------------------------

    def _elements(self, parse: DataSetParse, stack: Stack, position: int) -> int:
        """Parse the elements of the innermost data set, until it ends or a sequence opens.

        This is the hot loop. It is one function because a call takes as long as all else
        that is done for a known element: what is rarer is called.
        """
        item = stack[-1]
        data, end, elements = parse.data, item.end, self.elements
        encoding, learns = item.context.encoding, item.context.is_header
        read_head, explicit = encoding.read_head, encoding.explicit
        while position < end:
            tag, vr, length, body = head = read_head(data, position, end)
            group = tag >> 16
            if group == 0xFFFE or not group:
                return self._end_of_elements(parse, stack, position, tag)
            if tag <= item.previous:
                learns = False
                if self._starts_anew(parse, stack, tag, position):
                    return leave_no_element(elements, parse, stack, position)
            item.tags.append(tag)
            item.previous = tag
            following = body + length
            decoded: Decoded | None = None
            if length > CACHED or vr == b"SQ" or group >= 0x7FE0:
                large = True
            elif following > end:
                # A sequence that the end of the file cuts is entered all the same.
                large = (vr == b"UN" or not explicit) and elements.known_vr(tag, item) == "SQ"
                if not large:
                    return leave_overrun(elements, parse, stack, position, body, tag, vr)
            else:
                raw = data[position:following]
                cache = self._private_cache(item, tag) if group & 1 else item.context.cache
                decoded = cache.get(raw)
                unsaid = decoded is None and (vr == b"UN" or not explicit)
                large = unsaid and elements.known_vr(tag, item) == "SQ"
            if large:
                position = self._large(parse, stack, position, head, learns)
                if stack[-1] is not item:
                    return position
                continue
            if decoded is None:
                if item.run is not None:
                    self._header_cache.end_run(parse, item)
                decoded = elements.decode(parse, item, tag, vr, raw, data[body:following], cache)
            elif (
                learns
                and decoded.run is not None
                and (after := self._header_cache.recognise(decoded, data, position, parse, item))
            ):
                position = after
                continue
            else:
                elements.count_again(decoded)
                if learns:
                    self._learn(parse, item, position, following, tag, decoded)
            parse.elements += 1
            if decoded.role:
                self._act_on_role(parse, stack, tag, decoded, body, following)
            position = following
            if parse.elements % CHECKED == 0:
                elements.check(parse)
        return self._end_of_container(parse, stack, position)

    def _end_of_elements(self, parse: DataSetParse, stack: Stack, position: int, tag: int) -> int:
        """The item's delimiter, or something that is not an element."""
        item = stack[-1]
        if tag == tags.ITEM_DELIMITATION and len(stack) > 1:
            stack.pop()
            return position + 8
        if tag == tags.SEQUENCE_DELIMITATION and is_doubled(parse.data, position, item):
            self._header_cache.end_run(parse, item)
            return position + 8
        return leave_no_element(self.elements, parse, stack, position)

    def _end_of_container(self, parse: DataSetParse, stack: Stack, position: int) -> int:
        """The innermost container has no room left: right unless a delimiter is missing."""
        if stack[-1].undefined:
            return leave_broken(self.elements, parse, stack, position, Note.TRUNCATED)
        return stack.pop().end

    def _starts_anew(self, parse: DataSetParse, stack: Stack, tag: int, position: int) -> bool:
        """Whether a tag that is not higher than the one before begins another data set.

        Where it does not, the data set is out of order, and may have the tag already.
        """
        item = stack[-1]
        self._header_cache.end_run(parse, item)
        before, group = item.previous >> 16, tag >> 16
        self.elements.repeatable = False
        item.known.update(item.tags[item.checked :])
        item.checked = len(item.tags)
        behind_pixels = before >= 0x7FE0
        may_be_another = behind_pixels or (group <= 8 and before > 8)
        if len(stack) == 1 and may_be_another:
            # Behind the pixels nobody expects a patient or a study any more.
            whose = behind_pixels and group <= 0x0020
            if whose or begins_another(parse, item, position):
                return True
        if tag in item.known:
            parse.notes.add(Note.TAG_TWICE)
            self.inventory.add_fact(FactKind.TAG_TWICE, item.context.place, path=tags.digits(tag))
        return False

    @staticmethod
    def _private_cache(item: OpenItem, tag: int) -> dict[bytes, Decoded]:
        """What is known of private elements by the same creator."""
        creator = item.creators.get(tag >> 8, "") if tag & 0xFFFF > 0xFF else ""
        cache = item.context.private.get(creator)
        if cache is None:
            cache = item.context.private[creator] = {}
        return cache

    def _learn(
        self,
        parse: DataSetParse,
        item: OpenItem,
        position: int,
        end: int,
        tag: int,
        decoded: Decoded,
    ) -> None:
        """Let the header cache learn a known element, unless it does more than count."""
        if decoded.role == CHARSET_ROLE or decoded.role > CREATOR_ROLE:
            self._header_cache.end_run(parse, item)
        else:
            element = RunElement(0, tag, (decoded,), decoded)
            self._header_cache.learn(parse, item, position, end, element)

    def _act_on_role(
        self, parse: DataSetParse, stack: Stack, tag: int, decoded: Decoded, body: int, end: int
    ) -> None:
        """Do what the value between two offsets means for the parse or for the report."""
        item, role = stack[-1], decoded.role
        if role < CHARSET_ROLE:
            if len(stack) == 1:
                parse.role_texts[role] = decoded.text
        elif role == CHARSET_ROLE:
            item.context = self.elements.with_charset(item.context, parse.data[body:end])
        elif role == CREATOR_ROLE:
            item.creators[tag >> 16 << 8 | tag & 0xFFFF] = decoded.text
        elif tag == tags.ENCAPSULATED_DOCUMENT:
            self.elements.attach(parse, Place.DOCUMENT, item, tag, parse.data[body:end])
        else:
            self.elements.note_overlay(tag, decoded.text)

    # --- sequences and their items -----------------------------------------------------

    def _next_item(self, parse: DataSetParse, stack: Stack, position: int) -> int:
        """Go from one item of the innermost sequence to the next, or out of it."""
        sequence = stack[-1]
        data, end = parse.data, sequence.end
        self.elements.count(parse)
        if position >= end:
            return self._end_of_container(parse, stack, position)
        if position + 8 > end:
            return leave_broken(self.elements, parse, stack, position, Note.TRUNCATED)
        group, number, length = struct.unpack_from(
            "<HHI" if sequence.context.encoding.little else ">HHI", data, position
        )
        tag = group << 16 | number
        if tag == tags.SEQUENCE_DELIMITATION:
            stack.pop()
            return position + 8
        if tag == tags.ITEM_DELIMITATION and not length:
            return position + 8  # an end that stands twice, or behind an item with a length
        if tag != tags.ITEM:
            return leave_broken(self.elements, parse, stack, position, Note.LENGTH_LIES)
        body = position + 8
        undefined = length == UNDEFINED
        item_end = end if undefined else body + length
        if item_end > end:
            parse.notes.add(Note.LENGTH_LIES if end < len(data) else Note.TRUNCATED)
            item_end = end
        path = f"{sequence.path}{sequence.tag:08X}[{sequence.items}]."
        sequence.items += 1
        stack.append(OpenItem(False, item_end, undefined, sequence.context, path))
        return body

    def _open_sequence(
        self,
        parse: DataSetParse,
        stack: Stack,
        body: int,
        tag: int,
        length: int,
        encoding: Encoding | None = None,
    ) -> int:
        """Enter a sequence; ``encoding`` where it is not that of the data set around it."""
        item = stack[-1]
        if len(stack) >= 2 * self.limits.depth:
            raise StopParsing(Note.TOO_DEEP)
        if not length and has_item(parse.data, body, item):
            length = UNDEFINED  # some writers fill in the length only where there are two items
        undefined = length == UNDEFINED
        end = item.end if undefined else body + length
        if end > item.end:
            parse.notes.add(Note.LENGTH_LIES if item.end < len(parse.data) else Note.TRUNCATED)
            end = item.end
        context = self.elements.child(item, tag, encoding or item.context.encoding)
        if tag in _SIGNATURES:
            self.elements.repeatable = False
            self.inventory.add_fact(
                FactKind.DIGITAL_SIGNATURE, context.place, path=tags.digits(tag)
            )
        elif tag == tags.ENCRYPTED_ATTRIBUTES_SEQUENCE:
            self.elements.repeatable = False
            self.inventory.add_fact(
                FactKind.ENCRYPTED_CONTENT, context.place, path=tags.digits(tag)
            )
            parse.notes.add(Note.ENCRYPTED_CONTENT)
        elif tag == tags.ICON_IMAGE_SEQUENCE:
            self.elements.repeatable = False
            self.inventory.add_fact(FactKind.ICON, Place.ICON, path=f"{item.path}{tag:08X}")
        stack.append(OpenItem(True, end, undefined, context, item.path, tag))
        return body

    # --- large values --------------------------------------------------------------------

    def _large(
        self, parse: DataSetParse, stack: Stack, position: int, head: Head, learns: bool
    ) -> int:
        """A sequence, pixel data or a long value; returns where to go on."""
        item = stack[-1]
        if learns:
            self._header_cache.begin_sequence(parse, position, head[0])
        position = self._large_value(parse, stack, position, head)
        if learns and stack[-1] is item:
            self._header_cache.end_sequence(parse, item, position)
        return position

    def _large_value(self, parse: DataSetParse, stack: Stack, position: int, head: Head) -> int:
        item, elements = stack[-1], self.elements
        tag, vr, length, body = head
        elements.count(parse)
        undefined = length == UNDEFINED
        kind = vr.decode("latin-1") or elements.known_vr(tag, item)
        if kind == "UN" and not undefined and elements.known_vr(tag, item) == "SQ":
            return self._open_sequence(parse, stack, body, tag, length, IMPLICIT)
        if tag == tags.PIXEL_DATA or (undefined and kind in {"OB", "OW"}):
            return skip_pixels(elements, parse, stack, body, tag, length)
        if kind == "SQ" or undefined:
            inner = IMPLICIT if kind == "UN" and item.context.encoding.explicit else None
            return self._open_sequence(parse, stack, body, tag, length, inner)
        gap = parse.gaps.get(body, 0)
        end = body + length - gap
        if end > item.end:
            return leave_overrun(elements, parse, stack, position, body, tag, vr)
        if gap:
            parse.notes.add(Note.TOO_LARGE)
        if tag in BULK:
            elements.repeatable = False
            elements.count_without_value(item, tag, kind)
            if len(stack) == 1 and tag in {tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA}:
                parse.plain = tag, body, length
        elif tag == tags.DATA_SET_TRAILING_PADDING:
            self._padding(parse, item, kind, body, end)
        else:
            self._long_value(parse, item, tag, vr, position, body, end)
        return end

    def _padding(self, parse: DataSetParse, item: OpenItem, vr: str, body: int, end: int) -> None:
        """The standard's filler at the end of a data set, which should hold zeros."""
        self.elements.repeatable = False
        self.elements.count_without_value(item, tags.DATA_SET_TRAILING_PADDING, vr)
        self.inventory.add_fact(FactKind.PADDING, Place.TRAILING, detail="padding")
        if parse.data[body:end].strip(b"\0"):
            parse.notes.add(Note.PADDING_NOT_EMPTY)
            self.elements.search_unread(parse, body, end, "text in the filler at the end")

    def _long_value(
        self,
        parse: DataSetParse,
        item: OpenItem,
        tag: int,
        vr: bytes,
        position: int,
        body: int,
        end: int,
    ) -> None:
        """A value that is long enough to be remembered by its digest."""
        elements = self.elements
        digest = blake2b(parse.data[position:end], digest_size=20).digest()
        cache = self._private_cache(item, tag) if tag >> 16 & 1 else item.context.cache
        decoded = cache.get(digest)
        if decoded is None:
            elements.decode(parse, item, tag, vr, digest, parse.data[body:end], cache)
        else:
            elements.count_again(decoded)
        if tag == tags.ENCAPSULATED_DOCUMENT:
            elements.attach(parse, Place.DOCUMENT, item, tag, parse.data[body:end])
        elif tags.is_overlay(tag) and tag & 0xFFFF == tags.OVERLAY_DATA:
            elements.note_overlay(tag, "")
