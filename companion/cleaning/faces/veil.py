"""The skin of a head -> a sheet behind its face, and what is left of the head behind it.

The sheet owes the face only where it stands: in every height it has the same curve, and from
the brow down to the chin it is straight. What lies before it becomes air, and a thin even
layer behind it closes what was opened. The head above the brow, the ears, the teeth behind
the sheet and the skull stay as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures import Face
from companion.scans.pictures.face import FaceMap, face_map, find_eyes, find_noses, hollows, judge
from companion.scans.pictures.placing import Axis, Placed
from companion.scans.pictures.surface import Surface, skin_threshold, surface
from companion.scans.pictures.volume import GRID, Floats, Grid

ABOVE_A_NOSE, ABOVE_THE_EYES, ABOVE_HOLLOWS = 46.0, 18.0, 14.0
"""Millimetres from the tip of a nose, from the middle of the eyes, and from the upper end of
their hollows up to the brow."""
BELOW_A_NOSE, BELOW_A_BROW = 82.0, 145.0
"""The same down to below the chin."""
SHORTEST = 20.0
"""Millimetres of a face that can be taken away."""
HALF_WIDTH = 46.0
"""Millimetres from the middle to both sides, within which the sheet lies behind all skin."""
BEHIND = 3.0
"""Millimetres that the sheet lies behind the skin at the least."""
FARTHEST_BENT = 55.0
"""Millimetres from the middle from which the sheet goes straight on to the sides."""
NEARLY_ALL = 97.0
"""Per cent of the skin that has to lie before the sheet: the rest is nostrils and mouth."""
LAYER = 5.0
"""Millimetres of even tissue behind the sheet."""
LEAST_CURVE, MOST_CURVE = 0.006, 0.016
"""Of the sheet from the middle to the sides, in mm per square mm: that of a barrel as wide as
a head. With any of them the cheeks fall away too much for a nose, see ``face.find_noses``."""
DEEPEST = 34.0
"""Millimetres that the sheet may lie behind the brow; farther back is the brain."""
DEEPEST_NECK = 31.0
"""Millimetres behind the foremost skin, beyond which what lies below is a neck."""
STEEPEST = 0.6
"""Millimetres that the sheet leans from a row to the next."""
DOWN_TO_THE_MOUTH = 80.0
"""Millimetres from the brow."""
ON_THE_SHEET, MOST_OFF = 3.0, 0.04
"""Millimetres within which the skin that is left has to lie on the sheet, and the part of it
that may not."""
_TISSUE_HU, _AIR_HU = 40.0, -1000.0
_EVEN = 0.5


class UnveiledError(Exception):
    """No sheet can be put behind this face, or what is left still shows one."""


@dataclass(frozen=True, slots=True)
class Veil:
    """What is cut away of one volume, in the patient's directions."""

    sheet: Floats = field(repr=False)
    """``[up, left]``: millimetres from the grid's front; NaN where nothing is cut."""
    axes: tuple[Axis, Axis, Axis]
    """Of the grid: up, back, left."""
    air: float
    tissue: float
    """What both are, in the values that the pixels stand for."""

    def over(self, values: Floats, placed: Placed) -> Floats:
        """One slice, rows x columns of values, without what lies before the sheet."""
        up, back, left = (self._steps(axis, values.shape, placed) for axis in self.axes)
        depth = self._sheet_at(up, left)
        back *= GRID
        with np.errstate(invalid="ignore"):
            before, within = back < depth, (back >= depth) & (back < depth + LAYER)
        veiled = np.where(within, np.float32(self.tissue), values)
        return np.where(before, np.float32(self.air), veiled)

    def _steps(self, axis: Axis, shape: tuple[int, ...], placed: Placed) -> Floats:
        """Where each pixel lies along an axis, in steps of the grid."""
        start = _dot(placed.position, axis.direction) - axis.first
        down = _dot(placed.along_column, axis.direction) * placed.spacing[0]
        across = _dot(placed.along_row, axis.direction) * placed.spacing[1]
        rows = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(down)
        columns = np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(across)
        return np.asarray((rows + columns + np.float32(start)) / np.float32(GRID), np.float32)

    def _sheet_at(self, up: Floats, left: Floats) -> Floats:
        tall, wide = self.sheet.shape
        rows, columns = np.rint(up).astype(np.intp), np.rint(left).astype(np.intp)
        inside = (rows >= 0) & (rows < tall) & (columns >= 0) & (columns < wide)
        found = self.sheet[np.clip(rows, 0, tall - 1), np.clip(columns, 0, wide - 1)]
        return np.where(inside, found, np.float32(np.nan))


