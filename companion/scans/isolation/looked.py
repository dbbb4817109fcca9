"""What the child that looks at pictures says, and how it is believed.

It decodes hostile files, so its answer is checked as if it were one: every count, size and
code, and that a small picture is one by its first bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import asdict
from typing import Any, TypeVar

from companion.scans import small_pictures
from companion.scans.findings import Box, Shows, Thumbnail
from companion.scans.pictures import MOST_LEFT_OUT, Face, Letters, Looked, Seen, Volume, Words

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
MAX_SERIES = 5_100
"""Characters of what tells one series from another: at most a file's name and a word."""
MAX_VOLUMES = 1_000
MAX_THUMBNAILS = 200
MAX_THUMBNAIL_BOXES = 200
_SIDE = 1 << 24
"""Pixels that no picture's side has."""
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
    return [{**asdict(one), "image": small_pictures.pack(one.image)} for one in thumbnails]


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
    return Seen(
        _name(table["file"], names),
        frames,
        looked_at,
        _text(table["why_not"], 60),
        series=_text(table["series"], MAX_SERIES),
        left_out=_all(table["left_out"], MOST_LEFT_OUT, lambda one: _count(one, 1 << 31)),
    )


def _words(table: dict[str, Any], names: Container[str]) -> Words:
    text = "".join(one if one.isprintable() else " " for one in _text(table["text"], MAX_TEXT))
    return Words(
        box(table["box"], names),
        Letters(table["letters"]),
        text,
        _share(table["score"]),
        series=_text(table["series"], MAX_SERIES),
        rows=_count(table["rows"], _SIDE),
        columns=_count(table["columns"], _SIDE),
    )


def _volume(table: dict[str, Any], names: Container[str]) -> Volume:
    return Volume(
        series=_text(table["series"], 200),
        file=_name(table["file"], names),
        files=_count(table["files"], 1 << 31),
        face=Face(table["face"]),
        sure=_share(table["sure"]),
        frame=_count(table["frame"], _SIDE),
        width=_count(table["width"], _SIDE),
        height=_count(table["height"], _SIDE),
    )


def _thumbnail(table: dict[str, Any], names: Container[str] | None) -> Thumbnail:
    media_type = _text(table["media_type"], 20)
    return Thumbnail(
        shows=Shows(table["shows"]),
        file=_name(table["file"], names),
        frame=_count(table["frame"], _SIDE),
        width=_count(table["width"], _SIDE),
        height=_count(table["height"], _SIDE),
        image=small_pictures.unpack(
            _text(table["image"], 2 * small_pictures.MAX_BYTES), media_type
        ),
        media_type=media_type,
        boxes=_all(table["boxes"], MAX_THUMBNAIL_BOXES, lambda one: box(one, names)),
    )


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
