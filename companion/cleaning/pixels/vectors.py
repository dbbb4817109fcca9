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
    samples = np.frombuffer(value, f"<u{bits // 8}", len(value) // (bits // 8))
    if not signed:
        return not np.any(samples & samples.dtype.type((1 << bits) - 1 & ~kept))
    if kept & 1 == 0:
        return False
    above = bits - kept.bit_length()
    numbers = samples.view(f"<i{bits // 8}")
    return bool(np.array_equal(numbers << above >> above, numbers))


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
    halves = [(one, _fours(_between(one, first, last))) for one in (whole[::2], whole[1::2])]
    if all(fours.any() for _, fours in halves):
        halves.append((whole, _fours(_between(whole, first, last))))
    for bytes_, fours in halves:
        starts = np.flatnonzero(fours[: -(_RUN // 2)] & fours[_RUN // 2 :])
        if starts.size:
            yield from _apart(bytes_, starts)


def _between(bytes_: NDArray[np.uint8], first: int, last: int) -> NDArray[np.bool_]:
    return bytes_ - np.uint8(first) <= last - first


def _fours(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where four letters in a row begin."""
    pairs = marked[:-1] & marked[1:]
    return pairs[:-2] & pairs[2:]


def _apart(bytes_: NDArray[np.uint8], starts: NDArray[np.intp]) -> Iterator[bytes]:
    ends = np.flatnonzero(np.diff(starts) > 1)
    firsts = starts[np.concatenate(([0], ends + 1))]
    lasts = starts[np.concatenate((ends, [starts.size - 1]))]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        yield bytes_[first : last + _RUN].tobytes()
