"""Writing that stands on frame after frame: read once, and recognised by its pixels.

A film of ultrasound or a series of slices with a name in its corner has the same lines on
each of hundreds of frames. Comparing takes a thousandth of the time of reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from companion.scans.pictures.reading import Writing
from companion.scans.pictures.window import Grey

DIFFERS = 16
"""Grey levels of mean difference, in a stretch as long as half the line is high, from which a
line is another one. One digit that changed makes 30 and more."""
MOST_LINES = 60
"""Lines of a series that are remembered."""
_MOST_PIXELS = 400_000


@dataclass(frozen=True, slots=True)
class _Known:
    writing: Writing
    patch: Grey = field(repr=False)


class Repeated:
    """The lines of the frame of a series that was read last."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def learn(self, picture: Grey, lines: list[Writing]) -> None:
        """What was read in a frame: it stands in the place of what was known before."""
        self._known, pixels = [], 0
        for writing in lines[:MOST_LINES]:
            line = writing.line
            patch = picture[line.top : line.bottom, line.left : line.right].copy()
            pixels += patch.size
            if pixels <= _MOST_PIXELS and patch.size:
                self._known.append(_Known(writing, patch))

    def recognise(self, picture: Grey) -> tuple[list[Writing], Grey]:
        """The known lines that stand in this frame too, and the frame without them."""
        found = [known.writing for known in self._known if _is_same(picture, known)]
        if not found:
            return [], picture
        rest = picture.copy()
        for writing in found:
            line = writing.line
            part = rest[line.top : line.bottom, line.left : line.right]
            part[:] = np.median(part)
        return found, rest


def _is_same(picture: Grey, known: _Known) -> bool:
    line = known.writing.line
    part = picture[line.top : line.bottom, line.left : line.right]
    if part.shape != known.patch.shape:
        return False
    differs = np.abs(part.astype(np.int16) - known.patch)
    along = differs.mean(axis=0 if part.shape[1] >= part.shape[0] else 1)
    stretch = max(1, min(part.shape) // 2)
    running = np.concatenate([[0.0], np.cumsum(along)])
    means = (running[stretch:] - running[:-stretch]) / stretch
    return bool(means.max() <= DIFFERS)
