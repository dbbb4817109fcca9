"""What a picture says apart from its pixels: EXIF, XMP, IPTC, comments, GPS.

A small parser of its own, because nothing here needs pixels: it follows lengths with
bounds, never trusts an offset, and decodes no image.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from companion import signatures
from companion.scans.findings import Kind
from companion.scans.formats import icc, movies
from companion.scans.formats.registry import Inside, Passages, document_format
from companion.scans.formats.strings import legible_runs
from companion.scans.formats.tiff import read_tiff
from companion.scans.formats.xmp_iptc import read_iptc, read_xmp

MAX_SEGMENTS = 2_000
MAX_VALUE = 65_536
"""Bytes that are read of one value."""

_SHORTEST = 20
"""Bytes that every picture has before its end."""
_DIRECTORY = re.compile(rb"II\*\0\x08\0\0\0|MM\0\*\0\0\0\x08")
"""How EXIF begins, in an item of a HEIF that may have no other mark."""
MAX_FILL = 1_024
MAX_COMMENTS = 20
_TOOLS = re.compile(
    r"(?:Created by )?OpenJPEG version [\d.]{1,12}|Kakadu-v?[\d.]{1,12}"
    r"|Kdu-Layer-Info: log_2\{[\w^*()/\[\]-]{0,60}\}, L\(bytes\)[\d\s.,e+-]*"
    r"|LEAD Technologies(?: Inc\.)? ?(?:V[\d.]{1,8})?|Aware JPEG ?2000[\w. ]{0,40}"
    r"|CREATOR: gd-jpeg v[\d.]+ \(using IJG JPEG v\d+\), (?:default )?quality(?: = \d+)?"
)
"""Comments in which the program that compressed a picture names itself."""

_PICTURES = (
    signatures.JPEG, signatures.PNG, signatures.GIF, signatures.TIFF, signatures.JP2,
    signatures.JPEG_2000, signatures.WEBP, signatures.BMP, signatures.HEIF,
)  # fmt: skip
_HEADS = signatures.heads(_PICTURES)
# The first markers of a codestream: what a scan holds of one may be nothing but its comments.
_JPEG_START, _JPEG_2000_START = b"\xff\xd8", b"\xff\x4f\xff"


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin like a picture."""
    if _HEADS.match(data) and signatures.first_fit(data, _PICTURES) is not None:
        return True
    return movies.is_movie(data)


@document_format("picture", Kind.IMAGE, fits=is_picture)
def _read_inside(data: bytes, _inside: Inside) -> Passages:
    return read(data)


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of what a picture says apart from its pixels."""
    if data.startswith(_JPEG_START):
        yield from _read_jpeg(data)
    elif signatures.PNG.fits(data):
        yield from _read_png(data)
    elif signatures.TIFF.fits(data):
        yield from read_tiff(data, "TIFF")
        yield from read_xmp(data)
    elif signatures.WEBP.fits(data):
        yield from _read_webp(data)
    elif signatures.GIF.fits(data):
        yield from _read_gif(data)
    elif data.startswith(_JPEG_2000_START):
        yield from _read_jpeg_2000(data)
    elif signatures.JP2.fits(data):
        yield from _read_jp2(data)
    elif movies.is_movie(data) and not signatures.HEIF.fits(data):
        yield from movies.read(data)
    else:
        at = data.find(b"Exif\0\0")
        if at >= 0:
            yield from read_tiff(data[at + 6 : at + 6 + 1_000_000], "EXIF")
        elif signatures.HEIF.fits(data) and (found := _DIRECTORY.search(data)):
            yield from read_tiff(data[found.start() : found.start() + 1_000_000], "EXIF")
        yield from read_xmp(data)
    yield from (("text behind the picture", run) for run in legible_runs(_behind(data)))


def ends_early(data: bytes) -> bool:
    """Whether a whole JPEG or PNG lacks the mark that ends every one: its rest is missing."""
    if signatures.JPEG.fits(data):
        return b"\xff\xd9" not in data
    return signatures.PNG.fits(data) and b"IEND" not in data


def _behind(data: bytes) -> bytes:
    """What stands behind the mark or the length that ends a picture."""
    if data.startswith(_JPEG_START):
        end = data.rfind(b"\xff\xd9") + 2
    elif signatures.PNG.fits(data):
        end = data.rfind(b"IEND\xae\x42\x60\x82") + 8
    elif signatures.GIF.fits(data):
        end = data.rfind(b"\0;") + 2
    elif signatures.BMP.fits(data):
        end = int.from_bytes(data[2:6], "little")
    elif signatures.WEBP.fits(data):
        end = 8 + int.from_bytes(data[4:8], "little")
    else:
        return b""
    return data[end : end + MAX_VALUE] if end > _SHORTEST else b""


def _read_jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    at = 2
    for _ in range(MAX_SEGMENTS):
        if data.startswith(b"\xff\xff", at):  # fill bytes before a marker
            at += MAX_FILL - len(data[at : at + MAX_FILL].lstrip(b"\xff")) - 1
        if at + 4 > len(data) or data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker in (0xD9, 0xDA):
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and body.startswith(b"Exif\0"):
            yield from read_tiff(body[6:], "EXIF")
        elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/x"):
            yield from read_xmp(body)
        elif marker == 0xED and body.startswith(b"Photoshop 3.0\0"):
            yield from read_iptc(body)
        elif marker == 0xFE:
            yield from _comment("JPEG comment", body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            yield from (("colour profile", text) for text in icc.descriptions(body[14:]))
        elif 0xE1 <= marker <= 0xEF and not body.startswith((b"Adobe", b"SPIFF")):
            yield from (("JPEG application data", run) for run in legible_runs(body))
        at += 2 + max(2, length)


def _read_jpeg_2000(data: bytes) -> Iterator[tuple[str, str]]:
    """Comments in the main header of a JPEG 2000 codestream (ISO 15444-1, A.9.2)."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        marker, length = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        if len(marker) < 2 or marker in (b"\xff\x90", b"\xff\xd9") or marker[0] != 0xFF:
            return
        if marker == b"\xff\x64":
            yield from _comment("JPEG 2000 comment", data[at + 6 : at + 2 + length])
        at += 2 + max(2, length)


