"""What the parser works with: contexts, decoded elements, open items, a parse's outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from companion.scans.dicom import tags
from companion.scans.dicom.encoding import Encoding
from companion.scans.findings import Note, Place
from companion.scans.inventory import Element, Passage, Seen

UNDEFINED = 0xFFFFFFFF
"""The length of what ends at a delimiter (PS3.5, 7.5)."""
BULK = frozenset(
    {
        tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA,
        tags.EXTENDED_OFFSET_TABLE, tags.EXTENDED_OFFSET_TABLE_LENGTHS,
    }
)  # fmt: skip
"""Pixels, and tables of where their frames are: skipped."""
CACHED = 4_096
"""Bytes up to which an element is recognised by its bytes; a longer one by their digest."""
FRAGMENT_HEAD = 65_536
"""Bytes kept of a fragment of compressed pixel data, for the EXIF inside it."""
FRAGMENT_TAIL = 4_096
"""Bytes kept of its end, for what may follow the picture."""

# The role of an element whose value the parser or the reader needs; NO_ROLE for all others.
NO_ROLE = 0
# The columns of ``inventory.Study``, in its order:
(
    PATIENT_ID, PATIENT_NAME, STUDY_UID, STUDY_DATE, INSTITUTION, MODALITY, FRAME_OF_REFERENCE,
    BIRTH_DATE,
) = range(1, 9)  # fmt: skip
# Which picture of which series it is, see ``series``:
SERIES_UID, INSTANCE_NUMBER = 9, 10
# How many bytes of pixels there should be:
SAMPLES, COLOURS, FRAMES, ROWS, COLUMNS, BITS, ELSEWHERE = range(11, 18)
# Roles from here on have no text to remember. The first two change how the elements that
# follow are read; OTHER_ROLE is for what the parser itself takes note of.
CHARSET_ROLE, CREATOR_ROLE, OTHER_ROLE = 18, 19, 20

NO_VALUE = Seen(0, "", -1)
"""In the place of the value, for an element that has none."""


@dataclass(slots=True)
class Attachment:
    """A document or picture inside an element, to be read by another reader."""

    place: Place
    path: str
    tag: str
    data: bytes = field(repr=False)


@dataclass(slots=True, eq=False)
class Decoded:
    """What the raw bytes of one element were found to be."""

    element: Element
    seen: Seen
    role: int
    text: str = field(repr=False)
    passages: tuple[Passage, ...] = ()
    run: CachedRun | None = None
    """The run of elements that begins with this one (see ``header_cache``)."""


@dataclass(slots=True)
class RunElement:
    """One element at the top of a data set; a sequence with all that it holds."""

    end: int
    """Where it ends, as an offset from the start of its run."""
    tag: int
    decoded: tuple[Decoded, ...]
    first: Decoded | None
    """Its own; None for a sequence, which a run cannot begin with."""


@dataclass(slots=True, eq=False)
class OpenRun:
    """Known elements, one after the other, in the file that is being read."""

    start: int
    elements: list[RunElement] = field(default_factory=list)
    creators: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class CachedRun:
    """A run that was kept, to be recognised in the files that follow."""

    data: bytes = field(repr=False)
    elements: list[RunElement]
    count: int
    """Elements in it, those inside sequences included."""
    role_texts: tuple[tuple[int, str], ...] = field(repr=False)
    creators: dict[int, str] = field(repr=False)
    tags: list[int]
    files: int = 0
    """Files it was recognised in since it was last settled."""
    slots: int = 0
    """Bits of their slots (see ``Inventory.identify``)."""
    where: int = 0
    """The same files, a bit for each."""


@lru_cache(maxsize=20_000)
def _place_of(around: Place, top: bool, group: int) -> Place:
    """Where a report says an element of this group is found; ``around`` is its data set's."""
    if around is Place.TRAILING:
        return Place.TRAILING
    if group & 1:
        return Place.PRIVATE
    if top and around is Place.HEADER:
        if group == 0x0002:
            return Place.FILE_META
        if group == 0x0004:
            return Place.DIRECTORY
        if group & 0xFF00 == 0x6000:
            return Place.OVERLAY
        if group == 0x0070:
            return Place.ANNOTATION
    return around


