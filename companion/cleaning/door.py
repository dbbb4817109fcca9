"""The door: scans -> files of a copy, each proven before it comes out, and the account.

Two passes over the sources. The first inspects the whole set, and so learns whose scans they
are, and every value that may stand nowhere in the copy. The second cleans one file after the
other, and holds one in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom import Dataset

from companion.cleaning import data_sets, originals
from companion.cleaning.accounting import Accounting, Copied
from companion.cleaning.elements import Stored
from companion.cleaning.header import Cleaner, Counted
from companion.cleaning.marks import mark
from companion.cleaning.new_values import NewDays, NewUids, new_key, new_person_code
from companion.cleaning.proof import Proof
from companion.cleaning.rewriting import Marks, Rewriter
from companion.cleaning.shapes import (
    Account,
    Action,
    Choice,
    Cleaned,
    FaceChoice,
    PictureCleaner,
    Reason,
    Refusal,
    Source,
)
from companion.cleaning.sources import File, files
from companion.cleaning.steps import Plan
from companion.cleaning.withholding import (
    JUDGED_BY,
    Faces,
    Withholding,
    frames_of,
    has_pixels,
    may_hold_words,
    may_show_a_head,
)
from companion.content import cleaning
from companion.scans.dicom import tags
from companion.scans.findings import NOT_LOOKED_AT, FileRecord, Kind, Note, Status
from companion.scans.inspection import (
    Entry,
    Examined,
    Limits,
    OnProgress,
    Progress,
    directly,
    examine,
)
from companion.scans.offering import Look
from companion.scans.other_files import Isolate
from companion.scans.pictures import Face
from companion.scans.reader import HARMLESS

MOST_BYTES = 512 * 1024 * 1024
"""Bytes of one file that are cleaned; a larger one is withheld."""
_CUT_AWAY = frozenset({Note.TRAILING_BYTES, Note.SECOND_DATASET, Note.ALSO_ARCHIVE, Note.PADDING,
                       Note.PADDING_NOT_EMPTY})  # fmt: skip
"""Notes of what stands in front of or behind a data set that was wholly read."""
_BESIDE = frozenset({Note.PART_NOT_CHECKED, Note.INSIDE_UNKNOWN, Note.PACKED_NOT_OPENED,
                     Note.PACKED_CUT, Note.PICTURE_PAGE, Note.LETTERS_NOT_TRIED,
                     Note.VALUE_NOT_DECODED, Note.TAG_TWICE, Note.TEXT_ONLY,
                     Note.ENCRYPTED_CONTENT, Note.REPORT_CUT})  # fmt: skip
"""Notes of parts that no copy has."""
_CLEANABLE = HARMLESS | _CUT_AWAY | _BESIDE
_KINDS = {Kind.ARCHIVE: Reason.ARCHIVE, Kind.DICOMDIR: Reason.DIRECTORY}
_FACES = frozenset({Face.YES, Face.PART})


class _Withheld(Exception):  # noqa: N818 - it is control flow, not an error
    """One file may not go out."""

    def __init__(self, reason: Reason, rules: tuple[str, ...] = ()) -> None:
        self.reason = reason
        self.rules = rules
        super().__init__(reason)


def clean(
    sources: Iterable[Source],
    choice: Choice,
    limits: Limits | None = None,
    look: Look | None = None,
    on_progress: OnProgress | None = None,
    isolate: Isolate = directly,
    pictures: PictureCleaner | None = None,
    most_bytes: int = MOST_BYTES,
) -> Cleaning:
    """Begin a cleaning: the set is inspected at once, and its files come by ``files()``.

    ``look`` sees the pictures in the first pass; without it nobody does. ``pictures`` cleans
    them; without it, files on whose pictures something was seen are withheld. Raises only what
    the sources raise.
    """
    listed = tuple(sources)
    entries = (Entry(source.name, source.open()) for source in listed)
    examined = examine(entries, limits, on_progress, isolate, look)
    return Cleaning(
        listed, choice, limits or Limits(), examined, on_progress, isolate,
        pictures or Withholding(), most_bytes,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tools:
    """What cleans and proves the files of one set."""

    cleaner: Cleaner
    proof: Proof
    rewriter: Rewriter | None
    """Of slices whose pictures nobody changes; None where they are."""
    verdicts: dict[tuple[object, ...], tuple[Reason | None, Face]]
    """Of kinds of slices: why one is left out by its header, and whether it is of a head."""


class Cleaning:
    """One set on its way to a copy; see ``clean``."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        choice: Choice,
        limits: Limits,
        examined: Examined,
        on_progress: OnProgress | None,
        isolate: Isolate,
        pictures: PictureCleaner,
        most_bytes: int,
    ) -> None:
        self.examined = examined
        self._sources = sources
        self._choice = choice
        self._limits = limits
        self._on_progress = on_progress
        self._isolate = isolate
        self._pictures = pictures
        self._most_bytes = most_bytes
        self._preset = cleaning.facts().presets[choice.preset]
        self._accounting = Accounting(choice, examined.report)
        self._refusal = _refusal(examined, choice)
        self._faces = Faces(examined)

    @property
    def account(self) -> Account:
        """What was done, withheld and left; whole once ``files`` has ended."""
        return self._accounting.account(self._refusal)

    def files(self) -> Iterator[Cleaned]:
        """The files of the copy, each proven; none where the set was refused."""
        if self._refusal is not None:
            return
        tools = self._tools()
        by_name = {source.name: source for source in self._sources}
        withheld = self._pictures.prepare(self.examined, by_name, self._choice)
        records: dict[str, list[FileRecord]] = {}
        for record in self.examined.report.files:
            records.setdefault(record.name, []).append(record)
        read = 0
        for number, file in enumerate(files(self._sources, self._limits, self._most_bytes), 1):
            own = records.get(file.name)
            if not own:
                continue
            record = own.pop(0)
            reason = self._unfit(record, file) or withheld.get(file.name)
            cleaned = None if reason else self._clean(tools, file, record)
            if reason:
                self._accounting.withhold(file.name, reason)
            if cleaned is not None:
                yield cleaned
            read += len(file.data or b"")
            if self._on_progress is not None:
                self._on_progress(Progress(number, read))
        for left in (record for rest in records.values() for record in rest):
            self._accounting.withhold(left.name, _KINDS.get(left.kind, Reason.NOT_WHOLLY_READ))
        self._accounting.referenced(tools.cleaner.referenced)

    def _tools(self) -> _Tools:
        key = new_key()
        inventory = self.examined.inventory
        values: dict[str, list[str]] = {"DA": [], "DT": [], "TM": []}
        for element in inventory.elements:
            if element.vr in values:
                values[element.vr].extend(element.values)
        known = originals.gather(self.examined)
        uids = NewUids(key)
        # The time of a moment counts as much as one that stands by itself.
        times = [*values["TM"], *(text[8:].partition("+")[0] for text in values["DT"])]
        days = NewDays([*values["DA"], *values["DT"]], times, moves=self._preset.moves_days)
        cleaner = Cleaner(Plan(self._choice.preset), uids, days, known, new_person_code())
        plain = isinstance(self._pictures, Withholding)
        proof = Proof(known, self._limits, self._isolate)
        return _Tools(cleaner, proof, Rewriter(cleaner, known) if plain else None, {})

    def _unfit(self, record: FileRecord, file: File) -> Reason | None:
        """Why a file is left out before anything is done with it."""
        if record.kind is not Kind.DICOM:
            return _KINDS.get(record.kind, Reason.NOT_A_SCAN)
        if file.data is None:
            return Reason.TOO_LARGE
        if record.status is Status.NOT_READ or not _CLEANABLE.issuperset(record.notes):
            return Reason.NOT_WHOLLY_READ
        person = self._choice.person
        return Reason.OTHER_PERSON if person and record.person != person else None

    def _clean(self, tools: _Tools, file: File, record: FileRecord) -> Cleaned | None:
        """One file, cleaned and proven; None where it is withheld, which is then accounted for."""
        exactly = not _CUT_AWAY.isdisjoint(record.notes)
        try:
            quick = self._rewritten(tools, file, record)
            if quick is not None:
                return quick
            data_set = data_sets.read(file.data or b"", self._limits, exactly=exactly)
            looked_at = self._was_looked_at(record) or self._covers(file.name, data_set)
            reason = self._unfit_inside(data_set, looked_at=looked_at)
            if reason is None:
                return self._cleaned(tools, file, record, data_set, looked_at=looked_at)
        except _Withheld as withheld:
            self._accounting.withhold(file.name, withheld.reason, withheld.rules)
            return None
        except Exception:  # noqa: BLE001 - one file that nobody foresaw spoils no other
            reason = Reason.NOT_CLEANED
        self._accounting.withhold(file.name, reason)
        return None

    def _unfit_inside(self, data_set: Dataset, *, looked_at: bool) -> Reason | None:
        """Why a data set is left out before it is cleaned, by what is in it."""
        if tags.ENCAPSULATED_DOCUMENT in data_set:
            return Reason.ENCAPSULATED
        sop_class = data_set.get("SOPClassUID", None)
        keyword = getattr(sop_class, "keyword", "")
        if keyword in cleaning.facts().not_cleaned:
            return Reason.NOT_AN_IMAGE
        if not sop_class or (not keyword and not has_pixels(data_set)):
            return Reason.NOT_AN_IMAGE
        if not has_pixels(data_set) or looked_at:
            return None
        if may_hold_words(data_set):
            return Reason.NOT_LOOKED_AT
        withheld = self._choice.face is FaceChoice.WITHHOLD
        is_head = withheld and may_show_a_head(data_set) is Face.YES
        return Reason.HEAD_NOT_LOOKED_AT if is_head else None

    def _cleaned(
        self,
        tools: _Tools,
        file: File,
        record: FileRecord,
        data_set: Dataset,
        *,
        looked_at: bool,
    ) -> Cleaned:
        """Clean, write and prove one data set; raises ``_Withheld``."""
        pictured = has_pixels(data_set)
        looked_at = pictured and looked_at
        face = self._faces.of(file.name, str(data_set.get("SeriesInstanceUID", "")))
        if face is None and pictured and may_show_a_head(data_set) is not Face.NO:
            face = Face.UNKNOWN
        counted = Counted()
        words = tools.cleaner.clean(data_set, counted)
        done = self._pictures.clean(file.name, data_set)
        if done.reason is not None:
            raise _Withheld(done.reason)
        if done.face_taken:
            face = Face.NO
            counted.note(Action.FACE_TAKEN, "face-visible", 0, "face")
        if done.blacked:
            counted.note(Action.BLACKED, "picture-text", 0, "words")
        if face in _FACES and self._choice.face is FaceChoice.WITHHOLD:
            raise _Withheld(Reason.FACE)
        self._marks(face, looked_at=looked_at).write(data_set)
        copied = Copied.of(data_set)
        name = self._accounting.new_name(copied.study, copied.series)
        cleaned = Cleaned(name, data_sets.written(data_set))
        # Compressed pixels may hold words of their own: each such file is inspected.
        compressed = data_set.file_meta.TransferSyntaxUID.is_encapsulated
        left, rules = tools.proof.of(cleaned, data_set, b"" if compressed else words)
        if left is not None:
            raise _Withheld(left, rules)
        if looked_at and (reason := self._pictures.prove([cleaned])):
            raise _Withheld(next(iter(reason.values())))
        _count_what_is_no_element(file.data or b"", record, counted)
        self._accounting.add(counted, copied, looked_at=looked_at, face=face)
        self._accounting.blank(file.name, name, done)
        return cleaned

    def _rewritten(self, tools: _Tools, file: File, record: FileRecord) -> Cleaned | None:
        """A slice, by what is known of those before it; None where it is out of the ordinary.

        Raises ``_Withheld``.
        """
        data = file.data or b""
        rewriter = tools.rewriter
        if rewriter is None or not HARMLESS.issuperset(record.notes):
            return None
        found = rewriter.elements(data)
        if found is None:
            return None
        encoding, elements = found
        looked_at = self._was_looked_at(record)
        judged = [one for one in elements if one.tag in JUDGED_BY]
        key = (encoding, looked_at, *(one.raw for one in judged))
        if key not in tools.verdicts:
            data_set = rewriter.data_set(encoding, judged)
            data_set.PixelData = b""
            reason = self._unfit_inside(data_set, looked_at=looked_at)
            tools.verdicts[key] = reason, may_show_a_head(data_set)
        reason, head = tools.verdicts[key]
        face = self._faces.of(file.name, _series(elements))
        if face is None and head is not Face.NO:
            face = Face.UNKNOWN
        if reason is not None or (face in _FACES and self._choice.face is FaceChoice.WITHHOLD):
            return None
        rewritten = rewriter.rewritten(encoding, elements, self._marks(face, looked_at=looked_at))
        if rewritten is None:
            return None
        copied = Copied.of_elements(rewritten.elements)
        name = self._accounting.new_name(copied.study, copied.series)
        cleaned = Cleaned(name, rewritten.data)
        left, rules = tools.proof.left(cleaned, rewritten.words)
        if left is not None:
            raise _Withheld(left, rules)
        _count_what_is_no_element(data, record, rewritten.counted)
        self._accounting.add(rewritten.counted, copied, looked_at=looked_at, face=face)
        return cleaned

    def _marks(self, face: Face | None, *, looked_at: bool) -> Marks:
        """What a file says of how it was cleaned."""
        seen = None if face is Face.UNKNOWN or not looked_at else face in _FACES
        return Marks(
            f"{looked_at} {seen}",
            lambda data_set: mark(data_set, self._preset, pictures=looked_at, face=seen),
        )

    def _covers(self, name: str, data_set: Dataset) -> bool:
        """Whether what nobody looked at in a file's picture becomes black."""
        looked = self.examined.looked is not None
        return looked and self._pictures.covers(name, frames_of(data_set))

    def _was_looked_at(self, record: FileRecord) -> bool:
        return self.examined.looked is not None and NOT_LOOKED_AT.isdisjoint(record.notes)


def _series(elements: list[Stored]) -> str:
    raw = next((one.value for one in elements if one.tag == tags.SERIES_INSTANCE_UID), b"")
    return raw.decode("latin-1").strip(" \0")


def _count_what_is_no_element(data: bytes, record: FileRecord, counted: Counted) -> None:
    if data[:128].strip(b"\0") and data[128:132] == b"DICM":
        counted.note(Action.REMOVED, "", 0, "preamble")
    if not _CUT_AWAY.isdisjoint(record.notes):
        counted.note(Action.REMOVED, "", 0, "bytes-behind")


def _refusal(examined: Examined, choice: Choice) -> Refusal | None:
    """Why nothing of a set is copied."""
    report = examined.report
    if not any(record.kind is Kind.DICOM for record in report.files):
        return Refusal.NO_SCANS
    if not examined.to_the_end:
        return Refusal.NOT_READ_TO_THE_END
    people = {person.id for person in report.people}
    if choice.person:
        return None if choice.person in people else Refusal.UNKNOWN_PERSON
    return Refusal.MIXED_PERSONS if len(people) > 1 else None
