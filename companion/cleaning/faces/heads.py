"""The slices of one series -> what is cut from each of them, so that no face can be rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from companion.cleaning.faces.veil import UnveiledError, Veil, veil
from companion.cleaning.pixels.picture import own_picture
from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.placing import Placing, placing
from companion.scans.pictures.volume import (
    FEWEST_SLICES,
    SMALLEST,
    Gatherer,
    Stack,
    UnjudgedError,
)

Samples = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Cut:
    """What is cut from one file's frames."""

    placing: Placing = field(repr=False)
    veils: dict[int, Veil] = field(repr=False)
    """By the frame's number; frames that show nothing of a face are not among them."""

    def over(self, frame: int, samples: Samples, lowest: float, highest: float) -> Samples:
        """A frame's samples as they are stored, without the face.

        ``lowest`` and ``highest``: what such a sample can be. Raises ``KeyError`` for a frame
        that is not in ``veils``.
        """
        placed = self.placing.frames[frame]
        own = np.asarray(samples.astype(np.float64) * placed.slope + placed.intercept, np.float32)
        cut = self.veils[frame].over(own, placed)
        stored = np.clip(
            np.rint((cut.astype(np.float64) - placed.intercept) / placed.slope), lowest, highest
        )
        # What was not cut keeps its samples to the bit, whatever was lost in between.
        return np.where(cut == own, samples, stored.astype(samples.dtype))


class Head:
    """One series in which a face was seen: its slices come one by one."""

    def __init__(self) -> None:
        self._gatherer = Gatherer()
        self._placings: dict[str, Placing] = {}
        self._shapes: dict[str, dict[int, tuple[int, ...]]] = {}
        self.unplaced: set[str] = set()
        """Files of which a slice cannot be placed: what they show of a face stays."""

    def take(self, name: str, data: bytes) -> None:
        """One file of the series. Never raises for what the data hold."""
        if name in self._shapes or name in self.unplaced:
            self.unplaced.add(name)  # two files of one name: which is which cannot be told
            return
        found = placing(data)
        picture = own_picture(data)
        if found is None or picture is None or picture.frames > len(found.frames):
            self.unplaced.add(name)
            return
        shapes = self._shapes.setdefault(name, {})
        for frame in range(picture.frames):
            try:
                samples = decode(picture, frame)
            except UndecodedError:
                self.unplaced.add(name)
                return
            shapes[frame] = samples.shape
            self._gatherer.take(name, found, frame, samples)
        self._placings[name] = found

    def cuts(self) -> dict[str, Cut]:
        """What is cut from each file, by its name.

        Raises ``UnveiledError`` where a face stays, or nobody can say that none does.
        """
        if self.unplaced:
            raise UnveiledError
        veils: dict[int, Veil | None] = {}
        for one in self._gatherer.stacks():
            veils[id(one)] = _of(one)
        cuts = {}
        for name, placed in self._placings.items():
            found: dict[int, Veil] = {}
            for frame, shape in self._shapes[name].items():
                stack = self._gatherer.stack_of(placed, frame, shape)
                if stack is None:
                    raise UnveiledError
                cut = veils[id(stack)]
                if cut is not None:
                    found[frame] = cut
            cuts[name] = Cut(placed, found)
        return cuts


def _of(stack: Stack) -> Veil | None:
    """What is cut from a stack; None where it shows no face, or is too small to."""
    small = stack.extent < SMALLEST or len(stack.slices) < FEWEST_SLICES
    try:
        grid = stack.grid()
    except UnjudgedError:
        if small:
            return None
        raise UnveiledError from None
    if not grid.whole:
        raise UnveiledError  # what lies beyond a gap was not judged
    return veil(grid)
