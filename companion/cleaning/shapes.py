"""What goes into a cleaning and what comes out of it: frozen, and without a value of anybody.

``Account`` is a contract: ``what-was-removed.json`` is its ``to_json``. It never holds what
stood in a file, only which element, under which rule, in how many files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from companion.content import identifiers

if TYPE_CHECKING:
    from pydicom import Dataset

    from companion.scans.inspection import Examined

FORMAT = "companion-cleaning"
VERSION = 1


class Preset(StrEnum):
    """What a copy is for, in the patient's words: how much of the patient it keeps."""

    FOR_A_DOCTOR = "for-another-doctor"
    FOR_RESEARCH = "for-research"
    TO_SHOW_ONLINE = "to-show-online"


class FaceChoice(StrEnum):
    """What becomes of slices from which a face can be rebuilt and not be taken away."""

    WITHHOLD = "withhold"  # cut away where that can be proven, and else not copied
    KEEP = "keep"  # told that the face stays, the patient chose so: nothing is cut from any head


class Refusal(StrEnum):
    """Why nothing at all was written."""

    MIXED_PERSONS = "mixed-persons"  # scans of several people: choose whose
    UNKNOWN_PERSON = "unknown-person"  # the person who was chosen is not in the set
    NO_SCANS = "no-scans"  # there is no scan among the files
    NOT_READ_TO_THE_END = "not-read-to-the-end"  # a limit of the whole was reached


class Reason(StrEnum):
    """Why one file is not in the copy."""

    NOT_A_SCAN = "not-a-scan"  # a document, program or picture beside the scans
    ARCHIVE = "archive"  # a ZIP or other archive: its files are cleaned, not itself
    DIRECTORY = "directory"  # a disc's index, which would list files that are no more
    ENCAPSULATED = "encapsulated"  # a scan that is wrapped around a document or a model
    NOT_WHOLLY_READ = "not-wholly-read"  # damaged, cut short or disguised
    NOT_AN_IMAGE = "not-an-image"  # of a kind whose content nobody cleans, such as raw data
    OTHER_PERSON = "other-person"  # of another person than the one who was chosen
    NOT_LOOKED_AT = "not-looked-at"  # kinds that often carry painted words, and nobody looked
    NOT_DECODED = "not-decoded"  # its picture cannot be decoded
    WORDS_LEFT = "words-left"  # words that could not be blacked
    FACE = "face"  # a face can be rebuilt from it
    HEAD_NOT_LOOKED_AT = "head-not-looked-at"  # of a head by its header, and nobody looked
    STILL_IDENTIFIES = "still-identifies"  # what was found in the cleaned file
    VALUE_LEFT = "value-left"  # a value of the original stands in the cleaned file
    NOT_CLEANED = "not-cleaned"  # cleaning it failed
    TOO_LARGE = "too-large"


class Action(StrEnum):
    """What was done with an element or a picture."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    SHIFTED = "shifted"  # a day or time was moved
    RENUMBERED = "renumbered"  # a UID has a new one in its place
    BLACKED = "blacked"  # painted words
    FACE_TAKEN = "face-taken"
    KEPT = "kept"  # an element that a rule names and that the preset keeps


class Stays(StrEnum):
    """What stays in the copy and can still point to the patient."""

    ANATOMY = "anatomy"  # always: a body is one's own, and a matching original tells whose
    SEX = "sex"
    AGE = "age"
    BODY_SIZE = "body-size"
    IMPLANT = "implant"
    INTERVALS = "intervals"  # the days between the scans
    FACE = "face"
    FACE_NOT_JUDGED = "face-not-judged"  # of a head, and nobody could say
    WAVEFORM = "waveform"  # a heart trace is as personal as a fingerprint
    DESCRIPTIONS = "descriptions"  # words of medicine that the allow-list knows
    PICTURES_NOT_LOOKED_AT = "pictures-not-looked-at"
    MACHINE = "machine"  # maker and model


class Pictures(StrEnum):
    """How far the pictures were looked at."""

    LOOKED_AT = "looked-at"
    PARTLY = "partly"
    NOT_LOOKED_AT = "not-looked-at"


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was given, that can be read again."""

    name: str = field(repr=False)
    open: Callable[[], Iterator[bytes]] = field(repr=False)
    """Its bytes in chunks, from the start at every call."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the patient chose."""

    preset: Preset
    face: FaceChoice = FaceChoice.WITHHOLD
    person: str = ""
    """``Person.id`` of the one whose files are copied, where a set holds several people's."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One file of the copy, proven."""

    name: str
    """Its new name in new folders, which says nothing of anybody."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done, and in how many files of the copy."""

    action: Action
    rule: str
    """The identifier rule that names it; empty where none does."""
    tag: str
    """Eight hexadecimal digits; empty for what is no element."""
    name: str
    """The element's keyword, or a code of what it is: ``preamble``, ``private``, ``overlay`` ..."""
    files: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """One file that is not in the copy."""

    name: str = field(repr=False)
    """As it was given."""
    reason: Reason
    rules: tuple[str, ...] = ()
    """Of what was still found in it, where that is the reason."""


