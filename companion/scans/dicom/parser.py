"""A data set's bytes -> elements with their paths, counted in the inventory.

The walk is iterative and bounded, and accounts for every byte: where it cannot, it
says where it stopped and why. In a study most elements of a slice stand byte for
byte in the slice before it, so each context keeps a dictionary from an element's
raw bytes to what they were found to be, and whole stretches of them are recognised
at once (``stretches``); only unseen bytes are decoded.

Written from PS3.5 (2026c) sections 7.1 (elements), 7.5 (sequences), 7.8 (private
elements), A.4 (encapsulated pixel data) and 6.2.2 note 2 (CP-246: an element of
VR UN and undefined length is a sequence in implicit VR little endian).
"""

from __future__ import annotations

import struct
import time
from hashlib import blake2b

from companion.scans.dicom import dictionary
from companion.scans.dicom.elements import Elements
from companion.scans.dicom.fragments import Codestreams
from companion.scans.dicom.header_cache import Stretches, Unit
from companion.scans.dicom.structure import (
    BULK,
    CACHED,
    CHARSET_ROLE,
    CREATOR_ROLE,
    DOCUMENT,
    DOUBLE_PIXELS,
    FLOAT_PIXELS,
    FRAGMENT_HEAD,
    IMPLICIT,
    ITEM,
    ITEM_END,
    LONG_VRS,
    PADDING,
    PIXEL_DATA,
    SEQUENCE_END,
    SHORT_VRS,
    UNDEFINED,
    Encoding,
    Frame,
    Scope,
    Stop,
    Walk,
)
from companion.scans.formats.strings import legible_runs, text_runs
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits

_SIGNATURES = frozenset({0xFFFAFFFA, 0x4FFE0001})


