"""The skin that a volume shows -> a small picture of it, as a lamp would light it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from companion.scans.findings import MAX_THUMBNAIL_SIDE
from companion.scans.pictures.surface import Surface
from companion.scans.pictures.volume import GRID
from companion.scans.pictures.window import Grey

_ENLARGED = 2
_DARK = 24
"""Grey behind the head."""
_AROUND = 8
"""Steps kept around the head."""
_QUALITY = 82


def view(surface: Surface) -> tuple[bytes, int, int]:
    """A JPEG of the head from the front, its width and its height.

    The patient's right is on the left, as when two people face each other.
    """
    shown = _lit(surface)
    picture = Image.fromarray(shown)
    scale = min(_ENLARGED, MAX_THUMBNAIL_SIDE / max(picture.size))
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), *picture.size


def _lit(surface: Surface) -> Grey:
    """Brightness by how far the skin turns away from a lamp above and before the face."""
    depth = surface.depth
    known = ~np.isnan(depth)
    filled = np.where(known, depth, np.nanmax(depth) if known.any() else 0)
    falls_up, falls_left = np.gradient(filled, GRID)
    light = 0.85 + 0.35 * falls_up - 0.15 * falls_left
    light /= np.sqrt(1 + falls_up**2 + falls_left**2)
    # What lies farther back is a little darker, so that ears and neck stay behind.
    light *= 1 - 0.35 * np.clip((filled - np.nanmin(filled)) / 160, 0, 1)
    shown = np.clip(light * 255, 40, 255)
    shown[~known] = _DARK
    rows, columns = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
    if len(rows) and len(columns):
        shown = shown[
            max(0, rows[0] - _AROUND) : rows[-1] + _AROUND,
            max(0, columns[0] - _AROUND) : columns[-1] + _AROUND,
        ]
    return np.asarray(shown[::-1], dtype=np.uint8)
