"""A DICOM file's bytes -> the pictures stored in it, still compressed.

A picture is any data set with pixels and a size, its own or its code stream's: that of the
file, an item of a sequence (an icon, a referenced or private picture), and what stands in an
overlay. Beside them stand whole files of pictures and documents inside elements. The walk is
iterative and bounded and decodes nothing; how the bytes are accounted for is the header
reader's matter.

Source: PS3.5 (2026c) 7.1, 7.5, A.4; PS3.3 C.7.6.3 (image pixel), C.9.2 (overlays).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion import signatures
from companion.scans.dicom import tags
from companion.scans.dicom.dictionary import public_vr
from companion.scans.dicom.encoding import IMPLICIT, Encoding
from companion.scans.dicom.preamble import DEFLATED_SYNTAXES, data_set_start, encoding_of
from companion.scans.dicom.structure import UNDEFINED

MOST_ELEMENTS = 300_000
"""Elements and items that are walked over in one file; more than any scan that was measured."""
MOST_FRAGMENTS = 200_000
MOST_DEPTH = 32
MOST_PICTURES = 24
"""Pictures that are taken out of one file: its own, icons, overlays and private ones."""
MOST_INFLATED = 256 * 1024 * 1024
MOST_VALUE = 600_000
"""Bytes of a value that describes a picture: the longest is a palette's 65,536 entries."""
SMALLEST_FILE_INSIDE = 100
"""Bytes below which a value is not looked at as a file of its own."""

PALETTES = (
    (
        tags.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
        tags.RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        tags.SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    ),
    (
        tags.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
        tags.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        tags.SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    ),
    (
        tags.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
        tags.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        tags.SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    ),
)
"""For each colour: what describes its palette, the palette, the palette in segments."""
_PIXELS = frozenset({tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA})
_KEPT = frozenset(
    {
        tags.ROWS, tags.COLUMNS, tags.SAMPLES_PER_PIXEL, tags.BITS_ALLOCATED, tags.BITS_STORED,
        tags.HIGH_BIT, tags.PIXEL_REPRESENTATION, tags.PLANAR_CONFIGURATION,
        tags.PHOTOMETRIC_INTERPRETATION, tags.NUMBER_OF_FRAMES,
        *(tag for palette in PALETTES for tag in palette),
        tags.MODALITY, tags.IMAGE_TYPE, tags.SOP_CLASS_UID, tags.SERIES_INSTANCE_UID,
        tags.EXTENDED_OFFSET_TABLE, tags.EXTENDED_OFFSET_TABLE_LENGTHS,
    }
)  # fmt: skip
_FILES_INSIDE = (signatures.JPEG, signatures.PNG, signatures.TIFF, signatures.JP2, signatures.PDF)


@dataclass(frozen=True, slots=True)
class FileInside:
    """A picture or a document that is an element's value as a whole."""

    data: bytes = field(repr=False)


@dataclass(slots=True)
class StoredPicture:
    """One picture as a data set describes it, with its pixels as they are stored."""

    values: dict[int, bytes] = field(repr=False)
    """Of the elements that describe it; what an item does not say is not inherited."""
    syntax: str
    """Transfer Syntax UID."""
    little: bool
    pixels: memoryview = field(repr=False)
    """Not encapsulated: the value. Otherwise empty."""
    fragments: list[memoryview] = field(default_factory=list, repr=False)
    offsets: bytes = field(default=b"", repr=False)
    """The Basic Offset Table's bytes."""
    encapsulated: bool = False
    kind: int = tags.PIXEL_DATA
    """The tag of its pixels: whole numbers, or floats of 32 or 64 bits."""
    words: bool = False
    """Whether its value is in words of two bytes (VR OW), which big endian turns round."""
    cut: bool = False
    """Whether the file ends before its pixels do."""
    nested: bool = False
    """Whether it is an item's of a sequence."""
    overlay: bool = False
    bit: int | None = None
    """Of an overlay in unused bits of another picture's pixels: which bit it is."""

    def number(self, tag: int, missing: int = 0) -> int:
        """A whole number, in binary (US, SS) or in digits (IS)."""
        value = self.values.get(tag)
        if not value:
            return missing
        if tag == tags.NUMBER_OF_FRAMES:
            text = value.split(b"\\")[0].strip(b" \0")
            return int(text) if text.isdigit() and len(text) < 8 else missing
        if len(value) < 2:
            return missing
        return int(struct.unpack_from("<H" if self.little else ">H", value)[0])

    def text(self, tag: int) -> str:
        """A value as text, without its padding."""
        return self.values.get(tag, b"")[:2_000].decode("latin-1").strip(" \0")

    @property
    def rows(self) -> int:
        return self.number(tags.ROWS)

    @property
    def columns(self) -> int:
        return self.number(tags.COLUMNS)

    @property
    def only_its_stream_tells(self) -> bool:
        """Whether the header says no size, which the code stream alone then says."""
        return self.encapsulated and not (self.rows or self.columns)

    @property
    def samples(self) -> int:
        return self.number(tags.SAMPLES_PER_PIXEL, 1)

    @property
    def bits(self) -> int:
        """Bits allocated for a sample."""
        return self.number(tags.BITS_ALLOCATED, 0)

    @property
    def bits_stored(self) -> int:
        return self.number(tags.BITS_STORED, self.bits) or self.bits

    @property
    def high_bit(self) -> int:
        return self.number(tags.HIGH_BIT, self.bits_stored - 1)

    @property
    def signed(self) -> bool:
        return self.number(tags.PIXEL_REPRESENTATION) == 1

    @property
    def planar(self) -> bool:
        return self.number(tags.PLANAR_CONFIGURATION) == 1

    @property
    def frames(self) -> int:
        """How many frames it says it has; at least one."""
        return max(1, self.number(tags.NUMBER_OF_FRAMES, 1))

    @property
    def colours(self) -> str:
        """Its Photometric Interpretation."""
        return self.text(tags.PHOTOMETRIC_INTERPRETATION).upper()


