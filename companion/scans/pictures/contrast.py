"""How a pixel differs from those around it: what writing does, and most of a body does not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures.window import Grey

Floats = NDArray[np.float32]

_STEADY = 6
"""Added to the deviation, so that an even ground's grain is not blown up to writing."""
_SPREAD = 42
"""Grey levels for one deviation."""


def means(values: Grey, size: int) -> Floats:
    """The mean of the square of ``size`` pixels around each pixel, at the edges of what is
    inside the picture."""
    sums, counts = _sums(values.astype(np.int64), size)
    return np.asarray(sums / counts, dtype=np.float32)


def evened(values: Grey, size: int) -> Grey:
    """The picture with the same brightness and contrast everywhere: low ones are raised."""
    wide = values.astype(np.int64)
    sums, counts = _sums(wide, size)
    squares, _ = _sums(wide * wide, size)
    mean = (sums / counts).astype(np.float32)
    deviation = np.sqrt(np.maximum((squares / counts).astype(np.float32) - mean * mean, 0))
    result = (values - mean) / (deviation + _STEADY) * _SPREAD + 128
    return np.asarray(np.clip(result, 0, 255), dtype=np.uint8)


def _sums(values: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sums over the squares, and how many pixels each has; whole numbers, so nothing drifts."""
    half = size // 2
    table = values
    for axis in (0, 1):
        length = table.shape[axis]
        running = np.cumsum(table, axis=axis)
        zero = np.zeros_like(np.take(running, [0], axis=axis))
        running = np.concatenate([zero, running], axis=axis)
        starts, ends = _bounds(length, half)
        table = np.take(running, ends, axis=axis) - np.take(running, starts, axis=axis)
    rows, columns = (
        ends - starts for starts, ends in (_bounds(side, half) for side in values.shape)
    )
    return table, np.outer(rows, columns)


def _bounds(length: int, half: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    at = np.arange(length)
    return np.maximum(at - half, 0), np.minimum(at + half + 1, length)
