"""The small pictures for paper, each with its outlines in its own pixels.

What a PDF covers can be uncovered, so words that are not to be read are painted over in the
picture itself. A picture is redrawn from its pixels: nothing else in its file comes along.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from companion.scans.findings import MAX_THUMBNAIL_SIDE
from companion.web.scans.report.marks import Mark
from companion.web.scans.report.pictures import Picture, PicturesPart, data_url

_OUTLINE = "#ff9d6e"
_COVER = "#16282b"
_QUALITY = 80
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, TypeError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for a picture whose bytes make no sense."""


@dataclass(frozen=True, slots=True)
class PaperPicture:
    """A small picture as it is printed."""

    picture: Picture
    data_url: str = field(repr=False)


def on_paper(part: PicturesPart, values: bool) -> Iterator[PaperPicture]:
    """Each small picture that can be drawn again. Without ``values`` all words on it are
    painted over."""
    for picture in part.all_pictures:
        drawn = _drawn(picture, covered=not values)
        if drawn:
            yield PaperPicture(picture, data_url(drawn, "image/jpeg"))


def _drawn(picture: Picture, *, covered: bool) -> bytes:
    """The picture as a JPEG; ``b""`` where its pixels cannot be read."""
    try:
        # The formats are named, so that no other decoder is tried on a stranger's bytes; the
        # size was checked where the picture came in, and is again before a pixel is decoded.
        image = Image.open(io.BytesIO(picture.thumbnail.image), formats=["JPEG", "PNG"])
        if max(image.size) > MAX_THUMBNAIL_SIDE:
            return b""
        pixels = image.convert("RGB")
    except _BROKEN:
        return b""
    draw = ImageDraw.Draw(pixels)
    across = pixels.width / picture.thumbnail.width
    down = pixels.height / picture.thumbnail.height
    if covered:
        for corners in _corners((*picture.covers, *picture.marks), across, down):
            draw.rectangle(corners, fill=_COVER)
    for corners in _corners(picture.marks, across, down):
        draw.rectangle(corners, outline=_OUTLINE, width=2)
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _corners(
    marks: Iterable[Mark], across: float, down: float
) -> Iterator[tuple[float, float, float, float]]:
    for mark in marks:
        yield (
            mark.x * across,
            mark.y * down,
            (mark.x + mark.width) * across,
            (mark.y + mark.height) * down,
        )
