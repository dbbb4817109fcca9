"""Frames are decoded as stored, by named decoders, and nothing that lies is believed."""

from __future__ import annotations

import struct
import time
from contextlib import suppress
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder

from companion.scans.pictures.colours import from_full, shown
from companion.scans.pictures.decode import UndecodedError, WhyNot, decode
from companion.scans.pictures.stored import FileInside, StoredPicture, stored_pictures
from tests.builders import make_scan

JPEG, JPEG_2000, RLE = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"
HTJ2K = "1.2.840.10008.1.2.4.201"
EXPLICIT = "1.2.840.10008.1.2.1"


def picture_of(data: bytes, number: int = 0) -> StoredPicture:
    one = list(stored_pictures(data))[number]
    assert isinstance(one, StoredPicture)
    return one


def make_picture(samples: Any, **elements: Any) -> bytes:
    """A scan of the samples: rows x columns, or rows x columns x colours."""
    samples = np.asarray(samples)
    colour = samples.ndim == 3
    described = {
        "Rows": samples.shape[0],
        "Columns": samples.shape[1],
        "BitsAllocated": samples.itemsize * 8,
        "BitsStored": samples.itemsize * 8,
        "HighBit": samples.itemsize * 8 - 1,
        "PixelRepresentation": int(samples.dtype.kind == "i"),
        "SamplesPerPixel": 3 if colour else 1,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "PixelData": samples.tobytes() + b"\0" * (samples.nbytes % 2),
    }
    if colour:
        described["PlanarConfiguration"] = 0
    return make_scan(**described | elements)


