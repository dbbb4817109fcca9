"""A volume -> the body in it, and how deep its skin lies behind the front.

Distances are in mm; maps are ``[up, left]`` in steps of ``volume.GRID``, seen from the front.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures.volume import GRID, Floats, Grid

Mask = NDArray[np.bool_]

SKIN_HU = -300.0
"""Halfway between air and skin, where a CT scanner has averaged them."""
PART_OF_OTSU = 0.45
"""Skin is darker than the mean of what an MR image shows, and brighter than its noise."""
_SMALLEST_PIECE = 0.04
"""Part of the body below which a piece is none of it: a tube, a strap, a head rest."""
_MOST_PIECES = 6
_MOST_PASSES = 60


@dataclass(frozen=True, slots=True)
class Surface:
    """The skin as it is seen from the front."""

    depth: Floats = field(repr=False)
    """From the front of the volume; NaN where there is no body, or where it begins at the
    very edge, so that its skin was not scanned."""
    width: Floats = field(repr=False)
    """Of the body, from right to left, in each row; 0 where there is none."""
    middle: Floats = field(repr=False)
    """Of the body in each row, in steps from the right."""
    length: Floats = field(repr=False)
    """Of the body, from front to back, in each row."""
    cut_above: bool
    """Whether the body goes on above what was scanned."""
    cut_in_front: float
    """Part of the middle of the map at which the skin was not scanned."""


def surface(grid: Grid) -> Surface | None:
    """The skin of what a volume shows; None where it shows no body."""
    values = grid.values
    threshold = skin_threshold(grid)
    mask = values > threshold
    body = _body(mask)
    if body is None:
        return None
    mask &= body
    rows, columns = np.asarray(mask.any(axis=1)), np.asarray(mask.any(axis=2))
    width, middle = _extents(rows)
    length, _ = _extents(columns)
    first = mask.argmax(axis=1)
    some = rows
    at_edge = some & (first == 0)
    depth = _crossing(values, first, threshold) * np.float32(GRID)
    depth[~some | at_edge] = np.nan
    top = mask[-2:].any(axis=0).sum() * GRID**2
    seen = some.sum()
    return Surface(
        depth, width * np.float32(GRID), middle, length * np.float32(GRID),
        cut_above=bool(top > 40.0**2), cut_in_front=float(at_edge.sum() / max(seen, 1)),
    )  # fmt: skip


def skin_threshold(grid: Grid) -> float:
    """The value that parts skin from air."""
    values = grid.values
    if grid.modality == "CT" and float(values.min()) < SKIN_HU - 200:
        return SKIN_HU
    return PART_OF_OTSU * otsu(values[::2, ::2, ::2])


def otsu(values: Floats) -> float:
    """The value that parts dark from bright with the least spread within both (Otsu 1979)."""
    low, high = np.percentile(values, (0.5, 99.5))
    if high <= low:
        return float(low)
    counts, edges = np.histogram(values, 256, (float(low), float(high)))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(middles[int(np.nanargmax(apart))])


def _body(mask: Mask) -> Mask | None:
    """Where the body is: the largest connected pieces and a margin around them.

    Pieces are told apart on a grid of half the fineness, where thin bridges break.
    """
    shape = tuple(side // 2 for side in mask.shape)
    cells = mask[: shape[0] * 2, : shape[1] * 2, : shape[2] * 2]
    counts = np.zeros(shape, np.uint8)
    for up in (0, 1):
        for back in (0, 1):
            for left in (0, 1):
                counts += cells[up::2, back::2, left::2]
    left_over = counts >= 4
    total = int(left_over.sum())
    pieces: list[Mask] = []
    while len(pieces) < _MOST_PIECES and left_over.sum() > _SMALLEST_PIECE * total:
        numbers = np.flatnonzero(left_over)
        piece = _flood(left_over, int(numbers[len(numbers) // 2]))
        left_over &= ~piece
        pieces.append(piece)
    kept = [piece for piece in pieces if piece.sum() > _SMALLEST_PIECE * total]
    if not kept:
        return None
    body = np.logical_or.reduce(kept)
    for axis in range(3):
        grown = body.copy()
        one, other = _shifted(axis)
        grown[one] |= body[other]
        grown[other] |= body[one]
        body = grown
    fine = body.repeat(2, 0).repeat(2, 1).repeat(2, 2)
    whole = np.zeros(mask.shape, bool)
    whole[tuple(slice(side) for side in fine.shape)] = fine
    return whole


def _shifted(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    one, other = [slice(None)] * 3, [slice(None)] * 3
    one[axis], other[axis] = slice(1, None), slice(None, -1)
    return tuple(one), tuple(other)


def _flood(mask: Mask, seed: int) -> Mask:
    """The piece around one cell: sweeps in all six directions until nothing is added."""
    reached = np.zeros_like(mask)
    reached.flat[seed] = True
    count = 1
    for _ in range(_MOST_PASSES):
        for axis in range(3):
            there, back = np.moveaxis(reached, axis, 0), np.moveaxis(mask, axis, 0)
            for at in range(1, len(there)):
                there[at] |= there[at - 1] & back[at]
            for at in range(len(there) - 2, -1, -1):
                there[at] |= there[at + 1] & back[at]
        grown = int(reached.sum())
        if grown == count:
            break
        count = grown
    return reached


def _extents(seen: Mask) -> tuple[Floats, Floats]:
    """For each row: how many steps from the first point of the body to the last, and the
    middle between them."""
    some = seen.any(axis=1)
    first = seen.argmax(axis=1)
    last = seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    steps = np.where(some, last - first + 1, 0).astype(np.float32)
    return steps, ((first + last) / 2).astype(np.float32)


def _crossing(values: Floats, first: NDArray[np.intp], threshold: float) -> Floats:
    """Where between two points the skin lies, in steps from the front."""
    before = np.maximum(first - 1, 0)
    outer = np.take_along_axis(values, before[:, None, :], 1)[:, 0, :]
    inner = np.take_along_axis(values, first[:, None, :], 1)[:, 0, :]
    rise = np.maximum(inner - outer, 1e-6)
    part = np.clip((threshold - outer) / rise, 0, 1)
    return np.asarray(before + part * (first - before), dtype=np.float32)
