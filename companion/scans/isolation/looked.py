"""What the child that looks at pictures says, and how it is believed.

It decodes hostile files, so its answer is checked as if it were one: every count, size and
code, and that a small picture is one by its first bytes.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Container
from dataclasses import asdict
from typing import Any, TypeVar

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Box, Shows, Thumbnail
from companion.scans.pictures import Face, Letters, Looked, Seen, Volume, Words

# From the child that reads the headers.
DATA = b"d"  # the number of a file, and bytes of it
TAKE = b"t"  # its number and kind: it is whole
DROP = b"x"  # its number: forget it
FINISH = b"f"
# To it.
ALIVE = b"a"
LOOKED = b"l"  # JSON

NUMBER = 4
"""Bytes of the number that begins what is said of a file."""
MAX_ANSWER = 24 * 1024 * 1024
MAX_SEEN = 30_000
MAX_WORDS = 20_000
MAX_TEXT = 300
"""Characters of one line of writing."""
MAX_VOLUMES = 1_000
MAX_THUMBNAILS = 200
MAX_THUMBNAIL_BYTES = 200_000
MAX_THUMBNAIL_BOXES = 200
_SIDE = 1 << 24
"""Pixels that no picture's side has."""
_SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_One = TypeVar("_One")


def pack(looked: Looked) -> bytes:
    """All that was seen, within the bounds that ``unpack`` sets."""
    return json.dumps(
        {
            "seen": [asdict(one) for one in looked.seen[:MAX_SEEN]],
            "words": [
                {**asdict(one), "text": one.text[:MAX_TEXT]} for one in looked.words[:MAX_WORDS]
            ],
            "volumes": [asdict(one) for one in looked.volumes[:MAX_VOLUMES]],
            "thumbnails": pack_thumbnails(looked.thumbnails[:MAX_THUMBNAILS]),
        }
    ).encode()


def unpack(body: bytes, names: Container[str]) -> Looked:
    """What was seen, checked; ``names`` are those of the files that were handed over.

    Raises ``ValueError`` for anything that ``pack`` does not write.
    """
    try:
        document = json.loads(body)
        return Looked(
            seen=_all(document["seen"], MAX_SEEN, lambda one: _seen(one, names)),
            words=_all(document["words"], MAX_WORDS, lambda one: _words(one, names)),
            volumes=_all(document["volumes"], MAX_VOLUMES, lambda one: _volume(one, names)),
            thumbnails=unpack_thumbnails(document["thumbnails"], names),
        )
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not what was seen") from None


def pack_thumbnails(thumbnails: tuple[Thumbnail, ...]) -> list[dict[str, Any]]:
    """Small pictures as JSON takes them."""
    return [
        {**asdict(one), "image": base64.b64encode(one.image).decode("ascii")} for one in thumbnails
    ]


def unpack_thumbnails(tables: Any, names: Container[str] | None = None) -> tuple[Thumbnail, ...]:
    """Small pictures, checked. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    return _all(tables, MAX_THUMBNAILS, lambda one: _thumbnail(one, names))


def box(table: dict[str, Any], names: Container[str] | None = None) -> Box:
    """A box, checked. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    x, y, width, height = (_count(table[key], _SIDE) for key in ("x", "y", "width", "height"))
    return Box(_name(table["file"], names), _count(table["frame"], _SIDE), x, y, width, height)


def _all(tables: Any, most: int, read: Callable[[Any], _One]) -> tuple[_One, ...]:
    if not isinstance(tables, list) or len(tables) > most:
        raise ValueError("too many")
    return tuple(map(read, tables))


def _seen(table: dict[str, Any], names: Container[str]) -> Seen:
    frames = _count(table["frames"], 1 << 31)
    looked_at = _count(table["looked_at"], frames + 1)
    return Seen(_name(table["file"], names), frames, looked_at, _text(table["why_not"], 60))


def _words(table: dict[str, Any], names: Container[str]) -> Words:
    text = "".join(one if one.isprintable() else " " for one in _text(table["text"], MAX_TEXT))
    return Words(box(table["box"], names), Letters(table["letters"]), text, _share(table["score"]))


def _volume(table: dict[str, Any], names: Container[str]) -> Volume:
    return Volume(
        series=_text(table["series"], 200),
        file=_name(table["file"], names),
        files=_count(table["files"], 1 << 31),
        face=Face(table["face"]),
        sure=_share(table["sure"]),
    )


def _thumbnail(table: dict[str, Any], names: Container[str] | None) -> Thumbnail:
    try:
        image = base64.b64decode(_text(table["image"], 2 * MAX_THUMBNAIL_BYTES), validate=True)
    except binascii.Error:
        raise ValueError("no picture") from None
    media_type = _text(table["media_type"], 20)
    if len(image) > MAX_THUMBNAIL_BYTES or not image.startswith(_SIGNATURES[media_type]):
        raise ValueError("no picture")
    if max(_size(image)) > MAX_THUMBNAIL_SIDE:
        raise ValueError("no small picture")
    return Thumbnail(
        shows=Shows(table["shows"]),
        file=_name(table["file"], names),
        frame=_count(table["frame"], _SIDE),
        width=_count(table["width"], _SIDE),
        height=_count(table["height"], _SIDE),
        image=image,
        media_type=media_type,
        boxes=_all(table["boxes"], MAX_THUMBNAIL_BOXES, lambda one: box(one, names)),
    )


def _size(image: bytes) -> tuple[int, int]:
    """Width and height as a PNG or JPEG gives them, in pixels. Raises ``ValueError``.

    Of a JPEG, the first frame header tells (ITU-T T.81, B.2.2), which the segments lead to.
    """
    if image.startswith(_SIGNATURES["image/png"]):
        if len(image) < 24 or image[12:16] != b"IHDR":
            raise ValueError("no PNG")
        return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    at = 2
    while at + 9 <= len(image) and image[at] == 0xFF:
        marker = image[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = image[at + 5 : at + 7], image[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + max(2, int.from_bytes(image[at + 2 : at + 4], "big"))
    raise ValueError("no JPEG")


def _name(value: Any, names: Container[str] | None) -> str:
    if names is not None and value not in names:
        raise ValueError("no file of the upload")
    return _text(value, 5_000)


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("no text")
    return value


def _count(value: Any, below: int) -> int:
    if type(value) is not int or not 0 <= value < below:
        raise ValueError("no count")
    return value


def _share(value: Any) -> float:
    """From 0 to 1; what is no number at all is neither."""
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise ValueError("no share")
    return float(value)
