"""Two questions about all samples of a picture, answered by numpy where there is one.

Plain Python answers them too, in ten times the time: a visitor's browser has no numpy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_RUN = 8


def are_tidy(value: bytes, *, bits: int, kept: int, signed: bool) -> bool:
    """Whether the unused bits of all samples are zero, or for signed ones the sign again.

    ``kept``: the bits that are used. Signed samples are judged where these are the lowest.
    """
    samples = np.frombuffer(
        value, f"<{'i' if signed else 'u'}{bits // 8}", len(value) // (bits // 8)
    )
    if not samples.size:
        return True
    if kept & 1:
        most = kept >> signed
        least = -most - 1 if signed else 0
        return bool(samples.max() <= most and (not signed or samples.min() >= least))
    return not signed and not np.any(samples & samples.dtype.type((1 << bits) - 1 & ~kept))


def runs(value: bytes, letters: bytes) -> Iterator[bytes]:
    """Runs of eight letters and more, of one byte or of two a letter.

    ``letters`` says by anything but zero which bytes are some; all between the first of them
    and the last count, so that there may be more in a run.
    """
    known = [byte for byte, is_letter in enumerate(letters) if is_letter]
    if not known:
        return
    first, last = known[0], known[-1]
    whole = np.frombuffer(value, np.uint8)
    # Of eight letters in a row, whatever their first, two stand at a multiple of four.
    even, odd = (_between(whole[half::8], first, last) for half in (0, 1))
    halves = [(whole[half::2], marked) for half, marked in enumerate((even, odd))]
    if even.any() and odd.any():
        halves.append((whole, _between(whole[::4], first, last)))
    for bytes_, marked in halves:
        starts = 4 * np.flatnonzero(marked[:-1] & marked[1:])
        for beside in (1, 2, 3):
            starts = starts[_between(bytes_[starts + beside], first, last)]
        if starts.size:
            yield from _apart(bytes_, starts)


def _between(bytes_: NDArray[np.uint8], first: int, last: int) -> NDArray[np.bool_]:
    return bytes_ - np.uint8(first) <= last - first


def _apart(bytes_: NDArray[np.uint8], starts: NDArray[np.intp]) -> Iterator[bytes]:
    """What stands around five letters in a row, where that can be eight and more."""
    ends = np.flatnonzero(np.diff(starts) > _RUN)
    firsts = starts[np.concatenate(([0], ends + 1))]
    lasts = starts[np.concatenate((ends, [starts.size - 1]))]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        yield bytes_[max(first - 3, 0) : last + _RUN].tobytes()
