"""Words before, between and after the pixels of a picture; pixels too few or too many."""

from __future__ import annotations

import struct
import time
from typing import Any

import pytest
from pydicom.encaps import encapsulate

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from tests.builders import make_element, make_scan
from tests.scans.plants.files import make_jpeg

JPEG, JPEG_2000 = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90"
PICTURE = make_jpeg()
NAME = b"Foto von Kovalenko Anna"
MB = 1024 * 1024


def make_segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


COMMENTED = PICTURE[:2] + make_segment(0xFE, NAME) + PICTURE[2:]


def make_codestream(*segments: bytes) -> bytes:
    size = make_segment(0x51, bytes(38))
    return b"\xff\x4f" + size + b"".join(segments) + b"\xff\x90\0\x0a" + bytes(8) + b"\xff\xd9"


def make_compressed(*fragments: bytes, syntax: str = JPEG, **elements: Any) -> bytes:
    """A scan whose pixel data are these fragments after an empty offset table."""
    body = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    for fragment in fragments:
        whole = fragment + b"\0" * (len(fragment) % 2)
        body += struct.pack("<HHI", 0xFFFE, 0xE000, len(whole)) + whole
    body += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    head = make_scan(syntax=syntax, PixelData=None, **elements)
    return head + make_element(0x7FE00010, "OB", body, 0xFFFFFFFF)


def look(data: bytes, *, limits: Limits | None = None, pieces: int = 0) -> Report:
    size = pieces or len(data) or 1
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return inspect([Entry("IM1", iter(chunks))], limits)


def places(report: Report, text: str) -> set[str]:
    return {
        finding.place
        for finding in report.findings
        if any(text in value for value in finding.values)
    }


# --- what is written beside compressed pixels ------------------------------------------


@pytest.mark.parametrize(
    "fragments",
    [
        (COMMENTED,),
        (PICTURE, COMMENTED),
        (COMMENTED[:9], COMMENTED[9:20], COMMENTED[20:]),
        tuple(COMMENTED[at : at + 2] for at in range(0, len(COMMENTED), 2)),
        (PICTURE[:2] + make_segment(0xE5, NAME) + PICTURE[2:],),
        (PICTURE[:2] + b"\xff" * 40 + make_segment(0xFE, NAME) + PICTURE[2:],),
        (PICTURE[:2] + make_segment(0xE2, bytes(65_000)) * 4 + COMMENTED[2:],),
        (b"\xff\xd8\xff\xfe\x7f\xff" + NAME,),
    ],
    ids=["one", "second", "split", "bytes", "program", "fill", "far", "length lies"],
)
def test_a_comment_in_a_jpeg_frame_is_read(fragments: tuple[bytes, ...]) -> None:
    assert places(look(make_compressed(*fragments)), "Kovalenko") == {"picture"}


@pytest.mark.parametrize(
    "frame",
    [
        make_codestream(make_segment(0x64, b"\0\1" + NAME)),
        b"\0\0\0\x0cjP  \r\n\x87\n" + struct.pack(">I", 8 + len(NAME)) + b"xml " + NAME
        + struct.pack(">I", 0) + b"jp2c" + make_codestream(),
        b"\0\0\0\x0cjP  \r\n\x87\n" + struct.pack(">I", 0) + b"jp2c"
        + make_codestream(make_segment(0x64, b"\0\1" + NAME)),
    ],
    ids=["comment", "box", "comment in a box"],
)  # fmt: skip
def test_a_comment_in_a_jpeg_2000_frame_is_read(frame: bytes) -> None:
    report = look(make_compressed(frame, syntax=JPEG_2000))

    assert places(report, "Kovalenko") == {"picture"}


def test_what_a_packing_program_says_of_itself_is_no_finding() -> None:
    comment = make_segment(0x64, b"\0\1Created by OpenJPEG version 2.3.1")

    report = look(make_compressed(make_codestream(comment), syntax=JPEG_2000))

    assert "picture-details" not in {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    "fragments",
    [(PICTURE + b"after the end, Kovalenko Anna",), (PICTURE[:90], PICTURE[90:] + b"\0" + NAME)],
)
def test_text_after_the_end_of_a_picture_is_read(fragments: tuple[bytes, ...]) -> None:
    report = look(make_compressed(*fragments))

    assert places(report, "Kovalenko") == {"trailing"}
    assert report.files[0].notes == ("pixels-long",)


def test_padding_after_the_end_of_a_picture_is_nothing() -> None:
    report = look(make_compressed(PICTURE + b"\0\0\0", PICTURE + b"\xff\xff"))

    assert report.files[0].notes == ()


def test_a_frame_that_is_not_held_is_read_at_both_its_ends() -> None:
    frame = COMMENTED[:-2] + bytes(4 * MB) + b"\xff\xd9" + b"behind it, Brandt Eva"
    data = make_compressed(frame)

    report = look(data, limits=Limits(held_bytes=2 * MB), pieces=100_000)

    assert places(report, "Kovalenko") == {"picture"}
    assert places(report, "Brandt") == {"trailing"}
    assert report.files[0].status == "read"


def test_a_header_that_is_not_held_is_said() -> None:
    far = PICTURE[:2] + make_segment(0xE2, bytes(65_000)) * 40 + COMMENTED[2:]

    report = look(make_compressed(far), limits=Limits(held_bytes=2 * MB), pieces=100_000)

    assert "part-not-checked" in report.files[0].notes
    assert report.files[0].status == "partly-read"


