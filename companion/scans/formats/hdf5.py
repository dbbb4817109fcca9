"""Volumes in HDF5, as MINC 2 keeps them: the texts among their attributes.

"HDF5 File Format Specification" 3.0, IV.A.2.m (attribute messages) and III.E (global heap). The
tree of groups is not followed: an attribute message is known by its own structure wherever it
stands, and MINC calls by one name what it says of one thing. Voxels and other values stay unread,
and the file says so.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats.registry import LOOSE, Inside, Passages, begins, document_format
from companion.scans.formats.strings import text_runs

MOST = 5_000
"""Attributes that are read of one file."""
_LONGEST = 20_000
"""Bytes of one text."""
_NAME = rb"([A-Za-z][!-~]{0,62})\0{1,8}"
_FIXED = re.compile(
    # Version, sizes of name, type (8) and extent; a text of fixed length has class 3.
    rb"\x01\0(..)\x08\0(..)" + _NAME + rb"\x13[\0-\x12]\0\0(....)",
    re.DOTALL,
)
_VARYING = re.compile(
    rb"\x01\0(..)[\x10\x14]\0(..)" + _NAME + rb"\x19[\x01\x11]..\x10\0\0\0", re.DOTALL
)
_HEAP = b"GCOL"
_PATIENT = frozenset(
    {
        "full_name", "other_names", "identification", "other_ids", "birthdate", "address",
        "insurance_id",
    }
)  # fmt: skip
"""What MINC says of its variable "patient"."""


@document_format("HDF5", Kind.OTHER, fits=begins(signatures.HDF5))
def _read_inside(data: bytes, _inside: Inside) -> Passages:
    yield from attributes(data)
    yield from ((LOOSE, run) for run in text_runs(data))


def attributes(data: bytes) -> list[tuple[str, str]]:
    """The texts of all attributes with their names, as one passage; none where there are none.

    Never raises for what the data hold: what is damaged is passed over.
    """
    lines = [
        f"{'patient ' if name in _PATIENT else ''}{name.replace('_', ' ')}: {text}"
        for name, raw in _values(data)
        if (text := " ".join(raw.strip(b"\0 \r\n").decode("utf-8", "replace").split()))
    ]
    return [("HDF5 attributes", "\n".join(lines))] if lines else []


def _values(data: bytes) -> Iterator[tuple[str, bytes]]:
    count, heaps = 0, _Heaps(data)
    for found in (*_FIXED.finditer(data), *_VARYING.finditer(data)):
        fixed = found.re is _FIXED
        name_size, extent = (int.from_bytes(part, "little") for part in found.groups()[:2])
        if count >= MOST or len(found[3]) + 1 != name_size:
            continue
        count += 1
        type_at = found.start() + 8 + name_size + -name_size % 8
        type_size = data[found.start() + 4]
        start = type_at + type_size + -type_size % 8 + extent + -extent % 8
        if fixed:
            size = int.from_bytes(found[4], "little")
            raw = data[start : start + min(size, _LONGEST)]
        else:
            raw = heaps.text(start)
        yield found[3].decode("ascii"), raw


class _Heaps:
    """The global heaps of a file, in which texts of any length stand; each is walked once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST
        self._objects: dict[int, dict[int, tuple[int, int]]] = {}

    def text(self, at: int) -> bytes:
        """What the reference at an offset points to; nothing where that is no heap."""
        size, heap, number = struct.unpack("<IQI", self._data[at : at + 16].ljust(16, b"\0"))
        objects = self._objects.get(heap)
        if objects is None:
            objects = self._objects[heap] = dict(self._walk(heap))
        start, length = objects.get(number, (0, 0))
        return self._data[start : start + min(size, length, _LONGEST)]

    def _walk(self, heap: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """Number, offset and length of each object of a heap."""
        data = self._data
        if data[heap : heap + 4] != _HEAP:
            return
        end = min(len(data), heap + int.from_bytes(data[heap + 8 : heap + 16], "little"))
        at = heap + 16
        while at + 16 <= end and self._left > 0:
            self._left -= 1
            number, length = struct.unpack_from("<H6xQ", data, at)
            if not number:
                return
            yield number, (at + 16, length)
            at += 16 + length + -length % 8
