"""Connected pieces of a mask, by runs of pixels: what an image library would be needed for.

Each row's runs are joined with those that they touch in the row below, also at a corner;
the joining is done for all runs at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Connected pieces, one to an entry of each array; ends are exclusive."""

    left: Numbers
    top: Numbers
    right: Numbers
    bottom: Numbers
    area: Numbers
    """Pixels."""
    total: NDArray[np.float64]
    """The sum of ``weights`` over the piece; its area where none were given."""

    def __len__(self) -> int:
        return len(self.area)

    def where(self, chosen: Mask) -> Pieces:
        """Some of the pieces."""
        return Pieces(
            self.left[chosen], self.top[chosen], self.right[chosen], self.bottom[chosen],
            self.area[chosen], self.total[chosen],
        )  # fmt: skip


MOST_RUNS = 400_000
"""Runs beyond which a mask is noise: its pieces are not told apart."""


def pieces_of(mask: Mask, weights: NDArray[np.float32] | None = None) -> Pieces:
    """The connected pieces of a mask of two dimensions, neighbours at a corner included.

    None of them where the mask has more than ``MOST_RUNS`` runs.
    """
    height, width = mask.shape
    framed = np.zeros((height, width + 2), np.int8)
    framed[:, 1:-1] = mask
    edges = np.diff(framed, axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    count = len(rows)
    if not count or count > MOST_RUNS:
        none = np.zeros(0, np.int64)
        return Pieces(none, none, none, none, none, none.astype(np.float64))
    labels = _joined(rows, starts, ends, width)
    _, piece = np.unique(labels, return_inverse=True)
    order = np.argsort(piece, kind="stable")
    firsts = np.flatnonzero(np.diff(piece[order], prepend=-1))
    lengths = ends - starts
    if weights is None:
        sums = lengths.astype(np.float64)
    else:
        running = np.zeros((height, width + 1))
        np.cumsum(weights, axis=1, out=running[:, 1:])
        sums = running[rows, ends] - running[rows, starts]
    return Pieces(
        np.minimum.reduceat(starts[order], firsts),
        np.minimum.reduceat(rows[order], firsts),
        np.maximum.reduceat(ends[order], firsts),
        np.maximum.reduceat(rows[order], firsts) + 1,
        np.add.reduceat(lengths[order], firsts),
        np.add.reduceat(sums[order], firsts),
    )


def _joined(rows: Numbers, starts: Numbers, ends: Numbers, width: int) -> Numbers:
    """For each run, the lowest number of a run that it is connected with."""
    step = width + 2
    below = (rows + 1) * step
    first = np.searchsorted(rows * step + ends, below + starts, side="left")
    last = np.searchsorted(rows * step + starts, below + ends, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    lower = np.repeat(first, counts) + offsets
    labels = np.arange(len(rows))
    while len(upper):
        one, other = labels[upper], labels[lower]
        differ = one != other
        if not differ.any():
            break
        upper, lower = upper[differ], lower[differ]
        one, other = one[differ], other[differ]
        np.minimum.at(labels, np.maximum(one, other), np.minimum(one, other))
        while True:
            shorter = labels[labels]
            if np.array_equal(shorter, labels):
                break
            labels = shorter
    return labels
