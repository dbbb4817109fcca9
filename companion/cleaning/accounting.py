"""Counts what a cleaning does, and gives its files their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydicom import Dataset

from companion.cleaning.header import DUMMY, Counted
from companion.cleaning.shapes import (
    Account,
    Action,
    BlankFrames,
    Choice,
    Done,
    PictureDone,
    Pictures,
    Reason,
    Refusal,
    Stays,
    Withheld,
)
from companion.cleaning.withholding import has_pixels
from companion.content import cleaning
from companion.scans.dicom import tags
from companion.scans.findings import Kind, Report
from companion.scans.pictures import Face

_STAYING = {
    tags.PATIENT_SEX: Stays.SEX,
    tags.PATIENT_AGE: Stays.AGE,
    tags.PATIENT_SIZE: Stays.BODY_SIZE,
    tags.PATIENT_WEIGHT: Stays.BODY_SIZE,
    tags.WAVEFORM_SEQUENCE: Stays.WAVEFORM,
    tags.MANUFACTURER_MODEL_NAME: Stays.MACHINE,
    tags.DEVICE_SEQUENCE: Stays.IMPLANT,
}
_ORDER = list(Action)
_MOST_NUMBERS = 200
"""Frames of one file that are told one by one."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What the account has to know of a file of the copy."""

    study: str
    series: str
    instance: str
    stays: frozenset[Stays]
    pictured: bool

    @classmethod
    def of(cls, data_set: Dataset) -> Copied:
        """From a cleaned data set."""
        return cls(
            str(data_set.get("StudyInstanceUID", "")),
            str(data_set.get("SeriesInstanceUID", "")),
            str(data_set.get("SOPInstanceUID", "")),
            frozenset(
                stay
                for tag, stay in _STAYING.items()
                if tag in data_set and data_set[tag].value not in (None, "", DUMMY)
            ),
            has_pixels(data_set),
        )

    @classmethod
    def of_elements(cls, elements: Mapping[int, bytes]) -> Copied:
        """From the elements of a rewritten slice, each with its head."""
        study, series, instance = (
            elements.get(tag, b"")[8:].decode("latin-1").strip("\0")
            for tag in (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID, tags.SOP_INSTANCE_UID)
        )
        stays = (
            stay
            for tag, stay in _STAYING.items()
            if len(raw := elements.get(tag, b"")) > (12 if raw[4:6] == b"SQ" else 8)
            and raw[8:].strip() != DUMMY.encode()
        )
        return cls(study, series, instance, frozenset(stays), pictured=True)


class Accounting:
    """The account of one set, as it comes about."""

    def __init__(self, choice: Choice, report: Report) -> None:
        self._choice = choice
        self._moves_days = cleaning.facts().presets[choice.preset].moves_days
        self._report = report
        self._done: Counter[tuple[Action, str, str, str]] = Counter()
        self._withheld: list[Withheld] = []
        self._blank: list[BlankFrames] = []
        self._stays: set[Stays] = set()
        self._studies: dict[str, int] = {}
        self._series: dict[str, tuple[int, int]] = {}
        self._in_series: Counter[str] = Counter()
        self._in_study: Counter[str] = Counter()
        self._written: set[str] = set()
        self._missing = self._files = 0
        self._with_pixels = self._looked_at = 0

    def new_name(self, study: str, series: str) -> str:
        """The next free name: by study and series, in the order in which they came."""
        number = self._studies.setdefault(study, len(self._studies) + 1)
        if series not in self._series:
            self._in_study[study] += 1
            self._series[series] = (number, self._in_study[study])
        self._in_series[series] += 1
        of_study, of_series = self._series[series]
        return f"scan-{of_study}/series-{of_series}/{self._in_series[series]:04}.dcm"

    def withhold(self, name: str, reason: Reason, rules: tuple[str, ...] = ()) -> None:
        """A file is not in the copy."""
        self._withheld.append(Withheld(name, reason, rules))

    def blank(self, name: str, copy: str, done: PictureDone) -> None:
        """Frames of a file that is in the copy became black as a whole."""
        if done.blank:
            numbers = tuple(frame + 1 for frame in done.blank[:_MOST_NUMBERS])
            self._blank.append(BlankFrames(name, copy, numbers, len(done.blank), done.frames))

    def add(self, counted: Counted, copied: Copied, *, looked_at: bool, face: Face | None) -> None:
        """A file is in the copy."""
        self._done.update(
            {(self._told(action), rule, tag, name) for action, rule, tag, name in counted.done}
        )
        self._files += 1
        self._written.add(copied.instance)
        self._stays.update(copied.stays)
        if counted.kept_words:
            self._stays.add(Stays.DESCRIPTIONS)
        if face is not None and face is not Face.NO:
            self._stays.add(Stays.FACE_NOT_JUDGED if face is Face.UNKNOWN else Stays.FACE)
        if copied.pictured:
            self._with_pixels += 1
            self._looked_at += looked_at

    def _told(self, action: Action) -> Action:
        """A day that became the same one for everybody was replaced, and not moved."""
        moved = action is not Action.SHIFTED or self._moves_days
        return action if moved else Action.REPLACED

    def referenced(self, uids: set[str]) -> None:
        """All files are there that will be: ``uids`` are those that they name."""
        # Some name the study too, in the same way as a file (RT Referenced Study Sequence).
        self._missing = len(uids - self._written - self._studies.keys())

    def account(self, refusal: Refusal | None) -> Account:
        """What was done so far."""
        stays = set(self._stays)
        if self._written:
            stays.add(Stays.ANATOMY)
        if len(self._studies) > 1 and self._moves_days:
            stays.add(Stays.INTERVALS)
        pictures = Pictures.LOOKED_AT
        if self._looked_at < self._with_pixels:
            pictures = Pictures.PARTLY if self._looked_at else Pictures.NOT_LOOKED_AT
            stays.add(Stays.PICTURES_NOT_LOOKED_AT)
        return Account(
            preset=self._choice.preset,
            files_in=sum(record.kind is not Kind.ARCHIVE for record in self._report.files),
            files_out=self._files,
            done=tuple(
                Done(*what, files)
                for what, files in sorted(
                    self._done.items(), key=lambda one: (_ORDER.index(one[0][0]), one[0][1:])
                )
            ),
            withheld=tuple(self._withheld),
            blank_frames=tuple(self._blank),
            stays=tuple(one for one in Stays if one in stays),
            pictures=pictures,
            missing_references=self._missing,
            refusal=refusal,
            people=tuple((person.id, person.files) for person in self._report.people)
            if len(self._report.people) > 1
            else (),
        )
