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

_MIDDLE, _OUTER = (0.5, 99.5), (0.02, 99.98)
"""Percentiles of the values that fill the scale, and of those that only a few words reach."""
_ROOM = 2
"""How much wider the scale may get for values beyond the middle ones."""
_BAND = 256
_SAMPLED = 250_000
"""Pixels from which the window is worked out."""


def grey(samples: Samples, *, inverted: bool = False) -> Grey:
    """One sample a pixel -> grey, from the 0.5th to the 99.5th percentile.

    Where some values lie far beyond these, they get a half of the scale: the rest may be
    nothing but grain, and blown up to the whole scale it would drown a few words.

    What the header says of window and level is not asked: words are drawn at the ends of
    the scale, and a window that hides them in one viewer shows them in another. Numbers
    that are none (NaN, infinite) are black.
    """
    step = max(1, int(np.sqrt(samples.size / _SAMPLED)))
    some = samples[::step, ::step].astype(np.float32)
    some = some[np.isfinite(some)]
    if not some.size:
        return np.zeros(samples.shape, np.uint8)
    low, high = _ends(some)
    if high <= low:
        return np.zeros(samples.shape, np.uint8)
    shown = scaled(samples, low, high)
    return 255 - shown if inverted else shown


def _ends(values: NDArray[np.float32]) -> tuple[float, float]:
    """The values that become black and white; equal ones where there is a single value."""
    least, low, high, most = map(float, np.percentile(values, (_OUTER[0], *_MIDDLE, _OUTER[1])))
    room = _ROOM * (high - low)
    if room > 0:
        return (high - room if high - least > room else low), (
            low + room if most - low > room else high
        )
    # Hardly anything but one value: words may be all that differs from it.
    if most > least:
        return least, most
    return float(values.min()), float(values.max())


def scaled(samples: Samples, low: float, high: float) -> Grey:
    """``low`` becomes 0, ``high`` 255, and what is beyond them the same."""
    shown = np.empty(samples.shape, np.uint8)
    # By bands of rows: the floats of a whole X-ray take four times the memory of what is shown.
    for top in range(0, len(samples), _BAND):
        floats = samples[top : top + _BAND].astype(np.float32)
        floats -= low
        floats *= 255 / (high - low)
        np.nan_to_num(floats, copy=False, nan=0, posinf=255, neginf=0)
        np.clip(floats, 0, 255, out=floats)
        shown[top : top + _BAND] = floats
    return shown


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