def stripes(rows: int = 24, columns: int = 31, dtype: str = "u1") -> Any:
    return (np.arange(rows * columns).reshape(rows, columns) * 7 % 251).astype(dtype)


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_bigendian.dcm",
        "SC_rgb_rle_16bit.dcm", "SC_rgb_small_odd_big_endian.dcm", "image_dfl.dcm",
        "SC_rgb_rle_32bit.dcm", "liver_1frame.dcm", "examples_palette.dcm",
    ],
)  # fmt: skip
def test_a_lossless_frame_is_what_a_second_decoder_makes_of_it(name: str) -> None:
    path = str(get_testdata_file(name, download=False))
    dataset = dcmread(path)
    decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
    plugin = next((one for one in ("pydicom", "pillow") if one in decoder.available_plugins), "")
    if name == "SC_rgb_small_odd_big_endian.dcm":
        # pydicom gives bytes in words as they stand in the file, so the little one is asked.
        dataset = dcmread(str(get_testdata_file("SC_rgb_small_odd.dcm", download=False)))
        decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
    expected, _ = decoder.as_array(dataset, raw=True, index=0, decoding_plugin=plugin)
    with open(path, "rb") as file:
        found = decode(picture_of(file.read()), 0)
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2"])
@pytest.mark.parametrize("colours", [1, 3])
def test_a_frame_of_high_throughput_jpeg_2000_is_what_a_second_library_makes_of_it(
    dtype: str, colours: int
) -> None:
    """OpenJPH packs and unpacks it; here OpenJPEG does."""
    samples = stripes(25, 33, dtype)
    if colours > 1:
        samples = np.stack([samples, samples // 2, samples[::-1]], axis=2)
    stream = bytes(imagecodecs.htj2k_encode(samples))
    data = make_picture(samples, syntax=HTJ2K, PixelData=encapsulate([stream]))

    found = decode(picture_of(data), 0)

    assert np.array_equal(found, imagecodecs.htj2k_decode(stream))
    assert np.array_equal(found, samples)


def test_signed_samples_of_twelve_bits_keep_their_sign() -> None:
    samples = np.array([[-5, 3], [2047, -2048]], np.int16)
    data = make_picture(samples & 0x0FFF, BitsStored=12, HighBit=11, PixelRepresentation=1)
    assert np.array_equal(decode(picture_of(data), 0), samples)


def test_bits_beside_the_stored_ones_are_no_part_of_a_sample() -> None:
    samples = stripes(dtype="u2")
    data = make_picture(samples << 4 | 0xF, BitsStored=12, HighBit=15)
    assert np.array_equal(decode(picture_of(data), 0), samples)


def test_planes_of_colour_become_pixels() -> None:
    colours = np.dstack([stripes(), stripes() // 2, stripes() // 3])
    planes = np.ascontiguousarray(colours.transpose(2, 0, 1))
    data = make_picture(colours, PlanarConfiguration=1, PixelData=planes.tobytes())
    assert np.array_equal(decode(picture_of(data), 0), colours)


def test_colours_that_two_pixels_share_are_given_to_both() -> None:
    data = make_picture(
        np.zeros((1, 4, 3), np.uint8),
        PhotometricInterpretation="YBR_FULL_422",
        PixelData=bytes([10, 20, 100, 200, 30, 40, 110, 210]),
    )
    assert decode(picture_of(data), 0).tolist() == [
        [[10, 100, 200], [20, 100, 200], [30, 110, 210], [40, 110, 210]]
    ]


def test_luminance_and_chroma_become_red_green_and_blue() -> None:
    assert from_full(np.array([[[76, 85, 255]]], np.uint8)).tolist() == [[[254, 0, 0]]]


def test_a_palette_gives_the_colours_that_a_viewer_shows() -> None:
    entries = [struct.pack("<4H", *(level * 257 for level in levels)) for levels in
               ((0, 255, 9, 1), (0, 0, 8, 2), (7, 0, 6, 3))]  # fmt: skip
    channels = ("Red", "Green", "Blue")
    data = make_picture(
        np.array([[0, 1, 2, 3]], np.uint8),
        PhotometricInterpretation="PALETTE COLOR",
        **{f"{name}PaletteColorLookupTableDescriptor": [4, 0, 16] for name in channels},
        **{
            f"{name}PaletteColorLookupTableData": table
            for name, table in zip(channels, entries, strict=True)
        },
    )
    picture = picture_of(data)
    assert shown(picture, decode(picture, 0)).tolist() == [
        [[0, 0, 7], [255, 0, 0], [9, 8, 6], [1, 2, 3]]
    ]


@pytest.mark.parametrize("has_table", [True, False])
def test_frames_in_fragments_are_found_with_and_without_an_offset_table(has_table: bool) -> None:
    frames = [stripes() // (number + 1) for number in range(3)]
    streams = [bytes(imagecodecs.jpeg2k_encode(frame, reversible=True, codecformat="j2k"))
               for frame in frames]  # fmt: skip
    data = make_picture(
        frames[0],
        syntax=JPEG_2000,
        NumberOfFrames=3,
        PixelData=encapsulate(streams, fragments_per_frame=2, has_bot=has_table),
    )
    picture = picture_of(data)
    assert len(picture.fragments) == 6
    for number, frame in enumerate(frames):
        assert np.array_equal(decode(picture, number), frame)


def test_an_offset_table_that_lies_is_not_believed() -> None:
    streams = [
        bytes(
            imagecodecs.jpeg2k_encode(stripes() // (number + 1), reversible=True, codecformat="j2k")
        )
        for number in range(2)
    ]
    whole = bytearray(encapsulate(streams, fragments_per_frame=2))
    struct.pack_into("<2I", whole, 8, 0, 0xFFFFFF00)
    data = make_picture(stripes(), syntax=JPEG_2000, NumberOfFrames=2, PixelData=bytes(whole))
    assert np.array_equal(decode(picture_of(data), 1), stripes() // 2)


def test_a_code_stream_larger_than_it_says_in_the_header_is_refused_before_it_is_decoded() -> None:
    stream = bytearray(imagecodecs.jpeg2k_encode(stripes(), codecformat="j2k"))
    struct.pack_into(">2I", stream, 8, 30_000, 30_000)
    struct.pack_into(">2I", stream, 24, 30_000, 30_000)
    data = make_picture(stripes(), syntax=JPEG_2000, PixelData=encapsulate([bytes(stream)]))
    began = time.monotonic()
    with pytest.raises(UndecodedError) as refused:
        decode(picture_of(data), 0)
    assert refused.value.why is WhyNot.SIZE
    assert time.monotonic() - began < 2


def test_samples_of_twelve_bits_count_as_the_two_bytes_that_they_take() -> None:
    twelve = stripes().astype(np.uint16) * 16
    stream = bytearray(imagecodecs.jpeg2k_encode(twelve, codecformat="j2k", bitspersample=12))
    struct.pack_into(">2I", stream, 8, 8_000, 8_000)
    struct.pack_into(">2I", stream, 24, 8_000, 8_000)
    data = make_picture(twelve, syntax=JPEG_2000, PixelData=encapsulate([bytes(stream)]))
    with pytest.raises(UndecodedError) as refused:
        decode(picture_of(data), 0)
    assert refused.value.why is WhyNot.SIZE


@pytest.mark.parametrize("encode", [imagecodecs.jpeg8_encode, imagecodecs.jpeg2k_encode])
def test_a_code_stream_that_is_called_plain_samples_was_not_looked_at(encode: Any) -> None:
    stream = bytes(encode(stripes(96, 128)))
    stream += b"\0" * (len(stream) % 2)
    if encode is imagecodecs.jpeg2k_encode:
        stream = stream[stream.index(b"\xff\x4f\xff\x51") :]
        stream += b"\0" * (len(stream) % 2)
    with pytest.raises(UndecodedError) as refused:
        decode(picture_of(make_picture(stripes(400, 400), PixelData=stream)), 0)
    assert refused.value.why is WhyNot.DAMAGED


def test_samples_that_begin_like_a_code_stream_are_samples() -> None:
    samples = stripes()
    samples[0, :4] = 0xFF, 0xD8, 0xFF, 0xE0
    assert np.array_equal(decode(picture_of(make_picture(samples)), 0), samples)


def test_a_header_without_a_size_leaves_it_to_the_code_stream() -> None:
    stream = bytes(imagecodecs.jpeg2k_encode(stripes(), codecformat="j2k"))
    sizes = {"Rows": None, "Columns": None}
    data = make_picture(stripes(), syntax=JPEG_2000, PixelData=encapsulate([stream]), **sizes)
    assert np.array_equal(decode(picture_of(data), 0), stripes())
    bare = make_picture(stripes(), syntax=RLE, PixelData=encapsulate([stream]), **sizes)
    with pytest.raises(UndecodedError):
        decode(picture_of(bare), 0)


@pytest.mark.parametrize(
    ("syntax", "why"),
    [
        ("1.2.840.10008.1.2.4.102", WhyNot.VIDEO),
        ("1.2.840.10008.1.2.4.94", WhyNot.SYNTAX),
        (JPEG, WhyNot.DAMAGED),
        (JPEG_2000, WhyNot.DAMAGED),
        (RLE, WhyNot.DAMAGED),
    ],
)
def test_a_code_stream_that_cannot_be_decoded_says_why(syntax: str, why: WhyNot) -> None:
    picture = picture_of(
        make_picture(stripes(), syntax=JPEG, PixelData=encapsulate([b"no picture at all"]))
    )
    picture.syntax = syntax
    with pytest.raises(UndecodedError) as refused:
        decode(picture, 0)
    assert refused.value.why is why


def test_samples_of_an_odd_number_of_bits_are_not_guessed() -> None:
    with pytest.raises(UndecodedError) as refused:
        decode(picture_of(make_picture(stripes(), BitsAllocated=24)), 0)
    assert refused.value.why is WhyNot.SYNTAX


@pytest.mark.parametrize("syntax", [RLE, EXPLICIT, JPEG])
def test_a_size_that_nothing_has_is_refused_before_room_is_made(syntax: str) -> None:
    data = make_picture(stripes(), Rows=65_535, Columns=65_535)
    picture = picture_of(data)
    picture.syntax, picture.encapsulated = syntax, syntax != EXPLICIT
    with pytest.raises(UndecodedError) as refused:
        decode(picture, 0)
    assert refused.value.why is WhyNot.SIZE


def test_a_file_that_ends_early_shows_what_it_has() -> None:
    samples = stripes(40, 40)
    data = make_picture(samples)
    picture = picture_of(data[: len(data) - 800])
    assert picture.cut
    found = decode(picture, 0)
    assert np.array_equal(found[:20], samples[:20])
    assert not found[20:].any()


def test_an_icon_an_overlay_and_a_private_picture_are_found_beside_the_pixels() -> None:
    jpeg = imagecodecs.jpeg8_encode(np.zeros((80, 80), np.uint8))
    plane = np.zeros((8, 16), np.uint8)
    plane[2, 3:9] = 1
    icon = {"Rows": 4, "Columns": 4, "BitsAllocated": 8, "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2", "PixelData": bytes(range(16))}  # fmt: skip
    data = make_picture(
        stripes(), IconImageSequence=icon, private={(0x0029, "MAKER", 1): ("OB", jpeg)}
    )
    overlay = b"".join(
        struct.pack("<HH2sHH", 0x6000, number, b"US", 2, value)
        for number, value in ((0x10, 8), (0x11, 16), (0x100, 1), (0x102, 0))
    )
    packed = np.packbits(plane.reshape(-1), bitorder="little").tobytes()
    overlay += struct.pack("<HH2sHI", 0x6000, 0x3000, b"OW", 0, len(packed)) + packed
    at = data.rindex(b"\xe0\x7f\x10\x00")
    found = list(stored_pictures(data[:at] + overlay + data[at:]))
    pictures = [one for one in found if isinstance(one, StoredPicture)]
    assert next(one for one in found if isinstance(one, FileInside)).data.startswith(jpeg)
    by_size = {(one.rows, one.columns): one for one in pictures}
    assert by_size[4, 4].nested
    assert by_size[24, 31].frames == 1
    assert by_size[8, 16].overlay
    assert np.array_equal(decode(by_size[8, 16], 0), plane)


def test_an_overlay_in_unused_bits_of_the_pixels_is_found() -> None:
    plane = (stripes() > 120).astype(np.uint16)
    data = make_picture(stripes(dtype="u2") | plane << 12, BitsStored=12, HighBit=11)
    overlay = b"".join(
        struct.pack("<HH2sHH", 0x6000, number, b"US", 2, value)
        for number, value in ((0x10, 24), (0x11, 31), (0x100, 16), (0x102, 12))
    )
    at = data.rindex(b"\xe0\x7f\x10\x00")
    found = [one for one in stored_pictures(data[:at] + overlay + data[at:])
             if isinstance(one, StoredPicture) and one.overlay]  # fmt: skip
    assert np.array_equal(decode(found[0], 0), plane)


def test_damaged_code_streams_raise_nothing_but_that_they_cannot_be_decoded() -> None:
    random_numbers = np.random.default_rng(7)
    streams = {
        JPEG: imagecodecs.jpeg8_encode(stripes()),
        JPEG_2000: imagecodecs.jpeg2k_encode(stripes(), codecformat="j2k"),
        "1.2.840.10008.1.2.4.80": imagecodecs.jpegls_encode(stripes()),
    }
    for syntax, stream in streams.items():
        for _ in range(60):
            damaged = bytearray(stream)
            for _ in range(4):
                damaged[random_numbers.integers(len(damaged))] = random_numbers.integers(256)
            data = make_picture(stripes(), syntax=JPEG, PixelData=encapsulate([bytes(damaged)]))
            picture = picture_of(data)
            picture.syntax = syntax
            with suppress(UndecodedError):
                assert decode(picture, 0).size
