"""A picture with some of its frames painted anew; every other sample stays as it was.

Pixels that are not compressed are changed where they stand. A compressed frame is decoded,
painted, packed again without loss and decoded once more: what came out otherwise than it
went in is not written. Where the picture's own way of packing cannot be kept, all its frames
are written as RLE or uncompressed, whichever is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian

from companion.cleaning.pixels import packing, tidying
from companion.cleaning.pixels.picture import Repainted, in_little_endian
from companion.scans.dicom import tags
from companion.scans.pictures.decode import MOST_BYTES, UndecodedError, WhyNot, decode
from companion.scans.pictures.encapsulated import frame_bytes
from companion.scans.pictures.stored import StoredPicture

Samples = NDArray[np.generic]
Paint = Callable[[int, Samples, str], Samples]
"""A frame's number, its samples and their colours -> the samples as they shall be. Shape and
kind stay; what it does not change it gives back as it was."""

MOST_WRITTEN = 4 * MOST_BYTES
"""Bytes of all frames of a picture that is written uncompressed."""


def repainted(
    picture: StoredPicture,
    frames: Collection[int],
    paint: Paint,
    blank: Collection[int] = (),
) -> Repainted:
    """The picture with ``paint`` done in those of its frames.

    ``blank``: those of them of which ``paint`` leaves nothing. Where they are compressed they
    are not decoded, and may be damaged: another frame is painted in their stead.

    Raises ``decode.UndecodedError`` where one of them cannot be decoded, and
    ``tidying.UntidyError`` where the pixels are cut short.
    """
    if not picture.encapsulated:
        if not frames:
            return tidying.tidied(picture)
        return _in_place(in_little_endian(picture), frames, paint)
    try:
        return _compressed(picture, frames, paint, blank)
    except tidying.UntidyError:
        return _unpacked(picture, frames, paint, blank)


def _in_place(picture: StoredPicture, frames: Collection[int], paint: Paint) -> Repainted:
    """Change words of the value itself."""
    value = bytearray(tidying.without_unused_bits(picture, tidying.exact_value(picture)))
    tidy = replace(picture, pixels=memoryview(bytes(value)))
    for frame in frames:
        before = decode(tidy, frame)
        after = paint(frame, before, picture.colours)
        changed = before != after
        if changed.ndim == 3:
            changed = changed.any(axis=2)
        if picture.bits == 1:
            _set_bits(value, picture, frame, after)
        elif picture.colours in tidying.SHARED and picture.samples == 3:
            _set_pairs(value, picture, frame, changed, after)
        else:
            _set_words(value, picture, frame, changed, after)
    return Repainted(picture.syntax, bytes(value))


def _set_words(
    value: bytearray,
    picture: StoredPicture,
    frame: int,
    changed: NDArray[np.bool_],
    after: Samples,
) -> None:
    floats = {tags.FLOAT_PIXEL_DATA: "<f4", tags.DOUBLE_FLOAT_PIXEL_DATA: "<f8"}
    kind = np.dtype(floats.get(picture.kind, f"<u{picture.bits // 8}"))
    count = picture.rows * picture.columns * picture.samples
    words = np.frombuffer(value, kind, count, frame * count * kind.itemsize)
    shape: tuple[int, ...] = (picture.rows, picture.columns)
    if picture.samples > 1 and picture.planar:
        view = words.reshape(picture.samples, *shape).transpose(1, 2, 0)
    else:
        view = words.reshape(shape if picture.samples == 1 else (*shape, picture.samples))
    written = after if kind.kind == "f" else packing.in_words(picture, _shifted(picture, after))
    view[changed] = written[changed]


def _shifted(picture: StoredPicture, samples: Samples) -> Samples:
    """Samples at the place in their words that the picture keeps them at."""
    shift = picture.high_bit + 1 - picture.bits_stored
    nonsense = not 0 < picture.bits_stored <= picture.bits or not (
        0 <= shift <= picture.bits - picture.bits_stored
    )
    if nonsense or not shift or samples.ndim != 2:
        return samples
    return samples.astype(np.int64) << shift


def _set_pairs(
    value: bytearray,
    picture: StoredPicture,
    frame: int,
    changed: NDArray[np.bool_],
    after: Samples,
) -> None:
    kind = np.dtype(f"<u{picture.bits // 8}")
    count = picture.rows * picture.columns * 2
    groups = np.frombuffer(value, kind, count, frame * count * kind.itemsize).reshape(-1, 4)
    pixels = after.reshape(-1, 2, 3)
    chosen = changed.reshape(-1, 2).any(axis=1)
    groups[chosen, :2] = pixels[chosen, :, 0]
    groups[chosen, 2:] = pixels[chosen, 0, 1:]  # ``Area.in_pairs``: both are painted, or none


def _set_bits(value: bytearray, picture: StoredPicture, frame: int, after: Samples) -> None:
    size = picture.rows * picture.columns * picture.samples
    first = frame * size // 8
    end = -(-(frame + 1) * size // 8)
    bits = np.unpackbits(np.frombuffer(value, np.uint8, end - first, first), bitorder="little")
    start = frame * size % 8
    bits[start : start + size] = after.reshape(-1)
    value[first:end] = np.packbits(bits, bitorder="little").tobytes()


def _compressed(
    picture: StoredPicture, frames: Collection[int], paint: Paint, blank: Collection[int]
) -> Repainted:
    streams = []
    for number in range(picture.frames):
        if number not in frames:
            streams.append(tidying.bare(picture.syntax, frame_bytes(picture, number)))
            continue
        samples, _ = _painted(picture, number, paint, blank)
        again = _packed_again(picture, samples)
        if again is None:
            return _unpacked(picture, frames, paint, blank)
        streams.append(again)
    return Repainted(
        picture.syntax,
        encapsulate(streams),
        encapsulated=True,
        elements=_loss(picture),
        missing=_may_be_loss(picture),
    )


def _painted(
    picture: StoredPicture, number: int, paint: Paint | None, blank: Collection[int]
) -> tuple[Samples, str]:
    """A frame with ``paint`` done in it, where there is any, and its colours."""
    source = number
    if number in blank:
        source = next((one for one in range(picture.frames) if one not in blank), number)
    samples = decode(picture, source)
    if samples.shape[:2] != (picture.rows, picture.columns):
        raise UndecodedError(WhyNot.DAMAGED)  # another size than the header says
    colours = packing.decoded_colours(picture, frame_bytes(picture, source))
    return samples if paint is None else paint(number, samples, colours), colours


def _packed_again(picture: StoredPicture, samples: Samples) -> bytes | None:
    """The frame packed as before; None where it would not come out as it went in."""
    try:
        stream = packing.packed(picture, samples)
        if stream is None:
            return None
        same = np.array_equal(decode(tidying.one_frame(picture, stream), 0), samples)
    except Exception:  # noqa: BLE001 - each codec has errors of its own
        return None
    return stream if same else None


def _unpacked(
    picture: StoredPicture, frames: Collection[int], paint: Paint, blank: Collection[int]
) -> Repainted:
    """All frames without their packing."""
    plain: StoredPicture | None = None
    colours = ""
    written: list[bytes] = []
    runs: list[bytes] | None = []
    total = 0
    for number in range(picture.frames):
        samples, own = _painted(picture, number, paint if number in frames else None, blank)
        if plain is None:
            plain, colours = _plain(picture, samples), own
        if own != colours or samples.ndim != (2 if plain.samples == 1 else 3):
            raise UndecodedError(WhyNot.SYNTAX)
        words = packing.in_words(plain, samples)
        total += words.nbytes
        if total > MOST_WRITTEN:
            raise UndecodedError(WhyNot.SIZE)
        written.append(words.tobytes())
        if runs is not None:
            run = packing.rle(plain, samples)
            runs = None if run is None else [*runs, run]
    if plain is None:
        raise UndecodedError(WhyNot.DAMAGED)
    elements: dict[str, int | str] = {
        "PhotometricInterpretation": colours, "BitsAllocated": plain.bits,
        "BitsStored": plain.bits_stored, "HighBit": plain.bits_stored - 1, **_loss(picture),
    }  # fmt: skip
    if plain.samples > 1:
        elements["PlanarConfiguration"] = 0
    if runs is not None and sum(map(len, runs)) < total:
        form: tuple[str, bytes, bool] = (tidying.RLE, encapsulate(runs), True)
    else:
        value = b"".join(written)
        form = (str(ExplicitVRLittleEndian), value + b"\0" * (len(value) % 2), False)
    return Repainted(*form, elements=elements, missing=_may_be_loss(picture))


def _plain(picture: StoredPicture, samples: Samples) -> StoredPicture:
    """How the picture is described without its packing: as before, where its samples fit."""
    bits, stored = picture.bits, picture.bits_stored
    if samples.dtype.kind == "u" and samples.itemsize * 8 > bits:
        bits = stored = samples.itemsize * 8
    if bits not in (8, 16, 32):
        raise UndecodedError(WhyNot.SYNTAX)
    if samples.dtype.kind == "u" and int(samples.max(initial=0)) >> stored:
        stored = bits
    count = 1 if samples.ndim == 2 else samples.shape[2]
    if count != picture.samples:
        raise UndecodedError(WhyNot.DAMAGED)
    form = {tags.BITS_ALLOCATED: bits, tags.BITS_STORED: stored, tags.HIGH_BIT: stored - 1}
    values = picture.values | {tag: one.to_bytes(2, "little") for tag, one in form.items()}
    return replace(picture, values=values)


def _loss(picture: StoredPicture) -> dict[str, int | str]:
    """That something was lost when the frames were packed stays true of what they became."""
    return {"LossyImageCompression": "01"} if picture.syntax in packing.WITH_LOSS else {}


def _may_be_loss(picture: StoredPicture) -> dict[str, int | str]:
    """The same of syntaxes that can be without loss: what the header says is believed."""
    return {"LossyImageCompression": "01"} if picture.syntax in packing.OFTEN_WITH_LOSS else {}
