"""Pixels -> words and faces: what stands in the picture itself.

This package is free of what its readers need (numpy, the decoders, the model runner): it
holds only what passes between the process that reads the headers and the one that looks at
the pictures. ``looker`` is the door to the rest, and is imported in that other process alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from companion.scans.findings import Box, Thumbnail

MOST_LEFT_OUT = 200
"""Frames of one file that are told one by one where nobody looked at them."""


class Letters(StrEnum):
    """Whether the words in a box could be read."""

    READ = "read"
    UNREAD = "unread"  # rows of letters, in an alphabet that the reader does not know
    CODE = "code"  # a bar code or QR code, and what it says


class Face(StrEnum):
    """What could be rebuilt from a volume."""

    YES = "yes"
    PART = "part"
    NO = "no"
    UNKNOWN = "unknown"  # slices are missing, or there was no room or time: nobody can say


@dataclass(frozen=True, slots=True)
class Words:
    """One line of writing in one frame."""

    box: Box
    letters: Letters
    text: str = field(repr=False)
    score: float
    """How sure the reader is, 0 to 1."""
    series: str = field(default="", repr=False)
    """What tells the frame's series from others, and the file's own picture from those inside
    it (``kinds.series_of``)."""
    rows: int = 0
    """Of the frame, in pixels."""
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """What a series of slices shows of a face."""

    series: str = field(repr=False)
    """Its Series Instance UID, or the file of an enhanced multi-frame picture."""
    file: str = field(repr=False)
    """The middle slice's."""
    files: int
    face: Face
    sure: float
    """0 to 1."""
    frame: int = 0
    """The middle slice in its file, and its size in pixels."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of one file's picture was looked at."""

    file: str = field(repr=False)
    frames: int
    """In the file."""
    looked_at: int
    """Frames whose words were read, or that the pre-filter found to hold none."""
    why_not: str = ""
    """A code of why frames were left out; empty where none were."""
    series: str = field(default="", repr=False)
    """What tells the series of its own picture from others, as ``Words.series``; empty where it
    has none."""
    left_out: tuple[int, ...] = ()
    """The first of the frames of its own picture that were not looked at; see ``MOST_LEFT_OUT``."""


@dataclass(frozen=True, slots=True)
class Looked:
    """All that looking at an upload's pictures gave."""

    seen: tuple[Seen, ...] = ()
    words: tuple[Words, ...] = ()
    volumes: tuple[Volume, ...] = ()
    thumbnails: tuple[Thumbnail, ...] = ()
