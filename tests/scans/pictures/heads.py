"""Made-up heads and other bodies: solids in mm, cut into slices as a scanner would.

The patient's axes are left, back, up (LPS); the middle of the head is the origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures.placing import Placed, Placing
from tests.builders import make_scan

Floats = NDArray[np.float64]
Solid = Callable[[Floats, Floats, Floats], Floats]
"""Above 0 inside, below 0 outside; about the distance to the surface in mm."""


def ellipsoid(at: tuple[float, float, float], sides: tuple[float, float, float]) -> Solid:
    """Around ``at``, with half axes ``sides``, in left, back, up."""

    def inside(x: Floats, y: Floats, z: Floats) -> Floats:
        far = ((x - at[0]) / sides[0]) ** 2 + ((y - at[1]) / sides[1]) ** 2
        far = far + ((z - at[2]) / sides[2]) ** 2
        return (1 - np.sqrt(far)) * min(sides)

    return inside


def box(lowest: tuple[float, float, float], highest: tuple[float, float, float]) -> Solid:
    def inside(x: Floats, y: Floats, z: Floats) -> Floats:
        sides = [
            np.minimum(v - a, b - v) for v, a, b in zip((x, y, z), lowest, highest, strict=True)
        ]
        return np.minimum(np.minimum(sides[0], sides[1]), sides[2])

    return inside


def joined(*solids: Solid, soft: float = 4.0) -> Solid:
    """All of them, their seams rounded."""

    def inside(x: Floats, y: Floats, z: Floats) -> Floats:
        whole = solids[0](x, y, z)
        for solid in solids[1:]:
            other = solid(x, y, z)
            near = np.clip(0.5 + (whole - other) / (2 * soft), 0, 1)
            whole = other + (whole - other) * near + soft * near * (1 - near)
        return whole

    return inside


def without(solid: Solid, *taken: Solid) -> Solid:
    def inside(x: Floats, y: Floats, z: Floats) -> Floats:
        whole = solid(x, y, z)
        for one in taken:
            whole = np.minimum(whole, -one(x, y, z))
        return whole

    return inside


def head(*, nose: float = 1.0, narrow: float = 1.0) -> Solid:
    """A head with a forehead, eyes, a nose, a mouth, a chin, ears and a neck."""
    skull = ellipsoid((0, 8, 30), (74 * narrow, 92, 92))
    jaw = ellipsoid((0, -38, -62), (52 * narrow, 48, 52))
    neck = ellipsoid((0, 25, -110), (55, 55, 90))
    chin = ellipsoid((0, -78, -96), (18, 12, 14))
    brow = ellipsoid((0, -70, 14), (46, 14, 9))
    cheeks = [ellipsoid((side * 34, -60, -32), (22, 20, 22)) for side in (-1, 1)]
    bridge = [
        ellipsoid((0, -80 - 4 * step * nose, 2 - 9 * step), (7 + step, 8 + 2.5 * step * nose, 8))
        for step in range(5)
    ]
    lips = ellipsoid((0, -83, -68), (20, 9, 8))
    ears = [ellipsoid((side * 78 * narrow, 12, -14), (6, 16, 30)) for side in (-1, 1)]
    sockets = [ellipsoid((side * 32, -88, -2), (17, 17, 12)) for side in (-1, 1)]
    eyes = [ellipsoid((side * 31, -66, -2), (12, 12, 11)) for side in (-1, 1)]
    solid = joined(skull, jaw, neck, chin, brow, *cheeks, soft=8)
    solid = joined(without(solid, *sockets), *eyes, lips, *ears)
    return joined(solid, *bridge) if nose else solid


def trunk() -> Solid:
    """A chest and belly with arms beside them."""
    arms = [ellipsoid((side * 215, 10, 0), (38, 40, 330)) for side in (-1, 1)]
    return joined(ellipsoid((0, 0, 0), (170, 115, 420)), *arms)


def knee() -> Solid:
    """A bent tube with a kneecap in front."""
    cap = ellipsoid((0, -52, 0), (24, 12, 26))
    return joined(ellipsoid((0, 8, 90), (62, 62, 190)), ellipsoid((0, 10, -90), (50, 54, 190)), cap)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A volume ``[slice, row, column]`` and where it lies."""

    values: NDArray[np.int16] = field(repr=False)
    modality: str
    row: tuple[float, float, float]
    column: tuple[float, float, float]
    spacing: tuple[float, float]
    first: tuple[float, float, float]
    step: tuple[float, float, float]
    """From one slice to the next."""

    def placings(self, series: str = "2.25.77") -> Iterator[tuple[str, Placing]]:
        """The name of each slice's file, and what its header would say."""
        for number in range(len(self.values)):
            x, y, z = (a + b * number for a, b in zip(self.first, self.step, strict=True))
            placed = Placed((x, y, z), self.row, self.column, self.spacing, 1.0, 0.0)
            yield f"IM{number:04d}", Placing(series, self.modality, {0: placed})

    def scans(self, series: str = "2.25.77", **elements: Any) -> Iterator[tuple[str, bytes]]:
        """Its slices as files, by name."""
        for number, plane in enumerate(self.values):
            place = [a + b * number for a, b in zip(self.first, self.step, strict=True)]
            yield f"IM{number:04d}", make_scan(
                Modality=self.modality, SeriesInstanceUID=series, Rows=plane.shape[0],
                Columns=plane.shape[1], BitsStored=16, HighBit=15, PixelRepresentation=1,
                PixelSpacing=list(self.spacing), ImageOrientationPatient=[*self.row, *self.column],
                ImagePositionPatient=[round(one, 4) for one in place], RescaleSlope=1,
                RescaleIntercept=0, InstanceNumber=number + 1,
                PixelData=plane.astype("<i2").tobytes(), **elements,
            )  # fmt: skip