def stored_pictures(data: bytes) -> Iterator[StoredPicture | FileInside]:
    """The pictures in a DICOM file, the file's own first wherever it stands before others.

    Never raises for what the data hold; yields nothing for what is no DICOM file.
    """
    start = data_set_start(data)
    if start is None:
        return
    encoding, offset, syntax = encoding_of(data, start)
    if syntax in DEFLATED_SYNTAXES:
        data, offset = _inflate(data[offset:]), 0
    yield from _Walk(memoryview(data), data, encoding, syntax).pictures(offset)


def _inflate(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, MOST_INFLATED)
    except zlib.error:
        return b""


@dataclass(slots=True)
class _Level:
    """A data set or a sequence that is open."""

    end: int
    is_sequence: bool
    encoding: Encoding
    undefined: bool = False
    picture: StoredPicture | None = None
    overlays: dict[int, dict[int, bytes]] = field(default_factory=dict)


class _Walk:
    """One way through the elements of one data set."""

    def __init__(self, view: memoryview, data: bytes, encoding: Encoding, syntax: str) -> None:
        self._view = view
        self._data = data
        self._encoding = encoding
        self._syntax = syntax
        self._elements = 0
        self._yielded = 0

    def pictures(self, offset: int) -> Iterator[StoredPicture | FileInside]:
        levels = [self._data_set(len(self._data), self._encoding, nested=False)]
        position = offset
        while levels and self._elements < MOST_ELEMENTS and self._yielded < MOST_PICTURES:
            self._elements += 1
            level = levels[-1]
            if position >= level.end:
                yield from self._closed(levels.pop())
                continue
            if level.is_sequence:
                position = self._next_item(levels, position)
                continue
            tag, vr, length, body = level.encoding.read_head(self._data, position, level.end)
            if tag == tags.ITEM_DELIMITATION:
                yield from self._closed(levels.pop())
                position += 8
            elif not tag or tag == tags.SEQUENCE_DELIMITATION:
                position = max(level.end, position)  # no element: the rest is not walked
            else:
                inside = self._element(levels, tag, vr, length, body)
                if isinstance(inside, FileInside):
                    self._yielded += 1
                    yield inside
                    position = body + length
                else:
                    position = inside
        while levels:
            yield from self._closed(levels.pop())

    def _data_set(
        self, end: int, encoding: Encoding, nested: bool, undefined: bool = False
    ) -> _Level:
        picture = StoredPicture({}, self._syntax, encoding.little, self._view[:0], nested=nested)
        return _Level(end, False, encoding, undefined, picture)

    def _next_item(self, levels: list[_Level], position: int) -> int:
        level = levels[-1]
        if position + 8 > level.end:
            return level.end
        form = "<HHI" if level.encoding.little else ">HHI"
        group, number, length = struct.unpack_from(form, self._data, position)
        tag = group << 16 | number
        if tag != tags.ITEM or len(levels) >= MOST_DEPTH:
            levels.pop()
            return position + 8 if tag == tags.SEQUENCE_DELIMITATION else level.end
        undefined = length == UNDEFINED
        end = level.end if undefined else min(level.end, position + 8 + length)
        levels.append(self._data_set(end, level.encoding, nested=True, undefined=undefined))
        return position + 8

    def _element(
        self, levels: list[_Level], tag: int, vr: bytes, length: int, body: int
    ) -> int | FileInside:
        """Take in one element; returns where to go on, or the file that it holds."""
        level = levels[-1]
        picture = level.picture
        assert picture is not None  # noqa: S101 - a data set always has one
        if tag in _PIXELS:
            return self._pixels(level, picture, tag, vr, length, body)
        undefined = length == UNDEFINED
        if undefined or vr == b"SQ" or (vr in (b"", b"UN") and public_vr(tag) == "SQ"):
            # PS3.5 6.2.2 note 2: UN of undefined length is written in implicit VR.
            inner = IMPLICIT if vr == b"UN" else level.encoding
            end = level.end if undefined else min(level.end, body + length)
            levels.append(_Level(end, True, inner, undefined))
            return body
        end = body + length
        if end > level.end:
            return level.end
        if tag in _KEPT and length <= MOST_VALUE:
            picture.values.setdefault(tag, self._data[body:end])
        elif tags.is_overlay(tag):
            number = tag & 0xFFFF
            if number == tags.OVERLAY_DATA or length <= 64:
                level.overlays.setdefault(tag >> 16, {})[number] = self._data[body:end]
        elif length >= SMALLEST_FILE_INSIDE and (
            tag >> 16 & 1 or tag == tags.ENCAPSULATED_DOCUMENT
        ):
            head = self._data[body : body + 64]
            if any(one.fits(head) for one in _FILES_INSIDE):
                return FileInside(self._data[body:end])
        return end

    def _pixels(
        self,
        level: _Level,
        picture: StoredPicture,
        tag: int,
        vr: bytes,
        length: int,
        body: int,
    ) -> int:
        picture.kind, picture.words = tag, vr == b"OW"
        if length != UNDEFINED:
            end = min(level.end, body + length)
            picture.cut = end < body + length
            picture.pixels = self._view[body:end]
            return end
        picture.encapsulated = True
        form = struct.Struct("<HHI" if level.encoding.little else ">HHI")
        position = body
        for number in range(MOST_FRAGMENTS):
            if position + 8 > level.end:
                picture.cut = True
                return level.end
            group, element, size = form.unpack_from(self._data, position)
            position += 8
            if group << 16 | element != tags.ITEM:
                return (
                    position if group << 16 | element == tags.SEQUENCE_DELIMITATION else level.end
                )
            end = min(level.end, position + size)
            picture.cut = picture.cut or end < position + size
            if number:
                picture.fragments.append(self._view[position:end])
            else:
                picture.offsets = bytes(self._view[position:end])
            position = end
        return level.end

    def _closed(self, level: _Level) -> Iterator[StoredPicture]:
        """The pictures of a data set that has ended."""
        picture = level.picture
        if picture is None:
            return
        has_pixels = bool(picture.pixels or picture.encapsulated)
        if has_pixels and ((picture.rows and picture.columns) or picture.only_its_stream_tells):
            self._yielded += 1
            yield picture
        for overlay in level.overlays.values():
            plane = _overlay(picture, overlay, self._view[:0])
            if plane is not None and self._yielded < MOST_PICTURES:
                self._yielded += 1
                yield plane


