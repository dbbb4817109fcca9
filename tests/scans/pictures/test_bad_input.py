"""Pictures of every odd kind go the whole way: to the child that looks, and into the report.

What can be shown is read; what cannot is said; and a good file beside it is read all the same.
"""

from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom.encaps import encapsulate

from companion.scans.findings import FileRecord, Note, Report
from companion.scans.isolation.lookers import Lookers
from companion.scans.isolation.sandbox import Sandbox
from companion.scans.limits import Limits
from tests.builders import make_scan

MB = 1024 * 1024
BIG_ENDIAN, RLE, VIDEO = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.102"
JPEG, JPEG_LS, JPEG_2000 = (f"1.2.840.10008.1.2.4.{end}" for end in (50, 80, 90))
NAME = "FERNSBY OTTILIE"
Samples = NDArray[Any]


@pytest.fixture(scope="module")
def lookers() -> Lookers:
    return Lookers(1, wait_seconds=20, memory=900 * MB, cpu_seconds=120)


def inspect(lookers: Lookers, **files: bytes) -> Report:
    with Sandbox(Limits(), lookers=lookers) as box:
        for name, data in files.items():
            box.begin(name)
            for start in range(0, len(data), MB):
                box.data(data[start : start + MB])
            box.end()
        return box.finish()


def record_of(report: Report, name: str) -> FileRecord:
    return next(one for one in report.files if one.name == name)


def files_with_the_name(report: Report) -> set[str]:
    """Those whose picture shows the patient's name, by what the report is certain of."""
    return {
        box.file
        for one in report.findings
        if one.rule == "picture-text" and one.name == "PatientName" and one.certainty == "certain"
        for box in one.boxes
    }


