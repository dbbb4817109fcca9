"""The clinical header: what a file says of person, study and picture, without what transport
changes; and its fingerprint.

Two files have the same clinical header where they say the same. Left out is how a copy was
written and where it can be fetched: transfer syntax, group lengths, file meta information,
padding, the way colours are laid out in memory. Texts count by their letters, so that another
character set changes nothing; numbers in text by their value; an element without a value is as
if it were not there. A signature is no part of what it signs.

Source: PS3.5 (2026c) 6.2 (padding, white space), 7.8.1 (private blocks), 8.2 (what compression
changes in a header).
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from companion.receipts import tags as own
from companion.receipts.elements import PIXELS, DataSet, Element, place_of
from companion.scans.dicom import dictionary, tags


class About(StrEnum):
    """What a detail is about, for a patient's words."""

    PERSON = "person"
    TIME = "time"
    SIDE = "side"
    WINDOW = "window"
    PLACE = "place"  # where in the body the picture lies, and how large a point is
    NUMBERS = "numbers"  # UIDs
    OTHER = "other"


LEFT_OUT = frozenset(
    {
        *PIXELS, tags.EXTENDED_OFFSET_TABLE, tags.EXTENDED_OFFSET_TABLE_LENGTHS,
        tags.SPECIFIC_CHARACTER_SET, tags.DATA_SET_TRAILING_PADDING, tags.PLANAR_CONFIGURATION,
        tags.ICON_IMAGE_SEQUENCE, tags.DERIVATION_DESCRIPTION, own.DERIVATION_CODE_SEQUENCE,
        own.LOSSY_IMAGE_COMPRESSION, own.LOSSY_IMAGE_COMPRESSION_RATIO,
        own.LOSSY_IMAGE_COMPRESSION_METHOD,
        tags.DIGITAL_SIGNATURES_SEQUENCE, tags.MAC_PARAMETERS_SEQUENCE,
        own.LENGTH_TO_END, own.RETRIEVE_AE_TITLE, own.INSTANCE_AVAILABILITY, own.RETRIEVE_URL,
        own.RETRIEVE_LOCATION_UID, own.STORAGE_MEDIA_FILE_SET_ID, own.STORAGE_MEDIA_FILE_SET_UID,
    }
)  # fmt: skip
"""What is no part of the clinical header: how the points are stored, what a compressor writes of
itself (whether it changed points, these tell), and the icon that an archive makes anew."""

SIDE = frozenset(
    {
        own.LATERALITY, own.IMAGE_LATERALITY, own.FRAME_LATERALITY, own.MEASUREMENT_LATERALITY,
        own.PATIENT_ORIENTATION,
    }
)  # fmt: skip
WINDOW = frozenset(
    {
        own.WINDOW_CENTER, own.WINDOW_WIDTH, own.WINDOW_CENTER_WIDTH_EXPLANATION,
        own.VOI_LUT_FUNCTION, own.VOI_LUT_SEQUENCE, own.MODALITY_LUT_SEQUENCE,
        own.LUT_DESCRIPTOR, own.LUT_DATA, own.RESCALE_TYPE, own.PRESENTATION_LUT_SHAPE,
        tags.RESCALE_INTERCEPT, tags.RESCALE_SLOPE, tags.PHOTOMETRIC_INTERPRETATION,
    }
)  # fmt: skip
PLACE = frozenset(
    {
        own.PATIENT_POSITION, own.VIEW_POSITION, own.SLICE_THICKNESS, own.SLICE_LOCATION,
        own.IMAGER_PIXEL_SPACING, own.NOMINAL_SCANNED_PIXEL_SPACING, own.PIXEL_ASPECT_RATIO,
        tags.IMAGE_POSITION_PATIENT, tags.IMAGE_ORIENTATION_PATIENT, tags.PIXEL_SPACING,
    }
)  # fmt: skip
VIEW = SIDE | WINDOW | PLACE
_DIRECTORY = tags.DIRECTORY_RECORD_SEQUENCE >> 16
_OF_DIRECTORY = frozenset(
    {
        own.DIRECTORY_RECORD_TYPE, own.REFERENCED_SOP_CLASS_UID_IN_FILE,
        own.REFERENCED_SOP_INSTANCE_UID_IN_FILE,
    }
)  # fmt: skip
"""What counts of the elements that make a disc's index; the others say where on the disc."""
_TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "PN"})
_WHOLE_TEXTS = frozenset({"ST", "LT", "UT"})
"""One value each, in which a backslash is a letter; what is in front of it counts."""
_CODES = frozenset({"AE", "AS", "CS", "DA", "DT", "TM", "UI", "UR"})
_NUMBERS = frozenset({"DS", "IS"})
WIDTHS = {
    "US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4, "FD": 8,
    "SV": 8, "UV": 8, "OD": 8, "OV": 8,
}  # fmt: skip
_COLOURS = re.compile(r"(RGB|YBR_.*)")
_TEXT = re.compile(rb"[\t\n\f\r\x1b\x20-\x7e\x80-\xff]*")


def about(tag: int, vr: str) -> About:
    """What an element is about, for a patient's words."""
    if tag in SIDE:
        return About.SIDE
    if tag in WINDOW:
        return About.WINDOW
    if tag in PLACE:
        return About.PLACE
    if tag >> 16 == tags.PATIENT_NAME >> 16:
        return About.PERSON
    if vr in {"DA", "TM", "DT"}:
        return About.TIME
    return About.NUMBERS if vr == "UI" else About.OTHER


