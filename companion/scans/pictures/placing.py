"""A DICOM file's header -> where in the patient each of its frames lies.

Slices of one file each say it at the top of the data set; enhanced multi-frame pictures say
it in functional groups, some shared by all frames and some for each. The walk reads heads
and skips what it does not need, is bounded and never raises for what the data hold.

Source: PS3.3 (2026c) C.7.6.2 (image plane), C.7.6.16 (functional groups).
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans.dicom import tags
from companion.scans.dicom.encoding import IMPLICIT, Encoding
from companion.scans.dicom.preamble import DEFLATED_SYNTAXES, data_set_start, encoding_of
from companion.scans.dicom.structure import UNDEFINED

MOST_ELEMENTS = 400_000
"""Elements and items walked over in one file: 5,000 frames have some sixty each."""
MOST_INFLATED = 64 * 1024 * 1024
"""Bytes of a deflated data set; the header of one stands before its pixels."""
MOST_DEPTH = 32
MOST_VALUE = 256
"""Bytes of a value that is looked at."""
_FARTHEST = 10_000.0
"""Millimetres: no scanner's table goes as far."""
_TINY, _HUGE = 0.05, 20.0
"""Millimetres between the middles of two pixels."""

VOLUMES = frozenset({"CT", "MR"})
"""Modalities whose slices show the skin."""

_GROUPS = frozenset(
    {
        tags.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, tags.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        tags.PLANE_POSITION_SEQUENCE, tags.PLANE_ORIENTATION_SEQUENCE,
        tags.PIXEL_MEASURES_SEQUENCE, tags.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    }
)  # fmt: skip
_OF_A_FRAME = frozenset(
    {
        tags.IMAGE_POSITION_PATIENT, tags.IMAGE_ORIENTATION_PATIENT, tags.PIXEL_SPACING,
        tags.RESCALE_SLOPE, tags.RESCALE_INTERCEPT,
    }
)  # fmt: skip
_WANTED = _OF_A_FRAME | {tags.MODALITY, tags.SERIES_INSTANCE_UID, tags.NUMBER_OF_FRAMES}

Direction = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a grid of points in the patient."""

    direction: Direction
    first: float
    """Millimetres along ``direction`` at which the grid begins."""

    def turned(self, length: float) -> Axis:
        """The same from its other end, ``length`` mm away."""
        x, y, z = self.direction
        return Axis((-x, -y, -z), -(self.first + length))


@dataclass(frozen=True, slots=True)
class Placed:
    """One frame's place. Directions and places are the patient's: to the left, to the back,
    to the head (LPS), in millimetres."""

    position: Direction
    """Of the middle of the first pixel."""
    along_row: Direction
    along_column: Direction
    spacing: tuple[float, float]
    """Between rows, between columns."""
    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the frames of one file lie, by their numbers from 0."""

    series: str = field(repr=False)
    modality: str
    frames: dict[int, Placed] = field(repr=False)


_Values = dict[int, bytes]


def placing(data: bytes) -> Placing | None:
    """Where a file's frames lie; None where it is no slice of a volume, or does not say."""
    start = data_set_start(data)
    if start is None:
        return None
    encoding, offset, syntax = encoding_of(data, start)
    if syntax in DEFLATED_SYNTAXES:
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[offset:], MOST_INFLATED)
        except zlib.error:
            return None
        offset = 0
    own: _Values = {}
    shared: _Values = {}
    each: dict[int, _Values] = {}
    for group, item, tag, value in _walk(data, encoding, offset):
        if group == tags.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE:
            each.setdefault(item, {}).setdefault(tag, value)
        else:
            (shared if group else own).setdefault(tag, value)
    modality = _text(own, tags.MODALITY)
    series = _text(own, tags.SERIES_INSTANCE_UID)
    if modality not in VOLUMES or not series:
        return None
    if not each and _numbers(own, tags.NUMBER_OF_FRAMES, 1, (1.0,)) != (1.0,):
        return None  # frames in time, or without places
    frames: dict[int, Placed] = {}
    for number, values in (each or {0: {}}).items():
        placed = _placed({**own, **shared, **values})
        if placed is not None:
            frames[number] = placed
    return Placing(series, modality, frames) if frames else None


@dataclass(slots=True)
class _Level:
    """A data set or a sequence that is open."""

    end: int
    encoding: Encoding
    is_sequence: bool = False
    wanted: bool = True
    group: int = 0
    """The functional groups that it is a part of; 0 outside of them."""
    item: int = -1
    """Which item of them, from 0."""
    items: int = 0
    """Of a sequence: how many of its items were met."""


