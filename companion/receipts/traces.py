"""Traces of editing that files bear of themselves: worth a question, and no more than that.

Hospitals correct names, move records between systems and number slices in turns. So a trace says
what stands in the files and how certain it is, and neither who changed something nor why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from companion.folding import fold
from companion.receipts import tags as own
from companion.receipts.elements import DataSet
from companion.scans.dicom import tags
from companion.scans.findings import Certainty
from companion.scans.series import SeriesNumbers

MOST_SERIES = 2_000
_MOST_VALUES = 5
_MOST_LENGTH = 200
_LATER = 2
"""Days after the scan from which on writing it is late: some are made at midnight."""
_ENOUGH = 5
"""Pictures of a series from which on one can be told to be unlike the others."""
_FEW = 0.2
"""The part of a series that is few beside the others."""


class TraceKind(StrEnum):
    """What a trace is."""

    ORIGINAL_ATTRIBUTES = "original-attributes"  # what stood there before it was changed
    CONTRIBUTING_EQUIPMENT = "contributing-equipment"  # another machine or program had a part
    COERCED = "coerced"  # a system says that it changed the record to fit its own
    WRITTEN_LATER = "written-later"  # written on a later day than the scan
    TWO_MAKERS = "two-makers"  # in one series
    NUMBER_GAP = "number-gap"
    NUMBER_TWICE = "number-twice"
    OTHER_ROOT = "other-root"  # UIDs that another organisation gave, in one series


@dataclass(frozen=True, slots=True)
class Trace:
    """One kind of trace in a set."""

    kind: TraceKind
    certainty: Certainty
    """That it is there and is no habit of machines; never that somebody meant harm."""
    files: int
    """That bear it; of ``NUMBER_GAP``, pictures that are not there."""
    values: tuple[str, ...] = field(default=(), repr=False)
    """What the files say: days, systems, makers; at most five."""
    example: str = field(default="", repr=False)
    """The name of a file."""


@dataclass(slots=True)
class _Kept:
    files: int = 0
    values: dict[str, None] = field(default_factory=dict, repr=False)
    example: str = field(default="", repr=False)

    def add(self, name: str, *values: str) -> None:
        self.files += 1
        self.example = self.example or name
        for value in values:
            if value and len(self.values) < _MOST_VALUES:
                self.values.setdefault(value[:_MOST_LENGTH])


@dataclass(slots=True)
class _Series:
    makers: dict[str, _Kept] = field(default_factory=dict, repr=False)
    roots: dict[str, _Kept] = field(default_factory=dict, repr=False)
    numbers: Counter[str] = field(default_factory=Counter, repr=False)
    instances: set[str] = field(default_factory=set, repr=False)
    example: str = field(default="", repr=False)


class Traces:
    """Gathers the traces of a set, file by file."""

    def __init__(self) -> None:
        self._kept: dict[TraceKind, _Kept] = {}
        self._series: dict[str, _Series] = {}
        self._numbers = SeriesNumbers()

    def take(self, dataset: DataSet, name: str) -> None:
        """Note what one file bears."""
        for kind, tag, says in (
            (
                TraceKind.ORIGINAL_ATTRIBUTES,
                tags.ORIGINAL_ATTRIBUTES_SEQUENCE,
                (own.ATTRIBUTE_MODIFICATION_DATE_TIME, own.MODIFYING_SYSTEM),
            ),
            (
                TraceKind.CONTRIBUTING_EQUIPMENT,
                tags.CONTRIBUTING_EQUIPMENT_SEQUENCE,
                (own.CONTRIBUTION_DATE_TIME, tags.MANUFACTURER, own.CONTRIBUTION_DESCRIPTION),
            ),
        ):
            if items := dataset.items(tag):
                said = [item.text(one) for item in items[:_MOST_VALUES] for one in says]
                self._keep(kind, name, *said)
        if coerced := dataset.text(own.INSTANCE_COERCION_DATE_TIME):
            self._keep(TraceKind.COERCED, name, coerced)
        scanned = dataset.text(own.ACQUISITION_DATE) or dataset.text(tags.CONTENT_DATE)
        written = dataset.text(own.INSTANCE_CREATION_DATE)
        if _days_between(scanned, written) >= _LATER:
            self._keep(TraceKind.WRITTEN_LATER, name, written)
        self._take_series(dataset, name)

    def found(self) -> tuple[Trace, ...]:
        """The traces of all files that were taken."""
        sure = (
            TraceKind.ORIGINAL_ATTRIBUTES, TraceKind.CONTRIBUTING_EQUIPMENT, TraceKind.COERCED,
        )  # fmt: skip
        found = [
            _trace(kind, Certainty.CERTAIN if kind in sure else Certainty.POSSIBLE, kept)
            for kind, kept in self._kept.items()
        ]
        missing = sum(gap.missing for gap in self._numbers.gaps())
        if missing:
            found.append(Trace(TraceKind.NUMBER_GAP, Certainty.LIKELY, missing))
        makers, roots, twice = _Kept(), _Kept(), _Kept()
        for series in self._series.values():
            if len(series.makers) > 1:
                _join(makers, _fewest(series.makers), [*_values(series.makers)])
            _join(roots, _unlike_the_others(series.roots), [])
            doubled = sum(count - 1 for count in series.numbers.values())
            if 0 < doubled <= _FEW * series.numbers.total():
                twice.files += doubled
                twice.example = twice.example or series.example
        for kind, certainty, kept in (
            (TraceKind.TWO_MAKERS, Certainty.LIKELY, makers),
            (TraceKind.OTHER_ROOT, Certainty.LIKELY, roots),
            (TraceKind.NUMBER_TWICE, Certainty.POSSIBLE, twice),
        ):
            if kept.files:
                found.append(_trace(kind, certainty, kept))
        order = list(TraceKind)
        return tuple(sorted(found, key=lambda trace: order.index(trace.kind)))

    def _keep(self, kind: TraceKind, name: str, *values: str) -> None:
        self._kept.setdefault(kind, _Kept()).add(name, *values)

    def _take_series(self, dataset: DataSet, name: str) -> None:
        uid = dataset.text(tags.SERIES_INSTANCE_UID)
        instance = dataset.text(tags.SOP_INSTANCE_UID)
        if not uid or tags.PIXEL_DATA not in dataset.by_tag:
            return
        if uid not in self._series and len(self._series) >= MOST_SERIES:
            return
        series = self._series.setdefault(uid, _Series(example=name))
        if instance in series.instances:
            return  # the same picture once more is no second one
        series.instances.add(instance)
        number = dataset.text(tags.INSTANCE_NUMBER)
        self._numbers.add(dataset.text(tags.STUDY_INSTANCE_UID), uid, number)
        if number.strip():
            series.numbers[number.strip()] += 1
        if maker := dataset.text(tags.MANUFACTURER):
            # One maker writes its name in capitals here and with "Inc." there.
            key = fold(maker).split()[0] if fold(maker).split() else ""
            series.makers.setdefault(key, _Kept()).add(name, maker)
        if root := root_of(instance):
            series.roots.setdefault(root, _Kept()).add(name, root)


def root_of(uid: str) -> str:
    """Who gave a UID, as far as its first numbers tell: ``2.25`` is everybody's, others go by
    their first five numbers (PS3.5 9.1, B.2)."""
    if uid.startswith("2.25."):
        return "2.25"
    parts = uid.split(".")
    return ".".join(parts[:5]) if len(parts) > 5 else ""


def _unlike_the_others(kept: dict[str, _Kept]) -> list[_Kept]:
    """The few of a series that are not like most of it."""
    whole = sum(one.files for one in kept.values())
    few = [one for one in kept.values() if one.files <= _FEW * whole]
    many = max((one.files for one in kept.values()), default=0)
    return few if whole >= _ENOUGH and many >= (1 - _FEW) * whole else []


def _fewest(kept: dict[str, _Kept]) -> list[_Kept]:
    """All but the one that most have."""
    return sorted(kept.values(), key=lambda one: one.files)[:-1]


def _values(kept: dict[str, _Kept]) -> list[str]:
    return [value for one in kept.values() for value in one.values]


def _join(whole: _Kept, parts: list[_Kept], values: list[str]) -> None:
    for part in parts:
        whole.files += part.files
        whole.example = whole.example or part.example
        values = values or list(part.values)
    for value in values:
        if len(whole.values) < _MOST_VALUES:
            whole.values.setdefault(value)


def _trace(kind: TraceKind, certainty: Certainty, kept: _Kept) -> Trace:
    return Trace(kind, certainty, kept.files, tuple(kept.values), kept.example)


def _days_between(first: str, second: str) -> int:
    """Days from one date to another, as DICOM writes them; 0 where one is no date."""
    try:
        return (_date(second) - _date(first)).days
    except ValueError:
        return 0


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
