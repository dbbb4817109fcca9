"""What is written beside the pixels of a picture: EXIF, XMP, IPTC, comments, GPS.

A small parser of its own, because nothing here needs pixels: it follows lengths with
bounds, never trusts an offset, and decodes no image.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

MAX_SEGMENTS = 2_000
MAX_DIRECTORIES = 64
MAX_ENTRIES = 512
MAX_VALUE = 65_536
"""Bytes that are read of one value."""

MAX_FILL = 1_024
MAX_COMMENTS = 20
MAX_PACKET = 200_000
"""Bytes of one XMP packet."""

_TEXT_TAGS = {
    0x010D: "document name",
    0x010E: "image description",
    0x010F: "camera maker",
    0x0110: "camera model",
    0x011D: "page name",
    0x0131: "software",
    0x0132: "date and time",
    0x013B: "artist",
    0x013C: "computer",
    0x8298: "copyright",
    0x9003: "date and time taken",
    0x9004: "date and time digitized",
    0x9286: "user comment",
    0x9C9B: "title",
    0x9C9C: "comment",
    0x9C9D: "author",
    0x9C9E: "keywords",
    0x9C9F: "subject",
    0xA420: "image number",
    0xA430: "camera owner",
    0xA431: "camera serial number",
    0xA435: "lens serial number",
}
"""EXIF and TIFF tags that hold text about somebody or something."""
_DIRECTORIES = {0x8769: "EXIF", 0x8825: "GPS", 0x014A: "TIFF"}
_GPS_TEXTS = {0x0012: "GPS map datum", 0x001B: "GPS method", 0x001C: "GPS area", 0x001D: "GPS date"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_IPTC = {
    5: "title", 25: "keywords", 55: "date", 60: "time", 80: "author", 90: "city", 92: "place",
    95: "state", 101: "country", 105: "headline", 110: "credit", 115: "source", 116: "copyright",
    118: "contact", 120: "caption", 122: "writer",
}  # fmt: skip
_MARKUP = re.compile(r"<[^>]{0,400}>")
_ATTRIBUTE = re.compile(r"\b(?!xmlns|rdf:about|x:xmptk)[\w:]+=\"([^\"]{2,400})\"")


_BEGINNINGS = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0",
    b"MM\0+", b"\0\0\0\x0cjP  \r\n", b"\xff\x4f\xff\x51",
)  # fmt: skip


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin like a JPEG, PNG, GIF, TIFF, BMP, WebP, HEIC or JPEG 2000."""
    return (
        data.startswith(_BEGINNINGS)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[:2] == b"BM" and len(data) > 26 and data[6:10] == b"\0\0\0\0")
        or (data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"heim"))
    )  # fmt: skip


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of what is written in a picture beside its pixels."""
    if data.startswith(b"\xff\xd8"):
        yield from _read_jpeg(data)
    elif data.startswith(b"\x89PNG"):
        yield from _read_png(data)
    elif data.startswith((b"II*\0", b"MM\0*")):
        yield from _read_tiff(data, "TIFF")
        yield from _read_xmp(data)
    elif data[:4] == b"RIFF":
        yield from _read_webp(data)
    elif data.startswith(b"GIF8"):
        yield from _read_gif(data)
    else:
        at = data.find(b"Exif\0\0")
        if at >= 0:
            yield from _read_tiff(data[at + 6 : at + 6 + 1_000_000], "EXIF")
        yield from _read_xmp(data)


def _read_jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    at = 2
    for _ in range(MAX_SEGMENTS):
        if data.startswith(b"\xff\xff", at):  # fill bytes before a mark
            at += MAX_FILL - len(data[at : at + MAX_FILL].lstrip(b"\xff")) - 1
        if at + 4 > len(data) or data[at] != 0xFF:
            return
        mark = data[at + 1]
        if mark in (0xD9, 0xDA):
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if mark == 0xE1 and body.startswith(b"Exif\0"):
            yield from _read_tiff(body[6:], "EXIF")
        elif mark == 0xE1 and body.startswith(b"http://ns.adobe.com/x"):
            yield from _read_xmp(body)
        elif mark == 0xED and body.startswith(b"Photoshop 3.0\0"):
            yield from _read_iptc(body)
        elif mark == 0xFE:
            yield "JPEG comment", body.decode("utf-8", "replace")
        at += 2 + max(2, length)


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
            yield from _read_tiff(body, "EXIF")
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
            yield from _read_tiff(body.removeprefix(b"Exif\0\0"), "EXIF")
        elif kind == b"XMP ":
            yield from _read_xmp(body)
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


def _read_xmp(data: bytes) -> Iterator[tuple[str, str]]:
    for packet in _packets(data):
        text = packet.decode("utf-8", "replace")
        words = [*_ATTRIBUTE.findall(text), *_MARKUP.sub("\n", text).split("\n")]
        plain = " ".join(word.strip() for word in words if word.strip())
        if plain:
            yield "XMP", plain


def _packets(data: bytes) -> Iterator[bytes]:
    """XMP packets, at most ``MAX_COMMENTS``; found by their ends, so that no text is read twice."""
    start = 0
    for _ in range(MAX_COMMENTS):
        end = data.find(b"</rdf:RDF>", start)
        if end < 0:
            return
        first = data.find(b"<rdf:RDF", max(start, end - MAX_PACKET), end)
        if first >= 0:
            yield data[first:end]
        start = end + 10


def _read_iptc(body: bytes) -> Iterator[tuple[str, str]]:
    at = body.find(b"\x1c\x02")
    for _ in range(MAX_ENTRIES):
        if at < 0 or at + 5 > len(body) or body[at] != 0x1C:
            return
        length = int.from_bytes(body[at + 3 : at + 5], "big")
        name = _IPTC.get(body[at + 2])
        if name and body[at + 1] == 2:
            text = body[at + 5 : at + 5 + length].decode("utf-8", "replace")
            yield f"IPTC {name}", text
        at += 5 + length


@dataclass(slots=True)
class _Tiff:
    data: bytes
    order: str

    def number(self, at: int, size: int) -> int:
        order = "little" if self.order == "<" else "big"
        return int.from_bytes(self.data[at : at + size], order)  # type: ignore[arg-type]


def _read_tiff(data: bytes, label: str) -> Iterator[tuple[str, str]]:
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        return
    tiff = _Tiff(data, "<" if data[:2] == b"II" else ">")
    waiting = [(tiff.number(4, 4), label)]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_DIRECTORIES:
        at, kind = waiting.pop(0)
        if at in seen or not 8 <= at <= len(data) - 2:
            continue
        seen.add(at)
        count = min(tiff.number(at, 2), MAX_ENTRIES)
        gps: dict[int, bytes] = {}
        for number in range(count):
            entry = at + 2 + 12 * number
            if entry + 12 > len(data):
                break
            tag, form, many = (
                tiff.number(entry, 2), tiff.number(entry + 2, 2), tiff.number(entry + 4, 4),
            )  # fmt: skip
            if tag in _DIRECTORIES:
                waiting.append((tiff.number(entry + 8, 4), _DIRECTORIES[tag]))
                continue
            size = _SIZES.get(form, 1) * many
            start = entry + 8 if size <= 4 else tiff.number(entry + 8, 4)
            value = data[start : start + min(size, MAX_VALUE)]
            if kind == "GPS":
                gps[tag] = value
            elif tag in _TEXT_TAGS and (text := _text(tag, value)):
                yield f"{label} {_TEXT_TAGS[tag]}", text
            elif tag == 0x02BC:
                yield from _read_xmp(value)
            elif tag == 0x83BB:
                yield from _read_iptc(value)
        yield from _gps(gps, tiff, label)
        following = at + 2 + 12 * count
        if kind != "GPS" and following + 4 <= len(data):
            waiting.append((tiff.number(following, 4), kind))


def _text(tag: int, value: bytes) -> str:
    if 0x9C9B <= tag <= 0x9C9F:
        return value.decode("utf-16-le", "replace").strip("\0 ")
    if tag == 0x9286:
        head, value = value[:8], value[8:]
        if head.startswith(b"UNICODE"):
            return value.decode("utf-16", "replace").strip("\0 ")
    return value.decode("utf-8", "replace").strip("\0 ")


def _gps(entries: dict[int, bytes], tiff: _Tiff, label: str) -> Iterator[tuple[str, str]]:
    latitude = _degrees(entries.get(2, b""), entries.get(1, b""), tiff)
    longitude = _degrees(entries.get(4, b""), entries.get(3, b""), tiff)
    if latitude is not None and longitude is not None:
        yield f"{label} GPS position", f"{latitude:.6f}, {longitude:.6f}"
    for tag, name in _GPS_TEXTS.items():
        text = entries.get(tag, b"").decode("ascii", "replace").strip("\0 ")
        if text:
            yield f"{label} {name}", text


def _degrees(value: bytes, reference: bytes, tiff: _Tiff) -> float | None:
    if len(value) < 24:
        return None
    parts = []
    for number in range(3):
        top, bottom = struct.unpack(f"{tiff.order}II", value[8 * number : 8 * number + 8])
        parts.append(Fraction(top, bottom) if bottom else Fraction(0))
    degrees = float(parts[0] + parts[1] / 60 + parts[2] / 3600)
    if degrees == 0 or degrees > 180:
        return None
    return -degrees if reference[:1] in (b"S", b"W") else degrees


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_VALUE)
    except zlib.error:
        return b""
