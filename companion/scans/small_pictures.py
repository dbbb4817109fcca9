"""A small picture as text, on its way between processes or in a page's form, and back.

Whoever sent it may be hostile, so it is believed only as far as its first bytes bear out.
"""

from __future__ import annotations

import base64
import binascii

from companion.scans.findings import MAX_THUMBNAIL_SIDE
from companion.scans.formats.picture_size import size_of

MAX_BYTES = 200_000
"""Of one picture."""
_BEGINS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


def pack(image: bytes) -> str:
    """The picture as text."""
    return base64.b64encode(image).decode("ascii")


def unpack(text: str, media_type: str) -> bytes:
    """The bytes of a JPEG or PNG of at most ``MAX_THUMBNAIL_SIDE`` pixels a side.

    Raises ``ValueError`` for anything else, and ``KeyError`` for another media type.
    """
    if len(text) > 2 * MAX_BYTES:
        raise ValueError("too long")
    try:
        image = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None
    if len(image) > MAX_BYTES or not image.startswith(_BEGINS[media_type]):
        raise ValueError("no picture")
    size = size_of(image)
    if size is None or max(size) > MAX_THUMBNAIL_SIDE:
        raise ValueError("no small picture")
    return image
