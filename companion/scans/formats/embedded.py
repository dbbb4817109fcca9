"""Files that stand inside the text of a document: ``data:`` links, base64, pictures."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from companion.scans.findings import Kind, Note
from companion.scans.formats import images
from companion.scans.formats.picture_size import size_of
from companion.scans.formats.registry import NOTE, Inside, Passages

FEW_LETTERS = 25
"""Letters of a document below which a picture in it is all that it says."""
_LARGE = 700
"""Pixels of width and height from which a picture may be a page that was scanned."""
_SMALL = 200
"""Pixels below which a picture is a sign or a button."""
_TINY = 48
_HEAVY = 20_000
"""Bytes from which a picture of unknown size, as a TIFF, counts as no sign or button."""
_HEAD = re.compile(
    r"data:([\w.+-]{0,60}(?:/[\w.+-]{0,80})?)((?:;[\w.=+\"-]{1,60}){0,6}),", re.IGNORECASE
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=_\s-]*|(?:%[0-9A-Fa-f]{2})*")
_LITERAL = re.compile(r"[^\"'<>\s)]*")
_MOST = 500
"""Such links that are taken out of one text."""


def take_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A text without its ``data:`` links (RFC 2397), and what they hold by media type."""
    if "data:" not in text.casefold():
        return text, []
    kept: list[str] = []
    found: list[tuple[str, bytes]] = []
    at = 0
    while len(found) < _MOST and (head := _HEAD.search(text, at)):
        kept.append(text[at : head.start()])
        packed = head[2].lower().endswith(";base64")
        body = (_BASE64 if packed else _LITERAL).match(text, head.end())
        at = body.end() if body else head.end()
        raw = text[head.end() : at]
        data = from_base64(raw) if packed else unquote_to_bytes(raw)
        if data:
            found.append((head[1].lower(), data))
    kept.append(text[at:])
    return " ".join(kept), found


def from_base64(text: str) -> bytes:
    """What base64 holds, as far as it is whole."""
    plain = re.sub(r"[\s=]+", "", text).replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def read_embedded(label: str, media: str, data: bytes, letters: int, inside: Inside) -> Passages:
    """Passages of a file in a document that has so many ``letters`` of its own."""
    if images.is_picture(data) or (media.startswith("image/") and "svg" not in media):
        yield from read_picture(label, data, letters, inside)
        return
    if media.startswith(("font/", "application/font", "application/x-font", "audio/")):
        return
    yield from inside.read(label, "", data, Kind.DOCUMENT if media.startswith("text/") else None)


def read_picture(label: str, data: bytes, letters: int, inside: Inside) -> Passages:
    """What a picture in a document says of itself, and whether it may be a whole page."""
    for inner, text in inside.read(label, "", data, Kind.IMAGE):
        if inner != NOTE or text != Note.PICTURE_NOT_LOOKED_AT:
            yield inner, text
    size = size_of(data)
    if size is not None and min(size) < _TINY:
        return
    if letters < FEW_LETTERS or (size is not None and min(size) >= _LARGE):
        yield NOTE, Note.PICTURE_PAGE
    elif (min(size) >= _SMALL) if size is not None else (len(data) >= _HEAVY):
        yield NOTE, Note.PICTURE_NOT_LOOKED_AT


def letters_in(text: str) -> int:
    """How many letters and digits a text has, as far as it matters here."""
    return sum(character.isalnum() for character in text[:2_000])
