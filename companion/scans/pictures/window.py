"""Samples of any depth -> eight bits, as a viewer would show them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Samples = NDArray[np.generic]
Grey = NDArray[np.uint8]
"""Rows x columns."""
Shown = NDArray[np.uint8]
"""Rows x columns of grey, or rows x columns x 3 of red, green and blue."""

_SAMPLED = 250_000
"""Pixels from which the window is worked out."""


def grey(samples: Samples, *, inverted: bool = False) -> Grey:
    """One sample a pixel -> grey, from the 0.5th to the 99.5th percentile.

    What the header says of window and level is not asked: words are drawn at the ends of
    the scale, and a window that hides them in one viewer shows them in another. Numbers
    that are none (NaN, infinite) are black.
    """
    step = max(1, int(np.sqrt(samples.size / _SAMPLED)))
    some = samples[::step, ::step].astype(np.float32)
    some = some[np.isfinite(some)]
    if not some.size:
        return np.zeros(samples.shape, np.uint8)
    low, high = np.percentile(some, (0.5, 99.5))
    if high <= low:
        # Hardly anything but one value: words may be all that differs from it.
        low, high = float(some.min()), float(some.max())
    if high <= low:
        return np.zeros(samples.shape, np.uint8)
    shown = scaled(samples, float(low), float(high))
    return 255 - shown if inverted else shown


def scaled(samples: Samples, low: float, high: float) -> Grey:
    """``low`` becomes 0, ``high`` 255, and what is beyond them the same."""
    floats = samples.astype(np.float32)
    floats -= low
    floats *= 255 / (high - low)
    np.nan_to_num(floats, copy=False, nan=0, posinf=255, neginf=0)
    np.clip(floats, 0, 255, out=floats)
    return floats.astype(np.uint8)


def in_grey(shown: Shown) -> Grey:
    """Brightness of a picture in colour (ITU-R BT.601); of a grey one, itself."""
    if shown.ndim == 2:
        return shown
    return np.asarray(Image.fromarray(np.ascontiguousarray(shown)).convert("L"))


def reduced(shown: Shown, longest: int) -> Shown:
    """The picture, smaller where its longer side has more pixels than ``longest``.

    What is worked out for each pixel of an X-ray in whole numbers of 64 bits would take ten
    times the memory of the picture.
    """
    height, width = shown.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return shown
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(np.ascontiguousarray(shown))
    return np.asarray(picture.resize(size, Image.Resampling.BOX))
