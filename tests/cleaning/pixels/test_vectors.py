"""What numpy answers is what plain Python answers."""

from __future__ import annotations

import random

import pytest

from companion.cleaning import originals
from companion.cleaning.pixels import tidying, vectors
from companion.scans.dicom import tags
from companion.scans.pictures.stored import StoredPicture

LETTERS = bytes(97 if chr(byte) in "abcdefABCDEF-" else 0 for byte in range(256))


def make_picture(bits: int, stored: int, high: int, *, signed: bool) -> StoredPicture:
    values = {
        tags.BITS_ALLOCATED: bits, tags.BITS_STORED: stored, tags.HIGH_BIT: high,
        tags.PIXEL_REPRESENTATION: int(signed),
    }  # fmt: skip
    return StoredPicture(
        {tag: number.to_bytes(2, "little") for tag, number in values.items()},
        "1.2.840.10008.1.2.1",
        True,
        memoryview(b""),
    )


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    ("bits", "stored", "high"),
    [(8, 6, 5), (16, 12, 11), (16, 6, 5), (16, 10, 12), (32, 20, 19), (32, 12, 27)],
)
def test_unused_bits_go_and_nothing_else(
    bits: int, stored: int, high: int, signed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_picture(bits, stored, high, signed=signed)
    value = random.Random(7).randbytes(400)
    kept = (1 << stored) - 1 << high + 1 - stored

    by_numpy = tidying.without_unused_bits(picture, value)
    monkeypatch.setattr(tidying, "vectors", None)
    plain = tidying.without_unused_bits(picture, value)

    assert by_numpy == plain
    assert plain != value
    size = bits // 8
    for at in range(0, len(value), size):
        old, new = (int.from_bytes(one[at : at + size], "little") for one in (value, plain))
        sign = signed and old >> high & 1
        above = ((1 << bits) - 1) ^ ((1 << high + 1) - 1)
        assert new == (old & kept | (above if sign else 0))
    assert not vectors.are_tidy(value, bits=bits, kept=kept, signed=signed)


@pytest.mark.parametrize(
    "text", [b"abc-def-abc", b"a\0b\0c\0d\0e\0f\0a\0b\0c\0", b"\0a\0b\0c\0d\0e\0f\0a\0b\0c"]
)
@pytest.mark.parametrize("before", [0, 1, 6])
def test_a_run_of_letters_is_found_however_it_is_written(text: bytes, before: int) -> None:
    value = bytes(before) + text + bytes(41 - before % 2)
    wanted = bytes(byte for byte in text if byte)

    for found in (vectors.runs, originals._plain_runs):
        assert any(wanted in run for run in found(value, LETTERS))
        assert not list(found(bytes(60), LETTERS))
