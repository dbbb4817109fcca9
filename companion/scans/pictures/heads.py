"""The series of an upload -> what of a face each of them shows, and a view of it."""

from __future__ import annotations

import time
from dataclasses import replace

from companion.scans.findings import Shows, Thumbnail
from companion.scans.pictures import Face, Volume
from companion.scans.pictures.face import Verdict, judge
from companion.scans.pictures.shading import view
from companion.scans.pictures.surface import surface
from companion.scans.pictures.volume import FEWEST_SLICES, Gatherer, Stack, UnjudgedError

PATIENCE = 8.0
"""Seconds of processor time for all series of an upload; a series takes 0.1 to 0.9."""
MOST_VIEWS = 6
_CLEAREST_FIRST = (Face.YES, Face.PART, Face.NO)
_LONG_ENOUGH = 100.0
"""Millimetres from the first slice to the last from which a series may hold a whole head."""


def judged(
    gatherer: Gatherer, patience: float = PATIENCE
) -> tuple[tuple[Volume, ...], tuple[Thumbnail, ...]]:
    """A verdict for each series that may hold a head, and views of the faces found.

    ``Face.UNKNOWN`` where it could not be judged: it has gaps, or there was no room or time
    for it. Series of a few slices are left out. That one shows none is said only of a series
    that was judged whole.
    """
    end = time.process_time() + patience
    by_series: dict[str, list[Stack]] = {}
    for stack in gatherer.stacks():
        by_series.setdefault(stack.series, []).append(stack)
    volumes: list[Volume] = []
    views: list[tuple[Volume, Thumbnail]] = []
    for series, stacks in by_series.items():
        is_late = time.process_time() > end
        found = [None if is_late else _judge(stack) for stack in stacks]
        whole = series not in gatherer.incomplete
        known = [one for one in found if one is not None]
        best, picture = min(
            known, key=lambda one: _CLEAREST_FIRST.index(one[0].face), default=(None, None)
        )
        if best is None or (best.face is Face.NO and (len(known) < len(found) or not whole)):
            longest = max(stacks, key=lambda stack: stack.extent)
            if longest.extent < _LONG_ENOUGH or len(longest.slices) < FEWEST_SLICES:
                continue
            best, picture = _volume(longest, Face.UNKNOWN, 0.0), None
        files = len(set().union(*(stack.files for stack in stacks)))
        volume = replace(best, files=files)
        volumes.append(volume)
        if picture is not None:
            views.append((volume, picture))
    views.sort(key=lambda one: (_CLEAREST_FIRST.index(one[0].face), -one[0].sure))
    return tuple(volumes), tuple(picture for _, picture in views[:MOST_VIEWS])


def _judge(stack: Stack) -> tuple[Volume, Thumbnail | None] | None:
    """A stack's verdict; None where its slices give no volume, or it is not all there."""
    try:
        grid = stack.grid()
    except UnjudgedError:
        return None
    seen = surface(grid)
    verdict = Verdict(Face.NO, 0.5) if seen is None else judge(seen)
    volume = _volume(stack, verdict.face, verdict.sure)
    if seen is None or verdict.face is Face.NO:
        return (volume, None) if grid.whole else None
    image, width, height = view(seen)
    return volume, Thumbnail(
        Shows.FACE, volume.file, volume.frame, width, height, image, "image/jpeg"
    )


def _volume(stack: Stack, face: Face, sure: float) -> Volume:
    middle = stack.middle
    height, width = middle.shape
    return Volume(
        stack.series, middle.file, len(stack.files), face, sure, middle.frame, width, height
    )