class Walker:
    """Walks data sets into one inventory, and remembers what it has decoded."""

    def __init__(self, inventory: Inventory, limits: Limits) -> None:
        self.inventory = inventory
        self.limits = limits
        self.of = Elements(inventory, limits)
        self._stretches = Stretches(self.of)
        self._roots: dict[tuple[str, Encoding], Scope] = {}

    def begin(self) -> None:
        """A new file: its own share of time and of elements to decode."""
        self.of.begin()

    def walk(self, walk: Walk, start: int, end: int, encoding: Encoding, place: str) -> None:
        """Walk the data set between two offsets of ``walk.data``.

        ``place`` is ``header``, ``file-meta`` or ``trailing``. Never raises for what
        the data hold; ``walk.stopped`` and ``walk.notes`` tell.
        """
        root = self._roots.get((place, encoding))
        if root is None:
            root = Scope(place, "", encoding, [dictionary.DEFAULT_ENCODING], top=True)
            self._roots[(place, encoding)] = root
        frames = [Frame(False, end, False, root, "")]
        top = frames[0]
        walk.stopped = start
        try:
            position = start
            while frames:
                frame = frames[-1]
                if frame.sequence:
                    position = self._items(walk, frames, position)
                else:
                    position = self._elements(walk, frames, position)
                if len(frames) <= 1:
                    walk.stopped = position
                    if place == "header":
                        self._stretches.close_unit(walk, top, position)
        except Stop as stop:
            if stop.args[0]:
                walk.notes.add(stop.args[0])
            if len(stop.args) > 1:
                walk.stopped = stop.args[1]
        self._stretches.abandon_unit()
        self._stretches.end_run(walk, top)

    def settle(self) -> None:
        """Complete the counts of elements and values; call it before they are read."""
        self._stretches.settle()

    # --- containers ----------------------------------------------------------------

    def _items(self, walk: Walk, frames: list[Frame], position: int) -> int:
        """Walk from one item of the innermost sequence to the next, or out of it."""
        frame = frames[-1]
        data, end = walk.data, frame.end
        self._count(walk)
        if position >= end:
            if frame.undefined:
                return self._broken(walk, frames, position, "truncated")
            frames.pop()
            return end
        if position + 8 > end:
            return self._broken(walk, frames, position, "truncated")
        group, number, length = struct.unpack_from(
            "<HHI" if frame.scope.encoding.little else ">HHI", data, position
        )
        tag = group << 16 | number
        if tag == SEQUENCE_END:
            frames.pop()
            return position + 8
        if tag != ITEM:
            return self._broken(walk, frames, position, "length-lies")
        body = position + 8
        undefined = length == UNDEFINED
        item_end = end if undefined else body + length
        if item_end > end:
            walk.notes.add("length-lies" if end < len(data) else "truncated")
            item_end = end
        path = f"{frame.path}{frame.tag:08X}[{frame.items}]."
        frame.items += 1
        frames.append(Frame(False, item_end, undefined, frame.scope, path, creators={}))
        return body

    def _broken(self, walk: Walk, frames: list[Frame], position: int, note: str) -> int:
        """Leave what cannot be understood: go on behind the nearest known end."""
        walk.notes.add(note)
        while frames:
            frame = frames[-1]
            if not frame.undefined and len(frames) > 1 and frame.end < len(walk.data):
                self._unread(walk, position, frame.end)
                frames.pop()
                return frame.end
            frames.pop()
        raise Stop(note, position)

    def _unread(
        self,
        walk: Walk,
        start: int,
        end: int,
        title: str = "text in a part that could not be read",
    ) -> None:
        """Search bytes that were not understood for readable text."""
        if not self.of.searches:
            return
        for text in text_runs(walk.data[start:end]):
            self.inventory.add_text("trailing", title, text)

    def _count(self, walk: Walk) -> None:
        walk.elements += 1
        if walk.elements & 0x3FF == 0:
            self._check(walk)

    def _check(self, walk: Walk) -> None:
        if walk.elements > self.limits.elements:
            raise Stop("too-many-elements")
        if time.process_time() > self.of.deadline:
            raise Stop("took-too-long")

    # --- elements ------------------------------------------------------------------

    def _elements(self, walk: Walk, frames: list[Frame], position: int) -> int:
        """Walk the elements of the innermost data set, until it ends or a sequence opens."""
        frame = frames[-1]
        data, end, scope = walk.data, frame.end, frame.scope
        top = len(frames) == 1
        explicit, little = scope.encoding.explicit, scope.encoding.little
        unpack = struct.Struct(
            ("<HH2sH" if little else ">HH2sH") if explicit else ("<HHI" if little else ">HHI")
        ).unpack_from
        unpack_long = struct.Struct("<I" if little else ">I").unpack_from
        current = self.inventory.current
        cache, previous, get_private = scope.cache, frame.previous, scope.private.get
        last_safe = end - 8
        learns = top and scope.place == "header"
        of = self.of
        vr = b""
        while position < end:
            if position > last_safe:
                return self._tail(walk, frames, position)
            if explicit:
                group, number, vr, length = unpack(data, position)
                if vr in SHORT_VRS:
                    body = position + 8
                elif vr in LONG_VRS:
                    if position + 12 > end:
                        return self._tail(walk, frames, position)
                    length = unpack_long(data, position + 8)[0]
                    body = position + 12
                else:
                    group, number, length, body, vr = self._odd(data, position, end, little)
            else:
                group, number, length = unpack(data, position)
                body = position + 8
            tag = group << 16 | number
            if group == 0xFFFE or not group:
                if tag == ITEM_END and not top:
                    frames.pop()
                    return position + 8
                return self._tail(walk, frames, position)
            if tag <= previous:
                learns = False
                self._stretches.end_run(walk, frame)
                if top and (previous >> 16 >= 0x7FE0 or (group <= 8 and previous >> 16 > 8)):
                    return self._tail(walk, frames, position)
                self._out_of_order(walk, frame, tag)
            frame.tags.append(tag)
            previous = tag
            if length == UNDEFINED or vr == b"SQ" or length > CACHED or group >= 0x7FE0:
                frame.previous = previous
                if learns:
                    self._stretches.begin_unit(walk, position, tag)
                position = self._large(walk, frames, position, body, tag, vr, length)
                if frames[-1] is not frame:
                    return position
                if learns:
                    self._stretches.close_unit(walk, frame, position)
                continue
            next_position = body + length
            if next_position > end:
                return self._overrun(walk, frames, position, body, tag, vr)
            raw = data[position:next_position]
            if group & 1:
                creator = frame.creators.get(tag >> 8, "") if number > 0xFF else ""
                cache = get_private(creator)  # type: ignore[assignment]
                if cache is None:
                    cache = scope.private.setdefault(creator, {})
            else:
                cache = scope.cache
            hit = cache.get(raw)
            if hit is None:
                wrapped = vr == b"UN" and self.of.known_vr(tag, frame) == "SQ"
                if wrapped or (not explicit and self.of.known_vr(tag, frame) == "SQ"):
                    frame.previous = previous
                    if learns:
                        self._stretches.begin_unit(walk, position, tag)
                    kind = vr if wrapped else b"SQ"
                    position = self._large(walk, frames, position, body, tag, kind, length)
                    if frames[-1] is not frame:
                        return position
                    if learns:
                        self._stretches.close_unit(walk, frame, position)
                    continue
                if learns:
                    self._stretches.end_run(walk, frame)
                hit = self.of.decode(walk, frame, tag, vr, raw, data[body:next_position], cache)
            elif (
                learns
                and hit.stretch is not None
                and (behind := self._stretches.recognise(hit, data, position, walk, frame))
            ):
                self._stretches.end_run(walk, frame)
                previous = frame.tags[-1]
                position = behind
                continue
            else:
                element, seen = hit.element, hit.seen
                if element.last != current:
                    element.last = current
                    element.files += 1
                if seen.last != current:
                    seen.last = current
                    seen.files += 1
                if hit.passages:
                    of.count_passages(hit.passages)
                if of.log is not None:
                    of.log.append(hit)
                if learns:
                    if hit.role == CHARSET_ROLE or hit.role > CREATOR_ROLE:
                        self._stretches.end_run(walk, frame)
                    else:
                        unit = Unit(0, tag, (hit,), hit)
                        self._stretches.learn(walk, frame, position, next_position, unit)
            walk.elements += 1
            if hit.role:
                if hit.role < CHARSET_ROLE:
                    if top:
                        walk.study[hit.role] = hit.text
                elif hit.role == CHARSET_ROLE:
                    frame.scope = scope = self.of.with_charset(scope, data[body:next_position])
                    get_private = scope.private.get
                elif hit.role == CREATOR_ROLE:
                    frame.creators[tag >> 16 << 8 | number] = hit.text
                elif tag == DOCUMENT:
                    self.of.attach(walk, "document", frame, tag, data[body:next_position])
                else:
                    self.of.remark(tag, hit.text)
            position = next_position
            if walk.elements & 0x3FF == 0:
                self._check(walk)
        if frame.undefined:
            return self._broken(walk, frames, position, "truncated")
        frames.pop()
        return end

    def _out_of_order(self, walk: Walk, frame: Frame, tag: int) -> None:
        """A tag that is not higher than the one before: it may stand twice."""
        self.of.pure = False
        frame.known.update(frame.tags[frame.checked :])
        frame.checked = len(frame.tags)
        if tag in frame.known:
            walk.notes.add("tag-twice")
            self.inventory.add_fact("tag-twice", frame.scope.place, path=f"{tag:08X}")

    @staticmethod
    def _odd(
        data: bytes, position: int, end: int, little: bool
    ) -> tuple[int, int, int, int, bytes]:
        """An element whose VR is not in the standard: as if implicit, or as an unknown VR."""
        mark = "<" if little else ">"
        group, number, length = struct.unpack_from(mark + "HHI", data, position)
        vr = data[position + 4 : position + 6]
        if group == 0xFFFE:
            return group, number, length, position + 8, b""
        if not (vr.isalpha() and vr.isupper()):
            return group, number, length, position + 8, b""
        short = struct.unpack_from(mark + "H", data, position + 6)[0]
        if short == 0 and position + 12 <= end:
            # A VR newer than this program has a length of 32 bits (PS3.5, 7.1.2).
            length = struct.unpack_from(mark + "I", data, position + 8)[0]
            if position + 12 + length <= end:
                return group, number, length, position + 12, vr
        return group, number, short, position + 8, vr

    def _tail(self, walk: Walk, frames: list[Frame], position: int) -> int:
        """What stands here is not an element of this data set."""
        if len(frames) == 1:
            walk.ended = True
            raise Stop("", position)
        cut = position + 8 > len(walk.data)
        return self._broken(walk, frames, position, "truncated" if cut else "not-understood")

    def _overrun(
        self,
        walk: Walk,
        frames: list[Frame],
        position: int,
        body: int,
        tag: int,
        vr: bytes,
    ) -> int:
        """A value that would end behind its container: search what there is of it."""
        frame = frames[-1]
        strange = not vr and (frame.scope.encoding.explicit or self.of.known_vr(tag, frame) == "UN")
        if len(frames) == 1 and tag >> 16 != 0x7FE0 and (walk.has_pixels or strange):
            walk.ended = True
            raise Stop("", position)
        value = walk.data[body : frame.end]
        name, text_vr = self.of.name_and_vr(tag, vr, frame)
        self.of.keep_runs(frame, tag, frame.path + f"{tag:08X}", name, value)
        if text_vr not in dictionary.BINARY_VRS and text_vr != "SQ":
            self.of.observe(frame, tag, text_vr, name, value)
        if len(frames) == 1:
            raise Stop("truncated", frame.end)
        return self._broken(walk, frames, frame.end, "length-lies")

    # --- large values, sequences, pixel data -----------------------------------------

    def _large(
        self,
        walk: Walk,
        frames: list[Frame],
        position: int,
        body: int,
        tag: int,
        vr: bytes,
        length: int,
    ) -> int:
        """A sequence, pixel data or a long value; returns where to go on."""
        frame = frames[-1]
        self._count(walk)
        undefined = length == UNDEFINED
        kind = vr.decode("latin-1") or self.of.known_vr(tag, frame)
        if kind == "UN" and not undefined and self.of.known_vr(tag, frame) == "SQ":
            return self._open(walk, frames, body, tag, length, IMPLICIT)
        if tag == PIXEL_DATA or (undefined and kind in {"OB", "OW"}):
            return self._pixels(walk, frames, body, tag, length)
        if kind == "SQ" or undefined:
            inner = IMPLICIT if kind == "UN" and frame.scope.encoding.explicit else None
            return self._open(walk, frames, body, tag, length, inner)
        gap = walk.gaps.get(body, 0)
        end = body + length - gap
        if end > frame.end:
            return self._overrun(walk, frames, position, body, tag, vr)
        if gap:
            walk.notes.add("too-large")
        if tag in BULK:
            self.of.pure = False
            self.of.present(frame, tag, kind)
            if len(frames) == 1 and tag in {FLOAT_PIXELS, DOUBLE_PIXELS}:
                walk.plain = tag, body, length
            return end
        if tag == PADDING:
            self.of.pure = False
            self.of.present(frame, tag, kind)
            self.inventory.add_fact("padding", "trailing", detail="padding")
            if walk.data[body:end].strip(b"\0"):
                walk.notes.add("padding-not-empty")
                self._unread(walk, body, end, "text in the filler at the end")
            return end
        digest = blake2b(walk.data[position:end], digest_size=20).digest()
        creator = self.of.creator(tag, frame)
        private = tag >> 16 & 1
        scope = frame.scope
        cache = scope.private.setdefault(creator, {}) if private else scope.cache
        hit = cache.get(digest)
        if hit is None:
            value = walk.data[body:end]
            self.of.decode(walk, frame, tag, vr, digest, value, cache)
        else:
            self.of.again(hit)
        self.of.remark_large(walk, frame, tag, body, end)
        return end

    def _open(
        self,
        walk: Walk,
        frames: list[Frame],
        body: int,
        tag: int,
        length: int,
        encoding: Encoding | None,
    ) -> int:
        """Enter a sequence."""
        frame = frames[-1]
        if len(frames) >= 2 * self.limits.depth:
            raise Stop("too-deep")
        undefined = length == UNDEFINED
        end = frame.end if undefined else body + length
        if end > frame.end:
            walk.notes.add("length-lies" if frame.end < len(walk.data) else "truncated")
            end = frame.end
        scope = self.of.child(frame, tag, encoding or frame.scope.encoding)
        if tag in _SIGNATURES:
            self.of.pure = False
            self.inventory.add_fact("digital-signature", scope.place, path=f"{tag:08X}")
        elif tag == 0x04000500:
            self.of.pure = False
            self.inventory.add_fact("encrypted-content", scope.place, path="04000500")
            walk.notes.add("encrypted-content")
        elif tag == 0x00880200:
            self.of.pure = False
            self.inventory.add_fact("icon", "icon", path=f"{frame.path}{tag:08X}")
        frames.append(Frame(True, end, undefined, scope, frame.path, tag))
        return body

    def _pixels(self, walk: Walk, frames: list[Frame], body: int, tag: int, length: int) -> int:
        """Pass pixel data by; look into the head of each compressed fragment."""
        frame = frames[-1]
        top = len(frames) == 1
        place = "picture" if top else frame.scope.place
        self.of.pure = False
        self.of.present(frame, tag, "OW" if length != UNDEFINED else "OB")
        if tag == PIXEL_DATA:
            walk.has_pixels = walk.has_pixels or top
            self.inventory.add_fact("pixel-data", place, path=f"{frame.path}{tag:08X}")
            if top and walk.bulk is None:
                walk.bulk = (body, length)
        if length != UNDEFINED:
            end = body + length - walk.gaps.get(body, 0)
            if end > frame.end:
                return self._overrun(walk, frames, body, body, tag, b"OW")
            if top and tag == PIXEL_DATA:
                walk.plain = tag, body, length
            return end
        pictures = Codestreams()
        mark = "<HHI" if frame.scope.encoding.little else ">HHI"
        position = body
        while position + 8 <= frame.end:
            self._count(walk)
            group, number, size = struct.unpack_from(mark, walk.data, position)
            position += 8
            if group << 16 | number == SEQUENCE_END:
                self._close(walk, frame, tag, pictures)
                return position
            end = position + size - walk.gaps.get(position, 0)
            if group << 16 | number != ITEM or size == UNDEFINED or end > frame.end:
                self._close(walk, frame, tag, pictures)
                note = "truncated" if end > frame.end else "length-lies"
                if top:
                    self._unread(walk, position, min(frame.end, position + FRAGMENT_HEAD))
                    raise Stop(note, frame.end if note == "truncated" else position - 8)
                return self._broken(walk, frames, position, note)
            if self.of.searches:
                held = min(position + walk.heads.get(position, size), end)
                for words in pictures.take(walk.data, position, held, end):
                    self.of.attach(walk, "picture", frame, tag, words)
                behind = pictures.behind(walk.data, position if held == end else held, end)
                self._behind(walk, behind)
            position = end
        self._close(walk, frame, tag, pictures)
        if top:
            raise Stop("truncated", frame.end)
        return self._broken(walk, frames, position, "truncated")

    def _close(self, walk: Walk, frame: Frame, tag: int, pictures: Codestreams) -> None:
        """The fragments have ended: what the last of them began is all there is."""
        for words in pictures.rest():
            self.of.attach(walk, "picture", frame, tag, words)
        if pictures.unfinished:
            walk.notes.add("part-not-checked")

    def _behind(self, walk: Walk, data: bytes) -> None:
        """Search what stands behind the end of a picture."""
        if not data:
            return
        walk.notes.add("pixels-long")
        for text in legible_runs(data):
            self.inventory.add_text("trailing", "text behind the picture", text)
