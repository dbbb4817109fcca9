"""Only one thing changes in a copy's picture: the points inside the boxes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset, dcmread, dcmwrite

from companion.cleaning import data_sets
from companion.cleaning.pixels.places import Area
from companion.cleaning.pixels.tidying import UntidyError
from companion.scans.limits import Limits
from companion.scans.pictures.colours import shown
from companion.scans.pictures.decode import UndecodedError, decode
from tests.builders import make_raw_scan
from tests.cleaning.pixels.pictures import (
    BIG,
    EXPLICIT,
    HTJ2K,
    IMPLICIT,
    JPEG,
    JPEG_2000,
    JPEG_2000_ANY,
    JPEG_LOSSLESS,
    JPEG_LS,
    JPEG_LS_NEAR,
    RLE,
    copy_of,
    inside,
    make_picture,
    make_samples,
    outside,
    stored,
    streams_of,
)

TWELVE: dict[str, Any] = {"BitsStored": 12, "HighBit": 11}


def same_but_for_the_area(before: bytes, after: bytes, frame: int = 0) -> None:
    """Every sample outside is equal, and the area is one value, dark to a viewer."""
    old, new = decode(stored(before), frame), decode(stored(after), frame)
    assert np.array_equal(outside(old), outside(new))
    dark = inside(new).reshape(-1, *new.shape[2:])
    assert (dark == dark[0]).all()
    assert not np.array_equal(inside(old), inside(new))
    assert inside(shown(stored(after), new)).max() <= 2


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG])
@pytest.mark.parametrize(
    ("samples", "elements"),
    [
        (make_samples("u1"), {}),
        (make_samples("u2"), {}),
        (make_samples("u2", top=4095), TWELVE),
        (make_samples("i2", top=2047), {**TWELVE, "PixelRepresentation": 1}),
        (make_samples("i2"), {}),
        (make_samples("u4"), {}),
        (make_samples("u1", colours=3), {}),
        (make_samples("u2", colours=3), {}),
        (make_samples("u1", colours=3), {"PhotometricInterpretation": "YBR_FULL"}),
    ],
)
def test_uncompressed_samples_outside_the_area_are_equal(
    syntax: str, samples: Any, elements: dict[str, Any]
) -> None:
    turned = samples.astype(samples.dtype.newbyteorder(">")) if syntax == BIG else samples
    pixels = turned.tobytes()
    if syntax == BIG and samples.itemsize == 1:  # words of two bytes, turned round
        pixels = samples.reshape(-1, 2)[:, ::-1].tobytes()
    before = make_picture(samples, syntax, PixelData=pixels, **elements)
    after = copy_of(before)
    same_but_for_the_area(before, after)
    assert stored(after).syntax == (EXPLICIT if syntax == BIG else syntax)


def test_where_bright_is_low_black_is_the_highest_value() -> None:
    before = make_picture(
        make_samples("u2", top=1023), BitsStored=10, HighBit=9,
        PhotometricInterpretation="MONOCHROME1",
    )  # fmt: skip
    after = copy_of(before)
    same_but_for_the_area(before, after)
    assert inside(decode(stored(after), 0)).min() == 1023


def test_planes_of_colour_stay_planes() -> None:
    samples = make_samples("u1", colours=3, frames=2)
    planes = np.ascontiguousarray(samples.transpose(0, 3, 1, 2))
    before = make_picture(samples, PlanarConfiguration=1, PixelData=planes.tobytes())
    after = copy_of(before, [1])
    same_but_for_the_area(before, after, 1)
    assert stored(after).planar
    assert np.array_equal(decode(stored(after), 0), samples[0])


@pytest.mark.parametrize("colours", ["YBR_FULL_422", "YBR_PARTIAL_422"])
def test_colours_that_two_pixels_share_are_blacked_in_whole_pairs(colours: str) -> None:
    halved = make_samples("u1").reshape(-1)
    pairs = np.concatenate([halved, halved[::-1]]).reshape(24, 64)
    before = make_picture(
        make_samples("u1", colours=3), PhotometricInterpretation=colours, PixelData=pairs.tobytes()
    )
    odd = Area(7, 4, 20, 9)
    after = copy_of(before, area=odd.in_pairs())
    whole = odd.in_pairs()
    assert (whole.left, whole.right) == (6, 20)
    old, new = decode(stored(before), 0), decode(stored(after), 0)
    assert np.array_equal(outside(old, whole), outside(new, whole))
    assert inside(shown(stored(after), new), whole).max() <= 2


def test_a_palette_is_blacked_with_its_darkest_entry() -> None:
    table = (np.arange(256, dtype="<u2")[::-1] * 256).tobytes()
    names = ("Red", "Green", "Blue")
    palette: dict[str, Any] = {f"{name}PaletteColorLookupTableData": table for name in names} | {
        f"{name}PaletteColorLookupTableDescriptor": [256, 0, 16] for name in names
    }
    before = make_picture(make_samples("u1"), PhotometricInterpretation="PALETTE COLOR", **palette)
    after = copy_of(before)
    same_but_for_the_area(before, after)
    assert (inside(decode(stored(after), 0)) == 255).all()


def test_frames_of_single_bits_that_begin_within_a_byte_are_blacked() -> None:
    bits = (make_samples("u1", frames=3) & 1)[:, :5, :31]
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    before = make_picture(
        bits, BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=packed + b"\0" * (len(packed) % 2)
    )
    area = Area(3, 1, 20, 4)
    after = copy_of(before, [1], area)
    for frame in range(3):
        old, new = decode(stored(before), frame), decode(stored(after), frame)
        assert np.array_equal(outside(old, area), outside(new, area))
        assert frame != 1 or not inside(new, area).any()


def test_fractions_stay_fractions() -> None:
    samples = np.linspace(-3, 9, 24 * 32, dtype="<f4").reshape(1, 24, 32)
    before = make_picture(
        samples, PixelData=None, FloatPixelData=samples.tobytes(), BitsStored=None, HighBit=None
    )
    after = copy_of(before)
    old, new = decode(stored(before), 0), decode(stored(after), 0)
    assert np.array_equal(outside(old), outside(new))
    assert (inside(new) == -3).all()


@pytest.mark.parametrize(
    ("syntax", "samples", "elements", "options"),
    [
        (RLE, make_samples("u1", frames=2), {}, {}),
        (RLE, make_samples("u2", frames=2, top=4095), TWELVE, {}),
        (RLE, make_samples("u1", colours=3, frames=2), {}, {}),
        (JPEG_LS, make_samples("u1", frames=2), {}, {}),
        (JPEG_LS, make_samples("u2", frames=2), {}, {}),
        (JPEG_LS, make_samples("u1", colours=3, frames=2), {}, {}),
        (JPEG_LS_NEAR, make_samples("u1", frames=2), {}, {"level": 3}),
        (JPEG_2000, make_samples("u1", frames=2), {}, {}),
        (JPEG_2000, make_samples("u2", frames=2, top=4095), TWELVE, {"bitspersample": 12}),
        (JPEG_2000, make_samples("i2", frames=2), {}, {}),
        (JPEG_2000, make_samples("u1", colours=3, frames=2), {}, {}),
        (
            JPEG_2000, make_samples("u1", colours=3, frames=2),
            {"PhotometricInterpretation": "YBR_RCT"}, {"mct": True},
        ),
    ],
)  # fmt: skip
def test_a_frame_without_loss_is_packed_again_in_its_own_way(
    syntax: str, samples: Any, elements: dict[str, Any], options: dict[str, Any]
) -> None:
    before = make_picture(samples, syntax, streams_of(samples, syntax, **options), **elements)
    after = copy_of(before, [1])
    same_but_for_the_area(before, after, 1)
    assert stored(after).syntax == syntax
    assert np.array_equal(decode(stored(after), 0), decode(stored(before), 0))
    assert stored(after).colours == stored(before).colours


@pytest.mark.parametrize(
    ("syntax", "samples", "elements"),
    [
        (JPEG, make_samples("u1", frames=2), {}),
        (JPEG_LOSSLESS, make_samples("u2", frames=2), {}),
        (HTJ2K, make_samples("u1", frames=2), {}),
    ],
)
def test_where_a_way_of_packing_cannot_be_kept_all_frames_are_unpacked(
    syntax: str, samples: Any, elements: dict[str, Any]
) -> None:
    before = make_picture(samples, syntax, streams_of(samples, syntax), **elements)
    after = copy_of(before, [1])
    same_but_for_the_area(before, after, 1)
    assert stored(after).syntax in (RLE, EXPLICIT)
    assert np.array_equal(decode(stored(after), 0), decode(stored(before), 0))


def test_a_jpeg_in_colour_is_named_by_what_its_decoder_gave() -> None:
    samples = make_samples("u1", colours=3)
    before = make_picture(
        samples, JPEG, streams_of(samples, JPEG), PhotometricInterpretation="YBR_FULL_422"
    )
    after = copy_of(before)
    same_but_for_the_area(before, after)
    assert stored(after).colours == "RGB"
    assert np.array_equal(
        outside(shown(stored(before), decode(stored(before), 0))),
        outside(shown(stored(after), decode(stored(after), 0))),
    )


@pytest.mark.parametrize("syntax", [JPEG, JPEG_LS, RLE])
def test_compressed_frames_below_a_header_without_value_types_can_be_read_in_the_copy(
    syntax: str,
) -> None:
    samples = make_samples("u1")
    streams = streams_of(samples, syntax)
    before = without_value_types(make_picture(samples, syntax, streams), syntax)

    after = copy_of(before)
    untouched = data_sets.written(data_sets.read(before, Limits(), exactly=False))

    same_but_for_the_area(before, after)
    assert dcmread(io.BytesIO(untouched)).file_meta.TransferSyntaxUID == syntax
    assert not dcmread(io.BytesIO(untouched)).is_implicit_VR
    assert np.array_equal(decode(stored(untouched), 0), decode(stored(before), 0))


def without_value_types(data: bytes, syntax: str) -> bytes:
    """The same elements in implicit VR, in spite of the syntax that the file meta names."""
    found = dcmread(io.BytesIO(data))
    found["PixelData"].is_undefined_length = True
    body = io.BytesIO()
    dcmwrite(body, Dataset(found), implicit_vr=True, little_endian=True)
    return make_raw_scan(body.getvalue(), syntax=syntax)


def test_what_was_lost_before_is_still_said() -> None:
    samples = make_samples("u1")
    lossy = copy_of(make_picture(samples, JPEG, streams_of(samples, JPEG)))
    plain = copy_of(make_picture(samples))
    near = make_picture(samples, JPEG_2000_ANY, streams_of(samples, JPEG_2000_ANY))
    said = {
        name: data_sets.read(data, Limits(), exactly=False).get("LossyImageCompression")
        for name, data in {"lossy": lossy, "plain": plain, "near": copy_of(near)}.items()
    }
    assert said == {"lossy": "01", "plain": None, "near": "01"}


def test_a_frame_of_another_size_than_its_header_says_is_refused() -> None:
    small = make_samples("u1")
    large = np.tile(small, (1, 2, 2))
    with pytest.raises(UndecodedError):
        copy_of(make_picture(small, JPEG_LS, streams_of(large, JPEG_LS)))


@pytest.mark.parametrize("damaged", [0, 1, 2])
@pytest.mark.parametrize("syntax", [JPEG, JPEG_LOSSLESS, JPEG_LS, JPEG_2000, RLE])
def test_a_damaged_frame_becomes_black_and_the_others_stay(syntax: str, damaged: int) -> None:
    samples = make_samples("u1", frames=3)
    streams = streams_of(samples, syntax)
    whole = make_picture(samples, syntax, streams)
    broken = [b"no picture" if n == damaged else one for n, one in enumerate(streams)]

    after = stored(
        copy_of(
            make_picture(samples, syntax, broken), [damaged], Area(0, 0, 32, 24), blank=[damaged]
        )
    )

    for frame in range(3):
        found = decode(after, frame)
        wanted = 0 * found if frame == damaged else decode(stored(whole), frame)
        assert np.array_equal(found, wanted)


def test_a_picture_none_of_whose_frames_can_be_decoded_is_refused() -> None:
    samples = make_samples("u1", frames=2)
    before = make_picture(samples, JPEG_LS, [b"no picture", b"nor here"])
    with pytest.raises(UndecodedError):
        copy_of(before, [0, 1], blank=[0, 1])


@pytest.mark.parametrize("frames", [(), (0,)])
def test_pixels_that_end_early_are_refused(frames: tuple[int, ...]) -> None:
    samples = make_samples("u2")
    with pytest.raises(UntidyError):
        copy_of(make_picture(samples, PixelData=samples.tobytes()[:-100]), frames)


def test_a_drawing_in_unused_bits_and_what_follows_the_last_frame_are_gone() -> None:
    samples = make_samples("u2", top=4095)
    hidden = samples | (np.arange(32, dtype="u2") % 2 << 13)
    before = make_picture(hidden, PixelData=hidden.tobytes() + b"FERNSBY^OTTILIE ", **TWELVE)
    for frames in ((), (0,)):
        after = copy_of(before, frames)
        words = np.frombuffer(stored(after).pixels, "<u2")
        assert len(words) == samples.size
        assert words.max() < 4096
        assert np.array_equal(outside(decode(stored(after), 0)), outside(samples[0]))


def test_the_sign_of_a_sample_fills_its_unused_bits() -> None:
    samples = make_samples("i2", top=2047)
    bare = (samples & 0x0FFF).astype("u2")
    before = make_picture(bare, PixelRepresentation=1, **TWELVE)
    after = copy_of(before, ())
    assert np.array_equal(np.frombuffer(stored(after).pixels, "<i2"), samples.reshape(-1))


def test_an_area_beyond_the_frame_changes_what_is_inside_it() -> None:
    before = make_picture(make_samples("u1"))
    after = copy_of(before, area=Area(30, 20, 400, 300))
    assert not decode(stored(after), 0)[20:, 30:].any()
