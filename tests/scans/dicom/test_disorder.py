"""An ordinary valid file is never partly read, and a broken one never read."""

from __future__ import annotations

import struct

import pytest

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan, make_scan

NAME = make_element(0x00100010, "PN", b"Zavodila^Ann")
OTHER = make_element(0x00104000, "LT", b"plain")
PIXELS = make_element(0x7FE00010, "OW", bytes(32))
IMPLICIT = "1.2.840.10008.1.2"


def make_item(body: bytes, *, number: int = 0xE000, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return struct.pack("<HHI", 0xFFFE, number, size) + body


END = make_item(b"", number=0xE0DD)


def read(data: bytes) -> tuple[str, tuple[str, ...], Report]:
    report = inspect([Entry("IM1", [data])])
    (record,) = report.files
    return record.status, record.notes, report


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    "body",
    [
        NAME
        + PIXELS
        + make_element(0x00290010, "LO", b"ACME 1")
        + make_element(0x00291001, "LO", b"one "),
        OTHER
        + make_element(0x00080060, "CS", b"CT")
        + make_element(0x00081030, "LO", b"HEAD")
        + NAME,
    ],
)
def test_elements_out_of_order_are_no_second_scan(body: bytes) -> None:
    status, notes, report = read(make_raw_scan(body))

    assert (status, notes) == ("read", ())
    assert "second-dataset" not in rules(report)
    assert "patient-name" in rules(report)


def test_a_second_scan_is_one_that_says_the_same_again() -> None:
    first = make_element(0x00080060, "CS", b"CT") + NAME + PIXELS

    status, notes, report = read(make_raw_scan(first + first.replace(b"Ann", b"Bea")))

    assert (status, notes) == ("partly-read", ("second-dataset",))
    assert "second-dataset" in rules(report)


@pytest.mark.parametrize("where", ["top", "in an item of known length", "in an item with an end"])
def test_an_end_of_a_sequence_that_stands_twice_is_passed(where: str) -> None:
    sequence = make_element(0x00081140, "SQ", make_item(OTHER) + END, 0xFFFFFFFF) + END
    if where == "in an item of known length":
        sequence = make_element(0x00081115, "SQ", make_item(sequence))
    elif where == "in an item with an end":
        inner = make_item(sequence + make_item(b"", number=0xE00D), length=0xFFFFFFFF)
        sequence = make_element(0x00081115, "SQ", inner + END, 0xFFFFFFFF)

    status, notes, report = read(make_raw_scan(sequence + NAME))

    assert (status, notes) == ("read", ())
    assert "patient-name" in rules(report)


@pytest.mark.parametrize("undefined", [True, False])
def test_an_end_of_an_item_that_nothing_asks_for_is_passed(undefined: bool) -> None:
    ends = make_item(b"", number=0xE00D) * (1 + undefined)
    item = make_item(OTHER, length=0xFFFFFFFF) if undefined else make_item(OTHER)
    sequence = make_element(0x00081140, "SQ", (item + ends) * 2 + END, 0xFFFFFFFF)

    status, notes, report = read(make_raw_scan(sequence + NAME))

    assert (status, notes) == ("read", ())
    assert "patient-name" in rules(report)


def test_a_patient_behind_the_pixels_is_a_second_scan() -> None:
    status, notes, report = read(make_raw_scan(PIXELS + NAME))

    assert (status, notes) == ("partly-read", ("second-dataset",))
    assert "second-dataset" in rules(report)


def test_an_end_of_a_sequence_with_a_length_is_broken() -> None:
    stray = make_item(b"", number=0xE0DD, length=12)

    status, notes, _ = read(make_raw_scan(OTHER + stray + NAME))

    assert status == "partly-read"
    assert notes


def test_a_sequence_that_says_it_is_empty_and_has_an_item_is_entered() -> None:
    empty = make_element(0x00081140, "SQ", b"") + make_item(OTHER) + END

    status, notes, report = read(make_raw_scan(empty + NAME))

    assert (status, notes) == ("read", ())
    assert any(row.path == "00081140[0].00104000" for row in report.elements)
    assert read(make_raw_scan(make_element(0x00081140, "SQ", b"") + NAME))[:2] == ("read", ())


def make_implicit(tag: int, value: bytes, length: int | None = None) -> bytes:
    size = len(value) if length is None else length
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, size) + value


@pytest.mark.parametrize("left", [40, 60, 75])
def test_a_short_sequence_in_implicit_vr_that_is_cut_is_still_entered(left: int) -> None:
    item = make_item(
        make_implicit(0x00080090, b"Zavodila^Ann") + make_implicit(0x00081040, b"w" * 40)
    )
    data = make_raw_scan(make_implicit(0x00081115, item), syntax=IMPLICIT)
    cut = data[: len(data) - len(item) + left]

    status, notes, report = read(cut)

    assert (status, notes) == ("partly-read", ("truncated",))
    named = [one for one in report.findings if "Zavodila^Ann" in one.values]
    assert [one.path for one in named] == ["00081115[0].00080090"]


def make_picture() -> bytes:
    return make_scan(
        Modality="MR", BodyPartExamined="HEAD", SamplesPerPixel=1, BitsAllocated=16,
        PhotometricInterpretation="MONOCHROME2", PixelRepresentation=0, BitsStored=16, HighBit=15,
        Rows=32, Columns=32, PixelData=None,
    )  # fmt: skip


def test_a_picture_in_a_private_element_was_not_looked_at() -> None:
    block = make_element(0x07A10010, "LO", b"ACME PICTURE")
    hidden = make_picture() + block + make_element(0x07A1100A, "OW", bytes(range(256)) * 8)

    status, notes, report = read(hidden)

    assert (status, notes) == ("read", ())
    assert {"picture-not-read", "face-possible"} <= rules(report)


def test_a_picture_in_a_private_sequence_was_not_looked_at() -> None:
    block = make_element(0x07A10010, "LO", b"ACME PICTURE")
    item = make_item(make_element(0x7FE00010, "OW", bytes(2_048)))
    report = read(make_picture() + block + make_element(0x07A1100A, "SQ", item))[2]

    assert report.files[0].notes == ()
    assert {"picture-not-read", "face-possible"} <= rules(report)


def test_a_short_private_value_is_no_picture() -> None:
    block = make_element(0x07A10010, "LO", b"ACME PICTURE")

    status, notes, report = read(make_picture() + block + make_element(0x07A1100A, "OW", bytes(40)))

    assert (status, notes) == ("read", ("no-pixels",))
    assert "picture-not-read" not in rules(report)


def test_behind_nonsense_nothing_is_said_about_a_picture() -> None:
    status, notes, _ = read(make_picture() + b"\x03\x00" + b"\xee" * 60)

    assert status == "partly-read"
    assert "no-pixels" not in notes


@pytest.mark.parametrize(("behind", "notes"), [
    (b"\x07\x01\x33\x01", ()), (b"\x07" * 40, ("pixels-long",)), (b"Zavodila", ("pixels-long",)),
])  # fmt: skip
def test_a_few_bytes_behind_a_jpeg_are_padding(behind: bytes, notes: tuple[str, ...]) -> None:
    jpeg = b"\xff\xd8\xff\xda\x00\x02" + b"\x11" * 30 + b"\xff\xd9" + behind
    fragments = make_item(b"") + make_item(jpeg) + END
    body = NAME + make_element(0x7FE00010, "OB", fragments, 0xFFFFFFFF)

    status, found, _ = read(make_raw_scan(body, syntax="1.2.840.10008.1.2.4.50"))

    assert (status, found) == ("read", notes)
