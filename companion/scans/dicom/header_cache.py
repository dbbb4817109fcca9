"""Stretches of a header that stand byte for byte in file after file.

All but a few elements of a slice are those of the slice before it. Once a run of
elements has been met as already known, it is kept as one piece; from then on one
comparison of bytes stands for reading all of them, and one count for counting them.
What a stretch counted is added to its elements and values by ``settle``.

Only runs at the top of a data set are learned, whole sequences included: an element
stands there once in a file, so that nothing is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.dicom.elements import Elements
from companion.scans.dicom.structure import CHARSET_ROLE, CREATOR_ROLE, NOTHING, Frame, Hit, Walk

SHORTEST = 3
"""Elements below which a stretch is not worth keeping."""
_MOST_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class Unit:
    """One element at the top, a sequence with all in it included."""

    end: int
    """Offset behind it, from the start of its run."""
    tag: int
    hits: tuple[Hit, ...]
    first: Hit | None
    """Its own hit; None for a sequence, which a stretch cannot begin with."""


@dataclass(slots=True, eq=False)
class Run:
    """Known elements, one behind the other, in the file that is being read."""

    start: int
    units: list[Unit] = field(default_factory=list)
    creators: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Stretch:
    """A run that was kept."""

    data: bytes = field(repr=False)
    units: list[Unit]
    elements: int
    study: tuple[tuple[int, str], ...] = field(repr=False)
    creators: dict[int, str] = field(repr=False)
    tags: list[int]
    files: int = 0
    """Files it stood in since it was last settled."""
    where: int = 0
    """The same, a bit for each."""


class Stretches:
    """Learns and recognises stretches."""

    def __init__(self, of: Elements) -> None:
        self._of = of
        self._kept: list[Stretch] = []
        self._bytes = 0
        self._open_unit: tuple[int, int, int] | None = None

    def learn(self, walk: Walk, frame: Frame, position: int, end: int, unit: Unit) -> None:
        """A known element at the top: it lengthens the run, or begins one."""
        tag = unit.tag
        block = tag >> 8
        run = frame.run
        depends = tag >> 16 & 1 and tag & 0xFFFF > 0xFF
        if run is not None and depends and block not in run.creators and run.units:
            # What it means hangs on an element before the run, unless the run's first
            # element hangs on the same one.
            first = run.units[0].tag
            if first >> 8 != block:
                self.end_run(walk, frame)
                run = None
        if run is None:
            if unit.first is None:
                return
            run = frame.run = Run(position)
        if unit.first is not None and unit.first.role == CREATOR_ROLE:
            run.creators.add(tag >> 16 << 8 | tag & 0xFFFF)
        unit.end = end - run.start
        run.units.append(unit)

    def end_run(self, walk: Walk, frame: Frame) -> None:
        """An element that is not known, or does more than count: the run ends before it."""
        if frame.run is not None:
            run, frame.run = frame.run, None
            if run.units:
                self._keep(walk.data[run.start : run.start + run.units[-1].end], run.units)

    def close_unit(self, walk: Walk, frame: Frame, position: int) -> None:
        """A sequence at the top has ended: learn it as a whole, if all in it was known."""
        if self._open_unit is None:
            return
        start, tag, notes = self._open_unit
        log, self._of.log, self._open_unit = self._of.log, None, None
        if self._of.pure and log is not None and len(walk.notes) == notes:
            self.learn(walk, frame, start, position, Unit(0, tag, tuple(log), None))
        else:
            self.end_run(walk, frame)

    def begin_unit(self, walk: Walk, position: int, tag: int) -> None:
        """A sequence or long value at the top begins: write down what is counted in it."""
        self._open_unit = position, tag, len(walk.notes)
        self._of.log = []
        self._of.pure = True

    def abandon_unit(self) -> None:
        """The walk ended inside a sequence at the top."""
        self._of.log = self._open_unit = None

    def recognise(self, hit: Hit, data: bytes, position: int, walk: Walk, frame: Frame) -> int:
        """Where to go on behind the stretch that begins at ``position``; 0 if none does."""
        stretch = hit.stretch
        if stretch is None:
            return 0
        if data[position : position + len(stretch.data)] != stretch.data:
            stretch = self._shorten(hit, stretch, data, position)
            if stretch is None:
                return 0
        stretch.files += 1
        stretch.where |= self._of.inventory.bit
        for role, text in stretch.study:
            walk.study[role] = text
        if stretch.creators:
            frame.creators.update(stretch.creators)
        frame.tags.extend(stretch.tags)
        walk.elements += stretch.elements
        return position + len(stretch.data)

    def settle(self) -> None:
        """Add what all stretches counted to their elements, values and passages."""
        for stretch in self._kept:
            self._settle(stretch)

    def _settle(self, stretch: Stretch) -> None:
        if not stretch.files:
            return
        counted: set[int] = set()
        for unit in stretch.units:
            for hit in unit.hits:
                for thing in (hit.element, hit.seen):
                    if thing is not NOTHING and id(thing) not in counted:
                        counted.add(id(thing))
                        thing.files += stretch.files
                for passage in hit.passages:
                    passage.where |= stretch.where
        stretch.files = stretch.where = 0

    def _shorten(self, hit: Hit, stretch: Stretch, data: bytes, position: int) -> Stretch | None:
        """Cut a stretch where this file differs; what stands behind becomes another."""
        low, high = 0, len(stretch.units)
        while low < high:  # the number of units that are the same here
            middle = (low + high + 1) // 2
            same = stretch.units[middle - 1].end
            if data[position : position + same] == stretch.data[:same]:
                low = middle
            else:
                high = middle - 1
        self._settle(stretch)
        hit.stretch = None
        behind = stretch.units[low + 1 :]
        if behind:
            start = stretch.units[low].end
            moved = [Unit(unit.end - start, unit.tag, unit.hits, unit.first) for unit in behind]
            self._keep(stretch.data[start:], moved)
        self._bytes -= len(stretch.data)
        self._kept.remove(stretch)
        if low:
            self._keep(stretch.data[: stretch.units[low - 1].end], stretch.units[:low])
        return hit.stretch

    def _keep(self, data: bytes, units: list[Unit]) -> None:
        if len(units) < SHORTEST or self._bytes + len(data) > _MOST_BYTES:
            return
        first = units[0].first
        if first is None or first.stretch is not None:
            return
        own = [unit.first for unit in units if unit.first is not None]
        first.stretch = Stretch(
            data,
            units,
            sum(len(unit.hits) for unit in units),
            tuple((hit.role, hit.text) for hit in own if 0 < hit.role < CHARSET_ROLE),
            {
                unit.tag >> 16 << 8 | unit.tag & 0xFFFF: unit.first.text
                for unit in units
                if unit.first is not None and unit.first.role == CREATOR_ROLE
            },
            [unit.tag for unit in units],
        )
        self._bytes += len(data)
        self._kept.append(first.stretch)
