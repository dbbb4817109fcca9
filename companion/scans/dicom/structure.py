"""What a walk over a data set works with: contexts, open containers, its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from companion.scans.inventory import Element, Passage, Seen

if TYPE_CHECKING:
    from companion.scans.dicom.header_cache import Run, Stretch

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
CHARACTER_SET = 0x00080005
PADDING = 0xFFFCFFFC
DOCUMENT = 0x00420011
COLOUR_PROFILE = 0x00282000
FLOAT_PIXELS, DOUBLE_PIXELS = 0x7FE00008, 0x7FE00009
BULK = frozenset({PIXEL_DATA, FLOAT_PIXELS, DOUBLE_PIXELS, 0x7FE00001, 0x7FE00002})
"""Pixels and tables of where they stand: passed by."""
LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
CACHED = 4_096
"""Bytes up to which an element is recognised by its bytes, beyond by their digest."""
FRAGMENT_HEAD = 65_536
"""Bytes kept of a fragment of compressed pixel data, for the EXIF inside it."""
FRAGMENT_TAIL = 4_096
"""Bytes kept of its end, for what stands behind the picture."""

# Roles of elements that mean something to the walk itself. 1 to 7 are columns of Study,
# the next say how many bytes of pixels there should be.
SAMPLES, COLOURS, FRAMES, ROWS, COLUMNS, BITS, ELSEWHERE = range(8, 15)
CHARSET_ROLE, CREATOR_ROLE, OTHER_ROLE = 15, 16, 17
NOTHING = Seen(0, "", -1)
"""Stands for the value of an element that has none."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a data set is written."""

    explicit: bool
    little: bool


EXPLICIT = Encoding(explicit=True, little=True)
IMPLICIT = Encoding(explicit=False, little=True)
BIG = Encoding(explicit=True, little=False)


@dataclass(slots=True)
class Attachment:
    """A document or picture inside an element, to be read by another reader."""

    place: str
    path: str
    tag: str
    data: bytes = field(repr=False)


@dataclass(slots=True, eq=False)
class Hit:
    """What the raw bytes of one element were found to be."""

    element: Element
    seen: Seen
    role: int
    text: str = field(repr=False)
    passages: tuple[Passage, ...] = ()
    stretch: Stretch | None = None
    """The stretch that was learned to begin with it (see ``stretches``)."""


class Scope:
    """A context in which equal bytes mean the same: place, path, encoding, charset."""

    __slots__ = (
        "cache", "charsets", "children", "encoding", "encodings", "key", "place", "private",
        "sequences", "top",
    )  # fmt: skip

    def __init__(
        self, place: str, key: str, encoding: Encoding, encodings: list[str], top: bool
    ) -> None:
        self.place = place
        self.key = key
        self.encoding = encoding
        self.encodings = encodings
        self.top = top
        self.cache: dict[bytes, Hit] = {}
        self.private: dict[str, dict[bytes, Hit]] = {}
        self.children: dict[tuple[int, bool, str], Scope] = {}
        self.sequences: dict[tuple[int, str], Hit | None] = {}
        self.charsets: dict[bytes, Scope] = {}


@dataclass(slots=True)
class Walk:
    """One walk over one data set: what it needs, and what came out of it."""

    data: bytes = field(repr=False)
    gaps: dict[int, int] = field(default_factory=dict)
    """Bytes left out of the value that starts at an offset (see ``condenser``)."""
    heads: dict[int, int] = field(default_factory=dict)
    """How many bytes of such a value stand before those left out."""
    stopped: int = 0
    """Where the walk ended; the end of the data, if all was understood."""
    notes: set[str] = field(default_factory=set)
    ended: bool = False
    """At the top, something stands at ``stopped`` that is no element of the data set."""
    study: list[str] = field(default_factory=lambda: [""] * CHARSET_ROLE, repr=False)
    attachments: list[Attachment] = field(default_factory=list, repr=False)
    elements: int = 0
    has_pixels: bool = False
    bulk: tuple[int, int] | None = None
    """Offset and length of the value of the pixel data at the top, once seen."""
    plain: tuple[int, int, int] | None = None
    """Tag, offset and length of pixels at the top that are not compressed."""


@dataclass(slots=True)
class Frame:
    """A container that is open while its contents are walked."""

    sequence: bool
    end: int
    undefined: bool
    scope: Scope
    path: str
    tag: int = 0
    items: int = 0
    creators: dict[int, str] = field(default_factory=dict, repr=False)
    previous: int = -1
    tags: list[int] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    checked: int = 0
    """How many of ``tags`` are in ``known``, which only a disordered data set needs."""
    run: Run | None = None
    """What is being learned, at the top of a data set."""


class Stop(Exception):  # noqa: N818 - it is control flow, not an error
    """Ends a walk: the rest of the data was not understood."""
