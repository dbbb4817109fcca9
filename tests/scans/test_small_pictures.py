"""Small pictures as text: a JPEG or PNG that fits, and nothing else."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from companion.scans import small_pictures
from companion.scans.findings import MAX_THUMBNAIL_SIDE


def draw(kind: str, width: int = 40, height: int = 30) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height), 90).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_small_picture_comes_back_as_it_left(kind: str, media_type: str) -> None:
    for side in (1, MAX_THUMBNAIL_SIDE):
        image = draw(kind, side, side)
        assert small_pictures.unpack(small_pictures.pack(image), media_type) == image


@pytest.mark.parametrize(
    ("image", "media_type"),
    [
        (draw("JPEG", MAX_THUMBNAIL_SIDE + 1, 2), "image/jpeg"),
        (draw("PNG", 2, MAX_THUMBNAIL_SIDE + 1), "image/png"),
        (draw("PNG"), "image/jpeg"),
        (draw("JPEG")[:40], "image/jpeg"),
        (draw("PNG")[:12] + b"IDAT" + draw("PNG")[16:], "image/png"),
        (draw("PNG") + bytes(small_pictures.MAX_BYTES), "image/png"),
        (b"", "image/png"),
    ],
)
def test_what_is_too_large_or_no_picture_is_refused(image: bytes, media_type: str) -> None:
    with pytest.raises(ValueError):
        small_pictures.unpack(base64.b64encode(image).decode(), media_type)


def test_no_other_kind_of_picture_is_taken() -> None:
    with pytest.raises(KeyError):
        small_pictures.unpack(small_pictures.pack(draw("GIF")), "image/gif")
