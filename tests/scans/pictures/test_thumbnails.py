"""Small pictures: as large as what they show needs, and never heavy."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from companion.scans.findings import MAX_THUMBNAIL_SIDE, Shows

np = pytest.importorskip("numpy")
thumbnails = pytest.importorskip("companion.scans.pictures.thumbnails")


def noise(height: int, width: int) -> object:
    return np.random.default_rng(12).integers(0, 256, (height, width), dtype=np.uint8)


def smooth(height: int, width: int) -> object:
    return np.repeat(np.linspace(0, 255, width, dtype=np.uint8)[None], height, axis=0)


@pytest.mark.parametrize(
    ("shows", "side"), [(Shows.WORDS, MAX_THUMBNAIL_SIDE), (Shows.SERIES, thumbnails.SERIES_SIDE)]
)
def test_a_picture_with_words_is_larger_than_one_of_a_series(shows: Shows, side: int) -> None:
    made = thumbnails.thumbnail(smooth(1000, 500), shows, "a", 0)
    assert Image.open(io.BytesIO(made.image)).size == (side // 2, side)
    assert (made.width, made.height) == (500, 1000)


@pytest.mark.parametrize("shows", Shows)
def test_the_noisiest_picture_stays_light(shows: Shows) -> None:
    made = thumbnails.thumbnail(noise(2000, 2000), shows, "a", 0)
    assert len(made.image) <= thumbnails.MOST_BYTES[shows]
    assert min(Image.open(io.BytesIO(made.image)).size) > 100


def test_a_thin_picture_keeps_a_pixel_of_its_height() -> None:
    made = thumbnails.thumbnail(noise(3, 700), Shows.SERIES, "a", 0)
    width, height = Image.open(io.BytesIO(made.image)).size
    assert width == thumbnails.SERIES_SIDE
    assert height >= 1
