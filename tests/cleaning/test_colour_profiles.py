"""A colour profile keeps its colours, and names neither a scanner nor who set it up."""

from __future__ import annotations

import io
import random
import struct

import pytest
from PIL import ImageCms

from companion.cleaning.colour_profiles import bare_profile

NAME = "Scanner SS1302R of Z. Frobisher"


def make_profile(*extra: tuple[bytes, bytes]) -> bytes:
    """An sRGB profile with more tags: the name of each, and its element."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = struct.unpack_from(">I", plain, 128)[0]
    old, more = 132 + 12 * count, 12 * len(extra)
    table = bytearray(plain[132:old])
    for number in range(count):
        (start,) = struct.unpack_from(">I", table, 12 * number + 4)
        struct.pack_into(">I", table, 12 * number + 4, start + more)
    body = plain[old:]
    for name, element in extra:
        table += struct.pack(">4sII", name, old + more + len(body), len(element))
        body += element.ljust(-(-len(element) // 4) * 4, b"\0")
    head = bytearray(plain[:128])
    head[24:36] = struct.pack(">6H", 2023, 11, 7, 9, 30, 0)
    head[48:56] = b"FROBSS13"
    whole = head + struct.pack(">I", count + len(extra)) + table + body
    struct.pack_into(">I", whole, 0, len(whole))
    return bytes(whole)


def described(text: str) -> bytes:
    ascii_ = text.encode() + b"\0"
    return b"desc" + struct.pack(">II", 0, len(ascii_)) + ascii_ + bytes(78)


def in_languages(text: str) -> bytes:
    wide = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">III4sII", 0, 1, 12, b"enUS", len(wide), 28) + wide


@pytest.mark.parametrize(
    "element",
    [
        described(NAME),
        in_languages(NAME),
        b"text\0\0\0\0" + NAME.encode() + b"\0",
        b"ZXML\0\0\0\0<by>" + NAME.encode() + b"</by>",
        b"data\0\0\0\0\0\0\0\0" + NAME.encode(),
    ],
)
def test_a_text_is_blank_and_the_colours_are_the_same(element: bytes) -> None:
    full = make_profile((b"dmdd", element)) + NAME.encode()

    bare = bare_profile(full)

    assert bare is not None
    for form in (b"Frobisher", "Frobisher".encode("utf-16-be"), b"FROBSS13"):
        assert form not in bare
    assert struct.pack(">3H", 2023, 11, 7) not in bare
    profile = ImageCms.ImageCmsProfile(io.BytesIO(bare)).profile
    plain = ImageCms.ImageCmsProfile(io.BytesIO(full)).profile
    assert profile.red_primary == plain.red_primary
    assert profile.media_white_point == plain.media_white_point


def test_what_is_no_profile_is_refused() -> None:
    full = make_profile((b"dmdd", described(NAME)))
    assert bare_profile(b"") is None
    assert bare_profile(NAME.encode() * 20) is None
    assert bare_profile(full[:-300]) is None
    assert bare_profile(full[:128] + b"\xff\xff\xff\xff" + full[132:]) is None


def test_damaged_profiles_raise_nothing() -> None:
    full, chance = make_profile((b"dmdd", in_languages(NAME))), random.Random(4)
    for _ in range(500):
        damaged = bytearray(full)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(min(400, len(damaged)))] = chance.randrange(256)
        bare_profile(bytes(damaged[: chance.randrange(len(damaged))]))
