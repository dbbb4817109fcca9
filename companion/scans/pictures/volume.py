"""Slices of a series, as they come -> one even grid of the part that may hold a head.

Slices are kept small: eight bits, pixels of about ``GRID`` mm, one slice in each step of as
much. So a trunk of two thousand slices takes less memory than its first fifty as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures.placing import Axis, Direction, Placed, Placing, placing

Samples = NDArray[np.generic]
Floats = NDArray[np.float32]

GRID = 1.5
"""Millimetres between two points of the grid."""
MOST_BYTES = 80 * 1024 * 1024
"""Of all slices that are kept of one upload."""
MOST_SERIES = 24
"""Series gathered at a time, and judged, in one upload."""
MOST_SIDE = 256
"""Pixels of a small slice's side."""
FEWEST_SLICES = 8
WIDEST_GAP = 9.0
"""Millimetres between two slices, beyond which nothing is filled in between."""
SMALLEST = 60.0
"""Millimetres that a volume has to measure, each way, to be judged."""
LONGEST = 330.0
"""Millimetres of a long volume that are judged, from its upper end: a head and a neck."""
_TOO_LONG = 50.0
"""Millimetres beyond ``LONGEST`` at which a stack is shortened: not at every slice."""
_UPRIGHT = 0.8
"""How much of the way from slice to slice leads up or down the body."""
_MOST_REMEMBERED = 10_000
LOWEST_HU, HIGHEST_HU = -1000.0, 1000.0


class UnjudgedError(Exception):
    """The slices give no volume that can be judged."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A volume in the patient's directions: ``values[up, back, left]``, each step ``GRID``."""

    values: Floats = field(repr=False)
    modality: str
    whole: bool
    """Whether there was no gap at which slices were left out. What lies below the upper
    ``LONGEST`` mm of a long body holds no face."""
    axes: tuple[Axis, Axis, Axis]
    """Of ``values``, in their order."""


@dataclass(slots=True)
class _Slice:
    """One slice, small."""

    file: str = field(repr=False)
    frame: int
    shape: tuple[int, int]
    """Rows and columns of the stored picture."""
    pixels: NDArray[np.uint8] = field(repr=False)
    low: float
    step: float
    """What a pixel of 0 means, and how much each more is."""
    across: float
    down: float
    """Where its first pixel lies along its rows and its columns, in mm."""

    def values(self) -> Floats:
        return self.pixels.astype(np.float32) * np.float32(self.step) + np.float32(self.low)