def _read_jp2(data: bytes) -> Iterator[tuple[str, str]]:
    """The boxes of a JP2: XML, and whatever else holds text; the codestream's comments."""
    at = 0
    for _ in range(MAX_SEGMENTS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(kind) < 4:
            return
        body = at + 8
        if length == 1:
            length, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        if kind == b"jp2c":
            yield from _read_jpeg_2000(data[body:])
        elif kind == b"jp2h":
            length = body - at  # what it holds are boxes again
        elif kind == b"colr" and data[body : body + 1] == b"\2":
            profile = data[body + 3 : at + length]
            yield from (("colour profile", text) for text in icc.descriptions(profile))
        elif kind in (b"xml ", b"uuid", b"url ", b"lbl "):
            inside = data[body : at + length]
            found = inside.find(b"II*\0") if kind == b"uuid" else -1
            if found >= 0:
                yield from read_tiff(inside[found:], "EXIF")
            yield from (("JPEG 2000 text", run) for run in legible_runs(inside[:MAX_VALUE]))
        if length < 8:
            return
        at += length


def _comment(label: str, body: bytes) -> Iterator[tuple[str, str]]:
    text = body.decode("utf-8", "replace").strip("\0 \r\n")
    if text and not _TOOLS.fullmatch(text):
        yield label, text


def _read_png(data: bytes) -> Iterator[tuple[str, str]]:
    at = 8
    for _ in range(MAX_SEGMENTS):
        if at + 12 > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"tEXt":
            key, _, text = body.partition(b"\0")
            yield f"PNG {key.decode('latin-1')[:79]}", text.decode("latin-1")
        elif kind == b"zTXt":
            key, _, packed = body.partition(b"\0")
            yield f"PNG {key.decode('latin-1')[:79]}", _inflate(packed[1:]).decode("latin-1")
        elif kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            text = rest[2:].split(b"\0", 2)[-1]
            plain = _inflate(text) if rest[:1] == b"\1" else text
            yield f"PNG {key.decode('latin-1')[:79]}", plain.decode("utf-8", "replace")
        elif kind == b"eXIf":
            yield from read_tiff(body, "EXIF")
        elif kind == b"tIME" and len(body) == 7:
            year, month, day, hour, minute, second = struct.unpack(">H5B", body)
            stamp = f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
            yield "PNG time", stamp
        at += 12 + length


def _read_webp(data: bytes) -> Iterator[tuple[str, str]]:
    at = 12
    for _ in range(MAX_SEGMENTS):
        if at + 8 > len(data):
            return
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if kind == b"EXIF":
            yield from read_tiff(body.removeprefix(b"Exif\0\0"), "EXIF")
        elif kind == b"XMP ":
            yield from read_xmp(body)
        at += 8 + length + length % 2


def _read_gif(data: bytes) -> Iterator[tuple[str, str]]:
    at = data.find(b"\x21\xfe")
    for _ in range(MAX_COMMENTS):
        if at < 0:
            return
        at += 2
        text = b""
        while at < len(data) and data[at] and len(text) < MAX_VALUE:
            text += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        yield "GIF comment", text.decode("utf-8", "replace")
        at = data.find(b"\x21\xfe", at)


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_VALUE)
    except zlib.error:
        return b""
