"""Samples of a frame -> its bytes, in the way it was packed before or in one without loss.

Nothing packed here is believed: who calls decodes it again and compares.
"""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from companion.cleaning.pixels.tidying import RLE
from companion.scans.pictures import codestreams
from companion.scans.pictures.stored import StoredPicture

Samples = NDArray[np.generic]

JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
WITH_LOSS = tuple(f"1.2.840.10008.1.2.4.{number}" for number in range(50, 57))
"""Transfer syntaxes whose frames lost something when they were packed."""
OFTEN_WITH_LOSS = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (81, 91, 93, 112, 203))
"""Those whose frames may have."""
_XL = "1.2.840.10008.1.2.4.11"
_MOST_SEGMENTS = 15


def decoded_colours(picture: StoredPicture, frame: bytes) -> str:
    """How decoded samples are to be understood: the Photometric Interpretation that is true of
    them. What a decoder undoes by itself is told in ``decode.decode``."""
    if not picture.encapsulated or picture.samples < 3:
        return picture.colours
    if picture.syntax in WITH_LOSS:
        said = codestreams.of_jpeg(frame)
        lossless = said is not None and said.process == codestreams.WITHOUT_LOSS
        return picture.colours if lossless else "RGB"
    if picture.syntax.startswith(_XL) or picture.colours in ("YBR_ICT", "YBR_RCT"):
        return "RGB"
    return picture.colours


def packed(picture: StoredPicture, samples: Samples) -> bytes | None:
    """A frame packed as the others of its file, without loss; None where that cannot be done."""
    if samples.dtype.kind not in "iu" or picture.bits > 16:
        return rle(picture, samples) if picture.syntax == RLE else None
    if picture.syntax == RLE:
        return rle(picture, samples)
    if picture.syntax in JPEG_LS:
        return bytes(imagecodecs.jpegls_encode(in_words(picture, samples)))
    if picture.syntax in JPEG_2000 and picture.colours != "YBR_ICT":
        return _jpeg_2000(picture, samples)
    return None


def _jpeg_2000(picture: StoredPicture, samples: Samples) -> bytes:
    signed = picture.signed and samples.ndim == 2
    kind = np.dtype(f"{'i' if signed else 'u'}{picture.bits // 8}")
    return bytes(
        imagecodecs.jpeg2k_encode(
            np.ascontiguousarray(samples.astype(kind)), level=0, reversible=True,
            codecformat="J2K", mct=picture.colours == "YBR_RCT", numthreads=1,
            bitspersample=min(picture.bits_stored, picture.bits),
        )
    )  # fmt: skip


def in_words(picture: StoredPicture, samples: Samples) -> Samples:
    """Samples as a file holds them: unsigned words of the bits that are allocated, the sign in
    all bits that are not stored."""
    if samples.dtype.kind == "f":
        return samples
    wide = np.dtype(f"i{min(8, 2 * (picture.bits // 8))}")
    return np.ascontiguousarray(samples.astype(wide).astype(np.dtype(f"<u{picture.bits // 8}")))


def rle(picture: StoredPicture, samples: Samples) -> bytes | None:
    """An RLE frame: each byte of each sample by itself, the highest first (PS3.5 G)."""
    words = in_words(picture, samples)
    size = words.itemsize
    planes = words[..., None] if words.ndim == 2 else words
    if planes.shape[2] * size > _MOST_SEGMENTS or words.dtype.kind == "f":
        return None
    octets = np.ascontiguousarray(planes).view(np.uint8).reshape(*planes.shape, size)
    segments = []
    for sample in range(planes.shape[2]):
        for octet in reversed(range(size)):
            # Row by row: a run does not go on into the next one (G.3.1).
            plane = np.ascontiguousarray(octets[:, :, sample, octet])
            segment = b"".join(bytes(imagecodecs.packbits_encode(row.tobytes())) for row in plane)
            segments.append(segment + b"\0" * (len(segment) % 2))
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    head = struct.pack("<16I", len(segments), *offsets, *[0] * (_MOST_SEGMENTS - len(segments)))
    return head + b"".join(segments)
