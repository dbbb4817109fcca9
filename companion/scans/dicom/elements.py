"""One element: what it is called, where it is found, what its value says.

Decodes what was not seen before in its context, and counts what was.
"""

from __future__ import annotations

import time
from functools import lru_cache

from companion.scans.dicom import dictionary, tags
from companion.scans.dicom.encoding import Encoding
from companion.scans.dicom.structure import (
    BIRTH_DATE,
    BITS,
    CHARSET_ROLE,
    COLOURS,
    COLUMNS,
    CREATOR_ROLE,
    ELSEWHERE,
    FRAME_OF_REFERENCE,
    FRAMES,
    INSTITUTION,
    MODALITY,
    NO_ROLE,
    NO_VALUE,
    OTHER_ROLE,
    PATIENT_ID,
    PATIENT_NAME,
    ROWS,
    SAMPLES,
    STUDY_DATE,
    STUDY_UID,
    Attachment,
    Context,
    DataSetParse,
    Decoded,
    OpenItem,
    StopParsing,
)
from companion.scans.findings import Note, Place
from companion.scans.formats import icc
from companion.scans.formats.strings import text_runs
from companion.scans.inventory import Element, FactKind, Inventory, Passage
from companion.scans.limits import Limits

_ROLES = {
    tags.PATIENT_ID: PATIENT_ID,
    tags.PATIENT_NAME: PATIENT_NAME,
    tags.STUDY_INSTANCE_UID: STUDY_UID,
    tags.STUDY_DATE: STUDY_DATE,
    tags.INSTITUTION_NAME: INSTITUTION,
    tags.MODALITY: MODALITY,
    tags.FRAME_OF_REFERENCE_UID: FRAME_OF_REFERENCE,
    tags.PATIENT_BIRTH_DATE: BIRTH_DATE,
    tags.SAMPLES_PER_PIXEL: SAMPLES,
    tags.PHOTOMETRIC_INTERPRETATION: COLOURS,
    tags.NUMBER_OF_FRAMES: FRAMES,
    tags.ROWS: ROWS,
    tags.COLUMNS: COLUMNS,
    tags.BITS_ALLOCATED: BITS,
    tags.PIXEL_DATA_PROVIDER_URL: ELSEWHERE,
    tags.SPECIFIC_CHARACTER_SET: CHARSET_ROLE,
    tags.ENCAPSULATED_DOCUMENT: OTHER_ROLE,
}
_PLACES_THAT_STAY = frozenset({Place.TRAILING, Place.PRIVATE, Place.REPORT_TEXT, Place.ICON})
"""Places of a sequence that all it holds shares, whatever is in it."""
_OF_OVERLAYS = frozenset({tags.OVERLAY_BIT_POSITION, tags.OVERLAY_DATA})
_WAVEFORMS = frozenset({tags.WAVEFORM_SEQUENCE, tags.WAVEFORM_ANNOTATION_SEQUENCE})
_WAVEFORM_GROUPS = frozenset({0x003A, 0x5400})
_MOST_KEPT = 96 * 1024 * 1024
"""Bytes of raw elements that are kept to be recognised again."""
_MOST_CONTEXTS = 20_000
NOT_KEPT = Decoded(Element(Place.HEADER, "", "", "", ""), NO_VALUE, NO_ROLE, "")
"""What every element is decoded to for which there is no room: see ``Inventory.element``."""


@lru_cache(maxsize=20_000)
def _role(tag: int) -> int:
    role = _ROLES.get(tag, NO_ROLE)
    if role == NO_ROLE:
        number = tag & 0xFFFF
        if tag >> 16 & 1 and 0x10 <= number <= 0xFF:
            return CREATOR_ROLE
        if number in _OF_OVERLAYS and tags.is_overlay(tag):
            return OTHER_ROLE
    return role


