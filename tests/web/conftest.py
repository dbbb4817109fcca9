"""What the tests of several pages share."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image


@pytest.fixture
def make_logo() -> Callable[..., bytes]:
    """A picture file: its kind, its size in pixels."""

    def make(kind: str = "PNG", size: tuple[int, int] = (300, 120)) -> bytes:
        file = io.BytesIO()
        Image.new("RGB", size, "#0c5d57").save(file, kind)
        return file.getvalue()

    return make