def painted(columns: int = 320, rows: int = 160, *, colour: bool = False) -> Samples:
    """A dark picture with the name on it, of eight bits."""
    picture = Image.new("RGB", (columns, rows), (20, 20, 60))
    font = ImageFont.load_default(24)
    ImageDraw.Draw(picture).text((12, rows // 3), NAME, fill=(240, 240, 190), font=font)
    return np.asarray(picture if colour else picture.convert("L"))


def make_picture(samples: Samples, **elements: Any) -> bytes:
    """An ultrasound picture of the samples, with the name in its header too."""
    bits = samples.itemsize * 8
    described: dict[str, Any] = {
        "Modality": "US", "PatientName": NAME.replace(" ", "^"),
        "Rows": samples.shape[0], "Columns": samples.shape[1],
        "BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1,
        "PixelRepresentation": int(samples.dtype.kind == "i"),
        "PixelData": samples.tobytes() + b"\0" * (samples.nbytes % 2),
    }  # fmt: skip
    if samples.ndim == 3:
        described |= {
            "SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0
        }  # fmt: skip
    return make_scan(**described | elements)


def compressed(stream: bytes | bytearray, samples: Samples, **elements: Any) -> bytes:
    return make_picture(samples, PixelData=encapsulate([bytes(stream)]), **elements)


def in_luminance(colours: Samples) -> Samples:
    return np.asarray(Image.fromarray(colours).convert("YCbCr"))


def halved(full: Samples, *, partial: bool = False) -> bytes:
    """Two brightnesses and the colours of both (PS3.3 C.7.6.3.1.2)."""
    values = full.astype(np.float32)
    if partial:
        values[..., 0] = 16 + values[..., 0] * 219 / 255
        values[..., 1:] = 128 + (values[..., 1:] - 128) * 224 / 255
    whole = values.round().astype(np.uint8)
    groups = whole.reshape(-1, 2, 3)
    packed = np.stack([groups[:, 0, 0], groups[:, 1, 0], groups[:, 0, 1], groups[:, 0, 2]], axis=-1)
    return packed.tobytes()


def _ways() -> dict[str, bytes]:
    """One picture in each way in which its samples may be stored."""
    grey, colours = painted(), painted(colour=True)
    full = in_luminance(colours)
    wide = grey.astype(np.int32) * 16 - 2000
    levels = [struct.pack("<256H", *(level * factor for level in range(256))) for factor in
              (257, 250, 200)]  # fmt: skip
    palette = {
        f"{name}PaletteColorLookupTable{part}": value
        for name, table in zip(("Red", "Green", "Blue"), levels, strict=True)
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", table))
    }
    odd = painted(301, 151)
    planes = np.ascontiguousarray(colours.transpose(2, 0, 1)).tobytes()
    jpeg = {"syntax": JPEG, "PhotometricInterpretation": "YBR_FULL_422"}
    words = grey.reshape(-1, 2)[:, ::-1].tobytes()
    return {
        "palette": make_picture(grey, PhotometricInterpretation="PALETTE COLOR", **palette),
        "dark-is-high": make_picture(255 - grey, PhotometricInterpretation="MONOCHROME1"),
        "12-bits-signed": make_picture(
            (wide & 0xFFF).astype(np.uint16), BitsStored=12, HighBit=11, PixelRepresentation=1
        ),
        "16-bits-signed": make_picture((grey.astype(np.int32) * 250 - 32_000).astype(np.int16)),
        "16-bits": make_picture(grey.astype(np.uint16) * 257),
        "32-bits": make_picture(grey.astype(np.uint32) * 70_000),
        "ybr-full": make_picture(full, PhotometricInterpretation="YBR_FULL"),
        "ybr-full-422": make_picture(
            full, PhotometricInterpretation="YBR_FULL_422", PixelData=halved(full)
        ),
        "ybr-partial-422": make_picture(
            full, PhotometricInterpretation="YBR_PARTIAL_422", PixelData=halved(full, partial=True)
        ),
        "ybr-full-planar": make_picture(
            full, PhotometricInterpretation="YBR_FULL", PlanarConfiguration=1,
            PixelData=np.ascontiguousarray(full.transpose(2, 0, 1)).tobytes(),
        ),
        "ybr-full-422-jpeg": compressed(
            imagecodecs.jpeg8_encode(colours, level=95, subsampling="422"), colours, **jpeg
        ),
        "ybr-full-420-jpeg": compressed(
            imagecodecs.jpeg8_encode(colours, level=95, subsampling="420"), colours, **jpeg
        ),
        "ybr-rct": compressed(
            imagecodecs.jpeg2k_encode(colours, codecformat="j2k", mct=True, reversible=True),
            colours, syntax=JPEG_2000, PhotometricInterpretation="YBR_RCT",
        ),
        "ybr-ict": compressed(
            imagecodecs.jpeg2k_encode(colours, codecformat="j2k", mct=True, level=40),
            colours, syntax="1.2.840.10008.1.2.4.91", PhotometricInterpretation="YBR_ICT",
        ),
        "planar": make_picture(colours, PlanarConfiguration=1, PixelData=planes),
        "big-endian": make_picture(grey.astype(">u2") * 16, syntax=BIG_ENDIAN),
        "big-endian-words": make_picture(grey, syntax=BIG_ENDIAN, PixelData=words),
        "odd-sizes": make_picture(odd),
        "odd-sizes-in-colour": make_picture(painted(301, 151, colour=True)),
        "jpeg-ls": compressed(imagecodecs.jpegls_encode(grey), grey, syntax=JPEG_LS),
    }  # fmt: skip


WAYS = _ways()


@pytest.fixture(scope="module")
def told(lookers: Lookers) -> Report:
    """One upload of the same picture in all ways."""
    return inspect(lookers, **WAYS)


@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_read_however_its_samples_are_stored(way: str, told: Report) -> None:
    assert way in files_with_the_name(told)
    record = record_of(told, way)
    assert (record.frames, record.frames_looked_at, record.status) == (1, 1, "read")


def _hostile() -> dict[str, bytes]:
    """Files that cannot be shown, each under what is wrong with it."""
    grey = painted()
    j2k = bytearray(imagecodecs.jpeg2k_encode(grey, codecformat="j2k"))
    struct.pack_into(">2I", j2k, 8, 30_000, 30_000)
    struct.pack_into(">2I", j2k, 24, 30_000, 30_000)
    jpeg = bytearray(imagecodecs.jpeg8_encode(grey))
    struct.pack_into(">2H", jpeg, jpeg.index(b"\xff\xc0") + 5, 65_500, 65_500)
    jpeg_ls = bytearray(imagecodecs.jpegls_encode(grey))
    struct.pack_into(">2H", jpeg_ls, jpeg_ls.index(b"\xff\xf7") + 5, 65_500, 65_500)
    run = struct.pack("<16I", 1, 0xFFFFFFF0, *[0] * 14) + bytes(64)
    return {
        "a-size-that-nothing-has": make_picture(grey, Rows=65_535, Columns=65_535)[:1024],
        "jpeg-2000-that-lies": compressed(bytes(j2k), grey, syntax=JPEG_2000),
        "jpeg-that-lies": compressed(bytes(jpeg), grey, syntax=JPEG),
        "jpeg-ls-that-lies": compressed(bytes(jpeg_ls), grey, syntax=JPEG_LS),
        "rle-that-lies": compressed(run, grey, syntax=RLE),
        "video": make_picture(
            grey, syntax=VIDEO, NumberOfFrames=25, PixelData=encapsulate([bytes(4096)])
        ),
    }


@pytest.mark.parametrize("what", _hostile())
def test_what_cannot_be_shown_is_said_and_its_neighbour_is_read(
    what: str, lookers: Lookers
) -> None:
    report = inspect(lookers, before=WAYS["16-bits"], hostile=_hostile()[what], good=WAYS["planar"])

    record = record_of(report, "hostile")
    assert record.frames_looked_at == 0
    assert Note.PICTURE_NOT_LOOKED_AT in record.notes
    assert files_with_the_name(report) == {"before", "good"}


def test_ten_thousand_frames_are_looked_at_or_counted_as_left_out(lookers: Lookers) -> None:
    frames = np.zeros((10_000, 8, 8), np.uint8)
    frames[:, 0, 0] = np.arange(10_000) % 256
    data = make_picture(frames[0], NumberOfFrames=10_000, PixelData=frames.tobytes())

    record = record_of(inspect(lookers, film=data), "film")

    assert record.frames == 10_000
    is_whole = record.frames_looked_at == 10_000
    assert is_whole == (Note.FRAMES_NOT_LOOKED_AT not in record.notes)


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (1, 1), (2, 3), (7, 5)], ids=str)
def test_rows_and_columns_of_a_single_pixel_are_looked_at(
    shape: tuple[int, int], lookers: Lookers
) -> None:
    samples = (np.arange(shape[0] * shape[1]).reshape(shape) % 251).astype(np.uint8)
    report = inspect(lookers, thin=make_picture(samples))

    assert record_of(report, "thin").frames_looked_at == 1
    assert not [one for one in report.findings if one.rule.startswith("picture-text")]


