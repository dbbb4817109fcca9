"""Where nobody looks at pictures, plain ones go out with nothing beside their samples."""

from __future__ import annotations

from companion.cleaning import Pictures, Reason
from companion.scans.pictures.stored import StoredPicture, stored_pictures
from tests.builders import make_scan
from tests.cleaning.making import make_copy

HIDDEN = b"\x05\x20" * 16
"""Sixteen samples of 5, with a drawing in an unused bit."""


def pixels_of(data: bytes) -> bytes:
    (picture,) = stored_pictures(data)
    assert isinstance(picture, StoredPicture)
    return bytes(picture.pixels)


def test_unused_bits_and_surplus_bytes_are_gone_and_the_samples_stay() -> None:
    before = make_scan(
        PatientName="Fernsby^Ottilie", StudyInstanceUID="2.25.4", SeriesInstanceUID="2.25.5",
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"], PixelData=HIDDEN + b"\0" * 6,
    )  # fmt: skip
    copies, account = make_copy({"IM1": before}, looked=False)
    (after,) = copies.values()
    assert pixels_of(after) == b"\x05\x00" * 16
    assert account.pictures is Pictures.NOT_LOOKED_AT


def test_pixels_that_end_early_are_withheld() -> None:
    before = make_scan(
        StudyInstanceUID="2.25.4", SeriesInstanceUID="2.25.5",
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"], PixelData=HIDDEN[:-4],
    )  # fmt: skip
    copies, account = make_copy({"IM1": before}, looked=False)
    assert not copies
    assert {one.reason for one in account.withheld} <= {Reason.NOT_WHOLLY_READ, Reason.NOT_DECODED}
    assert account.withheld