@lru_cache(maxsize=20_000)
def _place(around: Place, top: bool, group: int) -> Place:
    if around is Place.TRAILING:
        return Place.TRAILING
    if group & 1:
        return Place.PRIVATE
    if top and around is Place.HEADER:
        if group == 0x0002:
            return Place.FILE_META
        if group == 0x0004:
            return Place.DIRECTORY
        if group & 0xFF00 == 0x6000:
            return Place.OVERLAY
        if group == 0x0070:
            return Place.ANNOTATION
    return around


class Elements:
    """Decodes and counts elements in one inventory, and remembers what it decoded."""

    def __init__(self, inventory: Inventory, limits: Limits) -> None:
        self.inventory = inventory
        self.limits = limits
        self.log: list[Decoded] | None = None
        """Every element that is counted, while a sequence is being learned."""
        self.unseen_left = 0
        """How many elements of the current file may still be decoded."""
        self.deadline = 0.0
        """Processor time at which the current file has had its share."""
        self.repeatable = True
        """Whether all that was done so far is done again by counting; whatever has another
        effect sets it to False."""
        self.searches = True
        """Whether text is searched for in what is not text."""
        self._contexts_left = _MOST_CONTEXTS
        self._contexts_share = _MOST_CONTEXTS
        self._kept = 0

    def begin(self) -> None:
        """A new file: its own share of time and of elements to decode."""
        self.unseen_left = self.limits.unseen
        self.deadline = time.process_time() + self.limits.file_seconds
        self._contexts_share = self._contexts_left // 2

    def count(self, parse: DataSetParse) -> None:
        """Count an element, item or fragment that is not decoded; see ``check``."""
        parse.elements += 1
        if parse.elements & 0x3FF == 0:
            self.check(parse)

    def check(self, parse: DataSetParse) -> None:
        """End the parse of a file that has had its share; raises ``StopParsing``."""
        if parse.elements > self.limits.elements:
            raise StopParsing(Note.TOO_MANY_ELEMENTS)
        if time.process_time() > self.deadline:
            raise StopParsing(Note.TOOK_TOO_LONG)

    # --- values --------------------------------------------------------------------

    def decode(
        self,
        parse: DataSetParse,
        item: OpenItem,
        tag: int,
        vr: bytes,
        key: bytes,
        value: bytes,
        cache: dict[bytes, Decoded],
    ) -> Decoded:
        """Decode bytes that were not seen before in this context.

        ``key`` is what the result is remembered by in ``cache``. Raises ``StopParsing``
        where the file has had its share.
        """
        self.repeatable = False
        if tag >> 16 & 1 and tag & 0xFFFF > 0xFF and not self.inventory.takes_private:
            parse.notes.add(Note.TOO_MANY_ELEMENTS)
            return NOT_KEPT
        self.unseen_left -= 1
        if self.unseen_left < 0:
            raise StopParsing(Note.TOO_MANY_ELEMENTS)
        if self.unseen_left & 0xFF == 0 and time.process_time() > self.deadline:
            raise StopParsing(Note.TOOK_TOO_LONG)
        name, kind = self.name_and_vr(tag, vr, item)
        decoded = self.observe(item, tag, kind, name, value)
        rest = b""
        if tag == tags.ICC_PROFILE or (tag >> 16 & 1 and kind in {"OB", "OW"}):
            rest = value  # also where all of it is text: a maker's notes have no rule of their own
        elif decoded.text and len(value) > self.limits.text_characters:
            if kind not in dictionary.NUMBER_VRS:
                parse.notes.add(Note.LONG_VALUE)
                rest = value[self.limits.text_characters :]
        elif kind in {"OB", "UN"}:
            rest = value if not decoded.text and tag != tags.ENCAPSULATED_DOCUMENT else b""
        if rest:
            decoded.passages = self.search(item, tag, f"{item.path}{tag:08X}", name, rest)
        kept = decoded.element is not NOT_KEPT.element
        if kept and decoded.element.distinct <= 4_096 and self._kept < _MOST_KEPT:
            self._kept += len(key) + 200
            cache[key] = decoded
        return decoded

    def observe(self, item: OpenItem, tag: int, vr: str, name: str, value: bytes) -> Decoded:
        """Put an element and the text of its value into the inventory."""
        limit = self.limits.text_characters
        context = item.context
        text = dictionary.text_of(vr, value[:limit], context.codecs, context.encoding.little)
        if tag == tags.ICC_PROFILE:
            text = "; ".join(icc.descriptions(value))
        place = self.place(context, tag)
        key = f"{context.key}{tag:08X}"
        element = self.inventory.element(
            key,
            place,
            f"{tag:08X}",
            f"{item.path}{tag:08X}",
            vr,
            name,
            self.creator(tag, item),
            standard=context.top and dictionary.is_standard(tag, vr),
        )
        if element is None:
            return Decoded(NOT_KEPT.element, NO_VALUE, _role(tag), text)
        if text:
            seen = self.inventory.observe(element, text)
        else:
            seen = NO_VALUE
            if element.last != self.inventory.current:
                element.last = self.inventory.current
                element.files += 1
        return Decoded(element, seen, _role(tag), text)

    def search(
        self, item: OpenItem, tag: int, path: str, name: str, value: bytes
    ) -> tuple[Passage, ...]:
        """Search binary data for readable text."""
        if not self.searches:
            return ()
        place = self.place(item.context, tag)
        kept = []
        private = place is Place.PRIVATE
        title = f"text inside private data ({name})" if private else f"text inside {name}"
        for text in text_runs(value):
            passage = self.inventory.add_text(place, title, text, path=path, tag=f"{tag:08X}")
            if passage is not None:
                kept.append(passage)
        return tuple(kept)

    def count_again(self, decoded: Decoded) -> None:
        """Count what was decoded before for the current file."""
        current = self.inventory.current
        element, seen = decoded.element, decoded.seen
        if element.last != current:
            element.last = current
            element.files += 1
        if seen.last != current:
            seen.last = current
            seen.files += 1
            seen.slots |= self.inventory.slot
        if decoded.passages:
            for passage in decoded.passages:
                passage.where |= self.inventory.bit
        if self.log is not None:
            self.log.append(decoded)

    def search_unread(
        self,
        parse: DataSetParse,
        start: int,
        end: int,
        title: str = "text in a part that could not be read",
    ) -> None:
        """Search bytes that were not understood for readable text."""
        if not self.searches:
            return
        for text in text_runs(parse.data[start:end]):
            self.inventory.add_text(Place.TRAILING, title, text)

    def note_overlay(self, tag: int, text: str) -> None:
        """Take note of an overlay, and of one that is hidden among the pixels."""
        number = tag & 0xFFFF
        if number == tags.OVERLAY_DATA:
            self.repeatable = False
            self.inventory.add_fact(FactKind.OVERLAY_PLANE, Place.OVERLAY, path=tags.digits(tag))
        elif number == tags.OVERLAY_BIT_POSITION and text not in {"", "0"}:
            self.repeatable = False
            self.inventory.add_fact(
                FactKind.OVERLAY_IN_HIGH_BITS, Place.OVERLAY, path=tags.digits(tag)
            )

    def count_without_value(self, item: OpenItem, tag: int, vr: str) -> None:
        """Count an element whose value is skipped."""
        name, _ = self.name_and_vr(tag, b"", item)
        self.observe(item, tag, vr, name, b"")

    def attach(
        self, parse: DataSetParse, place: Place, item: OpenItem, tag: int, data: bytes
    ) -> None:
        """Set a document or picture aside for its own reader."""
        self.repeatable = False
        path = f"{item.path}{tag:08X}"
        if any(one.data == data and one.path == path for one in parse.attachments):
            return  # every frame of a film says the same
        if len(parse.attachments) < 64:
            parse.attachments.append(Attachment(place, path, f"{tag:08X}", data))
        else:
            parse.notes.add(Note.PART_NOT_CHECKED)

    # --- names, places, contexts ---------------------------------------------------------

    def creator(self, tag: int, item: OpenItem) -> str:
        """The creator that a private element belongs to; empty for any other element."""
        if not tag >> 16 & 1 or tag & 0xFFFF <= 0xFF:
            return ""
        return item.creators.get(tag >> 8, "")

    def known_vr(self, tag: int, item: OpenItem) -> str:
        """The VR that the dictionaries give, whatever the file says."""
        if tag >> 16 & 1:
            if 0x10 <= tag & 0xFFFF <= 0xFF:
                return "LO"
            return dictionary.private_vr(tag, self.creator(tag, item))
        return dictionary.public_vr(tag)

    def name_and_vr(self, tag: int, vr: bytes, item: OpenItem) -> tuple[str, str]:
        """The keyword, and the file's VR, or the dictionary's where the file has none."""
        if not tag >> 16 & 1:
            return dictionary.public_name_and_vr(tag, vr)
        kind = dictionary.vr_of(vr, self.known_vr(tag, item))
        if 0x10 <= tag & 0xFFFF <= 0xFF:
            return "PrivateCreator", kind
        return dictionary.private_name(tag, self.creator(tag, item)), kind

    @staticmethod
    def place(context: Context, tag: int) -> Place:
        """Where a report says that the element was found."""
        return _place(context.place, context.top, tag >> 16)

    def child(self, item: OpenItem, tag: int, encoding: Encoding) -> Context:
        """The context of a sequence's items, and one more file for the sequence itself."""
        context = item.context
        creator = self.creator(tag, item)
        child = context.children.get((tag, encoding.explicit, creator))
        if child is not None:
            if (decoded := context.sequences[(tag, creator)]) is not None:
                self.count_again(decoded)
            return child
        place = self._child_place(self.place(context, tag), tag)
        child = Context(place, f"{context.key}{tag:08X}.", encoding, context.codecs, top=False)
        name, _ = self.name_and_vr(tag, b"SQ", item)
        element = self.inventory.element(
            f"{context.key}{tag:08X}",
            self.place(context, tag),
            f"{tag:08X}",
            f"{item.path}{tag:08X}",
            "SQ",
            name,
            creator,
            standard=context.top and dictionary.is_standard(tag, "SQ"),
        )
        decoded = None if element is None else Decoded(element, NO_VALUE, NO_ROLE, "")
        if self._may_keep_context():
            context.children[(tag, encoding.explicit, creator)] = child
            context.sequences[(tag, creator)] = decoded
        if decoded is not None:
            self.count_again(decoded)
        return child

    @staticmethod
    def _child_place(place: Place, tag: int) -> Place:
        if place in _PLACES_THAT_STAY:
            return place
        group = tag >> 16
        if tag == tags.DIRECTORY_RECORD_SEQUENCE or place is Place.DIRECTORY:
            return Place.ICON if tag == tags.ICON_IMAGE_SEQUENCE else Place.DIRECTORY
        if tag == tags.CONTENT_SEQUENCE:
            return Place.REPORT_TEXT
        if tag == tags.ICON_IMAGE_SEQUENCE:
            return Place.ICON
        if group == 0x0070 or place is Place.ANNOTATION:
            return Place.ANNOTATION
        if tag in _WAVEFORMS or group in _WAVEFORM_GROUPS or place is Place.WAVEFORM:
            return Place.WAVEFORM
        return Place.NESTED

    def with_charset(self, context: Context, raw: bytes) -> Context:
        """The context with the character set that an element just named."""
        known = context.charsets.get(raw)
        if known is None:
            codecs = dictionary.codecs_of(raw)
            known = Context(context.place, context.key, context.encoding, codecs, context.top)
            if self._may_keep_context():
                context.charsets[raw] = known
        return known

    def _may_keep_context(self) -> bool:
        """Whether one more context is remembered; without, its elements are decoded anew."""
        if not self._contexts_share:
            return False
        self._contexts_share -= 1
        self._contexts_left -= 1
        return True
