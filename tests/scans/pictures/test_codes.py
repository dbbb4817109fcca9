"""Bar codes and QR codes in a picture."""

from __future__ import annotations

import numpy as np
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray

from companion.scans.pictures import codes

Grey = NDArray[np.uint8]


def bar_code(text: str, kind: zxingcpp.BarcodeFormat) -> Grey:
    made = zxingcpp.create_barcode(text, kind)
    picture = np.array(zxingcpp.write_barcode_to_image(made, scale=3))
    return picture.astype(np.uint8)


def within(
    code: Grey, shape: tuple[int, int] = (700, 1200), at: tuple[int, int] = (90, 140)
) -> Grey:
    """The code on a grey label."""
    frame = np.full(shape, 170, np.uint8)
    frame[at[0] : at[0] + code.shape[0], at[1] : at[1] + code.shape[1]] = code
    return frame


@pytest.mark.parametrize(
    "kind",
    [
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
    ],
    ids=str,
)
def test_a_code_is_read_where_it_is(kind: zxingcpp.BarcodeFormat) -> None:
    code = bar_code("S24-004711", kind)
    (found,) = codes.read(within(code))
    assert found.text == "S24-004711"
    middle = (found.left + found.right) / 2, (found.top + found.bottom) / 2
    assert abs(middle[0] - 140 - code.shape[1] / 2) < 25
    assert abs(middle[1] - 90 - code.shape[0] / 2) < 25


def test_a_code_that_lies_on_its_side_or_is_white_on_black_is_read() -> None:
    made = segno.make("MRN 00815")
    drawn = np.array([[0 if dark else 255 for dark in row] for row in made.matrix_iter(4, 4)])
    frame = within(drawn.astype(np.uint8))
    for turned in (np.rot90(frame), 255 - frame):
        assert [one.text for one in codes.read(np.ascontiguousarray(turned))] == ["MRN 00815"]


def test_a_large_frame_gives_boxes_in_its_own_pixels() -> None:
    code = bar_code("LAB-20417", zxingcpp.BarcodeFormat.QRCode)
    code = code.repeat(6, 0).repeat(6, 1)
    (found,) = codes.read(within(code, (3000, 5200), (1500, 3000)))
    assert abs(found.left - 3000) < 120
    assert abs(found.bottom - 1500 - code.shape[0]) < 120


def test_short_stripes_and_noise_are_no_codes() -> None:
    assert not codes.read(within(bar_code("12", zxingcpp.BarcodeFormat.ITF)))
    random = np.random.default_rng(2)
    for _ in range(20):
        noise = random.normal(128, 45, (256, 256)).clip(0, 255).astype(np.uint8)
        assert not codes.read(noise)
        assert not codes.read(np.repeat(noise[:1], 256, 0))


def test_a_frame_of_a_few_pixels_is_no_code() -> None:
    assert codes.read(np.zeros((1, 400), np.uint8)) == []
