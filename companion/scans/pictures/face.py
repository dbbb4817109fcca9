"""What of a face a volume shows: judged by the shape of the skin, as the eye would.

Skin is smooth, and a skull, a brain or the cut that a face was taken away with is not; a
nose stands out between two cheeks; the eyes lie back under the brow. A whole face is a nose
and the mouth below it; a part of one is a nose cut off there, or a forehead and eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures import Face
from companion.scans.pictures.surface import Surface
from companion.scans.pictures.volume import GRID, Floats

WIDEST_HEAD = 235.0
"""Millimetres with the ears and a head rest; shoulders are wider."""
NARROWEST_HEAD = 70.0
HALF_FACE = 60.0
"""Millimetres from the middle of a face to where it turns away."""
ROUGHEST = 0.5
"""Median bend of skin in mm: how far a point lies from the mean of those 3 mm around it."""
MOST_JUMPS = 0.06
"""Part of neighbouring points between which the depth jumps."""
FLATTEST = 0.04
"""Part of a face that is as flat as a cut: within ``_FLAT`` of a plane, over 24 mm."""
STEEPEST = 3.5
"""Millimetres between two rows, over the whole width of the eyes: a ledge that was cut."""
NOSE, DEEPEST_NOSE = 7.0, 45.0
"""Millimetres that a nose stands out before the cheeks beside it, and half as much before
the line from the brow to the lip."""
BELOW_A_NOSE = 25.0
"""Millimetres scanned below the tip of a nose with which a mouth is in the picture."""
ABOVE_A_NOSE, ABOVE_THE_EYES = 68.0, 24.0
"""Millimetres scanned above the tip of a nose, and above eyes, with which the brow is in
the picture: what stands out lower down may be a chin."""
SOCKET, DEEPEST_SOCKET = 2.5, 14.0
"""Millimetres that closed eyes lie behind the line from the brow to the cheek."""
SHALLOWEST_SOCKET = 1.0
"""The same above a nose, where less is enough."""
SMOOTHEST_PART = 0.7
"""Part of ``ROUGHEST`` that a nose without eyes, or eyes without a nose, may have."""
SHORTEST_HEAD = 145.0
"""Millimetres from the nose to the back of the head: a knee has less."""
_JUMP, _FLAT = 6.0, 0.4
_BESIDE, _CHEEK, _BROW, _LIP = 20.0, 32.0, 38.0, 16.0
"""Millimetres from the tip of a nose: to both sides, to the cheeks, up to the brow, down to
the lip."""
_EYES = (28.0, 32.0, 36.0)
"""Millimetres from the middle of a face to the middle of an eye."""
_EYES_FROM, _EYES_TO = 10.0, 60.0
"""Millimetres above the tip of a nose between which eyes are."""
_MOST_NOSES = 4
_ROUND = 1.9
"""How much farther back cheeks lie than what is beside the tip, on a nose at most; on a
tube two and a half times."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a volume shows of a face, and how sure that is from 0 to 1."""

    face: Face
    sure: float


