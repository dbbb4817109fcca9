"""A picture in which nothing is blacked: the same samples, and nothing beside them.

Unused bits of a sample can hold a drawing with words in it (PS3.5 8.1.2, an overlay of old),
bytes behind the last frame anything. Needs no numpy: it runs in a visitor's own browser too.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pydicom.encaps import encapsulate

from companion.cleaning.pixels import streams
from companion.cleaning.pixels.picture import Repainted, in_little_endian
from companion.scans.dicom import tags
from companion.scans.pictures.encapsulated import frame_bytes
from companion.scans.pictures.stored import StoredPicture

try:
    from companion.cleaning.pixels import vectors
except ImportError:  # a visitor's browser, or a light installation
    vectors = None  # type: ignore[assignment]

RLE = "1.2.840.10008.1.2.5"
_JPEG = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (*range(50, 67), 70, 80, 81))
_JPEG_2000 = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (90, 91, 92, 93, 201, 202, 203))
_AS_IT_IS = bytes(range(256))
_AT_ONCE = 1 << 20
"""Bytes that become one number: operations on a longer one are no quicker."""
SHARED = ("YBR_FULL_422", "YBR_PARTIAL_422")
"""Colours that two pixels beside each other share."""


class UntidyError(Exception):
    """A picture whose bytes cannot be told apart from what stands beside them."""


def tidied(picture: StoredPicture) -> Repainted:
    """The picture without unused bits, surplus bytes and comments.

    Raises ``UntidyError`` where it is cut short, or a frame's bytes make no sense.
    """
    if not picture.encapsulated:
        little = in_little_endian(picture)
        return Repainted(little.syntax, without_unused_bits(little, exact_value(little)))
    frames = [bare(picture.syntax, frame_bytes(picture, n)) for n in range(picture.frames)]
    return Repainted(picture.syntax, encapsulate(frames), encapsulated=True)


def bare(syntax: str, frame: bytes) -> bytes:
    """A compressed frame with nothing but its picture. Raises ``UntidyError``."""
    if not frame:
        raise UntidyError
    stripped: bytes | None = frame
    if syntax in _JPEG:
        stripped = streams.bare_jpeg(frame)
    elif syntax in _JPEG_2000:
        stripped = streams.bare_jpeg_2000(frame)
    if stripped is None:
        raise UntidyError
    return stripped


def frame_bits(picture: StoredPicture) -> int:
    """Bits of one frame of a picture that is not compressed."""
    bits = {tags.FLOAT_PIXEL_DATA: 32, tags.DOUBLE_FLOAT_PIXEL_DATA: 64}.get(
        picture.kind, picture.bits
    )
    samples = 2 if picture.colours in SHARED and picture.samples == 3 else picture.samples
    return picture.rows * picture.columns * samples * bits


def exact_value(picture: StoredPicture) -> bytes:
    """The bytes of all frames, and nothing behind them but a byte to make them even.

    Raises ``UntidyError`` where there are fewer.
    """
    bits = frame_bits(picture) * picture.frames
    size = -(-bits // 8)
    if not size or size > len(picture.pixels):
        raise UntidyError
    value = bytes(picture.pixels[:size])
    if bits % 8:
        value = value[:-1] + bytes([value[-1] & (1 << bits % 8) - 1])
    return value + b"\0" * (size % 2)


def without_unused_bits(picture: StoredPicture, value: bytes) -> bytes:
    """The samples with unused bits as the standard wants them: zero, or the sign again.

    ``picture`` in little endian; what is described as nonsense is left as it is.
    """
    bits, stored, high = picture.bits, picture.bits_stored, picture.high_bit
    shift = high + 1 - stored
    if picture.kind != tags.PIXEL_DATA or bits not in (8, 16, 32):
        return value
    if not 0 < stored < bits or not 0 <= shift <= bits - stored:
        return value
    if vectors is not None and vectors.are_tidy(
        value, bits=bits, kept=(1 << stored) - 1 << shift, signed=picture.signed
    ):
        return value
    if picture.signed and high < bits - 8:
        return _with_signs(picture, value)  # the sign is in one byte, and unused bits in another
    fixed = None
    for byte in range(bits // 8):
        table = _used(stored, high, byte, signed=picture.signed)
        if table == _AS_IT_IS:
            continue
        old = value[byte :: bits // 8]
        new = old.translate(table)
        if new != old:
            fixed = fixed or bytearray(value)
            fixed[byte :: bits // 8] = new
    return bytes(fixed) if fixed is not None else value


@lru_cache(64)
def _used(stored: int, high: int, byte: int, *, signed: bool) -> bytes:
    """What each value of one byte of a sample becomes: the lowest byte is 0."""
    kept = ((1 << stored) - 1 << high + 1 - stored) >> 8 * byte & 0xFF
    sign = (1 << high) >> 8 * byte & 0xFF
    above = 0x100 - 2 * sign if sign and signed else 0
    return bytes(one & kept | (above if one & sign else 0) for one in range(256))


def _with_signs(picture: StoredPicture, value: bytes) -> bytes:
    """The samples, each with its sign in all the bits above it: rare, and by large numbers."""
    bits, stored, high = picture.bits, picture.bits_stored, picture.high_bit
    size = bits // 8
    count = _AT_ONCE // size
    kept = ((1 << stored) - 1) << high + 1 - stored
    used = int.from_bytes(kept.to_bytes(size, "little") * count, "little")
    sign = int.from_bytes((1 << high).to_bytes(size, "little") * count, "little")
    above = bits - 1 - high
    parts = []
    for start in range(0, len(value), _AT_ONCE):
        part = value[start : start + _AT_ONCE]
        whole = len(part) // size * size
        number = int.from_bytes(part[:whole], "little") & used
        # Times 2 + 4 + ... : each sample's sign in every bit above it, without a carry.
        number |= (number & sign) * ((2 << above) - 2)
        parts.append(number.to_bytes(whole, "little") + part[whole:])
    return b"".join(parts)


def one_frame(picture: StoredPicture, frame: bytes) -> StoredPicture:
    """A compressed picture of that frame alone."""
    values = {**picture.values, tags.NUMBER_OF_FRAMES: b"1"}
    return replace(picture, values=values, fragments=[memoryview(frame)], offsets=b"")