@pytest.mark.parametrize(
    "fragments",
    [
        [b"\xff\xd8" + make_segment(0xFE, b"") * 1_000] * 3_000,
        [b"\xff\xd8" + b"\xff" * 8_000] * 1_000,
        [b"\xff\xd8\xff\xfe\xff\xff", *[b"ab"] * 100_000],
    ],
    ids=["segments", "fill", "fragments"],
)
def test_headers_without_an_end_cost_little(fragments: list[bytes]) -> None:
    data = make_compressed(*fragments)

    start = time.process_time()
    look(data)

    assert time.process_time() - start < 20


# --- how many bytes there should be -----------------------------------------------------


def make_plain(size: int, surplus: bytes = b"", **elements: Any) -> bytes:
    pixels = bytes(size) + surplus
    return make_scan(**(elements | {"PixelData": pixels + b"\0" * (len(pixels) % 2)}))


SQUARE: dict[str, Any] = {"Rows": 5, "Columns": 5, "BitsAllocated": 8, "SamplesPerPixel": 1}


@pytest.mark.parametrize(
    ("size", "elements"),
    [
        (25, SQUARE),
        (26, SQUARE),
        (50, SQUARE | {"BitsAllocated": 16}),
        (75, SQUARE | {"NumberOfFrames": 3}),
        (75, SQUARE | {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}),
        (50, SQUARE | {"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL_422"}),
        (75, SQUARE | {"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL_422"}),
        (25, SQUARE | {"PhotometricInterpretation": "PALETTE COLOR"}),
        (4, SQUARE | {"BitsAllocated": 1}),
        (10, SQUARE | {"BitsAllocated": 1, "NumberOfFrames": 3}),
        (12, SQUARE | {"BitsAllocated": 1, "NumberOfFrames": 3}),
        (38, SQUARE | {"BitsAllocated": 12}),
    ],
)  # fmt: skip
def test_pixels_of_the_right_length_are_nothing_to_say(size: int, elements: dict[str, Any]) -> None:
    assert look(make_plain(size, **elements)).files[0].notes == ()


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (make_plain(20, **SQUARE), "pixels-short"),
        (make_plain(60, **SQUARE), "pixels-long"),
        (make_plain(16, **SQUARE | {"Rows": 65_535, "Columns": 65_535}), "pixels-short"),
        (make_scan(**SQUARE, PixelData=None), "no-pixels"),
    ],
)  # fmt: skip
def test_pixels_of_another_length_are_said_and_the_file_is_read(data: bytes, note: str) -> None:
    record = look(data).files[0]

    assert (record.notes, record.status) == ((note,), "read")


def test_text_after_the_pixels_is_read() -> None:
    report = look(make_plain(25, b"hidden: Kovalenko Anna, tail text", **SQUARE))

    assert places(report, "Kovalenko") == {"trailing"}


def test_text_after_pixels_that_are_not_held_is_read() -> None:
    data = make_plain(4 * MB, NAME, **SQUARE | {"Rows": 2_048, "Columns": 2_048})

    report = look(data, limits=Limits(held_bytes=2 * MB), pieces=100_000)

    assert places(report, "Kovalenko") == {"trailing"}
    assert report.files[0].status == "read"


def test_a_surplus_that_is_not_held_is_said() -> None:
    data = make_plain(4 * MB, NAME + bytes(MB), **SQUARE | {"Rows": 2_048, "Columns": 2_048})

    report = look(data, limits=Limits(held_bytes=2 * MB), pieces=100_000)

    assert report.files[0].notes == ("pixels-long", "too-large")


def test_pixels_that_stand_elsewhere_are_not_missed() -> None:
    data = make_scan(
        **SQUARE, PixelData=None, PixelDataProviderURL="http://example.org/wado?study=1"
    )

    assert look(data).files[0].notes == ()


@pytest.mark.parametrize(("tag", "vr", "size"), [(0x7FE00008, "OF", 4), (0x7FE00009, "OD", 8)])
def test_pixels_in_floating_point_are_measured_too(tag: int, vr: str, size: int) -> None:
    head = make_scan(**SQUARE | {"BitsAllocated": 8 * size}, PixelData=None)

    right = look(head + make_element(tag, vr, bytes(25 * size)))
    long = look(head + make_element(tag, vr, bytes(25 * size) + NAME + b"\0"))

    assert right.files[0].notes == ()
    assert long.files[0].notes == ("pixels-long",)
    assert places(long, "Kovalenko") == {"trailing"}


def test_an_element_beside_the_pixels_is_no_pixels() -> None:
    data = make_scan(PixelData=None) + make_element(0x7FE00020, "LT", NAME + b" ")

    assert places(look(data), "Kovalenko")


def test_offset_tables_and_pixels_are_what_a_library_writes() -> None:
    frames = encapsulate([PICTURE, PICTURE], fragments_per_frame=3)
    data = make_scan(syntax=JPEG, PixelData=None, NumberOfFrames=2)
    data += make_element(
        0x7FE00010, "OB", frames + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0), 0xFFFFFFFF
    )

    assert look(data).files[0].notes == ()
