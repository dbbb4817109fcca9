"""Bar codes and QR codes in a frame: where they are and what they say.

A code without a check digit is read into stripes that are none, so that it counts only when
it is long; codes of goods (EAN, UPC) name a product and no person, and are not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import zxingcpp

from companion.scans.findings import MAX_VALUE_LENGTH
from companion.scans.pictures.window import Grey

MOST_CODES = 8
"""Of one frame."""
MOST_SIDE = 2400
"""Pixels: a larger frame is looked at in every second pixel, or fewer."""
SMALLEST_SIDE = 16
_LONG_ENOUGH = 6
_CHECKED = (
    zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode,
    zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417, zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code93,
)  # fmt: skip
"""Codes that carry checks of their own."""
_UNCHECKED = (
    zxingcpp.BarcodeFormat.Code39, zxingcpp.BarcodeFormat.ITF, zxingcpp.BarcodeFormat.Codabar,
)  # fmt: skip
_FORMATS = _CHECKED + _UNCHECKED


@dataclass(frozen=True, slots=True)
class Code:
    """One code, in pixels of the frame from the upper left."""

    left: int
    top: int
    right: int
    bottom: int
    text: str = field(repr=False)


def read(grey: Grey) -> list[Code]:
    """The codes in a frame; binary content is told in hexadecimal digits."""
    if min(grey.shape) < SMALLEST_SIDE:
        return []
    step = -(-max(grey.shape) // MOST_SIDE)
    small = np.ascontiguousarray(grey[::step, ::step])
    found = zxingcpp.read_barcodes(
        small, formats=zxingcpp.BarcodeFormats(_FORMATS), try_invert=True
    )
    codes: list[Code] = []
    for one in found[: 4 * MOST_CODES]:
        text = one.text if _is_text(one.text) else one.bytes.hex()
        if not text or (one.format in _UNCHECKED and len(text) < _LONG_ENOUGH):
            continue
        place = one.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        across, down = [point.x for point in corners], [point.y for point in corners]
        codes.append(
            Code(
                max(0, min(across)) * step, max(0, min(down)) * step,
                min(grey.shape[1], (max(across) + 1) * step),
                min(grey.shape[0], (max(down) + 1) * step),
                text[:MAX_VALUE_LENGTH],
            )
        )  # fmt: skip
    return codes[:MOST_CODES]


def _is_text(text: str) -> bool:
    return bool(text.strip()) and all(one.isprintable() or one in "\r\n\t\x1d" for one in text)
