"""A second file that begins in the first 128 bytes of a scan: read, or said."""

from __future__ import annotations

import struct

import pytest

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from tests.builders import make_element, make_scan, make_zip

MB = 1024 * 1024
NAME = b"Patient Wolkenstein Anna"


def make_directory(at: int, text: bytes, *, wide: bool = False) -> bytes:
    """A TIFF directory at the offset ``at``, with an image description after it."""
    if wide:
        body = at + 8 + 20 + 8
        entry = struct.pack("<HHQQ", 0x010E, 2, len(text), body)
        return struct.pack("<Q", 1) + entry + bytes(8) + text
    body = at + 2 + 12 + 4
    return struct.pack("<HHHII", 1, 0x010E, 2, len(text), body) + bytes(4) + text


def make_dual(where: str, *, pixels: int, wide: bool = False) -> bytes:
    """A scan that is a TIFF too, whose directory is before, in or after the pixels."""
    space = 400
    head = make_scan(Rows=1_024, Columns=pixels // 1_024, BitsAllocated=8, PixelData=None)
    private = make_element(0x00410010, "LO", b"ACME") + make_element(0x00411001, "OB", b"Q" * space)
    head += private
    data = head + make_element(0x7FE00010, "OW", bytes(pixels))
    data += make_element(0xFFFCFFFC, "OB", b"Q" * space)
    at = {
        "before": data.index(b"Q" * space),
        "in": len(head) + 12 + pixels // 2,
        "after": data.rindex(b"Q" * space),
    }[where]
    directory = make_directory(at, NAME, wide=wide)
    data = data[:at] + directory + data[at + len(directory) :]
    first = struct.pack("<4sHHQ", b"II+\0", 8, 0, at) if wide else struct.pack("<4sI", b"II*\0", at)
    return first.ljust(128, b"\0") + data[128:]


def look(data: bytes, *, name: str = "IM1", pieces: int = 0, held: int = 32 * MB) -> Report:
    size = pieces or len(data)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return inspect([Entry(name, iter(chunks))], Limits(held_bytes=held))


def places(report: Report, text: str) -> set[str]:
    return {
        finding.place
        for finding in report.findings
        if any(text in value for value in finding.values)
    }


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("wide", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("pieces", [0, 100_000], ids=["whole", "streamed"])
def test_a_tiff_is_read_wherever_its_directory_stands(where: str, wide: bool, pieces: int) -> None:
    report = look(make_dual(where, pixels=4 * MB, wide=wide), pieces=pieces, held=16 * MB)

    assert "preamble" in places(report, "Wolkenstein")
    assert report.files[0].status == "read"


def test_a_tiff_in_a_zip_is_read() -> None:
    archive = make_zip({"w.dcm": make_dual("after", pixels=2 * MB)})

    assert "preamble" in places(look(archive, name="w.zip"), "Wolkenstein")


def test_a_directory_among_pixels_that_are_not_held_is_said() -> None:
    data = make_dual("in", pixels=4 * MB)

    assert "preamble" in places(look(data), "Wolkenstein")
    record = look(data, pieces=100_000).files[0]
    assert (record.status, record.notes) == (
        "partly-read", ("padding-not-empty", "part-not-checked"),
    )  # fmt: skip


@pytest.mark.parametrize("start", [b"PK\3\4", b"PK\5\6", b"PK00PK\3\4"])
@pytest.mark.parametrize("pieces", [0, 3, 50])
def test_a_scan_that_begins_like_an_archive_is_read_as_a_scan(start: bytes, pieces: int) -> None:
    scan = start.ljust(128, b"\0") + make_scan(PatientName="Kovalenko^Anna")[128:]

    report = look(scan, pieces=pieces)

    assert [record.kind for record in report.files] == ["dicom"]
    assert report.files[0].notes == ("also-archive",)
    assert report.files[0].status == "partly-read"
    assert places(report, "Kovalenko^Anna")
    assert places(report, "ZIP") == {"preamble"}


def test_a_zip_of_a_stored_scan_is_still_a_zip() -> None:
    archive = make_zip({"a": make_scan()}, method=0)

    assert [record.kind for record in look(archive, name="a.zip").files] == ["dicom", "archive"]


def test_text_in_the_filler_at_the_end_is_named_as_such() -> None:
    report = look(make_scan() + make_element(0xFFFCFFFC, "OB", bytes(20) + NAME))

    (found,) = [finding for finding in report.findings if finding.rule == "trailing-text"]
    assert found.name == "text in the filler at the end"
    assert report.files[0].notes == ("padding-not-empty",)


def test_an_overlay_has_its_tag() -> None:
    report = look(make_scan(PixelData=None) + make_element(0x60003000, "OW", b"\x55" * 8))

    (overlay,) = [finding for finding in report.findings if finding.rule == "overlay"]
    assert (overlay.tag, overlay.path) == ("60003000", "60003000")


# --- the colour profile of a scan or of a picture in it ------------------


def make_profile(text: str, *, old: bool = False) -> bytes:
    if old:
        plain = text.encode() + b"\0"
        body = b"desc" + bytes(4) + struct.pack(">I", len(plain)) + plain
    else:
        wide = text.encode("utf-16-be")
        body = b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(wide), 28)
        body += wide
    head = bytes(36) + b"acsp" + bytes(88)
    data = head + struct.pack(">I", 1) + struct.pack(">4sII", b"desc", 144, len(body)) + body
    return data + b"\0" * (len(data) % 2)


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("size", [0, 200_000])
def test_what_a_colour_profile_is_called_is_said(old: bool, size: int) -> None:
    profile = make_profile("KOVALENKO PC1", old=old) + bytes(size)

    report = look(make_scan(ICCProfile=profile))

    (found,) = [finding for finding in report.findings if finding.rule == "colour-profile"]
    assert (found.values, found.tag) == (("KOVALENKO PC1",), "00282000")
    assert report.files[0].status == "read"


@pytest.mark.parametrize("text", ["sRGB IEC61966-2.1", "Adobe RGB (1998)", "Gray Gamma 2.2"])
def test_a_profile_that_every_machine_has_is_no_finding(text: str) -> None:
    report = look(make_scan(ICCProfile=make_profile(text)))

    assert "colour-profile" not in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("cut", range(0, 190, 7))
def test_a_damaged_profile_is_passed_over(cut: int) -> None:
    profile = make_profile("KOVALENKO PC1")[:cut]

    assert look(make_scan(ICCProfile=profile + b"\0" * (cut % 2))).files[0].status == "read"
