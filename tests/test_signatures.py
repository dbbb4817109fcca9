"""Signatures: files made by other programs are known by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from PIL import Image

from companion import signatures
from companion.signatures import Format
from tests.builders import make_scan

FORMATS = [one for one in vars(signatures).values() if isinstance(one, Format)]


def make_picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def make_zip_without_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w"):
        pass
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (make_scan(), signatures.DICOM),
        (make_picture("JPEG"), signatures.JPEG),
        (make_picture("PNG"), signatures.PNG),
        (make_picture("GIF"), signatures.GIF),
        (make_picture("TIFF"), signatures.TIFF),
        (make_picture("BMP"), signatures.BMP),
        (make_picture("WEBP"), signatures.WEBP),
        (make_zip_without_entries(), signatures.ZIP),
        (gzip.compress(b"text"), signatures.GZIP),
        (bz2.compress(b"text"), signatures.BZIP2),
        (lzma.compress(b"text"), signatures.XZ),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_a_file_is_of_its_format_and_of_no_other(data: bytes, expected: Format) -> None:
    assert [one for one in FORMATS if one.fits(data)] == [expected]


def test_a_tar_is_known_by_a_mark_that_is_not_at_its_beginning() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("name"))

    assert signatures.first_fit(file.getvalue(), FORMATS) is signatures.TAR


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_what_is_cut_before_its_mark_is_of_no_format(one: Format) -> None:
    assert not one.fits(b"")
    assert not one.fits(bytes(40_000))