@dataclass(slots=True)
class Stack:
    """The parallel slices of one series, by where they lie along their normal."""

    series: str = field(repr=False)
    modality: str
    along_row: Direction
    along_column: Direction
    spacing: tuple[float, float]
    """Of the small slices, in mm: between rows, between columns."""
    slices: dict[int, _Slice] = field(default_factory=dict, repr=False)
    positions: dict[int, float] = field(default_factory=dict, repr=False)
    files: set[str] = field(default_factory=set, repr=False)
    bytes: int = 0

    @property
    def extent(self) -> float:
        """Millimetres from the first slice to the last."""
        places = self.positions.values()
        return max(places) - min(places) if places else 0.0

    def is_far_down(self, position: float) -> bool:
        """Whether a slice lies too far below the upper end of a body to show its face."""
        up = _cross(self.along_row, self.along_column)[2]
        if abs(up) < _UPRIGHT or not self.positions:
            return False
        places = self.positions.values()
        return (max(places) - position if up > 0 else position - min(places)) > LONGEST

    def let_go(self) -> int:
        """Forget slices that are far down by now; returns how many bytes they took."""
        gone = 0
        if self.extent > LONGEST + _TOO_LONG:
            for step in [one for one, place in self.positions.items() if self.is_far_down(place)]:
                gone += self.slices.pop(step).pixels.nbytes
                del self.positions[step]
        self.bytes -= gone
        return gone

    @property
    def middle(self) -> _Slice:
        ordered = sorted(self.slices)
        return self.slices[ordered[len(ordered) // 2]]

    def grid(self) -> Grid:
        """The volume; raises ``UnjudgedError`` where its slices give none."""
        ordered = sorted(self.slices, key=self.positions.__getitem__)
        run = _longest_run([self.positions[one] for one in ordered])
        chosen = [self.slices[ordered[one]] for one in run]
        places = np.array([self.positions[ordered[one]] for one in run], np.float32)
        if len(chosen) < FEWEST_SLICES or places[-1] - places[0] < SMALLEST:
            raise UnjudgedError
        axes, signs = _nearest_axes(self.along_row, self.along_column)
        keep = slice(None)
        if axes[0] == 2 and places[-1] - places[0] > LONGEST:
            # The slices follow each other along the body: its upper end is enough.
            inside = (
                places >= places[-1] - LONGEST if signs[0] > 0 else places <= places[0] + LONGEST
            )
            keep = slice(int(inside.argmax()), int(len(places) - inside[::-1].argmax()))
        chosen, places = chosen[keep], places[keep]
        values = _even(chosen, places, self.spacing)
        # From (normal, column, row) to (up, back, left): the patient's axes are left, back, up.
        order = [axes.index(axis) for axis in (2, 1, 0)]
        values = values.transpose(order)
        turned = [signs[which] < 0 for which in order]
        values = values[tuple(slice(None, None, -1) if turn else slice(None) for turn in turned)]
        if min(values.shape) * GRID < SMALLEST:
            raise UnjudgedError
        left_out = max(0, len(values) - int(LONGEST / GRID))
        own = (
            Axis(_cross(self.along_row, self.along_column), float(places[0])),
            Axis(self.along_column, float(np.median([one.down for one in chosen]))),
            Axis(self.along_row, float(np.median([one.across for one in chosen]))),
        )
        up, back, left = (
            own[which].turned((count - 1) * GRID) if turn else own[which]
            for which, count, turn in zip(order, values.shape, turned, strict=True)
        )
        up = Axis(up.direction, up.first + left_out * GRID)
        values = np.ascontiguousarray(values[left_out:])
        return Grid(values, self.modality, len(run) == len(ordered), (up, back, left))


class Gatherer:
    """Gathers the slices of an upload, series by series."""

    def __init__(self) -> None:
        self._stacks: dict[tuple[object, ...], Stack] = {}
        self._refused: set[tuple[object, ...]] = set()
        self._bytes = 0
        self.incomplete: set[str] = set()
        """Series of which slices were left out, for want of a place or of room."""

    def take(self, file: str, placing: Placing, frame: int, samples: Samples) -> None:
        """Keep one frame, as its header places it. Samples as they are stored, one a pixel."""
        placed = placing.frames.get(frame)
        if placed is None or samples.ndim != 2 or min(samples.shape) < FEWEST_SLICES:
            self.leave_out(placing.series)
            return
        key = _key(placing.series, placed, samples.shape)
        stack = self._stack(key, placing, placed, samples.shape)
        if stack is None:
            self.leave_out(placing.series)
            return
        stack.files.add(file)
        normal = _cross(placed.along_row, placed.along_column)
        position = _dot(placed.position, normal)
        step = round(position / GRID)
        if step in stack.slices or stack.is_far_down(position):
            return  # the same place at another time, or nearer than the grid's points
        factors = _factors(samples.shape, placed.spacing)
        small = _small(samples, placed, stack.modality, factors)
        across, down = (
            _dot(placed.position, direction)
            for direction in (placed.along_row, placed.along_column)
        )
        rows, columns = samples.shape
        stack.slices[step] = _Slice(
            file, frame, (rows, columns), *small,
            across + (factors[1] - 1) / 2 * placed.spacing[1],
            down + (factors[0] - 1) / 2 * placed.spacing[0],
        )  # fmt: skip
        stack.positions[step] = position
        stack.bytes += small[0].nbytes
        self._bytes += small[0].nbytes - stack.let_go()
        self._make_room()

    def stacks(self) -> list[Stack]:
        """What was gathered, the most promising first."""
        return sorted(self._stacks.values(), key=_promise, reverse=True)

    def stack_of(self, placing: Placing, frame: int, shape: tuple[int, ...]) -> Stack | None:
        """The stack that a frame belongs to; None where it was not kept."""
        placed = placing.frames.get(frame)
        return self._stacks.get(_key(placing.series, placed, shape)) if placed else None

    def _stack(
        self,
        key: tuple[object, ...],
        placing: Placing,
        placed: Placed,
        shape: tuple[int, ...],
    ) -> Stack | None:
        if key in self._refused:
            return None
        if key not in self._stacks:
            if len(self._stacks) >= MOST_SERIES:
                self._drop(min(self._stacks, key=lambda one: _promise(self._stacks[one])))
            factors = _factors(shape, placed.spacing)
            self._stacks[key] = Stack(
                placing.series, placing.modality, placed.along_row, placed.along_column,
                (placed.spacing[0] * factors[0], placed.spacing[1] * factors[1]),
            )  # fmt: skip
        return self._stacks[key]

    def _make_room(self) -> None:
        """Drop the least promising series while there is too much."""
        while self._bytes > MOST_BYTES and self._stacks:
            self._drop(min(self._stacks, key=lambda one: _promise(self._stacks[one])))

    def _drop(self, key: tuple[object, ...]) -> None:
        stack = self._stacks.pop(key)
        self._bytes -= stack.bytes
        self.leave_out(stack.series)
        if len(self._refused) < _MOST_REMEMBERED:
            self._refused.add(key)

    def leave_out(self, series: str) -> None:
        """A part of a series is missing: that it shows no face cannot be said."""
        if len(self.incomplete) < _MOST_REMEMBERED:
            self.incomplete.add(series)


class Slices:
    """The frames of one file on their way to a gatherer."""

    def __init__(self, gatherer: Gatherer, file: str, data: bytes) -> None:
        self._gatherer = gatherer
        self._file = file
        self._placing = placing(data)
        self._taken: set[int] = set()

    def take(self, frame: int, samples: Samples) -> None:
        """A frame that was decoded."""
        if self._placing is not None:
            self._taken.add(frame)
            self._gatherer.take(self._file, self._placing, frame, samples)

    def end(self) -> None:
        """No more of its frames will come: some may have been damaged, or too many."""
        if self._placing is not None and len(self._taken) < len(self._placing.frames):
            self._gatherer.leave_out(self._placing.series)


def _promise(stack: Stack) -> tuple[float, int]:
    """How much of a head a series may hold: its slices' extent, up to a head's."""
    return min(stack.extent, 200.0), len(stack.slices)


def _key(series: str, placed: Placed, shape: tuple[int, ...]) -> tuple[object, ...]:
    directions = (*placed.along_row, *placed.along_column)
    return (
        series, shape, tuple(round(one, 1) + 0.0 for one in directions),
        tuple(round(one, 2) for one in placed.spacing),
    )  # fmt: skip


def _factors(shape: tuple[int, ...], spacing: tuple[float, float]) -> tuple[int, int]:
    """How many rows and columns become one."""
    down, across = (
        max(1, int(GRID / step + 0.25), -(-side // MOST_SIDE))
        for side, step in zip(shape, spacing, strict=True)
    )
    return down, across


def _small(
    samples: Samples, placed: Placed, modality: str, factors: tuple[int, int]
) -> tuple[NDArray[np.uint8], float, float]:
    """A slice in eight bits, its pixels put together; what 0 means, and each step."""
    down, across = factors
    rows, columns = samples.shape[0] // down, samples.shape[1] // across
    values = samples[: rows * down, : columns * across].astype(np.float32)
    np.nan_to_num(values, copy=False, nan=0, posinf=0, neginf=0)
    if down > 1 or across > 1:
        values = values.reshape(rows, down, columns, across).mean(axis=(1, 3))
    values = values * np.float32(placed.slope) + np.float32(placed.intercept)
    if modality == "CT":
        np.clip(values, LOWEST_HU, HIGHEST_HU, out=values)
    low, high = float(values.min()), float(values.max())
    step = (high - low) / 255 if high > low else 1.0
    return ((values - low) / step + 0.5).astype(np.uint8), low, step


def _even(slices: list[_Slice], places: Floats, spacing: tuple[float, float]) -> Floats:
    """Slices in even steps along their normal, their columns and their rows."""
    rows, columns = slices[0].pixels.shape
    down = np.array([one.down for one in slices], np.float32)
    across = np.array([one.across for one in slices], np.float32)
    # A scanner that leans (gantry tilt) shifts its slices against each other.
    tall = _axis(float(np.median(down)), rows, spacing[0])
    wide = _axis(float(np.median(across)), columns, spacing[1])
    upright = np.arange(places[0], places[-1] + 1e-3, GRID, dtype=np.float32)
    after = np.clip(np.searchsorted(places, upright, side="right"), 1, len(places) - 1)
    parts = (upright - places[after - 1]) / np.maximum(places[after] - places[after - 1], 1e-6)
    result = np.empty((len(upright), len(tall), len(wide)), np.float32)
    held: dict[int, Floats] = {}
    for at, (second, part) in enumerate(zip(after, np.clip(parts, 0, 1), strict=True)):
        for number in (int(second) - 1, int(second)):
            if number not in held:
                plane = slices[number].values()
                plane = _along(plane, (tall - down[number]) / spacing[0], 0)
                held[number] = _along(plane, (wide - across[number]) / spacing[1], 1)
        result[at] = held[int(second) - 1] * (1 - part) + held[int(second)] * part
        for number in [one for one in held if one < second - 1]:
            del held[number]
    return result


def _axis(first: float, count: int, spacing: float) -> Floats:
    return np.arange(first, first + (count - 1) * spacing + 1e-3, GRID, dtype=np.float32)


def _along(plane: Floats, where: Floats, axis: int) -> Floats:
    """A plane's values at places along one axis, in pixels; beyond its ends, those."""
    last = plane.shape[axis] - 1
    where = np.clip(where, 0, last)
    first = np.minimum(where.astype(np.intp), max(last - 1, 0))
    part = (where - first).astype(np.float32)
    part = part[:, None] if axis == 0 else part[None, :]
    lower = plane.take(first, axis)
    upper = plane.take(np.minimum(first + 1, last), axis)
    return np.asarray(lower + (upper - lower) * part, dtype=np.float32)


def _longest_run(places: list[float]) -> list[int]:
    """Numbers of the slices that follow each other without a wide gap."""
    best: list[int] = []
    run: list[int] = []
    for number, place in enumerate(places):
        if run and place - places[run[-1]] > WIDEST_GAP:
            run = []
        run.append(number)
        if not best or places[run[-1]] - places[run[0]] > places[best[-1]] - places[best[0]]:
            best = run
    return best


def _nearest_axes(along_row: Direction, along_column: Direction) -> tuple[list[int], list[float]]:
    """The patient's axes (0 left, 1 back, 2 up) nearest to normal, column and row."""
    directions = np.array([_cross(along_row, along_column), along_column, along_row])
    axes, signs = [0, 0, 0], [1.0, 1.0, 1.0]
    left = np.abs(directions)
    for _ in range(3):
        which, axis = np.unravel_index(int(left.argmax()), left.shape)
        axes[which], signs[which] = int(axis), float(np.sign(directions[which, axis]))
        left[which, :] = left[:, axis] = -1
    return axes, signs


def _cross(one: Direction, other: Direction) -> Direction:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def _dot(one: Direction, other: Direction) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))
