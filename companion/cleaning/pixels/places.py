"""Where words were seen in a set's pictures -> what is blacked in each frame of each file.

More is blacked than was read. Of a film, and of a series of stills, only some frames are
read; but what stands on one of them in the same place as on another stands on all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from companion.scans.findings import Box
from companion.scans.pictures import Letters, Looked, Words

MARGIN = 8
"""A box grows by its height divided by this on all sides, and by a pixel at the least: what
reads lines marks the letters' cores, and their edges can be read too."""
SAME = 0.5
"""Part of the smaller of two boxes that the other covers, from which they are in one place."""
SHAPE_CHARACTERS = 2
SHAPE_PART = 4
"""What was read as so few characters, as high as a frame divided by this, is a shape in a body."""
MOST_PLACES = 400
"""Places of one series that are compared; each box beyond is blacked where it was seen."""
_Series = tuple[str, int, int]
"""A series, and its frames' rows and columns."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a frame, in pixels from the upper left; the ends are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def joined(self, other: Area) -> Area:
        """The smallest area that holds both."""
        return Area(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip

    def in_pairs(self) -> Area:
        """The area with whole pairs of pixels, which share a colour."""
        return Area(self.left // 2 * 2, self.top, -(-self.right // 2) * 2, self.bottom)

    def is_where(self, other: Area) -> bool:
        """Whether both are in one place, though one may be longer."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0 and down > 0 and across * down >= SAME * min(self.size, other.size)

    @property
    def size(self) -> int:
        """Pixels."""
        return max(0, self.right - self.left) * max(0, self.bottom - self.top)


@dataclass(slots=True)
class _Place:
    """One place of a series at which words were seen."""

    area: Area
    frames: set[tuple[str, int]] = field(default_factory=set, repr=False)


@dataclass(slots=True)
class _Own:
    """What was seen in one file's own picture."""

    by_frame: dict[int, list[Area]] = field(default_factory=dict)
    sizes: set[tuple[int, int]] = field(default_factory=set)


class Places:
    """What is to be blacked in the pictures of a set."""

    def __init__(self, looked: Looked) -> None:
        self._own: dict[str, _Own] = {}
        self._series = {one.file: one.series for one in looked.seen if one.series}
        written = [one for one in looked.words if not is_shape(one)]
        self._standing = _standing(written)
        for words in written:
            if words.series and words.series == self._series.get(words.box.file):
                own = self._own.setdefault(words.box.file, _Own())
                area = area_of(words.box, words.rows, words.columns)
                own.by_frame.setdefault(words.box.frame, []).append(area)
                own.sizes.add((words.rows, words.columns))

    def of(
        self, file: str, rows: int, columns: int, frames: int, *, film: bool
    ) -> Mapping[int, tuple[Area, ...]]:
        """The areas to black in the frames of a file's own picture, by frame from 0.

        ``film``: whether its frames are moments of one view, on which words stand still. A
        frame without any is left out.
        """
        own = self._own.get(file, _Own())
        everywhere = list(self._standing.get((self._series.get(file, ""), rows, columns), ()))
        if film and frames > 1:
            everywhere = [*everywhere, *(one for each in own.by_frame.values() for one in each)]
        everywhere = _without_doubles(everywhere)
        found = {}
        for frame in range(frames):
            areas = _without_doubles([*everywhere, *own.by_frame.get(frame, ())])
            if areas:
                found[frame] = tuple(areas)
        return found


def area_of(box: Box, rows: int, columns: int) -> Area:
    """A box with its margin, within the frame."""
    margin = max(1, min(box.height, box.width) // MARGIN)
    return Area(
        max(0, box.x - margin),
        max(0, box.y - margin),
        min(columns, box.x + box.width + margin),
        min(rows, box.y + box.height + margin),
    )


def is_shape(words: Words) -> bool:
    """Whether a reader took a shape in the body for writing: two ventricles for an 11.

    No machine writes a character or two so large, and they would name nobody; what is blacked
    there is what another doctor has to see.
    """
    return (
        words.letters is Letters.READ
        and len("".join(words.text.split())) <= SHAPE_CHARACTERS
        and words.rows > 0
        and words.box.height * SHAPE_PART >= words.rows
    )


def _standing(words: Iterable[Words]) -> dict[_Series, tuple[Area, ...]]:
    """For each series, the places at which words were seen in two frames or more."""
    series: dict[_Series, list[_Place]] = {}
    for one in words:
        if not one.series.endswith("/"):
            continue  # in a picture inside the file, such as an icon: it has a place of its own
        places = series.setdefault((one.series, one.rows, one.columns), [])
        area = area_of(one.box, one.rows, one.columns)
        where = (one.box.file, one.box.frame)
        for place in places:
            if place.area.is_where(area):
                place.area = place.area.joined(area)
                place.frames.add(where)
                break
        else:
            if len(places) < MOST_PLACES:
                places.append(_Place(area, {where}))
    return {
        key: tuple(place.area for place in places if len(place.frames) > 1)
        for key, places in series.items()
    }


def _without_doubles(areas: list[Area]) -> list[Area]:
    """The areas that lie in no other of them."""
    kept: list[Area] = []
    for one in sorted(set(areas), key=lambda area: -area.size):
        if not any(
            other.left <= one.left and other.top <= one.top
            and one.right <= other.right and one.bottom <= other.bottom
            for other in kept
        ):  # fmt: skip
            kept.append(one)
    return kept
