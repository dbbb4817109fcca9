"""What an inspection found: frozen, free of Django, to JSON (back: ``saved_report``).

The JSON is a contract (``companion-report`` version 1): the page's download and
``manage.py inspect --json`` are the same. Values are patients' own data, so they
are kept out of every ``repr``: a traceback or a log line cannot carry them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from companion.content import identifiers

FORMAT = "companion-report"
VERSION = 1
EDITION = f"DICOM {identifiers.EDITION}"

MAX_VALUES = 20
"""Distinct values that one finding carries."""
MAX_VALUE_LENGTH = 200
"""Characters at which a value is cut."""


MAX_FILES = 20_000
MAX_FINDINGS = 20_000
MAX_PEOPLE = 1_000
MAX_DAYS = 5_000
MAX_BOXES = 20
"""Bounds on what ``saved_report.read`` takes."""
MAX_THUMBNAIL_SIDE = 480
"""Pixels: what a phone shows well, and a page of many series can carry."""


class Kind(StrEnum):
    """What sort of file a file is."""

    DICOM = "dicom"
    DICOMDIR = "dicomdir"
    IMAGE = "image"
    PDF = "pdf"
    DOCUMENT = "document"
    PROGRAM = "program"
    ARCHIVE = "archive"
    OTHER = "other"


SCANS = frozenset({Kind.DICOM, Kind.DICOMDIR})
"""The kinds of files that are DICOM."""


class Status(StrEnum):
    """How much of a file was read."""

    READ = "read"
    PARTLY_READ = "partly-read"
    NOT_READ = "not-read"


class Place(StrEnum):
    """Where in an upload something was found."""

    HEADER = "header"
    NESTED = "nested"
    PRIVATE = "private"
    FILE_META = "file-meta"
    UID = "uid"
    PREAMBLE = "preamble"
    TRAILING = "trailing"
    OVERLAY = "overlay"
    ICON = "icon"
    PICTURE = "picture"
    FACE = "face"
    DOCUMENT = "document"
    REPORT_TEXT = "report-text"
    ANNOTATION = "annotation"
    WAVEFORM = "waveform"
    DIRECTORY = "directory"
    FILE_NAME = "file-name"
    ARCHIVE = "archive"
    OTHER_FILE = "other-file"


class Certainty(StrEnum):
    """How sure a finding is, the surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Note(StrEnum):
    """What there is to know about a file; the sentences are in ``content/identifiers``."""

    # read, with something to know
    NO_PREAMBLE = "no-preamble"  # a DICOM file without the 128 bytes and the mark at the start
    NO_META = "no-meta"  # no group 0002: how the file is written was guessed
    PADDING = "padding"  # zeros, blanks or the standard's padding at the end
    PADDING_NOT_EMPTY = "padding-not-empty"  # the standard's padding, with something in it
    PICTURE_NOT_LOOKED_AT = "picture-not-looked-at"  # a JPEG, PNG ...: only its metadata was read
    FRAMES_NOT_LOOKED_AT = "frames-not-looked-at"  # a part of its pictures was not looked at
    PICTURES_FAILED = "pictures-not-looked-at-now"  # a crash, a hang or no room: try again later
    PICTURES_NOT_INSTALLED = "pictures-not-looked-at-here"  # what looks at them is not installed
    PIXELS_SHORT = "pixels-short"  # fewer bytes of pixels than rows, columns ... ask for
    PIXELS_LONG = "pixels-long"  # more of them: the surplus was searched for text
    NO_PIXELS = "no-pixels"  # rows and columns, and no pixel data
    LETTERS_GUESSED = "letters-guessed"  # texts in a code page that nothing names: worked out
    ZIP_PATH_ESCAPES = "zip-path-escapes"  # a name in a ZIP that points outside its folder
    ZIP_LINK = "zip-link"
    ZIP_SAME_NAME = "zip-same-name"
    # DICOM, partly or not read
    EMPTY = "empty"  # a file of no bytes
    NOTHING_INSIDE = "nothing-inside"  # a DICOM header with no data after it
    TRUNCATED = "truncated"  # ends before it should
    LENGTH_LIES = "length-lies"  # a length inside points past the end of what holds it
    NOT_UNDERSTOOD = "not-understood"  # from some point on, the bytes make no sense
    TRAILING_BYTES = "trailing-bytes"  # bytes after the end that are not DICOM
    SECOND_DATASET = "second-dataset"  # another scan follows the first
    TAG_TWICE = "tag-twice"  # an element occurs twice; programs show only one of them
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    LONG_VALUE = "long-value"  # a text so long that only its beginning was kept
    VALUE_NOT_DECODED = (
        "value-not-decoded"  # a text in no alphabet that is known: its letters are wrong
    )
    LETTERS_NOT_TRIED = "letters-not-tried"  # more fields in unnamed alphabets than are weighed
    TOOK_TOO_LONG = "took-too-long"
    TOO_LARGE = "too-large"  # only a part of the file was held and read
    UNPACKS_TOO_MUCH = "unpacks-too-much"  # deflated data beyond the limit
    BAD_DEFLATE = "bad-deflate"
    ENCRYPTED_CONTENT = "encrypted-content"
    PART_NOT_CHECKED = "part-not-checked"  # a document or picture inside could not be checked
    INSIDE_UNKNOWN = "inside-unknown"  # a document inside that was only searched for loose text
    PACKED_NOT_OPENED = "packed-not-opened"  # something packed inside, in a way that is not known
    PACKED_CUT = "packed-cut"  # something packed inside, damaged or over a limit: its beginning
    ALSO_ARCHIVE = "also-archive"  # its preamble is the beginning of a ZIP
    # other files
    NOT_CHECKED = "not-checked"  # reading the file failed, took too long or took too much memory
    TEXT_ONLY = "text-only"  # a program or an old office file: only its loose text was searched
    DOCUMENT_CUT = "document-cut"  # too long: its end was not searched
    PICTURE_PAGE = "picture-page"  # a page of a document is a picture: nobody looked at it
    UNKNOWN_FORMAT = "unknown-format"  # only its readable text was searched
    PASSWORD = "password"  # noqa: S105 - a document that opens only with a password
    # archives
    ZIP_ENCRYPTED = "zip-encrypted"
    ZIP_TRUNCATED = "zip-truncated"  # the ZIP ends early: entries up to there are listed
    ZIP_NOT_STREAMABLE = "zip-not-streamable"  # unzip it and choose the folder
    ZIP_DAMAGED = "zip-damaged"  # wrong checksum, wrong size, or not readable from here on
    ZIP_METHOD = "zip-method"  # packed in a way that is not supported
    ZIP_UNPACKS_TOO_MUCH = "zip-unpacks-too-much"
    ZIP_TOO_MANY = "zip-too-many"
    ZIP_IN_ZIP = "zip-in-zip"  # a ZIP in a ZIP in a ZIP: not opened
    ZIP_HIDDEN_BYTES = "zip-hidden-bytes"  # bytes in the ZIP that belong to no entry
    ZIP_DIFFERS = "zip-differs"  # its table of contents and its entries differ
    RAR = "rar"
    SEVEN_ZIP = "seven-zip"
    TAR = "tar"
    COMPRESSED = "compressed"  # gzip, bzip2, xz
    DISC_IMAGE = "disc-image"  # ISO or other image of a disc: how to open it
    # the upload as a whole
    TOO_MANY_FILES = "too-many-files"
    TOO_MUCH_DATA = "too-much-data"
    CUT_OFF = "cut-off"  # the upload ended before the file did
    REPORT_CUT = "report-cut"  # a bound on the number of different values or texts was met
    # files on this machine
    CANNOT_OPEN = "cannot-open"
    BROKEN_LINK = "broken-link"
    FOLDER_LINK = "folder-link"
    NO_ORDINARY_FILE = "no-ordinary-file"  # a pipe, a device