def veil(grid: Grid) -> Veil | None:
    """What has to be cut away of a volume; None where it shows no face.

    Raises ``UnveiledError`` where a face would stay.
    """
    seen = surface(grid)
    if seen is None or judge(seen).face is Face.NO:
        return None
    face = face_map(seen)
    if face is None:
        raise UnveiledError
    sheet = _sheet(seen, face)
    air, tissue = _air_and_tissue(grid, sheet)
    found = Veil(sheet, grid.axes, air, tissue)
    if not lies_behind(seen, face, sheet) or not is_gone(grid, found):
        raise UnveiledError
    return found


def lies_behind(seen: Surface, face: FaceMap, sheet: Floats) -> bool:
    """Whether hardly any skin of eyes, nose and mouth stays behind the sheet, where it could be
    laid bare again: there may be no gap between the two. Below them is the neck."""
    inner = np.abs(np.arange(sheet.shape[1]) - face.middle) * GRID <= HALF_WIDTH
    brow = int(np.flatnonzero(~np.isnan(sheet).all(axis=1))[-1])
    rows = slice(max(0, brow - _steps(DOWN_TO_THE_MOUTH)), brow + 1)
    with np.errstate(invalid="ignore"):
        gap = (seen.depth - sheet)[rows, inner]
        relief = gap > _EVEN
    return float(relief.sum()) <= MOST_OFF * float((~np.isnan(gap)).sum())


def is_gone(grid: Grid, cut: Veil) -> bool:
    """Whether a volume shows no face any more once the sheet has been put in: by the judge of
    faces, and by the skin, which has to be the sheet's where the face was."""
    after = surface(replace(grid, values=without_face(grid.values, cut)))
    if after is None or judge(after).face is not Face.NO:
        return False
    where = ~np.isnan(cut.sheet)
    off = after.depth[where] - cut.sheet[where]
    off = off[~np.isnan(off)]
    # What lies farther back than the sheet was never before it: the neck, the sides.
    return bool(off.size) and float((off < -ON_THE_SHEET).mean()) <= MOST_OFF


def without_face(values: Floats, cut: Veil) -> Floats:
    """The grid itself, cut as each slice is."""
    back = np.arange(values.shape[1], dtype=np.float32)[None, :, None] * np.float32(GRID)
    depth = cut.sheet[:, None, :]
    with np.errstate(invalid="ignore"):
        before, within = back < depth, (back >= depth) & (back < depth + LAYER)
    cut_away = np.where(within, np.float32(cut.tissue), values)
    return np.where(before, np.float32(cut.air), cut_away)


def _sheet(seen: Surface, face: FaceMap) -> Floats:
    """The sheet; NaN beside, above and below the face."""
    low, high = _face_rows(face)
    depth = seen.depth
    across = (np.arange(depth.shape[1], dtype=np.float32) - np.float32(face.middle)) * GRID
    curve = _curve(depth[low:high], across)
    rows = np.arange(low, high)
    needed = _needed(depth[low:high], across, curve)
    known = ~np.isnan(needed)
    if known.sum() < len(rows) // 2:
        raise UnveiledError
    slope, level = _shallowest_line(rows[known], needed[known])
    level += BEHIND
    brow = depth[high - 1, np.abs(across) <= 15]
    if slope * (high - 1) + level - float(np.nanmedian(brow)) > DEEPEST:
        raise UnveiledError
    sheet = np.full_like(depth, np.nan)
    bent = np.minimum(np.abs(across), FARTHEST_BENT)
    flat = (slope * rows + level)[:, None] + curve * bent[None, :] ** 2
    own = depth[low:high]
    with np.errstate(invalid="ignore"):
        # In the middle it stands whatever lies behind: its lower end is straight, so that the
        # outline of a chin before the neck goes too, and a nose that the edge had cut off.
        cut = (own < flat) | (np.abs(across) <= HALF_WIDTH)[None, :]
    sheet[low:high] = np.where(cut, flat, np.float32(np.nan))
    return sheet