@dataclass(frozen=True, slots=True)
class Skin:
    """What the surface around a feature is like."""

    rough: float
    jumps: float
    flat: float
    ledge: float

    @property
    def smooth(self) -> bool:
        """Whether it is skin, and not an inside or a cut."""
        return self.rough <= ROUGHEST and self.jumps <= MOST_JUMPS and self.flat <= FLATTEST

    @property
    def smoothest(self) -> bool:
        """The same, beyond doubt: for one feature that stands alone."""
        return (
            self.smooth and self.rough <= SMOOTHEST_PART * ROUGHEST
            and self.jumps <= MOST_JUMPS / 2 and self.ledge <= STEEPEST
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A feature in the map of depths; ``strength`` and distances in mm."""

    row: int
    column: int
    strength: float
    below: float
    """Scanned below it."""
    above: float
    """Scanned above it."""
    skin: Skin


def judge(surface: Surface) -> Verdict:
    """What of a face the surface shows."""
    face = face_map(surface)
    if face is None:
        return Verdict(Face.NO, 0.9)
    noses = find_noses(face)
    skinned = [nose for nose in noses if nose.skin.smooth]
    best: Verdict | None = None
    for nose in skinned:
        eyes = find_eyes(face, nose)
        if eyes is not None:
            whole = (
                nose.below >= BELOW_A_NOSE and nose.above >= ABOVE_A_NOSE
                and eyes.above >= ABOVE_THE_EYES
            )  # fmt: skip
            verdict = Verdict(Face.YES if whole else Face.PART, _sure(0.75, nose.strength - NOSE))
            best = verdict if best is None or whole else best
    if best is not None:
        return best
    for nose in skinned:
        if nose.skin.smoothest and surface.length[nose.row] >= SHORTEST_HEAD:
            return Verdict(Face.PART, _sure(0.5, nose.strength - NOSE))
    if not surface.cut_above:  # a leg has hollows beside its kneecap, and no end above
        eyes = find_eyes(face)
        if eyes is not None:
            return Verdict(Face.PART, _sure(0.6, eyes.strength - SOCKET))
    return Verdict(Face.NO, 0.7 if noses else 0.9)


def _sure(least: float, margin: float) -> float:
    """Surer the clearer a feature stands out, by up to a fifth."""
    return round(least + min(margin, 10.0) / 50, 2)


@dataclass(frozen=True, slots=True)
class FaceMap:
    """Depths of what is as wide as a head, from its middle to both sides."""

    depth: Floats
    even: Floats
    """The same, each point the mean of nine."""
    middle: float
    """In steps from the right."""
    lowest: int
    highest: int
    """The first and the last row that show a head."""

    def within(self, length: float) -> NDArray[np.bool_]:
        """The columns that are no farther than ``length`` mm from the middle."""
        columns = np.arange(self.depth.shape[1])
        return np.asarray(np.abs(columns - self.middle) * GRID <= length)


def face_map(surface: Surface) -> FaceMap | None:
    """The depths of what is as wide as a head; None where nothing is."""
    head = (surface.width <= WIDEST_HEAD) & (surface.width >= NARROWEST_HEAD)
    if not head.any():
        return None
    middle = float(np.median(surface.middle[head]))
    depth = surface.depth.copy()
    depth[~head] = np.nan
    depth[:, np.abs(np.arange(depth.shape[1]) - middle) * GRID > HALF_FACE] = np.nan
    rows = np.flatnonzero(~np.isnan(depth).all(axis=1))
    if not len(rows):
        return None
    return FaceMap(depth, _even(depth), middle, int(rows[0]), int(rows[-1]))


def find_noses(face: FaceMap) -> list[Spot]:
    """What stands out like a nose, the clearest first: a chin may be among them."""
    even, beside, cheek = face.even, _steps(_BESIDE), _steps(_CHEEK)
    right, left = _moved(even, 0, -beside), _moved(even, 0, beside)
    out = np.minimum(right, left) - even
    cheeks = np.minimum(_moved(even, 0, -cheek), _moved(even, 0, cheek)) - even
    brow = _moved(even, _steps(_BROW), 0)
    lip = _moved(even, -_steps(_LIP), 0)
    rows = np.arange(even.shape[0])[:, None]
    lip_scanned = rows - face.lowest > _steps(_LIP) + 1
    brow_scanned = face.highest - rows > _steps(_BROW) + 1
    # A head may lean forwards or back: what counts is the line from the brow to the lip.
    line = lip + (brow - lip) * np.float32(_LIP / (_LIP + _BROW))
    line = np.where(lip_scanned, np.where(brow_scanned, line, lip), brow) - even
    with np.errstate(invalid="ignore"):
        likely = (
            (out >= NOSE) & (out <= DEEPEST_NOSE) & (np.abs(right - left) <= 12)
            & (cheeks <= _ROUND * out) & (line >= NOSE / 2) & (line <= 2 * DEEPEST_NOSE)
        )  # fmt: skip
    likely[:, ~face.within(25)] = False
    out = np.where(likely, out, np.float32(-1))
    noses: list[Spot] = []
    while len(noses) < _MOST_NOSES:
        spot = _spot(face, out)
        if spot is None:
            break
        noses.append(spot)
        out[max(0, spot.row - _steps(_LIP)) : spot.row + _steps(_LIP)] = -1
    return noses


def find_eyes(face: FaceMap, nose: Spot | None = None) -> Spot | None:
    """The two hollows of the eyes: those above a nose, or under a forehead without one."""
    between = hollows(face, SOCKET if nose is None else SHALLOWEST_SOCKET)
    if nose is not None:
        between[: nose.row + _steps(_EYES_FROM)] = -1
        between[nose.row + _steps(_EYES_TO) :] = -1
        return _spot(face, between)
    eyes = _spot(face, between)
    return eyes if eyes is not None and eyes.skin.smoothest else None


def hollows(face: FaceMap, least: float = SHALLOWEST_SOCKET) -> Floats:
    """How deep, in mm, two hollows lie at the same distance on both sides of each point of the
    middle; -1 where none do, or they are not as deep as ``least``."""
    even = face.even
    above, below = _moved(even, _steps(20), 0), _moved(even, -_steps(13), 0)
    hollow = even - (above + below) * np.float32(0.5)
    between = np.full_like(even, -1)
    for far in map(_steps, _EYES):
        right, left = _moved(hollow, 0, -far), _moved(hollow, 0, far)
        back = np.minimum(_moved(even, 0, -far), _moved(even, 0, far)) - even
        with np.errstate(invalid="ignore"):
            pair = np.minimum(right, left)
            likely = (pair >= least) & (np.maximum(right, left) <= DEEPEST_SOCKET) & (back >= 2)
        between = np.maximum(between, np.where(likely, pair, np.float32(-1)))
    between[:, ~face.within(12)] = -1
    return between


def _spot(face: FaceMap, strengths: Floats) -> Spot | None:
    row, column = (int(one) for one in np.unravel_index(int(strengths.argmax()), strengths.shape))
    strength = float(strengths[row, column])
    if strength <= 0:
        return None
    return Spot(
        row, column, strength, (row - face.lowest) * GRID, (face.highest - row) * GRID,
        _skin(face, row, column),
    )  # fmt: skip


def _skin(face: FaceMap, row: int, column: int) -> Skin:
    """What the surface is like around a point of a face."""
    high, low, far = _steps(55), _steps(45), _steps(45)
    window = slice(max(0, row - low), row + high), slice(max(0, column - far), column + far)
    even, depth = face.even, face.depth
    bends = np.abs(even - sum(_moved(even, *one) for one in ((2, 0), (-2, 0), (0, 2), (0, -2))) / 4)
    arm = _steps(12)
    bows = [
        np.abs(even - (_moved(even, *one) + _moved(even, -one[0], -one[1])) / 2)[window].ravel()
        for one in ((arm, 0), (0, arm))
    ]
    upright = np.abs(depth - _moved(depth, 1, 0))
    jumps = _known(np.concatenate(
        [upright[window].ravel(), np.abs(depth - _moved(depth, 0, 1))[window].ravel()]
    ))  # fmt: skip
    bend, bow = _known(bends[window].ravel()), _known(np.maximum(*bows))
    if not bend.size or not bow.size or not jumps.size:
        return Skin(np.inf, 1.0, 1.0, np.inf)
    near = upright[max(0, row - _steps(30)) : row + _steps(30), face.within(far * GRID)]
    rows = [float(np.median(known)) for known in map(_known, near) if known.size > far]
    return Skin(
        float(np.median(bend)), float((jumps > _JUMP).mean()), float((bow < _FLAT).mean()),
        max(rows, default=0.0),
    )  # fmt: skip


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _steps(length: float) -> int:
    return round(length / GRID)


def _moved(depth: Floats, up: int, left: int) -> Floats:
    """The map with each point's neighbour so far up and left in its place."""
    moved = np.full_like(depth, np.nan)
    tall, wide = depth.shape
    if abs(up) < tall and abs(left) < wide:
        rows, columns = (
            slice(max(0, -up), tall - max(0, up)),
            slice(max(0, -left), wide - max(0, left)),
        )
        moved[rows, columns] = depth[
            max(0, up) : tall + min(0, up), max(0, left) : wide + min(0, left)
        ]
    return moved


def _even(depth: Floats) -> Floats:
    """Each point the mean of the nine around it, where five of them are known."""
    known = ~np.isnan(depth)
    filled = np.where(known, depth, 0)
    total, count = np.zeros_like(depth), np.zeros_like(depth)
    tall, wide = depth.shape
    values, counts = np.pad(filled, 1), np.pad(known.astype(np.float32), 1)
    for up in range(3):
        for left in range(3):
            total += values[up : up + tall, left : left + wide]
            count += counts[up : up + tall, left : left + wide]
    return np.where(count >= 5, total / np.maximum(count, 1), np.nan).astype(np.float32)
