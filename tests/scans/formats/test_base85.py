"""Bytes in 85 signs come out as the standard library writes them, and chance is told at once."""

from __future__ import annotations

import base64
import random

import pytest

from companion.scans.formats import base85
from tests.builders import make_scan

SIGNS = base64.b85encode(bytes(range(256))) + b"{|}~"


def decoded(data: bytes) -> list[bytes]:
    return [run.data for run in base85.runs(data, set())]


@pytest.mark.parametrize("size", [20, 21, 22, 23, 24, 500, 70_000])
def test_every_length_comes_out_whole(size: int) -> None:
    text = (b"Doe^Jane was seen in Room %d.\n" * 3_000 % tuple(range(3_000)))[:size]

    assert text in decoded(b"\n" + base64.b85encode(text) + b"\n")


def test_a_scan_is_known_by_the_mark_behind_its_preamble() -> None:
    scan = make_scan(PatientName="Doe^Jane")

    assert scan in decoded(base64.b85encode(scan))


def test_signs_that_say_more_than_their_bytes_hold_are_no_code() -> None:
    chance = random.Random(7)
    for first in b"|}~":
        group = bytes([first]) + bytes(chance.choices(b"~}|", k=4))
        with pytest.raises(ValueError, match="overflow"):
            base64.b85decode(group)
        assert decoded(base64.b85encode(b"A plain text of words. ") + group * 6) == []


def test_what_is_undone_is_what_the_standard_library_undoes() -> None:
    chance = random.Random(85)
    for _ in range(2_000):
        signs = bytes(chance.choices(SIGNS, k=chance.randrange(1, 60)))
        try:
            expected = base64.b85decode(signs)
        except ValueError:
            expected = b""
        assert base85.undone(signs) == expected
