"""A stored picture's frame -> its samples, by a decoder that is chosen by name.

No library is left to choose: one of pydicom's plugins ended the whole process when it was
chosen, and others differ in what they take. Sizes are checked in the tags and in the code
stream first. This runs in the process that looks at pictures, with limits of its own.
"""

from __future__ import annotations

from enum import StrEnum

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from companion import signatures
from companion.scans.dicom import tags
from companion.scans.pictures import codestreams
from companion.scans.pictures.codestreams import Announced
from companion.scans.pictures.decoder import HERE, Decoder, Samples
from companion.scans.pictures.encapsulated import frame_bytes
from companion.scans.pictures.stored import StoredPicture

MOST_BYTES = 100_000_000
"""Bytes of one frame's samples: the largest X-ray pictures have 40 million of two bytes, and
a photograph of 30 megapixels has 90 million of one."""
MOST_SIDE = 40_000
"""Pixels of a side; nothing that is scanned in one frame comes near."""


class WhyNot(StrEnum):
    """Why a frame was not looked at: ``pictures.Seen.why_not``."""

    VIDEO = "video"
    SYNTAX = "syntax"  # packed in a way that no decoder here knows
    SIZE = "size"  # larger than the bound, or without one
    DAMAGED = "damaged"
    TIME = "time"  # there was no time left
    MANY = "many"  # more writing or frames than are read of one upload