@dataclass(frozen=True, slots=True)
class BlankFrames:
    """Frames of one file that became black, since nobody could decode them or look at them."""

    name: str = field(repr=False)
    """Of the file as it was given."""
    copy: str
    """Of the file in the copy."""
    numbers: tuple[int, ...]
    """From 1; the first of them, where there are many."""
    frames: int
    """That became black, of ``of``."""
    of: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a cleaning did, withheld and left."""

    preset: Preset
    files_in: int = 0
    files_out: int = 0
    done: tuple[Done, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    blank_frames: tuple[BlankFrames, ...] = ()
    stays: tuple[Stays, ...] = ()
    pictures: Pictures = Pictures.NOT_LOOKED_AT
    missing_references: int = 0
    """Files that are named in the copy and are not in it."""
    refusal: Refusal | None = None
    people: tuple[tuple[str, int], ...] = ()
    """Where several people's scans are in the set: ``Person.id`` and files of each."""

    def to_json(self) -> dict[str, Any]:
        """The ``companion-cleaning`` contract as a plain dictionary."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "edition": f"DICOM {identifiers.EDITION}",
            "preset": self.preset,
            "files_in": self.files_in,
            "files_out": self.files_out,
            "done": [
                {"action": one.action, "rule": one.rule, "tag": one.tag, "name": one.name,
                 "files": one.files}
                for one in self.done
            ],
            "withheld": [
                {"name": one.name, "reason": one.reason, "rules": list(one.rules)}
                for one in self.withheld
            ],
            "blank_frames": [
                {"name": one.name, "copy": one.copy, "numbers": list(one.numbers),
                 "frames": one.frames, "of": one.of}
                for one in self.blank_frames
            ],
            "stays": list(self.stays),
            "pictures": self.pictures,
            "missing_references": self.missing_references,
            "refusal": self.refusal,
            "people": [{"id": one, "files": files} for one, files in self.people],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PictureDone:
    """What became of the picture of one file."""

    reason: Reason | None = None
    """Why the file must be withheld; None where its picture may go out."""
    blacked: int = 0
    """Boxes that were blacked."""
    blank: tuple[int, ...] = ()
    """Frames, from 0, that became black as a whole."""
    frames: int = 1
    """That the picture has."""
    face_taken: bool = False


class PictureCleaner(Protocol):
    """Cleans the pictures of one set: ``cleaning.pixels`` has it; made anew for each set."""

    def prepare(
        self, examined: Examined, sources: Mapping[str, Source], choice: Choice
    ) -> Mapping[str, Reason]:
        """Learn where words and faces are, over the whole set.

        ``sources`` by the names that ``examined`` has, so that a volume can be read again.
        Returns the files that are to be withheld, each with its reason; not those of faces,
        which the door withholds where ``clean`` did not take the face away and the choice
        is not to keep it.
        """

    def covers(self, name: str, frames: int) -> bool:
        """Whether each of the frames of a file's own picture was looked at or becomes black,
        where something of the file was not looked at. Asked after ``prepare``."""

    def clean(self, name: str, data_set: Dataset) -> PictureDone:
        """Clean the picture of one file in place; ``data_set`` has its cleaned header, its
        file meta and its original pixels. ``name`` as in ``examined``."""

    def prove(self, files: Sequence[Cleaned]) -> Mapping[str, Reason]:
        """Read the pictures of cleaned files once more: the names of those to be withheld.

        Asked of one file at a time, and only of those whose pictures were looked at before.
        """
