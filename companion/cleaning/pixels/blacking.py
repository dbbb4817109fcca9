"""Samples of a frame as they are stored -> the same with black areas; all else stays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from companion.cleaning.pixels.places import Area
from companion.scans.pictures.colours import palette_of
from companion.scans.pictures.stored import StoredPicture

Samples = NDArray[np.generic]
Filling = tuple[int | float, ...]
"""What black is, for each sample of a pixel."""
_LUMINANCE = np.array([0.299, 0.587, 0.114])
"""How bright red, green and blue are (ITU-R BT.601)."""


def blacked(samples: Samples, areas: Iterable[Area], filling: Filling) -> Samples:
    """A copy of the samples, rows x columns (x samples), with ``filling`` in the areas."""
    painted = np.array(samples)
    value = np.asarray(filling, painted.dtype)
    for area in areas:
        painted[area.top : area.bottom, area.left : area.right] = (
            value if painted.ndim == 3 else value[0]
        )
    return painted


def black(picture: StoredPicture, samples: Samples, colours: str) -> Filling:
    """What black is in a frame; ``colours`` is how its samples are to be understood.

    Of signed and of fractional samples it is the darkest value of the frame: the lowest
    possible one would darken everything else where a viewer chooses the window by itself.
    """
    if samples.ndim == 3:
        return _black_of_colours(samples.shape[2], picture.bits_stored, colours)
    if colours.startswith("PALETTE"):
        return (_darkest_entry(picture),)
    bright = colours == "MONOCHROME1"
    if samples.dtype.kind == "u" or (samples.dtype.kind == "i" and not picture.signed):
        return ((1 << min(picture.bits_stored, 8 * samples.itemsize)) - 1 if bright else 0,)
    known = samples[np.isfinite(samples)]
    if not known.size:
        return (0,)
    return ((known.max() if bright else known.min()).item(),)


def _black_of_colours(count: int, bits: int, colours: str) -> Filling:
    if colours.startswith("YBR") and colours not in ("YBR_ICT", "YBR_RCT"):
        no_colour = 1 << max(bits, 1) - 1
        dark = 1 << max(bits - 4, 0) if colours.startswith("YBR_PARTIAL") else 0
        return (dark, no_colour, no_colour)
    return (0,) * count


def _darkest_entry(picture: StoredPicture) -> int:
    palette = palette_of(picture)
    if palette is None:
        return 0
    first, table = palette
    return first + int((table @ _LUMINANCE).argmin())
