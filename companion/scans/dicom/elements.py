"""One element: what it is called, where it stands, what its value says.

Decodes what was not seen before in its context, and counts what was.
"""

from __future__ import annotations

import time
from functools import lru_cache

from companion.scans.dicom import dictionary
from companion.scans.dicom.structure import (
    BITS,
    CHARACTER_SET,
    CHARSET_ROLE,
    COLOUR_PROFILE,
    COLOURS,
    COLUMNS,
    CREATOR_ROLE,
    DOCUMENT,
    ELSEWHERE,
    FRAMES,
    LONG_VRS,
    NOTHING,
    OTHER_ROLE,
    ROWS,
    SAMPLES,
    SHORT_VRS,
    Attachment,
    Encoding,
    Frame,
    Hit,
    Scope,
    Stop,
    Walk,
)
from companion.scans.formats import icc
from companion.scans.formats.strings import text_runs
from companion.scans.inventory import Element, Inventory, Passage
from companion.scans.limits import Limits

_STUDY = {
    0x00100020: 1, 0x00100010: 2, 0x0020000D: 3, 0x00080020: 4,
    0x00080080: 5, 0x00080060: 6, 0x00200052: 7, 0x00280002: SAMPLES, 0x00280004: COLOURS,
    0x00280008: FRAMES, 0x00280010: ROWS, 0x00280011: COLUMNS, 0x00280100: BITS,
    0x00287FE0: ELSEWHERE,
}  # fmt: skip
_MOST_KEPT = 96 * 1024 * 1024
"""Bytes of raw elements that are kept to be recognised again."""
_MOST_SCOPES = 20_000
LEFT_OUT = Hit(Element("", "", "", "", ""), NOTHING, 0, "")
"""Stands for an element that is not kept: see ``Inventory.element``."""


@lru_cache(maxsize=20_000)
def is_standard(tag: int, vr: str) -> bool:
    """Whether the dictionary has a public element with this VR."""
    if tag >> 16 & 1 or not tag & 0xFFFF:
        return False
    known = dictionary.public_vr(tag)
    return known == vr and known != "UN"


