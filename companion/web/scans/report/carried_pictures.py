"""How the small pictures of a report leave its page and come back.

They are in no saved report: each stands in a hidden field of the page's form, and comes back
when the page is asked for in another language, or for a PDF with pictures. Anyone may have
made what comes back, so it is checked like any stranger's input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from companion.scans import small_pictures
from companion.scans.findings import Box, ReportError, Shows, Thumbnail

MOST_PICTURES = 20
MOST_BOXES = 200
_SIDE = 1 << 24
"""Pixels that no picture's side has."""


def pack(thumbnail: Thumbnail) -> str:
    """The picture as the text of one field."""
    document = asdict(thumbnail) | {"image": small_pictures.pack(thumbnail.image)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def unpack(fields: Sequence[str]) -> tuple[Thumbnail, ...]:
    """Read the fields of a form back. Raises ``ReportError``."""
    if len(fields) > MOST_PICTURES:
        raise ReportError("too-large")
    try:
        return tuple(_thumbnail(_document(field)) for field in fields)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReportError("damaged") from None


def _document(field: str) -> Mapping[str, Any]:
    if len(field) > 2 * small_pictures.MAX_BYTES:
        raise ReportError("too-large")
    document = json.loads(field)
    if not isinstance(document, dict):
        raise TypeError
    return document


def _thumbnail(table: Mapping[str, Any]) -> Thumbnail:
    media_type = table["media_type"]
    text = table["image"]
    if not isinstance(text, str):
        raise TypeError
    image = small_pictures.unpack(text, media_type)
    boxes = table["boxes"]
    if not isinstance(boxes, list) or len(boxes) > MOST_BOXES:
        raise ValueError
    width, height = _count(table, "width"), _count(table, "height")
    if not width or not height:
        raise ValueError
    return Thumbnail(
        shows=Shows(table["shows"]),
        file=_name(table),
        frame=_count(table, "frame"),
        width=width,
        height=height,
        image=image,
        media_type=media_type,
        boxes=tuple(map(_box, boxes)),
    )


def _box(table: Mapping[str, Any]) -> Box:
    x, y, width, height = (_count(table, key) for key in ("x", "y", "width", "height"))
    return Box(_name(table), _count(table, "frame"), x, y, width, height)


def _name(table: Mapping[str, Any]) -> str:
    name = table["file"]
    if not isinstance(name, str) or len(name) > 5_000:
        raise ValueError
    return name


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table[key]
    if type(value) is not int or not 0 <= value < _SIDE:
        raise ValueError
    return value