@pytest.mark.parametrize("pieces", [1, 2])
def test_of_frames_without_an_offset_table_the_one_with_the_name_is_told(
    pieces: int, lookers: Lookers
) -> None:
    frames = [np.full((160, 320), 30 + number, np.uint8) for number in range(5)]
    frames[3] = painted()
    streams = [
        bytes(imagecodecs.jpeg2k_encode(one, reversible=True, codecformat="j2k")) for one in frames
    ]
    data = make_picture(
        frames[0], syntax=JPEG_2000, NumberOfFrames=5,
        PixelData=encapsulate(streams, fragments_per_frame=pieces, has_bot=False),
    )  # fmt: skip
    report = inspect(lookers, film=data)

    assert record_of(report, "film").frames_looked_at == 5
    boxes = [box for one in report.findings if one.rule == "picture-text" for box in one.boxes]
    assert {box.frame for box in boxes} == {3}


@pytest.mark.parametrize("kind", ["black", "noise", "noise of 16 bits"])
def test_nothing_is_claimed_of_blackness_and_noise(kind: str, lookers: Lookers) -> None:
    grains = np.random.default_rng(5)
    files = {}
    for number in range(4):
        if kind == "black":
            samples: Samples = np.zeros((300, 400), np.uint8)
        elif kind == "noise":
            samples = grains.integers(0, 256, (300, 400)).astype(np.uint8)
        else:
            samples = grains.integers(-900, 900, (300, 400)).astype(np.int16)
        files[f"IM{number}"] = make_picture(samples, Modality=("CT", "US")[number % 2])
    report = inspect(lookers, **files)

    assert not [one for one in report.findings if one.rule.startswith("picture-text")]
    assert {(one.frames, one.frames_looked_at) for one in report.files} == {(1, 1)}


def test_text_in_every_corner_of_five_hundred_slices_is_told_of_each(lookers: Lookers) -> None:
    """Each slice has grain of its own, so that none is known by its pixels."""
    grains = np.random.default_rng(8)
    corners = Image.new("L", (256, 256), 0)
    draw, font = ImageDraw.Draw(corners), ImageFont.load_default(13)
    for number, line in enumerate((NAME, "1958-03-07", "WRENFIELD", "SERIES 4471093")):
        across = 8 if number % 2 == 0 else 248 - round(draw.textlength(line, font=font))
        draw.text((across, 8 if number < 2 else 232), line, fill=255, font=font)
    written = np.asarray(corners).astype(np.uint16) * 8
    files = {}
    for number in range(500):
        samples = np.maximum(written, grains.integers(0, 60, (256, 256)).astype(np.uint16))
        files[f"IM{number}"] = make_picture(
            samples, Modality="CT", SeriesInstanceUID="2.25.5", InstanceNumber=number + 1
        )
    report = inspect(lookers, **files)

    named = next(
        one for one in report.findings if one.rule == "picture-text" and one.name == "PatientName"
    )
    said = [one for one in report.files if Note.FRAMES_NOT_LOOKED_AT in one.notes
            or Note.PICTURE_NOT_LOOKED_AT in one.notes]  # fmt: skip
    assert len(report.files) == 500
    assert named.files + len(said) >= 500
    assert named.files > 400
