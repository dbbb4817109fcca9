"""A picture's fingerprints: as it is stored, and of its points in one form.

The points of a picture are its stored samples, each in the bits that are used, little endian,
the colours of a point beside each other. A picture that is not compressed is brought into this
form here, without numpy, so that a browser and a light installation say the same as a server. A
compressed one is decoded by whoever brings a decoder (``decoding``).

Source: PS3.3 C.7.6.3 (2026c) and PS3.5 8.1, 8.2.
"""

from __future__ import annotations

import array
import hashlib
from dataclasses import dataclass

from companion.receipts import tags as own
from companion.receipts.clinical import turned
from companion.receipts.elements import PIXELS, DataSet, Element
from companion.scans.dicom import tags

_WITH_LOSS = frozenset(
    f"1.2.840.10008.1.2.4.{number}" for number in (*range(50, 57), 81, 91, 93, 111, 112, 203)
)
_HALVED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"})
_IN_COLOUR = frozenset({"RGB", "YBR_FULL", "YBR_RCT", "YBR_ICT", *_HALVED})
_COLOURS = frozenset({"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "XYB", *_IN_COLOUR})
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Shape:
    """How a picture's samples are laid out, as its header says."""

    rows: int
    columns: int
    samples: int
    bits: int
    """Of a sample, in memory."""
    stored: int
    """Bits of it that are used."""
    low: int
    """How many unused bits are below them."""
    frames: int
    planar: bool
    colours: str

    @property
    def count(self) -> int:
        """Samples in all frames."""
        return self.rows * self.columns * self.samples * self.frames

    @property
    def size(self) -> int:
        """Bytes of all frames, where they are not compressed."""
        if self.colours in _HALVED and self.samples == 3:
            return self.rows * self.columns * 2 * self.frames * self.bits // 8
        return (self.count * self.bits + 7) // 8

    @property
    def masked(self) -> bool:
        """Whether a sample has bits that are not its own."""
        return self.stored != self.bits


@dataclass(frozen=True, slots=True)
class Picture:
    """The fingerprints of a file's pictures."""

    stored: str = ""
    points: str = ""
    """Empty where they have to be decoded first."""
    frames: int = 0
    cut: bool = False
    """There are fewer points than the header asks for."""
    compressed: bool = False


NONE = Picture()


def picture_of(dataset: DataSet, syntax: str) -> Picture:
    """The fingerprints of the pictures at the top of a data set."""
    element = next((dataset.by_tag[tag] for tag in PIXELS if tag in dataset.by_tag), None)
    if element is None:
        return NONE
    shape = shape_of(dataset)
    if element.fragments is not None:
        digest = hashlib.sha256(syntax.encode("ascii", "replace"))
        for fragment in element.fragments[1:]:
            digest.update(fragment)  # in how many parts they are cut says nothing
        frames = shape.frames if shape else 1
        return Picture(digest.hexdigest(), "", frames, cut=element.cut, compressed=True)
    if not element.value:
        return NONE
    if shape is None:
        stored = hashlib.sha256(element.value).hexdigest()
        return Picture(stored, stored, 1)
    size = shape.size
    cut = element.cut or len(element.value) < size
    value = element.value[:size]
    stored = hashlib.sha256(value).hexdigest()
    points = "" if cut else _points(value, stored, element, shape)
    return Picture(stored, points, shape.frames, cut=cut)


def shape_of(dataset: DataSet) -> Shape | None:
    """How the picture at the top of a data set is laid out; None where that makes no sense."""
    rows, columns = _number(dataset, tags.ROWS), _number(dataset, tags.COLUMNS)
    samples = _number(dataset, tags.SAMPLES_PER_PIXEL) or 1
    bits = _number(dataset, tags.BITS_ALLOCATED)
    if not (rows and columns and samples <= 4 and bits in (1, 8, 16, 32, 64)):
        return None
    stored = _number(dataset, tags.BITS_STORED) or bits
    high = _number(dataset, tags.HIGH_BIT) if tags.HIGH_BIT in dataset.by_tag else stored - 1
    low = high + 1 - stored
    if stored > bits or not 0 <= low <= bits - stored:
        stored, low = bits, 0
    frames = _number(dataset, tags.NUMBER_OF_FRAMES) or 1
    planar = _number(dataset, tags.PLANAR_CONFIGURATION) == 1
    colours = dataset.text(tags.PHOTOMETRIC_INTERPRETATION).upper()
    return Shape(rows, columns, samples, bits, stored, low, frames, planar, colours)


def is_lossy(dataset: DataSet) -> bool:
    """Whether the file says that its picture was compressed with loss."""
    return dataset.text(own.LOSSY_IMAGE_COMPRESSION) == "01"


def are_mixed_otherwise(one: str, other: str) -> bool:
    """Whether two pictures in colour keep each colour by other amounts: their points then differ
    where they look the same."""
    return one != other and one in _IN_COLOUR and other in _IN_COLOUR


def colours_of(dataset: DataSet) -> str:
    """The Photometric Interpretation, where it is one of the standard's (PS3.3 C.7.6.3.1.2)."""
    text = dataset.text(tags.PHOTOMETRIC_INTERPRETATION).upper()
    return text if text in _COLOURS else ""


def is_coded_with_loss(syntax: str) -> bool:
    """Whether pictures of this transfer syntax may be coded so that each program that decodes
    them computes the points a little differently."""
    return syntax in _WITH_LOSS


def _number(dataset: DataSet, tag: int) -> int:
    text = dataset.text(tag).split("\\")[0].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0


def _points(value: bytes | memoryview, stored: str, element: Element, shape: Shape) -> str:
    """The fingerprint of points that are not compressed; ``stored``: that of their bytes."""
    planes = shape.planar and shape.samples > 1 and shape.colours not in _HALVED
    masks = shape.masked and element.tag == tags.PIXEL_DATA
    if element.little and not planes and not masks:
        return stored
    data = bytes(value)
    if not element.little:
        if shape.bits > 16 and element.vr == "OW":
            return ""  # some turn the sample round, others each half of it
        width = max(shape.bits // 8, 2 if element.vr == "OW" else 1)
        padded = bytes(element.value[: -(-len(data) // width) * width])
        data = turned(padded, width)[: len(data)]
    if planes:
        data = _beside(data, shape)
    if masks:
        data = masked(data, shape)
    return hashlib.sha256(data).hexdigest()


def _beside(data: bytes, shape: Shape) -> bytes:
    """Colours that lie in planes, one after the other in each frame, beside each other."""
    code = {8: "B", 16: "H", 32: "I", 64: "Q"}[shape.bits] if shape.bits > 1 else "B"
    words = array.array(code, data)
    out = array.array(code, bytes(len(data)))
    plane = shape.rows * shape.columns
    frame = plane * shape.samples
    for start in range(0, frame * shape.frames, frame):
        for sample in range(shape.samples):
            first = start + sample * plane
            out[start + sample : start + frame : shape.samples] = words[first : first + plane]
    return out.tobytes()


def masked(data: bytes, shape: Shape) -> bytes:
    """Samples with nothing but the bits that are used, at the lowest place.

    As one number of very many digits: so Python does it as quickly as a library would.
    """
    width = shape.bits // 8
    if not width or len(data) % width or not shape.masked:
        return data
    piece = 65_536 * width
    mask = int.from_bytes(((1 << shape.stored) - 1).to_bytes(width, "little") * 65_536, "little")
    out = bytearray()
    for start in range(0, len(data), piece):
        part = data[start : start + piece]
        number = int.from_bytes(part, "little") >> shape.low & mask
        out += number.to_bytes(len(part), "little")
    return bytes(out)