class Context:
    """Where equal bytes mean the same: the same place, path, encoding and character set."""

    __slots__ = (
        "cache", "charsets", "children", "codecs", "elements", "encoding", "is_header", "key",
        "place", "private", "sequences", "top",
    )  # fmt: skip

    def __init__(
        self, place: Place, key: str, encoding: Encoding, codecs: list[str], top: bool
    ) -> None:
        self.place = place
        self.key = key
        """The path without item numbers."""
        self.encoding = encoding
        self.codecs = codecs
        """Python's, for the character sets in use."""
        self.top = top
        self.is_header = top and place is Place.HEADER
        self.cache: dict[bytes, Decoded] = {}
        self.private: dict[str, dict[bytes, Decoded]] = {}
        """The same for private elements, by creator."""
        self.elements: dict[tuple[int, str, str], Element] = {}
        """Those in the inventory, by tag, VR and creator."""
        self.children: dict[tuple[int, bool, str], Context] = {}
        self.sequences: dict[tuple[int, str], Decoded | None] = {}
        self.charsets: dict[bytes, Context] = {}

    def place_of(self, tag: int) -> Place:
        """Where a report says that an element was found."""
        return _place_of(self.place, self.top, tag >> 16)


@dataclass(slots=True)
class DataSetParse:
    """One parse of one data set: what it needs, and what came of it."""

    data: bytes = field(repr=False)
    gaps: dict[int, int] = field(default_factory=dict)
    """Bytes left out of the value that starts at an offset (see ``condenser``)."""
    heads: dict[int, int] = field(default_factory=dict)
    """For such a value, how many bytes of it are held in front of the gap."""
    stopped: int = 0
    """Where the parse ended; the end of the data, if all of it was understood."""
    notes: set[Note] = field(default_factory=set)
    ended: bool = False
    """What follows ``stopped`` is not an element of this data set."""
    role_texts: list[str] = field(default_factory=lambda: [""] * CHARSET_ROLE, repr=False)
    """Values at the top, by their role."""
    attachments: list[Attachment] = field(default_factory=list, repr=False)
    elements: int = 0
    has_pixels: bool = False
    has_hidden_pixels: bool = False
    """Pixel data in a private sequence."""
    private_bytes: tuple[int, str] = (0, "")
    """Length and path of the longest private binary value that was decoded."""
    bulk: tuple[int, int] | None = None
    """Offset and length of the value of the pixel data at the top, once seen."""
    plain: tuple[int, int, int] | None = None
    """Tag, offset and length of pixels at the top that are not compressed."""


@dataclass(slots=True)
class OpenItem:
    """A data set, an item or a sequence whose contents are being parsed."""

    is_sequence: bool
    end: int
    undefined: bool
    context: Context
    path: str
    tag: int = 0
    items: int = 0
    creators: dict[int, str] = field(default_factory=dict, repr=False)
    previous: int = -1
    """The tag of the last element."""
    tags: list[int] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    checked: int = 0
    """How many of ``tags`` are in ``known``, which only a disordered data set needs."""
    run: OpenRun | None = None
    """What is being learned, at the top of a data set."""


Stack = list[OpenItem]
"""The open items, the innermost last."""


class StopParsing(Exception):  # noqa: N818 - it is control flow, not an error
    """Ends a parse: the rest of the data was not understood.

    ``note`` says why, if there is anything to say; ``position`` where, if that is not
    where the last element at the top ended.
    """

    def __init__(self, note: Note | None = None, position: int | None = None) -> None:
        self.note = note
        self.position = position
        super().__init__(note)
