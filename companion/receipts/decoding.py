"""Compressed pictures -> the fingerprint of their points, by the decoders of ``scans.pictures``.

They need numpy and a library of codecs, which exist in no browser and in no light installation,
and a hostile picture may end the process of such a library. So nothing else of receipts imports
this, the libraries are imported when a picture is decoded, and a caller on a server calls
``points_of`` where a crash does no harm (``scans.isolation``).
"""

from __future__ import annotations

import hashlib
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from companion.receipts.points import Shape, masked
from companion.scans.dicom import tags

if TYPE_CHECKING:
    from companion.scans.pictures.stored import StoredPicture

MOST_SECONDS = 2.0
"""For the pictures of one file; where they take longer, their points are not compared."""


def installed() -> bool:
    """Whether there is what decodes compressed pictures."""
    return all(find_spec(name) is not None for name in ("numpy", "imagecodecs"))


def points_of(data: bytes, seconds: float = MOST_SECONDS) -> str:
    """The fingerprint of the points of a DICOM file's compressed pictures, in the form of
    ``receipts.points``; empty where not all of them can be decoded, or not in time."""
    from companion.scans.pictures.stored import StoredPicture, stored_pictures

    ends = time.monotonic() + seconds
    for picture in stored_pictures(data):
        if not isinstance(picture, StoredPicture) or picture.nested or picture.overlay:
            continue
        if not picture.encapsulated or picture.kind != tags.PIXEL_DATA:
            return ""
        return _points(picture, ends)
    return ""


def _points(picture: StoredPicture, ends: float) -> str:
    import numpy as np

    from companion.scans.pictures.decode import UndecodedError, decode

    digest = hashlib.sha256()
    bits, stored = picture.bits, picture.bits_stored
    if bits not in (8, 16, 32) or stored > bits:
        return ""
    shape = Shape(
        picture.rows, picture.columns, picture.samples, bits, stored, 0, 1, False, picture.colours
    )
    for frame in range(picture.frames):
        if time.monotonic() > ends:
            return ""
        try:
            samples = decode(picture, frame)
        except UndecodedError:
            return ""
        if samples.shape[:2] != (picture.rows, picture.columns):
            return ""
        if samples.size != shape.count or samples.dtype.kind not in "ui":
            return ""
        words = np.ascontiguousarray(samples).astype(f"<u{bits // 8}")
        digest.update(masked(words.tobytes(), shape))
    return digest.hexdigest()
