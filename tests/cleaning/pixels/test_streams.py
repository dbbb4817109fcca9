"""What stands in a code stream beside its picture is gone, and the picture is the same."""

from __future__ import annotations

import random
import time

import imagecodecs
import numpy as np
import pytest

from companion.cleaning.pixels.streams import bare_jpeg, bare_jpeg_2000
from tests.cleaning.pixels.pictures import (
    JPEG,
    JPEG_2000,
    JPEG_LOSSLESS,
    JPEG_LS,
    make_samples,
    streams_of,
)

NAME = b"FERNSBY^OTTILIE"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def with_segments(stream: bytes, *segments: bytes) -> bytes:
    return stream[:2] + b"".join(segments) + stream[2:]


@pytest.mark.parametrize(
    ("syntax", "colours"), [(JPEG, 1), (JPEG, 3), (JPEG_LOSSLESS, 1), (JPEG_LS, 1), (JPEG_LS, 3)]
)
def test_comments_and_camera_data_go_and_the_samples_stay(syntax: str, colours: int) -> None:
    decoders = {JPEG: imagecodecs.jpeg8_decode, JPEG_LOSSLESS: imagecodecs.jpegsof3_decode}
    decode = decoders.get(syntax, imagecodecs.jpegls_decode)
    plain = streams_of(make_samples("u1", colours=colours), syntax)[0]
    full = with_segments(
        plain, segment(0xFE, NAME), segment(0xE1, b"Exif\0\0" + NAME), segment(0xED, NAME)
    )
    bare = bare_jpeg(full + b"\0" + NAME)
    assert bare is not None
    assert NAME not in bare
    assert bare.endswith(b"\xff\xd9")
    assert np.array_equal(decode(bare), decode(plain))


def test_a_small_picture_beside_the_picture_goes_and_its_colours_are_still_said() -> None:
    plain = streams_of(make_samples("u1", colours=3), JPEG)[0]
    assert plain[2:4] == b"\xff\xe0"
    own = 4 + int.from_bytes(plain[4:6], "big")
    thumbnail = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\4\1" + NAME[:12])
    bare = bare_jpeg(plain[:2] + thumbnail + plain[own:])
    assert bare is not None
    assert NAME[:12] not in bare
    assert b"JFIF" in bare
    assert np.array_equal(imagecodecs.jpeg8_decode(bare), imagecodecs.jpeg8_decode(plain))


def test_restarts_within_a_scan_do_not_end_it() -> None:
    plain = streams_of(make_samples("u1"), JPEG)[0]
    scan = plain.index(b"\xff\xda")
    restarted = plain[: scan + 30] + b"\xff\xd0" + plain[scan + 30 :]
    bare = bare_jpeg(restarted)
    assert bare is not None
    assert b"\xff\xd0" in bare
    assert len(bare) >= len(restarted) - 40


def test_comments_of_jpeg_2000_become_zeros() -> None:
    plain = streams_of(make_samples("u1"), JPEG_2000)[0]
    at = plain.index(b"\xff\x52")
    comment = b"\xff\x64" + (len(NAME) + 4).to_bytes(2, "big") + b"\0\1" + NAME
    bare = bare_jpeg_2000(plain[:at] + comment + plain[at:] + NAME)
    assert bare is not None
    assert NAME not in bare
    assert bare.endswith(b"\xff\xd9")
    assert np.array_equal(imagecodecs.jpeg2k_decode(bare), imagecodecs.jpeg2k_decode(plain))


def test_a_file_of_jpeg_2000_is_no_bare_stream() -> None:
    boxed = imagecodecs.jpeg2k_encode(make_samples("u1")[0], level=0, codecformat="JP2")
    assert bare_jpeg_2000(bytes(boxed)) is None


@pytest.mark.parametrize("syntax", [JPEG, JPEG_LS, JPEG_2000])
def test_damaged_streams_are_refused_soon_and_raise_nothing(syntax: str) -> None:
    plain = streams_of(make_samples("u1"), syntax)[0]
    strip = bare_jpeg_2000 if syntax == JPEG_2000 else bare_jpeg
    chosen = random.Random(3)
    began = time.process_time()
    for _ in range(300):
        damaged = bytearray(plain)
        for _ in range(chosen.randrange(1, 9)):
            damaged[chosen.randrange(len(damaged))] = chosen.randrange(256)
        strip(bytes(damaged[: chosen.randrange(len(damaged))]))
    for filled in (b"\xff" * 200_000, b"\xff\xd8" + b"\xff\xe1\0\2" * 50_000):
        assert strip(filled) is None
    assert time.process_time() - began < 30
