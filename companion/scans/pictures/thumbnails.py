"""Small pictures for the patient's own eyes."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Box, Shows, Thumbnail
from companion.scans.pictures.window import Shown

_QUALITY = 80
SERIES_SIDE = 240
"""Pixels of one on which nothing has to be read: it tells which series is meant, and a page of
many series stays light."""
MOST_BYTES = 60_000
"""Of one small picture; a noisy one is packed more coarsely until it fits."""


def thumbnail(
    shown: Shown, shows: Shows, file: str, frame: int, boxes: tuple[Box, ...] = ()
) -> Thumbnail:
    """The picture as a JPEG of at most ``MAX_THUMBNAIL_SIDE`` pixels a side, ``SERIES_SIDE``
    where it only stands for its series."""
    side = SERIES_SIDE if shows is Shows.SERIES else MAX_THUMBNAIL_SIDE
    height, width = shown.shape[:2]
    picture = Image.fromarray(np.ascontiguousarray(shown))
    scale = min(1.0, side / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = picture.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST)
    for quality in (_QUALITY, 55, 30, 10):
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            break
    return Thumbnail(shows, file, frame, width, height, out.getvalue(), "image/jpeg", boxes)