def _shallowest_line(rows: NDArray[np.intp], needed: NDArray[np.float64]) -> tuple[float, float]:
    """The straight line, as its slope and its level at row 0, that lies behind all that is
    needed and takes the least away."""
    lines = [
        (slope, float((needed - slope * rows).max()))
        for slope in np.linspace(-STEEPEST, STEEPEST, 41)
    ]
    return min(lines, key=lambda line: line[0] * float(rows.mean()) + line[1])


def _face_rows(face: FaceMap) -> tuple[int, int]:
    """From below the chin to the brow, as rows of the map."""
    noses = [one for one in find_noses(face) if one.skin.smooth]
    pairs = [(one, eyes) for one in noses if (eyes := find_eyes(face, one)) is not None]
    if pairs:
        nose, eyes = max(pairs, key=lambda one: one[0].row)  # what stands out lower is a chin
        brow = max(nose.row + _steps(ABOVE_A_NOSE), eyes.row + _steps(ABOVE_THE_EYES))
        low = nose.row - _steps(BELOW_A_NOSE)
    else:
        pair = np.flatnonzero(hollows(face).max(axis=1) > 0)
        if len(pair):
            brow = int(pair[-1]) + _steps(ABOVE_HOLLOWS)
        elif noses:
            brow = noses[0].row + _steps(ABOVE_A_NOSE)
        else:
            raise UnveiledError
        low = brow - _steps(BELOW_A_BROW)
    low, high = max(face.lowest, low, 0), min(face.highest, brow) + 1
    if high - low < _steps(SHORTEST):
        raise UnveiledError
    return low, high


def _curve(depth: Floats, across: Floats) -> float:
    """How much farther back the sides of this head lie than its middle."""
    middle, sides = np.abs(across) <= 15, (np.abs(across) >= 40) & (np.abs(across) <= 50)
    with np.errstate(invalid="ignore"):
        falls = np.nanmedian(depth[:, sides]) - np.nanmedian(depth[:, middle])
    return float(np.clip(np.nan_to_num(falls) / 45**2, LEAST_CURVE, MOST_CURVE))


def _needed(depth: Floats, across: Floats, curve: float) -> NDArray[np.float64]:
    """For each row, how far back the middle of the sheet has to lie to be behind the skin."""
    inner = np.abs(across) <= HALF_WIDTH
    flat = depth[:, inner] - np.float32(curve) * across[None, inner] ** 2
    rows = [one[~np.isnan(one)] for one in flat]
    found = [float(np.percentile(one, NEARLY_ALL)) if one.size > 8 else np.nan for one in rows]
    needed = np.array(found)
    # Below the chin the skin falls back to the neck, which is no face.
    front = np.nanmin(needed) if np.isfinite(needed).any() else np.nan
    with np.errstate(invalid="ignore"):
        needed[needed > front + DEEPEST_NECK] = np.nan
    return needed


def _air_and_tissue(grid: Grid, sheet: Floats) -> tuple[float, float]:
    if grid.modality == "CT":
        return _AIR_HU, _TISSUE_HU
    values = grid.values
    back = np.arange(values.shape[1], dtype=np.float32)[None, :, None] * np.float32(GRID)
    with np.errstate(invalid="ignore"):
        before = back < sheet[:, None, :]
        behind = (back >= sheet[:, None, :]) & (back < sheet[:, None, :] + 3 * LAYER)
    darkest = values[before]
    tissue = values[behind]
    tissue = tissue[tissue > skin_threshold(grid)]
    if not darkest.size or not tissue.size:
        raise UnveiledError
    return float(np.percentile(darkest, 5)), float(np.median(tissue))


def _steps(length: float) -> int:
    return round(length / GRID)


def _dot(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