def scanned(
    solid: Solid,
    *,
    modality: str = "CT",
    plane: str = "axial",
    pixel: float = 2.0,
    slice_step: float = 2.0,
    lowest: tuple[float, float, float] = (-110, -125, -130),
    highest: tuple[float, float, float] = (110, 115, 140),
    noise: float = 0.0,
    turned: float = 0.0,
    seed: int = 1,
) -> Scanned:
    """Slices of a solid within a box in left, back, up.

    ``plane``: axial, sagittal or coronal. ``turned``: degrees by which the slices lean
    forwards, as on a table that follows the base of the skull.
    """
    axes = {"axial": (0, 1, 2), "sagittal": (1, 2, 0), "coronal": (0, 2, 1)}[plane]
    steps = [slice_step if axis == axes[2] else pixel for axis in range(3)]
    lines = [
        np.arange(a, b, s, dtype=float) for a, b, s in zip(lowest, highest, steps, strict=True)
    ]
    if axes[1] == 2:
        lines[2] = lines[2][::-1]  # rows run downwards
    directions = np.eye(3)
    angle = np.radians(turned)
    lean = np.array(
        [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]]
    )
    directions = lean @ directions
    across, down, through = (lines[axis] for axis in axes)
    units = [directions[:, axis] * (-1 if axis == 2 and axes[1] == 2 else 1) for axis in axes]
    grid = np.meshgrid(through, down, across, indexing="ij")
    places = [np.zeros_like(grid[0]) for _ in range(3)]
    for values, axis in zip((grid[2], grid[1], grid[0]), axes, strict=True):
        for at in range(3):
            places[at] = places[at] + values * directions[at, axis]
    shown = _intensities(solid(*places), modality)
    if noise:
        random = np.random.default_rng(seed)
        drawn = random.normal(0, noise, (2, *shown.shape))
        shown = shown + drawn[0] if modality == "CT" else np.hypot(shown + drawn[0], drawn[1])
    first = sum(lines[axis][0] * directions[:, axis] for axis in range(3))
    stride = (through[1] - through[0]) * directions[:, axes[2]]
    return Scanned(
        np.rint(shown).astype(np.int16), modality, tuple(units[0]), tuple(units[1]),
        (pixel, pixel), tuple(first), tuple(stride),
    )  # fmt: skip


def _intensities(inside: Floats, modality: str) -> Floats:
    """Air, skin and fat, bone, and what is within, by how deep they lie."""
    part = np.clip(inside / 2 + 0.5, 0, 1)
    if modality == "CT":
        tissue = np.where((inside > 6) & (inside < 11), 900.0, 40.0)
        return -1000 + (tissue + 1000) * part
    tissue = np.where(inside < 5, 620.0, np.where(inside < 11, 90.0, 430.0))
    return tissue * part
