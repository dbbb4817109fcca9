"""Oddities of the files themselves: bytes after the end, an element that stands twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from companion.scans.findings import Place


class FactKind(StrEnum):
    """What sort of oddity a ``Fact`` is."""

    PREAMBLE_NOT_EMPTY = "preamble-not-empty"  # detail: the format it looks like
    TRAILING_BYTES = "trailing-bytes"  # detail: how many bytes
    PADDING = "padding"  # detail: zeros, or data set trailing padding
    SECOND_DATASET = "second-dataset"  # another DICOM file or data set follows the first
    TAG_TWICE = "tag-twice"
    OVERLAY_PLANE = "overlay-plane"
    OVERLAY_IN_HIGH_BITS = "overlay-in-high-bits"
    DEFLATED = "deflated"
    NO_PREAMBLE = "no-preamble"
    NO_META = "no-meta"
    ICON = "icon"
    ENCRYPTED_CONTENT = "encrypted-content"
    DIGITAL_SIGNATURE = "digital-signature"
    PIXEL_DATA = "pixel-data"
    ENCAPSULATED_DOCUMENT = "encapsulated-document"  # detail: its kind
    PROGRAM_RESULT = "program-result"  # detail: labelled lines; made by a program, by its fields
    MADE_OBJECT = "made-object"  # detail: labelled lines; a picture or mark some program made
    EQUIPMENT = "equipment"  # detail: labelled lines; a device that worked on the file
    WRITTEN_REPORT = "written-report"  # detail: labelled lines
    UNSIGNED_TEXT = "unsigned-text"  # detail: words of a program that no person has signed
    UNSIGNED_REST = "unsigned-rest"  # more of them than are kept
    DEVICE_TEXT = "device-text"  # detail: tag and value by which a file names a program
    DEEP_RESOLVE = "deep-resolve"  # detail: on, off or unsaid, by a Siemens protocol
    DEVICE_PLACE = "device-place"  # detail: where a program ran
    ARCHIVE_HIDDEN_BYTES = "archive-hidden-bytes"  # bytes of a ZIP that belong to no listed entry


PICTURES = frozenset(
    {FactKind.PIXEL_DATA, FactKind.ICON, FactKind.OVERLAY_PLANE, FactKind.OVERLAY_IN_HIGH_BITS}
)
"""What says that a file holds something to look at."""


@dataclass(slots=True)
class Fact:
    """An oddity of the files themselves, such as bytes after the end."""

    kind: FactKind
    path: str
    place: Place
    detail: str = field(repr=False)
    example: str = field(repr=False)
    where: int = field(repr=False)
    """The files it occurs in: a bit for the number of each."""

    @property
    def files(self) -> int:
        """Number of files it occurs in."""
        return self.where.bit_count()
