"""Samples as stored -> what a person sees: eight bits of grey, or red, green and blue."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from companion.scans.pictures import window
from companion.scans.pictures.stored import PALETTES, StoredPicture
from companion.scans.pictures.window import Shown

Samples = NDArray[np.generic]

_UNDONE = ("1.2.840.10008.1.2.4.5", "1.2.840.10008.1.2.4.9", "1.2.840.10008.1.2.4.2")
"""Transfer syntaxes, by how they begin, whose decoders give red, green and blue themselves."""
_LOSSLESS_JPEG = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")
_MOST_ENTRIES = 65_536


def shown(picture: StoredPicture, samples: Samples) -> Shown:
    """A decoded frame as a viewer shows it."""
    if samples.ndim == 3:
        return _in_colour(picture, samples)
    if picture.overlay or picture.bits == 1:
        return np.asarray(samples.astype(np.uint8) * 255, dtype=np.uint8)
    if picture.colours.startswith("PALETTE"):
        palette = palette_of(picture)
        if palette is not None:
            first, table = palette
            numbers = np.clip(samples.astype(np.int64) - first, 0, len(table) - 1)
            return np.asarray(table[numbers], dtype=np.uint8)
    return window.grey(samples, inverted=picture.colours == "MONOCHROME1")


def _in_colour(picture: StoredPicture, samples: Samples) -> Shown:
    colours = picture.colours
    if samples.shape[2] == 2:
        return window.grey(samples[..., 0])
    if samples.shape[2] == 4 and colours == "ARGB":
        samples = samples[..., 1:]
    samples = samples[..., :3]
    if samples.dtype != np.uint8:
        top = (1 << min(16, max(picture.bits_stored, 1))) - 1
        samples = window.scaled(samples, 0, float(max(top, 255)))
    eight = np.asarray(samples, dtype=np.uint8)
    undone = picture.encapsulated and picture.syntax.startswith(_UNDONE)
    if colours.startswith("YBR_PARTIAL") and not undone:
        return _from_partial(eight)
    if colours.startswith("YBR") and (not undone or picture.syntax in _LOSSLESS_JPEG):
        return from_full(eight)
    return np.ascontiguousarray(eight)


def from_full(ycc: Shown) -> Shown:
    """YBR_FULL -> red, green and blue (PS3.3 C.7.6.3.1.2)."""
    y, cb, cr = (ycc[..., channel].astype(np.float32) for channel in range(3))
    return _mixed(y, cb - 128, cr - 128, (1.402, 0.344136, 0.714136, 1.772))


def _from_partial(ycc: Shown) -> Shown:
    """YBR_PARTIAL: black is 16, white 235 (the same section)."""
    y, cb, cr = (ycc[..., channel].astype(np.float32) for channel in range(3))
    return _mixed(1.1644 * (y - 16), cb - 128, cr - 128, (1.5960, 0.3917, 0.8130, 2.0173))


def _mixed(
    y: NDArray[np.float32],
    blue: NDArray[np.float32],
    red: NDArray[np.float32],
    factors: tuple[float, float, float, float],
) -> Shown:
    mixed = np.stack(
        [y + factors[0] * red, y - factors[1] * blue - factors[2] * red, y + factors[3] * blue],
        axis=-1,
    )
    return np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def palette_of(picture: StoredPicture) -> tuple[int, NDArray[np.uint8]] | None:
    """The first number that the palette maps, and its colours; None where it has none."""
    channels = []
    first = 0
    for described, plain, segmented in PALETTES:
        form = "<3H" if picture.little else ">3H"
        descriptor = picture.values.get(described, b"")
        if len(descriptor) < 6:
            return None
        count, first, bits = struct.unpack_from(form, descriptor)
        count = count or _MOST_ENTRIES
        raw = picture.values.get(plain, b"")
        if raw:
            channel = _entries(raw, count, bits, picture.little)
        else:
            channel = _unfolded(picture.values.get(segmented, b""), count, picture.little)
        if not channel.size:
            return None
        if channel.max(initial=0) > 255:
            channel //= 256
        channels.append(np.resize(channel, count) if channel.size < count else channel[:count])
    if picture.signed and first >= 0x8000:
        first -= 0x10000
    size = min(map(len, channels))
    return first, np.stack([channel[:size] for channel in channels], axis=-1).astype(np.uint8)


def _entries(raw: bytes, count: int, bits: int, little: bool) -> NDArray[np.uint16]:
    if bits == 8 and len(raw) < 2 * count:
        return np.frombuffer(raw[:count], np.uint8).astype(np.uint16)
    whole = raw[: len(raw) // 2 * 2]
    return np.frombuffer(whole, "<u2" if little else ">u2").astype(np.uint16)


def _unfolded(raw: bytes, count: int, little: bool) -> NDArray[np.uint16]:
    """A palette in segments: runs of entries, and straight lines between two (PS3.3 C.7.9.2)."""
    words = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2" if little else ">u2").tolist()
    table: list[int] = []
    at = 0
    while at + 2 <= len(words) and len(table) < count:
        kind, length = words[at], words[at + 1]
        at += 2
        if kind == 0:
            table += words[at : at + length]
            at += length
        elif kind == 1 and at < len(words) and length:
            start = table[-1] if table else 0
            line = np.linspace(start, words[at], min(length, count) + 1)[1:]
            table += [round(value) for value in line]
            at += 1
        else:
            break  # a segment that repeats others: no palette was met that has one
    return np.array(table[:count], np.uint16)
