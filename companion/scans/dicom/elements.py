"""One element: what it is called, where it is found, what its value says.

Decodes what was not seen before in its context, and counts what was.
"""

from __future__ import annotations

from companion.scans import work
from companion.scans.dicom import dictionary, misread, tags
from companion.scans.dicom.encoding import Encoding
from companion.scans.dicom.loose_text import SHOWN, LooseText, bytes_to_search, title_of
from companion.scans.dicom.old_letters import OldLetters
from companion.scans.dicom.repeats import Repeat
from companion.scans.dicom.roles import child_place_of, role_of
from companion.scans.dicom.structure import (
    NO_ROLE,
    NO_VALUE,
    PATIENT_NAME,
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
from companion.scans.unpacking import Opened, Unpacker
from companion.scans.work import Work, did

_WRITTEN = frozenset({"DS", "IS"})
_NEVER_PACKED = (dictionary.ASCII_VRS - {"UR", *_WRITTEN}) | {"PN"}
"""VRs of values in which nothing can be packed; it is true of few numbers as well."""
_FEW_NUMBERS, _FEW_WRITTEN = 32, 34
_MOST_KEPT = 96 * 1024 * 1024
"""Bytes of raw elements that are kept to be recognised again."""
_MOST_CONTEXTS = 20_000
CHECKED = 1_024
"""Elements between two looks at how much work a file has taken."""
_LOOSE = frozenset({"OB", "OW", "UN"})
_OVERLAP = 200
"""Bytes of a long text that are searched twice, so that no name is cut in two."""
INSIDE = "text inside "
"""Beginning of the names of passages that stood packed in an element."""
NOT_KEPT = Decoded(Element(Place.HEADER, "", "", "", ""), NO_VALUE, NO_ROLE, "")
"""What every element is decoded to for which there is no room: see ``Inventory.element``."""


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
        """What ``work.spent`` says when the current file has had its share."""
        self.repeatable = True
        """Whether all that was done so far is done again by counting; whatever has another
        effect sets it to False."""
        self.misread: list[bytes] = []
        """Texts of the current file that its declared character set cannot hold."""
        self.unpacker: Unpacker | None = None
        """Opens what is packed in values; none where nothing is searched."""
        self._loose_text = LooseText(inventory)
        self._old_letters = OldLetters()
        self._is_cut = False
        """Whether something is noted of the value, which each file is to say."""
        self.searches = True
        """Whether text is searched for in what is not text."""
        self._contexts_left = _MOST_CONTEXTS
        self._contexts_share = _MOST_CONTEXTS
        self._kept = 0

    def begin(self) -> None:
        """A new file: its own share of time and of elements to decode."""
        self.unseen_left = self.limits.unseen
        self.deadline = work.spent() + self.limits.file_seconds
        self._contexts_share = self._contexts_left // 2
        self.misread = []
        self.beyond_ascii = 0

    def count(self, parse: DataSetParse) -> None:
        """Count an element, item or fragment that is not decoded; see ``check``."""
        parse.elements += 1
        if parse.elements % CHECKED == 0:
            self.check(parse)

    def check(self, parse: DataSetParse) -> None:
        """End the parse of a file after ``CHECKED`` more elements; raises ``StopParsing``."""
        did(Work.ELEMENT, CHECKED)
        if parse.elements > self.limits.elements:
            raise StopParsing(Note.TOO_MANY_ELEMENTS)
        if work.spent() > self.deadline:
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
        if self.unseen_left & 0xFF == 0 and work.spent() > self.deadline:
            raise StopParsing(Note.TOOK_TOO_LONG)
        did(Work.NEW_ELEMENT, 1 + len(value) // 1_024)
        name, kind = self.name_and_vr(tag, vr, item)
        decoded = self.observe(item, tag, kind, name, value)
        if tag >> 16 & 1 and kind in _LOOSE and len(value) > parse.private_bytes[0]:
            parse.private_bytes = len(value), f"{item.path}{tag:08X}"
        loose = bytes_to_search(tag, kind, name, value, decoded.text)
        repeat = None
        self._is_cut = False
        if loose and self.searches:
            place = item.context.place_of(tag)
            repeat = self._loose_text.repeat(place, name, f"{tag:08X}", value)
        new = value if repeat is None else repeat.new
        opened = self._opened(tag, kind, new)
        if opened is not None:
            opened = opened if new is value else self._opened(tag, kind, value)
            repeat = None
        if loose:
            loose = loose if opened is None else opened.rest  # what is packed, or code, is no text
            decoded.passages = self.search(parse, item, tag, name, loose, repeat)
        elif len(value) > self.limits.text_characters and kind not in dictionary.NUMBER_VRS:
            decoded.passages = self._rest_of_text(item, tag, kind, name, value)
        kept = decoded.element is not NOT_KEPT.element and not self._is_cut
        if decoded.text and not value.isascii():
            raw = value[: self.limits.text_characters].rstrip(b"\0 ")
            codecs = tuple(item.context.codecs)
            self.beyond_ascii += 1
            if misread.is_misread(kind, raw, codecs, self.beyond_ascii):
                kept = False  # each file with such a value has to say so
                misread.keep(self.inventory, self.misread, decoded, raw, codecs)
        if opened is not None:
            self._add_opened(parse, item, tag, name, opened, decoded)
            kept = kept and not opened.notes  # they are to be said of each file
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
        elif len(text) > SHOWN and tag >> 16 & 1 and vr in _LOOSE:
            text = text[:SHOWN]  # its lines are searched one by one
        mark = tag, vr, self.creator(tag, item)
        element = context.elements.get(mark)
        if element is None:
            element = self.inventory.element(
                f"{context.key}{tag:08X}",
                context.place_of(tag),
                f"{tag:08X}",
                f"{item.path}{tag:08X}",
                vr,
                name,
                mark[2],
                standard=context.top and dictionary.is_standard(tag, vr),
            )
            if element is None:
                return Decoded(NOT_KEPT.element, NO_VALUE, role_of(tag), text)
            context.elements[mark] = element
        if vr in {"OB", "UN"} and mark[2]:
            little = context.encoding.little
            self.inventory.unsaid.add(element, value, self.inventory.example, little=little)
        seen = self.inventory.observe(element, text) if text else NO_VALUE
        if not text and element.last != self.inventory.current:
            element.last = self.inventory.current
            element.files += 1
        return Decoded(element, seen, role_of(tag), text)

    def search(
        self,
        parse: DataSetParse,
        item: OpenItem,
        tag: int,
        name: str,
        value: bytes,
        repeat: Repeat | None = None,
    ) -> tuple[Passage, ...]:
        """Search binary data for readable text; ``repeat``: what of them is known."""
        if not self.searches:
            return ()
        place, path = item.context.place_of(tag), f"{item.path}{tag:08X}"
        codecs = misread.codecs_beside(item.context.codecs, self.misread)
        value = value if repeat is not None else self._old_letters.whole(value, codecs)
        passages = self._loose_text.add(place, name, path, f"{tag:08X}", value, repeat)
        if tag >> 16 & 1:
            for word in self._old_letters.words(value, codecs, parse.role_texts[PATIENT_NAME]):
                title = title_of(place, name)
                kept = self.inventory.add_text(place, title, word, path=path, tag=f"{tag:08X}")
                passages += () if kept is None else (kept,)
        notes = {Note.LONG_VALUE} if self._loose_text.cut else set()
        notes |= self._old_letters.take_notes()
        parse.notes |= notes
        self._is_cut = bool(notes)
        self._loose_text.cut = False
        return passages

    def _rest_of_text(
        self, item: OpenItem, tag: int, vr: str, name: str, value: bytes
    ) -> tuple[Passage, ...]:
        """What follows the part of a long text that is kept as a value: it is searched too."""
        if not self.searches:
            return ()
        context = item.context
        rest = value[self.limits.text_characters - _OVERLAP :]
        text = dictionary.text_of(vr, rest, context.codecs, context.encoding.little)
        place = context.place_of(tag)
        path = f"{item.path}{tag:08X}"
        title = title_of(place, name)
        passage = self.inventory.add_text(place, title, text, path=path, tag=f"{tag:08X}")
        return () if passage is None else (passage,)

    def _opened(self, tag: int, vr: str, value: bytes) -> Opened | None:
        """What is packed in a value, or stands there as a file of its own."""
        few = _FEW_NUMBERS if vr in dictionary.NUMBER_VRS else _FEW_WRITTEN * (vr in _WRITTEN)
        if len(value) < few or vr in _NEVER_PACKED or tag == tags.ENCAPSULATED_DOCUMENT:
            return None
        return self.unpacker.open(value) if self.unpacker and self.searches else None

    def _add_opened(
        self,
        parse: DataSetParse,
        item: OpenItem,
        tag: int,
        name: str,
        opened: Opened,
        decoded: Decoded,
    ) -> None:
        """Keep what was packed in a value as passages of its element."""
        parse.notes |= opened.notes
        place, path = item.context.place_of(tag), f"{item.path}{tag:08X}"
        passages = (
            self.inventory.add_text(
                place, f"{INSIDE}{where} in {name}", text, path=path, tag=f"{tag:08X}"
            )
            for text, where in opened.texts.items()
        )
        decoded.passages += tuple(passage for passage in passages if passage is not None)

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
        self.observe(item, tag, vr, self.name_and_vr(tag, b"", item)[0], b"")

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

    def child(self, item: OpenItem, tag: int, encoding: Encoding) -> Context:
        """The context of a sequence's items, and one more file for the sequence itself."""
        context = item.context
        creator = self.creator(tag, item)
        child = context.children.get((tag, encoding.explicit, creator))
        if child is not None:
            if (decoded := context.sequences[(tag, creator)]) is not None:
                self.count_again(decoded)
            return child
        place = child_place_of(context.place_of(tag), tag)
        child = Context(place, f"{context.key}{tag:08X}.", encoding, context.codecs, top=False)
        name, _ = self.name_and_vr(tag, b"SQ", item)
        element = self.inventory.element(
            f"{context.key}{tag:08X}",
            context.place_of(tag),
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