class UndecodedError(Exception):
    """A frame that cannot be decoded: ``why`` says why, never what it held."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


_VIDEO = ("1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.7.")
"""How the transfer syntaxes of MPEG-2, H.264, H.265 and of live streams begin."""


class _Codec(StrEnum):
    JPEG = "jpeg"  # with or without loss: the code stream says which
    JPEG_LS = "jpeg-ls"
    JPEG_2000 = "jpeg-2000"  # and HTJ2K, which is a part of it
    JPEG_XL = "jpeg-xl"


_CODECS = {
    f"1.2.840.10008.1.2.4.{number}": codec
    for codec, numbers in {
        _Codec.JPEG: (*range(50, 67), 70),
        _Codec.JPEG_LS: (80, 81),
        _Codec.JPEG_2000: (90, 91, 92, 93, 201, 202, 203),
        _Codec.JPEG_XL: (110, 111, 112),
    }.items()
    for number in numbers
}
_RLE = "1.2.840.10008.1.2.5"
_CODE_STREAMS = (signatures.JPEG, signatures.JPEG_2000)


def decode(picture: StoredPicture, frame: int, decoder: Decoder = HERE) -> Samples:
    """One frame's samples, rows x columns or rows x columns x samples.

    They are as stored: signed where the header says so, unused bits taken away, palettes
    not applied. Colours are as stored too, but for JPEG and JPEG 2000, whose decoders undo
    the colour transform of the code stream: ``colours`` knows. ``decoder`` calls those that
    are not our own. Raises ``UndecodedError``.
    """
    if not picture.only_its_stream_tells or picture.syntax == _RLE:
        _check(picture.rows, picture.columns, picture.samples, picture.bits)
    try:
        if not picture.encapsulated:
            return _plain(picture, frame)
        return _compressed(picture, frame, decoder)
    except UndecodedError:
        raise
    except MemoryError:
        raise UndecodedError(WhyNot.SIZE) from None
    except Exception:  # noqa: BLE001 - each codec has errors of its own
        raise UndecodedError(WhyNot.DAMAGED) from None


def _check(rows: int, columns: int, samples: int, bits: int) -> None:
    if not (0 < rows <= MOST_SIDE and 0 < columns <= MOST_SIDE and 0 < samples <= 4):
        raise UndecodedError(WhyNot.SIZE)
    if rows * columns * samples * max(1, -(-bits // 8)) > MOST_BYTES:
        raise UndecodedError(WhyNot.SIZE)


def _compressed(picture: StoredPicture, frame: int, decoder: Decoder) -> Samples:
    if picture.syntax.startswith(_VIDEO):
        raise UndecodedError(WhyNot.VIDEO)
    data = frame_bytes(picture, frame)
    if not data:
        raise UndecodedError(WhyNot.DAMAGED)
    if picture.syntax == _RLE:
        shape = (picture.rows, picture.columns, picture.samples)
        return _stored_bits(decoder(_rle, data, shape, picture.bits // 8), picture)
    codec = _CODECS.get(picture.syntax)
    if codec is None:
        raise UndecodedError(WhyNot.SYNTAX)
    said = _announced(codec, data)
    if said is None:
        raise UndecodedError(WhyNot.DAMAGED)
    _check(said.rows, said.columns, said.samples, said.bits)
    samples = decoder(_by_codec, codec, data, said, picture.colours)
    if samples.ndim == 3 and samples.shape[2] == 1:
        samples = samples[..., 0]
    if samples.ndim not in (2, 3):
        raise UndecodedError(WhyNot.DAMAGED)
    if samples.dtype.kind == "u" and picture.signed and samples.ndim == 2:
        samples = _signed(samples, said.bits)
    return samples


def _announced(codec: _Codec, data: bytes) -> Announced | None:
    if codec is _Codec.JPEG_2000:
        return codestreams.of_jpeg_2000(data)
    if codec is _Codec.JPEG_XL:
        return codestreams.of_jpeg_xl(data)
    return codestreams.of_jpeg(data)


def _by_codec(codec: _Codec, data: bytes, said: Announced, colours: str) -> Samples:
    if codec is _Codec.JPEG_LS:
        return imagecodecs.jpegls_decode(data)
    if codec is _Codec.JPEG_2000:
        return imagecodecs.jpeg2k_decode(data)
    if codec is _Codec.JPEG_XL:
        return imagecodecs.jpegxl_decode(data)
    if said.process == codestreams.WITHOUT_LOSS:
        return imagecodecs.jpegsof3_decode(data)
    if said.samples == 3 and not said.colours and colours == "RGB":
        # Without a word of its own on colours a decoder takes them for luminance and chroma.
        return imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB")
    return imagecodecs.jpeg8_decode(data)


def _signed(samples: Samples, bits: int) -> Samples:
    """Samples of so many bits whose highest is the sign, which their code stream cannot say."""
    wide: NDArray[np.signedinteger] = samples.astype(np.int64 if bits > 16 else np.int32)
    return wide - ((wide >> (bits - 1) & 1) << bits)


def _plain(picture: StoredPicture, frame: int) -> Samples:
    rows, columns, samples, bits = picture.rows, picture.columns, picture.samples, picture.bits
    if picture.bit is not None:
        words = np.frombuffer(_part(picture, frame, rows * columns * bits), _dtype(picture))
        plane = words.astype(np.int64).reshape(rows, columns)
        return (plane >> picture.bit & 1).astype(np.uint8)
    if bits == 1:
        return _bits(picture, frame)
    dtype = _dtype(picture)
    if picture.colours in ("YBR_FULL_422", "YBR_PARTIAL_422") and samples == 3:
        halved = np.frombuffer(_part(picture, frame, rows * columns * 2 * bits), dtype)
        return _full_colours(halved, rows, columns)
    flat = np.frombuffer(_part(picture, frame, rows * columns * samples * bits), dtype)
    if samples == 1:
        return _stored_bits(flat.reshape(rows, columns), picture)
    if picture.planar:
        return np.ascontiguousarray(flat.reshape(samples, rows, columns).transpose(1, 2, 0))
    return flat.reshape(rows, columns, samples)


def _dtype(picture: StoredPicture) -> np.dtype[np.generic]:
    order = "<" if picture.little else ">"
    if picture.kind == tags.FLOAT_PIXEL_DATA:
        return np.dtype(f"{order}f4")
    if picture.kind == tags.DOUBLE_FLOAT_PIXEL_DATA:
        return np.dtype(f"{order}f8")
    if picture.bits not in (8, 16, 32, 64):
        raise UndecodedError(WhyNot.SYNTAX)
    return np.dtype(f"{order}u{picture.bits // 8}")


def _part(picture: StoredPicture, frame: int, bits: int) -> bytes:
    """The bytes of a frame of so many bits; what the file's end cut off is zero.

    A code stream that the header takes for plain samples would be noise: nobody has seen it.
    """
    size = -(-bits // 8)
    part = _stored(picture, frame * size, (frame + 1) * size)
    if not part or (len(part) < size and signatures.first_fit(part, _CODE_STREAMS)):
        raise UndecodedError(WhyNot.DAMAGED)
    return part + bytes(size - len(part))


def _stored(picture: StoredPicture, start: int, end: int) -> bytes:
    """Some of the value's bytes; where samples of a byte were written as words in big endian,
    the two of each word change places (PS3.5 8.1.1 and 7.3)."""
    if picture.little or not picture.words or picture.bits > 8:
        return bytes(picture.pixels[start:end])
    first = start // 2 * 2
    words = bytes(picture.pixels[first : -(-end // 2) * 2])
    turned = np.frombuffer(words[: len(words) // 2 * 2], ">u2").astype("<u2").tobytes()
    return turned[start - first : end - first]


def _bits(picture: StoredPicture, frame: int) -> Samples:
    """A picture of one bit a pixel; frames follow each other without padding (PS3.5 8.1.1)."""
    size = picture.rows * picture.columns * picture.samples
    start = frame * size
    part = _stored(picture, start // 8, -(-(start + size) // 8))
    flat = np.unpackbits(np.frombuffer(part, np.uint8), bitorder="little")[start % 8 :][:size]
    if not flat.size:
        raise UndecodedError(WhyNot.DAMAGED)
    whole = np.zeros(size, np.uint8)
    whole[: flat.size] = flat
    shape = (picture.rows, picture.columns)
    return whole.reshape(shape if picture.samples == 1 else (*shape, picture.samples))


def _full_colours(halved: Samples, rows: int, columns: int) -> Samples:
    """Two brightnesses, then the two colours that both share (PS3.3 C.7.6.3.1.2)."""
    groups = halved[: halved.size // 4 * 4].reshape(-1, 4)
    whole = np.empty((groups.shape[0], 2, 3), halved.dtype)
    whole[:, :, 0] = groups[:, :2]
    whole[:, :, 1] = groups[:, 2:3]
    whole[:, :, 2] = groups[:, 3:4]
    flat = whole.reshape(-1)
    missing = rows * columns * 3 - flat.size
    return np.append(flat, np.zeros(max(0, missing), flat.dtype))[: rows * columns * 3].reshape(
        rows, columns, 3
    )


def _stored_bits(samples: Samples, picture: StoredPicture) -> Samples:
    """Takes bits beside the stored ones away, and gives the sign its meaning."""
    if samples.dtype.kind == "f" or samples.ndim != 2:
        return samples
    stored, shift = picture.bits_stored, picture.high_bit + 1 - picture.bits_stored
    if not 0 < stored <= picture.bits or not 0 <= shift <= picture.bits - stored:
        stored, shift = picture.bits, 0  # nonsense: all bits are shown
    if stored == picture.bits and not picture.signed:
        return samples
    wide: NDArray[np.signedinteger] = samples.astype(np.int64 if picture.bits > 16 else np.int32)
    whole = wide >> shift
    whole &= (1 << stored) - 1
    return _signed(whole, stored) if picture.signed else whole


def _rle(data: bytes, shape: tuple[int, int, int], width: int) -> Samples:
    """RLE: one segment for each of the ``width`` bytes of a sample, the highest first
    (PS3.5 G.2); ``shape``: rows, columns and samples."""
    rows, columns, count = shape
    segments = codestreams.rle_segments(data)
    if width not in (1, 2, 4) or len(segments) != width * count:
        raise UndecodedError(WhyNot.DAMAGED)
    planes = np.zeros((count, rows * columns, width), np.uint8)
    for number, segment in enumerate(segments):
        unpacked = np.frombuffer(imagecodecs.packbits_decode(segment), np.uint8)
        unpacked = unpacked[: rows * columns]
        sample, byte = divmod(number, width)
        planes[sample, : unpacked.size, width - 1 - byte] = unpacked
    samples = planes.view(f"<u{width}")[..., 0].reshape(-1, rows, columns)
    return samples[0] if count == 1 else np.ascontiguousarray(samples.transpose(1, 2, 0))
