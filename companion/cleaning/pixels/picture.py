"""A data set's own picture: taken out of it as it is stored, and written back.

Nothing is decoded here, and no numpy is needed.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydicom import Dataset
from pydicom.dataelem import DataElement
from pydicom.encaps import generate_fragments, parse_basic_offsets
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

from companion.cleaning.data_sets import is_compressed
from companion.scans.dicom import tags
from companion.scans.pictures.stored import PALETTES, StoredPicture, stored_pictures

_NUMBERS = (
    tags.ROWS, tags.COLUMNS, tags.SAMPLES_PER_PIXEL, tags.BITS_ALLOCATED, tags.BITS_STORED,
    tags.HIGH_BIT, tags.PIXEL_REPRESENTATION, tags.PLANAR_CONFIGURATION,
    *(palette[0] for palette in PALETTES),
)  # fmt: skip
_TEXTS = (
    tags.PHOTOMETRIC_INTERPRETATION, tags.NUMBER_OF_FRAMES, tags.MODALITY, tags.IMAGE_TYPE,
    tags.SOP_CLASS_UID, tags.SERIES_INSTANCE_UID,
)  # fmt: skip
_BYTES = (
    *(tag for palette in PALETTES for tag in palette[1:]),
    tags.EXTENDED_OFFSET_TABLE, tags.EXTENDED_OFFSET_TABLE_LENGTHS,
)  # fmt: skip
_PIXELS = (tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA)
_FLOAT_WORDS = {tags.FLOAT_PIXEL_DATA: "OF", tags.DOUBLE_FLOAT_PIXEL_DATA: "OD"}


@dataclass(frozen=True, slots=True)
class Repainted:
    """A picture as the copy gets it."""

    syntax: str
    """Transfer Syntax UID."""
    value: bytes = field(repr=False)
    """Of its pixels: in little endian, or the items of an encapsulated value."""
    encapsulated: bool = False
    elements: Mapping[str, int | str] = field(default_factory=dict)
    """What describes the pixels differently now, by keyword."""
    missing: Mapping[str, int | str] = field(default_factory=dict)
    """What is to be said where the data set says nothing of it."""


def picture_of(data_set: Dataset) -> StoredPicture | None:
    """The picture of a data set that has its file meta; None where it has none.

    Raises ``ValueError`` where its pixels are no value of theirs.
    """
    tag = next((one for one in _PIXELS if one in data_set), None)
    if tag is None:
        return None
    try:
        return _picture(data_set, tag)
    except (AttributeError, KeyError, TypeError, struct.error) as error:
        raise ValueError("no pixels") from error


def _picture(data_set: Dataset, tag: int) -> StoredPicture:
    syntax = UID(str(data_set.file_meta.TransferSyntaxUID))
    little = syntax != ExplicitVRBigEndian
    raw = data_set[tag].value
    if not isinstance(raw, bytes) or not raw:
        raise ValueError("no pixels")
    picture = StoredPicture(
        _described(data_set, little=little), str(syntax), little, memoryview(b""), kind=tag,
        words=data_set[tag].VR == "OW",
    )  # fmt: skip
    if is_compressed(syntax):
        picture.encapsulated = True
        offsets = parse_basic_offsets(raw)
        picture.offsets = struct.pack(f"<{len(offsets)}I", *offsets)
        start = 8 + len(picture.offsets)
        picture.fragments = [memoryview(one) for one in generate_fragments(raw[start:])]
    else:
        picture.pixels = memoryview(raw)
    return picture


def own_picture(data: bytes) -> StoredPicture | None:
    """The picture of a file itself, not one inside it; None where it has none."""
    for one in stored_pictures(data):
        if isinstance(one, StoredPicture) and not (one.nested or one.overlay):
            return one
    return None


def _described(data_set: Dataset, *, little: bool) -> dict[int, bytes]:
    order = "<" if little else ">"
    values: dict[int, bytes] = {}
    for tag in (*_NUMBERS, *_TEXTS, *_BYTES):
        value = data_set[tag].value if tag in data_set else None
        if value is None or value == "":
            continue
        if tag in _NUMBERS:
            several = [value] if isinstance(value, int) else list(value)
            values[tag] = b"".join(struct.pack(f"{order}H", int(one) & 0xFFFF) for one in several)
        elif tag in _TEXTS:
            parts = [value] if isinstance(value, str | int) else list(value)
            values[tag] = "\\".join(map(str, parts)).encode("latin-1", "replace")
        elif isinstance(value, bytes):
            values[tag] = value
    return values


def write_back(data_set: Dataset, picture: StoredPicture, repainted: Repainted) -> None:
    """Put the pixels and what describes them into the data set and its file meta."""
    if data_set.file_meta.TransferSyntaxUID == ExplicitVRBigEndian:
        _turn_palettes(data_set)
    for keyword, value in repainted.elements.items():
        setattr(data_set, keyword, value)
    for keyword, value in repainted.missing.items():
        if not data_set.get(keyword):
            setattr(data_set, keyword, value)
    for tag in (tags.EXTENDED_OFFSET_TABLE, tags.EXTENDED_OFFSET_TABLE_LENGTHS):
        if tag in data_set:
            del data_set[tag]
    wide = picture.bits > 8 and not repainted.encapsulated
    representation = _FLOAT_WORDS.get(picture.kind, "OW" if wide else "OB")
    element = DataElement(picture.kind, representation, repainted.value)
    element.is_undefined_length = repainted.encapsulated
    data_set[picture.kind] = element
    data_set.file_meta.TransferSyntaxUID = UID(repainted.syntax)


def _turn_palettes(data_set: Dataset) -> None:
    """Palettes in words, from big endian to little (PS3.5 7.3)."""
    for palette in PALETTES:
        for tag in palette[1:]:
            if tag in data_set and isinstance(data_set[tag].value, bytes):
                data_set[tag].value = turned(data_set[tag].value, 2)


def turned(value: bytes, size: int) -> bytes:
    """The value with the bytes of each of its words of ``size`` bytes in the other order."""
    whole = bytearray(value[: len(value) // size * size])
    for first in range(size // 2):
        last = size - 1 - first
        whole[first::size], whole[last::size] = whole[last::size], whole[first::size]
    return bytes(whole)


def in_little_endian(picture: StoredPicture) -> StoredPicture:
    """The same picture, its numbers and pixels in little endian (PS3.5 A.3, 8.1.1)."""
    if picture.little:
        return picture
    values = dict(picture.values)
    for tag in (*_NUMBERS, *_BYTES):
        if tag in values:
            values[tag] = turned(values[tag], 2)
    sizes = {tags.FLOAT_PIXEL_DATA: 4, tags.DOUBLE_FLOAT_PIXEL_DATA: 8}
    size = sizes.get(picture.kind, max(picture.bits // 8, 2 if picture.words else 1))
    pixels = bytes(picture.pixels) if size == 1 else turned(bytes(picture.pixels), size)
    return replace(
        picture, values=values, pixels=memoryview(pixels), little=True,
        syntax=str(ExplicitVRLittleEndian),
    )  # fmt: skip
