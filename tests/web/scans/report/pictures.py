"""Made-up reports with small pictures, drawn here: a grey slice with a name on it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from companion.scans.findings import Box, Finding, Report, Shows, Thumbnail
from tests.web.scans.report.reports import make_files, make_finding, make_report

SIDE = 512
"""Of the stored picture, in pixels."""
NAME = Box("CD/IM0000", 0, 20, 24, 200, 22)
"""Where the name stands: in the upper left corner."""
DATE = Box("CD/IM0000", 0, 390, 470, 100, 20)
"""Where the date stands: in the lower right corner."""


def draw_picture(side: int = 240, kind: str = "JPEG", *, words: bool = True) -> bytes:
    """A round grey slice, with bright lines where ``NAME`` and ``DATE`` are."""
    image = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(image)
    draw.ellipse((side * 0.15, side * 0.12, side * 0.85, side * 0.9), fill=90, outline=170, width=4)
    draw.ellipse((side * 0.36, side * 0.3, side * 0.5, side * 0.6), fill=40)
    draw.ellipse((side * 0.53, side * 0.3, side * 0.67, side * 0.6), fill=40)
    scale = side / SIDE
    lines = ((NAME, "ZANZIBAROVA JANE"), (DATE, "1971-03-04")) if words else ()
    for box, text in lines:
        draw.text((box.x * scale, box.y * scale), text, fill=235, font_size=20 * scale)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def make_thumbnail(shows: Shows = Shows.WORDS, **changes: Any) -> Thumbnail:
    plain: dict[str, Any] = {
        "file": "CD/IM0000",
        "frame": 0,
        "width": SIDE,
        "height": SIDE,
        "media_type": "image/jpeg",
        "boxes": (NAME, DATE) if shows is Shows.WORDS else (),
    }
    if "image" not in changes:
        changes["image"] = draw_picture(words=shows is Shows.WORDS)
    return Thumbnail(shows=shows, **{**plain, **changes})


def make_words(rule: str = "picture-text", **changes: Any) -> Finding:
    """A finding of the name on the picture."""
    plain: dict[str, Any] = {
        "group": "picture",
        "certainty": "likely",
        "place": "picture",
        "tag": None,
        "path": "",
        "name": "",
        "values": ("ZANZIBAROVA JANE",),
        "files": 1,
        "example": "CD/IM0000",
        "boxes": (NAME,),
    }
    return make_finding(rule, **{**plain, **changes})


def make_face(rule: str = "face-visible", **changes: Any) -> Finding:
    plain = {"hipaa": "Q", "place": "face", "values": (), "boxes": ()}
    return make_words(rule, **{**plain, **changes})


def make_pictures_report(*findings: Finding, **changes: Any) -> Report:
    """A report on three files, all looked at, with a name on the first one's picture."""
    plain: dict[str, Any] = {
        "files": make_files(frames=1, frames_looked_at=1),
        "thumbnails": (make_thumbnail(),),
    }
    return make_report(*(findings or (make_words(),)), **{**plain, **changes})