def _overlay(
    picture: StoredPicture, overlay: dict[int, bytes], none: memoryview
) -> StoredPicture | None:
    """A plane of one bit a pixel, in data of its own or in unused bits of the pixels."""
    form = "<H" if picture.little else ">H"
    values = {
        tags.ROWS: overlay.get(tags.OVERLAY_ROWS, b""),
        tags.COLUMNS: overlay.get(tags.OVERLAY_COLUMNS, b""),
        tags.NUMBER_OF_FRAMES: overlay.get(tags.OVERLAY_FRAMES, b"1"),
        tags.BITS_ALLOCATED: struct.pack(form, 1),
        tags.PHOTOMETRIC_INTERPRETATION: b"MONOCHROME2",
    }
    plane = StoredPicture(values, "", picture.little, none, nested=True, overlay=True)
    if overlay.get(tags.OVERLAY_DATA):
        plane.pixels = memoryview(overlay[tags.OVERLAY_DATA])
        return plane if plane.rows and plane.columns else None
    position = overlay.get(tags.OVERLAY_BIT_POSITION, b"")
    bit = struct.unpack_from(form, position)[0] if len(position) >= 2 else 0
    if not bit or bit >= picture.bits or picture.encapsulated or picture.bits not in (8, 16):
        return None
    values[tags.ROWS] = picture.values[tags.ROWS] if picture.rows else b""
    values[tags.COLUMNS] = picture.values[tags.COLUMNS] if picture.columns else b""
    values[tags.NUMBER_OF_FRAMES] = picture.values.get(tags.NUMBER_OF_FRAMES, b"1")
    values[tags.BITS_ALLOCATED] = picture.values[tags.BITS_ALLOCATED]
    plane.bit, plane.pixels = bit, picture.pixels
    return plane if plane.rows and plane.columns else None
