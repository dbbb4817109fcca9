"""Which of an upload's frames are read, and which are only passed through the pre-filter.

Reading a frame takes a hundred times as long as telling that it holds no row of marks, and a
study has thousands. So some are read whatever they show: those on which words are usual, and
of each series the first, the last and one from the middle. Of all others those are read that
the pre-filter does not pass over. Files come one by one, and how many there will be is not
known: the candidates for last and middle are kept in eight bits until the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.pictures.repeated import Repeated
from companion.scans.pictures.window import Shown

ALWAYS_OF_SERIES = 8
"""Frames of one series that are read whatever they show."""
READ_OF_SERIES = 24
"""Frames of one series that are read at all: words on a series are the same throughout."""
MOST_SERIES = 500
"""Series beyond which files belong to none: each is read as if it were alone."""
MOST_KEPT = 48 * 1024 * 1024
"""Bytes of the candidates of all series."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame, as it is shown."""

    file: str = field(repr=False)
    frame: int
    shown: Shown = field(repr=False)


@dataclass(slots=True)
class Series:
    """What has been met of one series."""

    count: int = 0
    """Frames."""
    read: int = 0
    sizes: set[tuple[int, ...]] = field(default_factory=set)
    last: Shot | None = None
    middles: list[tuple[int, Shot]] = field(default_factory=list)
    """Candidates for the middle, with their places in the series, counted from 1."""
    repeated: Repeated = field(default_factory=Repeated)

    def is_read_at_once(self, shot: Shot, *, usual: bool) -> bool:
        """Whether a frame is read whatever it shows: the first, one of another size than all
        before it, and some of those that carry words as a habit (``usual``)."""
        self.count += 1
        size = shot.shown.shape[:2]
        is_new = size not in self.sizes and len(self.sizes) < ALWAYS_OF_SERIES
        self.sizes.add(size)
        return is_new or (usual and self.read < ALWAYS_OF_SERIES)

    def keep(self, shot: Shot) -> None:
        """A frame that was not read may prove to be the last one, or one in the middle."""
        self.last = shot
        if _is_candidate(self.count):
            self.middles = [*self.middles[-3:], (self.count, shot)]

    def drop_read(self) -> None:
        """The frame that was met last was read: there is another last one now."""
        self.last = None

    @property
    def kept(self) -> int:
        """Bytes of the frames that are kept."""
        shots = {id(shot): shot for _, shot in self.middles}
        if self.last is not None:
            shots[id(self.last)] = self.last
        return sum(shot.shown.nbytes for shot in shots.values())

    def middle(self) -> Shot | None:
        """The candidate nearest to the middle."""
        if not self.middles:
            return None
        return min(self.middles, key=lambda one: abs(2 * one[0] - self.count))[1]


def _is_candidate(place: int) -> bool:
    """Whether a place is 2, 3, 4, 6, 8, 12, 16 ...: whatever the number of frames will be,
    one of them is close to half of it."""
    power = 1 << (place.bit_length() - 1)
    return place > 1 and place in (power, power + power // 2)
