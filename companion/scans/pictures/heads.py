"""The series of an upload -> what of a face each of them shows, and a view of it."""

from __future__ import annotations

import time

from companion.scans.findings import Shows, Thumbnail
from companion.scans.pictures import Face, Volume
from companion.scans.pictures.face import judge
from companion.scans.pictures.shading import view
from companion.scans.pictures.surface import surface
from companion.scans.pictures.volume import Gatherer, Stack, UnjudgedError

PATIENCE = 8.0
"""Seconds of processor time for all series of an upload; a series takes 0.1 to 0.9."""
MOST_VIEWS = 6
_CLEAREST_FIRST = (Face.YES, Face.PART, Face.NO)


def judged(
    gatherer: Gatherer, patience: float = PATIENCE
) -> tuple[tuple[Volume, ...], tuple[Thumbnail, ...]]:
    """A verdict for each series that could be judged, and views of the faces found.

    A series without a verdict was not judged: it has too few slices, gaps, or there was no
    room or time for it. That one shows none is said only of a series that was judged whole.
    """
    end = time.process_time() + patience
    by_series: dict[str, list[Stack]] = {}
    for stack in gatherer.stacks():
        by_series.setdefault(stack.series, []).append(stack)
    volumes: list[Volume] = []
    views: list[tuple[Volume, Thumbnail]] = []
    for series, stacks in by_series.items():
        if time.process_time() > end:
            break
        found = [_judge(stack) for stack in stacks]
        whole = series not in gatherer.incomplete
        known = [one for one in found if one is not None]
        if not known:
            continue
        best, picture = min(known, key=lambda one: _CLEAREST_FIRST.index(one[0].face))
        if best.face is Face.NO and (len(known) < len(found) or not whole):
            continue
        files = len(set().union(*(stack.files for stack in stacks)))
        volume = Volume(series, best.file, files, best.face, best.sure)
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
    middle = stack.middle
    if seen is None:
        return None
    verdict = judge(seen)
    if verdict.face is Face.NO:
        if not grid.whole:
            return None
        return Volume(stack.series, middle.file, 0, Face.NO, verdict.sure), None
    image, width, height = view(seen)
    picture = Thumbnail(Shows.FACE, middle.file, middle.frame, width, height, image, "image/jpeg")
    return Volume(stack.series, middle.file, 0, verdict.face, verdict.sure), picture
