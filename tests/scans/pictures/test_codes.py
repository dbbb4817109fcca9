"""Bar codes and QR codes in a picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from companion.scans.findings import Kind
from companion.scans.pictures import Letters, Words, codes
from companion.scans.pictures.looker import Looker
from tests.builders import make_scan

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


def qr(text: str) -> Grey:
    made = segno.make(text)
    rows = [[0 if dark else 255 for dark in row] for row in made.matrix_iter(6, 4)]
    return np.array(rows, np.uint8)


def codes_seen(data: bytes, kind: Kind) -> list[Words]:
    looker = Looker()
    looker.take("1", data, kind)
    return [one for one in looker.finish().words if one.letters is Letters.CODE]


def test_the_code_on_a_slides_label_is_told_with_its_place() -> None:
    frame = within(qr("S24-004711"), (320, 360), (60, 80))
    label = make_scan(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.77.1.6", Modality="SM", BitsAllocated=8, BitsStored=8,
        HighBit=7, ImageType=["ORIGINAL", "PRIMARY", "LABEL", "NONE"], Rows=320, Columns=360,
        PixelData=frame.tobytes(),
    )  # fmt: skip
    (code,) = codes_seen(label, Kind.DICOM)
    assert code.text == "S24-004711"
    assert 80 <= code.box.x < code.box.x + code.box.width <= 80 + 200


def test_the_code_on_a_label_page_of_a_slide_in_tiff_is_told() -> None:
    pages = [Image.new("L", (400, 300), 200), Image.fromarray(within(qr("H-20417"), (320, 360)))]
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    assert [(one.text, one.box.frame) for one in codes_seen(file.getvalue(), Kind.IMAGE)] == [
        ("H-20417", 1)
    ]