NOT_LOOKED_AT = frozenset(
    {
        Note.PICTURE_NOT_LOOKED_AT, Note.FRAMES_NOT_LOOKED_AT, Note.PICTURES_FAILED,
        Note.PICTURES_NOT_INSTALLED,
    }
)  # fmt: skip
"""Notes on a file of whose pictures something was left out."""


class ReportError(Exception):
    """A report that cannot be read back: ``code`` says why, never what it held.

    ``not-json``, ``not-a-report``, ``wrong-version``, ``too-large`` or ``damaged``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that was uploaded, or one entry of an archive."""

    name: str = field(repr=False)
    kind: Kind
    status: Status
    modality: str = ""
    notes: tuple[str, ...] = ()
    """``Note`` codes, for which the JSON carries the English sentence. A report that was
    read back keeps a sentence that no code has any more, as it is."""
    person: str = ""
    """``Person.id`` of the one whose scan it is; empty where no file says so."""
    frames: int = 0
    """Of its pictures, where somebody counted them by looking at them."""
    frames_looked_at: int = 0
    """Those of them on which words were looked for."""
    size: int = 0
    """Bytes that arrived of a scan that ends early and says how long it should be; else 0."""
    expected_size: int = 0
    """Bytes that such a scan should have at the least."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place in a frame of a picture, in pixels of the stored picture from the upper left."""

    file: str = field(repr=False)
    frame: int
    """Counted from 0."""
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier in one place, whatever the number of files it occurs in."""

    rule: str
    group: str
    hipaa: str | None
    certainty: Certainty
    place: Place
    tag: str | None
    path: str
    name: str
    values: tuple[str, ...] = field(repr=False)
    distinct: int
    files: int
    example: str = field(repr=False)
    person: str = ""
    """``Person.id`` of the one it belongs to; empty where it belongs to several or to none."""
    boxes: tuple[Box, ...] = ()
    """Where in the pictures it stands: for ``Place.PICTURE`` and ``Place.FACE`` only."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which a person was scanned, and with what kind of machine."""

    date: str = field(repr=False)
    """As the file has it, ``YYYYMMDD``; empty where it has none."""
    modality: str
    files: int


