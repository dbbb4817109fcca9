"""How the small pictures of a report leave its page and come back.

They are in no saved report: each stands in a hidden field of the page's form, and comes back
when the page is asked for in another language, or for a PDF with pictures. Anyone may have
made what comes back, so it is checked like any stranger's input.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Box, ReportError, Shows, Thumbnail

MOST_PICTURES = 20
MOST_BYTES = 200_000
"""Of one picture."""
MOST_BOXES = 200
_SIDE = 1 << 24
"""Pixels that no picture's side has."""
_SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


def pack(thumbnail: Thumbnail) -> str:
    """The picture as the text of one field."""
    document = asdict(thumbnail) | {"image": base64.b64encode(thumbnail.image).decode("ascii")}
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
    if len(field) > 2 * MOST_BYTES:
        raise ReportError("too-large")
    document = json.loads(field)
    if not isinstance(document, dict):
        raise TypeError
    return document


def _thumbnail(table: Mapping[str, Any]) -> Thumbnail:
    media_type = table["media_type"]
    try:
        image = base64.b64decode(table["image"], validate=True)
    except binascii.Error:
        raise ValueError from None
    if len(image) > MOST_BYTES or not image.startswith(_SIGNATURES[media_type]):
        raise ValueError
    if not all(0 < side <= MAX_THUMBNAIL_SIDE for side in size(image)):
        raise ValueError
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


def size(image: bytes) -> tuple[int, int]:
    """Width and height in pixels as a PNG or JPEG gives them; nothing is decoded.

    Of a JPEG, the first frame header tells (ITU-T T.81, B.2.2), which the segments lead to.
    Raises ``ValueError`` where there is none.
    """
    if image.startswith(_SIGNATURES["image/png"]) and image[12:16] == b"IHDR":
        return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    at = 2
    while at + 9 <= len(image) and image[at] == 0xFF:
        if 0xC0 <= image[at + 1] <= 0xCF and image[at + 1] not in (0xC4, 0xC8, 0xCC):
            height, width = image[at + 5 : at + 7], image[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + max(2, int.from_bytes(image[at + 2 : at + 4], "big"))
    raise ValueError


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