def fingerprints(dataset: DataSet) -> tuple[str, str]:
    """The fingerprint of a data set's clinical header, and that of its part which says how the
    picture is to be seen (side, window, place in the body); SHA-256 in hexadecimal digits."""
    whole = hashlib.sha256(b"".join(_written(dataset, in_header, top=True)))
    view = hashlib.sha256(b"".join(_written(dataset, _in_view, top=True)))
    return whole.hexdigest(), view.hexdigest()


_Takes = Callable[[int, bool], bool]
"""Whether an element belongs to what is written, by its tag and whether it is at the top."""


def in_header(tag: int, top: bool) -> bool:
    """Whether an element belongs to the clinical header, by its tag and whether it is at the top
    of the data set; sequences are asked for what they hold."""
    if tag in PIXELS:
        return not top  # those of a picture inside an item
    if tag >> 16 == _DIRECTORY:
        return tag in _OF_DIRECTORY
    return tag not in LEFT_OUT and bool(tag & 0xFFFF)


def _in_view(tag: int, top: bool) -> bool:  # noqa: ARG001 - as ``_Takes`` has it
    return tag in VIEW or tags.is_overlay(tag)


def _written(dataset: DataSet, takes: _Takes, *, top: bool) -> list[bytes]:
    """A data set in one form: its elements in order, each with its place, length and value.
    Sequences are searched, and are there where something in their items is."""
    out: list[bytes] = []
    for element in sorted(dataset.elements, key=place_of):
        tag = element.tag
        if tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF:
            continue  # each private element names its creator
        if element.items is not None:
            if tag in LEFT_OUT:
                continue
            items = [b"".join(_written(item, takes, top=False)) for item in element.items]
            if any(items):
                out += _framed(element, b"".join(b"(%d)" % len(one) + one for one in items))
            continue
        if takes(tag, top) and (value := value_of(element, dataset)):
            out += _framed(element, value)
    return out


def _framed(element: Element, value: bytes) -> list[bytes]:
    place = place_of(element).encode("utf-8", "surrogatepass")
    return [b"%d:%b=%d:" % (len(place), place, len(value)), value]


def value_of(element: Element, around: DataSet) -> bytes:
    """An element's value in one form, whatever the way it was written; empty for none."""
    if element.fragments is not None:
        return b"".join(struct.pack(">I", len(one)) + bytes(one) for one in element.fragments)
    raw, vr = bytes(element.value), element.vr
    if not raw:
        return b""
    if element.tag >> 16 & 1 or dictionary.public_vr(element.tag) == "UN":
        return _unknown(element, raw)
    if vr in _TEXTS:
        return _text(vr, raw, around.codecs)
    if vr in _NUMBERS:
        return _numbers(raw)
    if vr in _CODES:
        value = b"\\".join(part.strip(b" \0") for part in raw.split(b"\\")).rstrip(b"\\ \0")
        if element.tag == tags.PHOTOMETRIC_INTERPRETATION:
            return _COLOURS.sub("COLOUR", value.decode("latin-1")).encode("latin-1")
        return value
    return raw if element.little else turned(raw, WIDTHS.get(vr, 1))


def _unknown(element: Element, raw: bytes) -> bytes:
    """A value of which not every program knows the kind, as text where it may be that: whoever
    lacks its maker's dictionary writes it as bytes (UN), and nobody then knows what padding is."""
    if not element.little:
        raw = turned(raw, WIDTHS.get(element.vr, 1))
    return raw.rstrip(b" \0") if _TEXT.fullmatch(raw.rstrip(b"\0")) else raw


def turned(raw: bytes, width: int) -> bytes:
    """Numbers of so many bytes from big to little endian."""
    if width == 1 or len(raw) % width:
        return raw
    turned = bytearray(len(raw))
    for number in range(width):
        turned[number::width] = raw[width - 1 - number :: width]
    return bytes(turned)


def _text(vr: str, raw: bytes, codecs: tuple[str, ...]) -> bytes:
    stripped = raw.rstrip(b" \0")
    if stripped.isascii() and b"\x1b" not in stripped:
        text = stripped.decode("ascii")
    else:
        text = _decoded(vr, stripped, codecs)
    if vr in _WHOLE_TEXTS:
        return text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    parts = [part.strip(" \0") for part in text.split("\\")]
    if vr == "PN":
        parts = ["=".join(group.rstrip("^ ") for group in part.split("=")) for part in parts]
        parts = [part.rstrip("=") for part in parts]
    return "\\".join(parts).rstrip("\\").encode("utf-8", "surrogatepass")


@lru_cache(maxsize=4_096)
def _decoded(vr: str, raw: bytes, codecs: tuple[str, ...]) -> str:
    return dictionary.text_of(vr, raw, list(codecs), little=True)


def _numbers(raw: bytes) -> bytes:
    """Numbers in text by their value: ``1.50`` is ``1.5``, and no other number is."""
    return b"\\".join(_number(part) for part in raw.split(b"\\")).rstrip(b"\\")


@lru_cache(maxsize=65_536)
def _number(part: bytes) -> bytes:
    text = part.strip(b" \0")
    if len(text) > 28:  # more digits than ``Decimal`` keeps
        return text
    try:
        number = Decimal(text.decode("ascii"))
    except (InvalidOperation, UnicodeDecodeError):
        return text
    if not number.is_finite():
        return text
    if not number:
        return b"0"
    return str(number.normalize()).encode("ascii")