@dataclass(frozen=True, slots=True)
class Person:
    """One person whose scans are in the set, under all spellings of the name."""

    id: str
    """``1``, ``2`` ... in the order in which they were met."""
    names: tuple[str, ...] = field(repr=False)
    """As written; the fullest first. A placeholder or code is none of them."""
    codes: tuple[str, ...] = field(repr=False)
    """Placeholders and codes that stand in the name's place."""
    numbers: tuple[str, ...] = field(repr=False)
    birth_dates: tuple[str, ...] = field(repr=False)
    files: int
    studies: int
    days: tuple[Day, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One row of the table of every element: not part of the JSON contract."""

    path: str
    tag: str
    vr: str
    name: str
    place: Place
    values: tuple[str, ...] = field(repr=False)
    distinct: int
    files: int


class Shows(StrEnum):
    """What a small picture of the report shows."""

    WORDS = "words"
    FACE = "face"
    SERIES = "series"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture for the patient's own eyes: not part of the JSON contract."""

    shows: Shows
    file: str = field(repr=False)
    frame: int
    """Counted from 0."""
    width: int
    height: int
    """Of the stored picture, in pixels: ``boxes`` are measured in these."""
    image: bytes = field(repr=False)
    """A JPEG or PNG of at most ``MAX_THUMBNAIL_SIDE`` pixels a side."""
    media_type: str
    """``image/jpeg`` or ``image/png``."""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that one inspection found."""

    files: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]
    elements: tuple[ElementRow, ...] = ()
    edition: str = EDITION
    people: tuple[Person, ...] = ()
    thumbnails: tuple[Thumbnail, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The ``companion-report`` contract as a plain dictionary.

        Notes become their English sentences; values are cut to ``MAX_VALUES`` and
        ``MAX_VALUE_LENGTH``.
        """
        sentences = identifiers.notes("en")
        return {
            "format": FORMAT,
            "version": VERSION,
            "edition": self.edition,
            "files": [
                {
                    "name": record.name,
                    "kind": record.kind,
                    "status": record.status,
                    "modality": record.modality,
                    "notes": [sentences.get(note, note) for note in record.notes],
                    "person": record.person,
                }
                | (
                    {"frames": record.frames, "frames_looked_at": record.frames_looked_at}
                    if record.frames
                    else {}
                )
                | (
                    {"size": record.size, "expected_size": record.expected_size}
                    if record.expected_size
                    else {}
                )
                for record in self.files
            ],
            "findings": [
                {
                    "rule": finding.rule,
                    "group": finding.group,
                    "hipaa": finding.hipaa,
                    "certainty": finding.certainty,
                    "place": finding.place,
                    "tag": finding.tag,
                    "path": finding.path,
                    "name": finding.name,
                    "values": cut_values(finding.values),
                    "distinct": finding.distinct,
                    "files": finding.files,
                    "example": finding.example,
                    "person": finding.person,
                }
                | (
                    {"boxes": [asdict(box) for box in finding.boxes[:MAX_BOXES]]}
                    if finding.boxes
                    else {}
                )
                for finding in self.findings
            ],
            "people": [asdict(person) for person in self.people],
        }


def cut_values(values: Iterable[str]) -> list[str]:
    """The first ``MAX_VALUES`` of ``values``, each cut at ``MAX_VALUE_LENGTH``."""
    kept: list[str] = []
    for value in values:
        if len(kept) == MAX_VALUES:
            break
        kept.append(value[:MAX_VALUE_LENGTH])
    return kept
