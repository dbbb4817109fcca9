"""Small pictures for the patient's own eyes."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Box, Shows, Thumbnail
from companion.scans.pictures.window import Shown

SERIES_SIDE = 240
"""Pixels of one on which nothing has to be read: it tells which series is meant, and a page of
many series stays light."""
MOST_BYTES = {Shows.SERIES: 4_000, Shows.WORDS: 12_000, Shows.FACE: 12_000}
"""Of one small picture; a noisy one is packed more coarsely, and then made smaller."""
_QUALITIES = (70, 50, 35, 20)
"""Of the JPEG; at the last one, outlined words can still be read."""


def thumbnail(
    shown: Shown, shows: Shows, file: str, frame: int, boxes: tuple[Box, ...] = ()
) -> Thumbnail:
    """The picture as a JPEG of at most ``MAX_THUMBNAIL_SIDE`` pixels a side, ``SERIES_SIDE``
    where it only stands for its series, and of at most ``MOST_BYTES``."""
    side = SERIES_SIDE if shows is Shows.SERIES else MAX_THUMBNAIL_SIDE
    height, width = shown.shape[:2]
    picture = Image.fromarray(np.ascontiguousarray(shown))
    while True:
        scale = min(1.0, side / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        how = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
        small = picture.resize(size, how)
        for quality in _QUALITIES:
            image = _as_jpeg(small, quality)
            if len(image) <= MOST_BYTES[shows]:
                return Thumbnail(shows, file, frame, width, height, image, "image/jpeg", boxes)
        side = max(size) * 3 // 4


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
