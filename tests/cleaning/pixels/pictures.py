"""Made-up pictures in every way that scans are stored, and what a copy makes of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import imagecodecs
import numpy as np
from pydicom.encaps import encapsulate

from companion.cleaning import data_sets
from companion.cleaning.pixels.blacking import black, blacked
from companion.cleaning.pixels.packing import rle
from companion.cleaning.pixels.picture import own_picture, picture_of, write_back
from companion.cleaning.pixels.places import Area
from companion.cleaning.pixels.repainting import repainted
from companion.scans.limits import Limits
from companion.scans.pictures.stored import StoredPicture
from tests.builders import make_scan

RLE = "1.2.840.10008.1.2.5"
JPEG, JPEG_LOSSLESS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70"
JPEG_LS, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG_2000, JPEG_2000_ANY = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
HTJ2K = "1.2.840.10008.1.2.4.201"
EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
AREA = Area(6, 4, 21, 9)


def make_samples(kind: str = "u1", *, colours: int = 1, frames: int = 1, top: int = 0) -> Any:
    """Frames x 24 x 32 (x colours) of numbers that are hardly alike, up to ``top``."""
    shape = (frames, 24, 32, colours) if colours > 1 else (frames, 24, 32)
    dtype = np.dtype(kind)
    random = np.random.default_rng(7)
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if not top else (0, top)
    if top and dtype.kind == "i":
        low = -top - 1
    return random.integers(low, high, shape, endpoint=True).astype(dtype)


def make_picture(
    samples: Any, syntax: str = EXPLICIT, streams: list[bytes] | None = None, /, **elements: Any
) -> bytes:
    """A scan of frames x rows x columns (x colours); ``streams`` where they are compressed."""
    colour = samples.ndim == 4
    bits = samples.itemsize * 8
    described: dict[str, Any] = {
        "Rows": samples.shape[1], "Columns": samples.shape[2], "NumberOfFrames": len(samples),
        "BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1,
        "PixelRepresentation": int(samples.dtype.kind == "i"),
        "SamplesPerPixel": 3 if colour else 1,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "PixelData": encapsulate(streams) if streams else samples.tobytes(),
    }  # fmt: skip
    if colour:
        described["PlanarConfiguration"] = 0
    return make_scan(syntax=syntax, **described | elements)


def stored(data: bytes) -> StoredPicture:
    picture = own_picture(data)
    assert picture is not None
    return picture


def copy_of(
    data: bytes,
    frames: Collection[int] = (0,),
    area: Area = AREA,
    blank: Collection[int] = (),
) -> bytes:
    """The file with an area of some frames blacked, and nothing else cleaned.

    ``blank``: those of them that the area covers.
    """
    data_set = data_sets.read(data, Limits(), exactly=False)
    picture = picture_of(data_set)
    assert picture is not None
    done = repainted(
        picture, frames, lambda _, samples, colours: blacked(
            samples, [area], black(picture, samples, colours)
        ), blank,
    )  # fmt: skip
    write_back(data_set, picture, done)
    return data_sets.written(data_set)


def outside(samples: Any, area: Area = AREA) -> Any:
    """The samples of a frame that are not in the area."""
    chosen = np.ones(samples.shape[:2], bool)
    chosen[area.top : area.bottom, area.left : area.right] = False
    return samples[chosen]


def inside(samples: Any, area: Area = AREA) -> Any:
    return samples[area.top : area.bottom, area.left : area.right]


def streams_of(samples: Any, syntax: str, **options: Any) -> list[bytes]:
    """Each frame in a code stream of that syntax."""
    if syntax == RLE:
        picture = stored(make_picture(samples))
        return [bytes(rle(picture, frame) or b"") for frame in samples]
    return [_stream(frame, syntax, options) for frame in samples]


def _stream(frame: Any, syntax: str, options: dict[str, Any]) -> bytes:
    if syntax in (JPEG_LS, JPEG_LS_NEAR):
        return bytes(imagecodecs.jpegls_encode(frame, **options))
    if syntax in (JPEG_2000, JPEG_2000_ANY):
        plain: dict[str, Any] = {"level": 0, "reversible": True, "codecformat": "J2K", "mct": False}
        return bytes(imagecodecs.jpeg2k_encode(frame, **plain | options))
    if syntax == HTJ2K:
        return bytes(imagecodecs.htj2k_encode(frame, reversible=True))
    if syntax == JPEG_LOSSLESS:
        return bytes(imagecodecs.ljpeg_encode(frame, bitspersample=frame.itemsize * 8))
    return bytes(imagecodecs.jpeg8_encode(frame, level=95, **options))
