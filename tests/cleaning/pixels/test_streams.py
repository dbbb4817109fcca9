"""What stands in a code stream beside its picture is gone, and the picture is the same."""

from __future__ import annotations

import random
import time
from typing import Any

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


def boxed(samples: Any, *, in_header: bytes = b"", beside: bytes = b"") -> bytes:
    """A file of JPEG 2000 with more boxes in it, at the end of its header and behind it."""
    plain = bytes(imagecodecs.jpeg2k_encode(samples, level=0, codecformat="JP2"))
    at = plain.index(b"jp2h") - 4
    length = int.from_bytes(plain[at : at + 4], "big")
    header = (length + len(in_header)).to_bytes(4, "big") + plain[at + 4 : at + length]
    return plain[:at] + header + in_header + beside + plain[at + length :]


def box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content


def test_of_a_file_of_jpeg_2000_the_code_stream_alone_is_kept() -> None:
    samples = make_samples("u1", colours=3)[0]
    bare = bare_jpeg_2000(boxed(samples, beside=box(b"xml ", NAME)) + box(b"uuid", NAME * 2))
    assert bare is not None
    assert bare.startswith(b"\xff\x4f\xff\x51")
    assert NAME not in bare
    assert np.array_equal(imagecodecs.jpeg2k_decode(bare), samples)


@pytest.mark.parametrize("name", [b"pclr", b"cdef"])
def test_a_code_stream_that_its_file_has_to_explain_is_refused(name: bytes) -> None:
    assert bare_jpeg_2000(boxed(make_samples("u1")[0], in_header=box(name, bytes(8)))) is None


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
    start = boxed(make_samples("u1")[0])[:12]
    for filled in (
        b"\xff" * 200_000,
        b"\xff\xd8" + b"\xff\xe1\0\2" * 50_000,
        start + box(b"jp2h", box(b"ihdr", b"") * 50_000),
        start + b"\0\0\0\1jp2c" * 50_000,
    ):
        assert strip(filled) is None
    assert time.process_time() - began < 30