class Elements:
    """Decodes and counts elements in one inventory, and remembers what it decoded."""

    def __init__(self, inventory: Inventory, limits: Limits) -> None:
        self.inventory = inventory
        self.limits = limits
        self.log: list[Hit] | None = None
        """Where every element that is counted is written down, while a sequence is learned."""
        self.unseen = 0
        """How many elements of the current file may still be decoded."""
        self.deadline = 0.0
        """Processor time at which the current file has had its share."""
        self.pure = True
        """Set to False by whatever has an effect beyond counting values."""
        self.searches = True
        """Whether text is searched for in what is not text."""
        self._scopes_left = _MOST_SCOPES
        self._scopes_share = _MOST_SCOPES
        self._kept = 0

    def begin(self) -> None:
        """A new file: its own share of time and of elements to decode."""
        self.unseen = self.limits.unseen
        self.deadline = time.process_time() + self.limits.file_seconds
        self._scopes_share = self._scopes_left // 2

    # --- values --------------------------------------------------------------------

    def decode(
        self,
        walk: Walk,
        frame: Frame,
        tag: int,
        vr: bytes,
        key: bytes,
        value: bytes,
        cache: dict[bytes, Hit],
    ) -> Hit:
        """Decode bytes that were not seen before in this context."""
        self.pure = False
        if tag >> 16 & 1 and tag & 0xFFFF > 0xFF and not self.inventory.takes_private:
            walk.notes.add("too-many-elements")
            return LEFT_OUT
        self.unseen -= 1
        if self.unseen < 0:
            raise Stop("too-many-elements")
        if self.unseen & 0xFF == 0 and time.process_time() > self.deadline:
            raise Stop("took-too-long")
        name, kind = self.name_and_vr(tag, vr, frame)
        hit = self.observe(frame, tag, kind, name, value)
        rest = b""
        if tag == COLOUR_PROFILE or (tag >> 16 & 1 and kind in {"OB", "OW"}):
            rest = value  # also where all of it is text: a maker's notes have no rule of their own
        elif hit.text and len(value) > self.limits.text_characters:
            if kind not in dictionary.NUMBER_VRS:
                walk.notes.add("long-value")
                rest = value[self.limits.text_characters :]
        elif kind in {"OB", "UN"}:
            rest = value if not hit.text and tag != DOCUMENT else b""
        if rest:
            hit.passages = self.keep_runs(frame, tag, f"{frame.path}{tag:08X}", name, rest)
        kept = hit.element is not LEFT_OUT.element
        if kept and hit.element.distinct <= 4_096 and self._kept < _MOST_KEPT:
            self._kept += len(key) + 200
            cache[key] = hit
        return hit

    def observe(self, frame: Frame, tag: int, vr: str, name: str, value: bytes) -> Hit:
        limit = self.limits.text_characters
        scope = frame.scope
        text = dictionary.text_of(vr, value[:limit], scope.encodings, scope.encoding.little)
        if tag == COLOUR_PROFILE:
            text = "; ".join(icc.descriptions(value))
        place = self.place(scope, tag)
        key = f"{scope.key}{tag:08X}"
        element = self.inventory.element(
            key,
            place,
            f"{tag:08X}",
            f"{frame.path}{tag:08X}",
            vr,
            name,
            self.creator(tag, frame),
            standard=scope.top and is_standard(tag, vr),
        )
        if element is None:
            return Hit(LEFT_OUT.element, NOTHING, self._role(tag), text)
        if text:
            seen = self.inventory.observe(element, text)
        else:
            seen = NOTHING
            if element.last != self.inventory.current:
                element.last = self.inventory.current
                element.files += 1
        return Hit(element, seen, self._role(tag), text)

    @staticmethod
    def _role(tag: int) -> int:
        if tag in _STUDY:
            return _STUDY[tag]
        if tag == CHARACTER_SET:
            return CHARSET_ROLE
        group, number = tag >> 16, tag & 0xFFFF
        if group & 1 and 0x10 <= number <= 0xFF:
            return CREATOR_ROLE
        if group & 0xFF01 == 0x6000 and number in {0x0102, 0x3000}:
            return OTHER_ROLE
        return OTHER_ROLE if tag == DOCUMENT else 0

    def keep_runs(
        self, frame: Frame, tag: int, path: str, name: str, value: bytes
    ) -> tuple[Passage, ...]:
        """Search binary data for readable text."""
        if not self.searches:
            return ()
        place = self.place(frame.scope, tag)
        kept = []
        title = "text inside private data" if place == "private" else f"text inside {name}"
        if place == "private":
            title = f"{title} ({name})"
        for text in text_runs(value):
            passage = self.inventory.add_text(place, title, text, path=path, tag=f"{tag:08X}")
            if passage is not None:
                kept.append(passage)
        return tuple(kept)

    def again(self, hit: Hit) -> None:
        """Count what was decoded before for the current file."""
        current = self.inventory.current
        element, seen = hit.element, hit.seen
        if element.last != current:
            element.last = current
            element.files += 1
        if seen.last != current:
            seen.last = current
            seen.files += 1
        if hit.passages:
            self.count_passages(hit.passages)
        if self.log is not None:
            self.log.append(hit)

    def count_passages(self, passages: tuple[Passage, ...]) -> None:
        bit = self.inventory.bit
        for passage in passages:
            passage.where |= bit

    def remark(self, tag: int, text: str) -> None:
        """Small elements that say something of the file itself."""
        number = tag & 0xFFFF
        if number == 0x3000:
            self.pure = False
            self.inventory.add_fact("overlay-plane", "overlay", path=f"{tag:08X}")
        elif number == 0x0102 and text not in {"", "0"}:
            self.pure = False
            self.inventory.add_fact("overlay-in-high-bits", "overlay", path=f"{tag:08X}")

    def remark_large(self, walk: Walk, frame: Frame, tag: int, body: int, end: int) -> None:
        if tag == DOCUMENT:
            self.attach(walk, "document", frame, tag, walk.data[body:end])
        elif tag >> 16 & 0xFF01 == 0x6000 and tag & 0xFFFF == 0x3000:
            self.remark(tag, "")

    def present(self, frame: Frame, tag: int, vr: str) -> None:
        """Count an element whose value is passed by."""
        name, _ = self.name_and_vr(tag, b"", frame)
        self.observe(frame, tag, vr, name, b"")

    def attach(self, walk: Walk, place: str, frame: Frame, tag: int, data: bytes) -> None:
        """Set a document or picture aside for its own reader."""
        self.pure = False
        path = f"{frame.path}{tag:08X}"
        if any(one.data == data and one.path == path for one in walk.attachments):
            return  # every frame of a film says the same
        if len(walk.attachments) < 64:
            walk.attachments.append(Attachment(place, path, f"{tag:08X}", data))
        else:
            walk.notes.add("part-not-checked")

    # --- names, places, scopes ---------------------------------------------------------

    def creator(self, tag: int, frame: Frame) -> str:
        if not tag >> 16 & 1 or tag & 0xFFFF <= 0xFF:
            return ""
        return frame.creators.get(tag >> 8, "")

    def known_vr(self, tag: int, frame: Frame) -> str:
        if tag >> 16 & 1:
            if 0x10 <= tag & 0xFFFF <= 0xFF:
                return "LO"
            return dictionary.private_vr(tag, self.creator(tag, frame))
        return dictionary.public_vr(tag)

    def name_and_vr(self, tag: int, vr: bytes, frame: Frame) -> tuple[str, str]:
        known = self.known_vr(tag, frame)
        kind = vr.decode("latin-1")
        if kind in {"", "UN"} or (vr not in SHORT_VRS and vr not in LONG_VRS):
            kind = known if known != "SQ" else "UN"
        if tag >> 16 & 1:
            if 0x10 <= tag & 0xFFFF <= 0xFF:
                return "PrivateCreator", kind
            return dictionary.private_name(tag, self.creator(tag, frame)), kind
        return dictionary.public_name(tag), kind

    @staticmethod
    def place(scope: Scope, tag: int) -> str:
        group = tag >> 16
        if scope.place == "trailing":
            return "trailing"
        if group & 1:
            return "private"
        if scope.top and scope.place == "header":
            if group == 0x0002:
                return "file-meta"
            if group == 0x0004:
                return "directory"
            if group & 0xFF00 == 0x6000:
                return "overlay"
            if group == 0x0070:
                return "annotation"
        return scope.place

    def child(self, frame: Frame, tag: int, encoding: Encoding) -> Scope:
        """The scope of a sequence's items, and one more file for the sequence itself."""
        scope = frame.scope
        creator = self.creator(tag, frame)
        child = scope.children.get((tag, encoding.explicit, creator))
        if child is not None:
            if (hit := scope.sequences[(tag, creator)]) is not None:
                self.again(hit)
            return child
        place = self._child_place(self.place(scope, tag), tag)
        child = Scope(place, f"{scope.key}{tag:08X}.", encoding, scope.encodings, top=False)
        name, _ = self.name_and_vr(tag, b"SQ", frame)
        element = self.inventory.element(
            f"{scope.key}{tag:08X}",
            self.place(scope, tag),
            f"{tag:08X}",
            f"{frame.path}{tag:08X}",
            "SQ",
            name,
            creator,
            standard=scope.top and is_standard(tag, "SQ"),
        )
        hit = None if element is None else Hit(element, NOTHING, 0, "")
        if self._may_keep_scope():
            scope.children[(tag, encoding.explicit, creator)] = child
            scope.sequences[(tag, creator)] = hit
        if hit is not None:
            self.again(hit)
        return child

    @staticmethod
    def _child_place(place: str, tag: int) -> str:
        if place in {"trailing", "private", "report-text", "icon"}:
            return place
        group = tag >> 16
        if tag == 0x00041220 or place == "directory":
            return "icon" if tag == 0x00880200 else "directory"
        if tag == 0x0040A730:
            return "report-text"
        if tag == 0x00880200:
            return "icon"
        if group == 0x0070 or place == "annotation":
            return "annotation"
        if tag in {0x0040B020, 0x54000100} or group in {0x003A, 0x5400} or place == "waveform":
            return "waveform"
        return "nested"

    def with_charset(self, scope: Scope, raw: bytes) -> Scope:
        """The scope with the character set that an element just named."""
        known = scope.charsets.get(raw)
        if known is None:
            encodings = dictionary.encodings_of(raw)
            known = Scope(scope.place, scope.key, scope.encoding, encodings, scope.top)
            if self._may_keep_scope():
                scope.charsets[raw] = known
        return known

    def _may_keep_scope(self) -> bool:
        """Whether one more context is remembered; without, its elements are decoded anew."""
        if not self._scopes_share:
            return False
        self._scopes_share -= 1
        self._scopes_left -= 1
        return True