def _walk(data: bytes, encoding: Encoding, position: int) -> Iterator[tuple[int, int, int, bytes]]:
    """``(functional groups, number of their item, tag, value)`` of the elements wanted."""
    levels = [_Level(len(data), encoding)]
    for _ in range(MOST_ELEMENTS):
        while levels and position >= levels[-1].end:
            levels.pop()
        if not levels or len(levels) > MOST_DEPTH:
            return
        level = levels[-1]
        if level.is_sequence:
            position = _open_item(levels, data, position)
            continue
        tag, vr, length, body = level.encoding.read_head(data, position, level.end)
        if not tag or (tag >= tags.PIXEL_DATA and len(levels) == 1):
            return
        if tag == tags.ITEM_DELIMITATION:
            levels.pop()
            position += 8
        elif length == UNDEFINED or tag in _GROUPS:
            # PS3.5 6.2.2 note 2: UN of undefined length is written in implicit VR.
            end = level.end if length == UNDEFINED else min(level.end, body + length)
            inner = IMPLICIT if vr == b"UN" else level.encoding
            wanted = level.wanted and tag in _GROUPS
            group = level.group or (tag if len(levels) == 1 else 0)
            levels.append(_Level(end, inner, True, wanted, group, level.item))
            position = body
        else:
            if tag in _WANTED and level.wanted and length <= MOST_VALUE:
                yield level.group, level.item, tag, data[body : body + length]
            position = body + length


def _open_item(levels: list[_Level], data: bytes, position: int) -> int:
    """Open the item that begins here, or end the sequence; returns where to go on."""
    sequence = levels[-1]
    length = _item(data, position, sequence.end, sequence.encoding)
    if length is None:
        levels.pop()
        return position + 8
    end = sequence.end if length == UNDEFINED else min(sequence.end, position + 8 + length)
    item = sequence.items if len(levels) == 2 else sequence.item
    sequence.items += 1
    levels.append(
        _Level(end, sequence.encoding, wanted=sequence.wanted, group=sequence.group, item=item)
    )
    return position + 8


def _item(data: bytes, position: int, end: int, encoding: Encoding) -> int | None:
    """The length of the item that begins here; None where none does."""
    if position + 8 > end:
        return None
    mark = "<HHI" if encoding.little else ">HHI"
    group, number, length = struct.unpack_from(mark, data, position)
    return int(length) if group << 16 | number == tags.ITEM else None


def _text(values: _Values, tag: int) -> str:
    return values.get(tag, b"").decode("latin-1").strip(" \0")


def _numbers(
    values: _Values, tag: int, count: int, missing: tuple[float, ...] | None = None
) -> tuple[float, ...] | None:
    """That many finite numbers in digits (VR DS, IS)."""
    parts = values.get(tag, b"").split(b"\\")
    if len(parts) != count:
        return missing
    try:
        numbers = tuple(float(part.strip(b" \0")) for part in parts)
    except ValueError:
        return missing
    return numbers if all(map(math.isfinite, numbers)) else missing


def _placed(values: _Values) -> Placed | None:
    position = _numbers(values, tags.IMAGE_POSITION_PATIENT, 3)
    directions = _numbers(values, tags.IMAGE_ORIENTATION_PATIENT, 6)
    spacing = _numbers(values, tags.PIXEL_SPACING, 2)
    if position is None or directions is None or spacing is None:
        return None
    row, column = directions[:3], directions[3:]
    across = sum(one * other for one, other in zip(row, column, strict=True))
    if (
        any(abs(math.hypot(*direction) - 1) > 0.05 for direction in (row, column))
        or abs(across) > 0.05
        or max(map(abs, position)) > _FARTHEST
        or not all(_TINY <= one <= _HUGE for one in spacing)
    ):
        return None
    (slope,) = _numbers(values, tags.RESCALE_SLOPE, 1, (1.0,)) or (1.0,)
    (intercept,) = _numbers(values, tags.RESCALE_INTERCEPT, 1, (0.0,)) or (0.0,)
    if not (0 < abs(slope) < 1e6 and abs(intercept) < 1e7):
        slope, intercept = 1.0, 0.0
    return Placed(
        (position[0], position[1], position[2]), (row[0], row[1], row[2]),
        (column[0], column[1], column[2]), (spacing[0], spacing[1]), slope, intercept,
    )  # fmt: skip
