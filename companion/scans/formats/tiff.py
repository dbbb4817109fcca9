"""The directories of a TIFF, which EXIF uses too: texts, dates, a position on the map.

What a directory points to may be anywhere in the file, and of a large file not all is
held: it is read from the pieces of a ``Spread``, which says whether one was missing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from companion.scans.formats import code_pages, slides
from companion.scans.formats.xmp_iptc import read_iptc, read_xmp

MAX_DIRECTORIES = 64
MAX_ENTRIES = 512
MAX_VALUE = 65_536
"""Bytes that are read of one value."""

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
_PACKETS = {0x02BC: read_xmp, 0x83BB: read_iptc}
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}


class Spread:
    """A file of which only some pieces are held, each with its offset in the file."""

    def __init__(self, pieces: Sequence[tuple[int, bytes]], size: int) -> None:
        self.size = size
        self.missed = False
        """Whether something was asked for that is in the file and not held."""
        self._pieces = pieces

    def at(self, start: int, length: int) -> bytes:
        """At most ``length`` bytes from ``start``; fewer at the end of a piece."""
        for first, piece in self._pieces:
            if first <= start < first + len(piece):
                found = piece[start - first : start - first + length]
                break
        else:
            found = b""
        if len(found) < min(length, self.size - start):
            self.missed = True
        return found


@dataclass(slots=True)
class _Tiff:
    """How the numbers of one TIFF are written: BigTIFF counts in eight bytes."""

    data: Spread
    order: Literal["little", "big"]
    wide: bool

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data.at(at, size), self.order)

    def word(self, at: int) -> int:
        """A count or an offset."""
        return self.number(at, 8 if self.wide else 4)


def read_tiff(data: bytes | Spread, label: str) -> Iterator[tuple[str, str]]:
    """Label and text of what the directories say."""
    spread = data if isinstance(data, Spread) else Spread([(0, data)], len(data))
    head = spread.at(0, 4)
    if head[:2] not in (b"II", b"MM") or spread.size < 8:
        return
    wide = head[2:] in (b"+\0", b"\0+")
    tiff = _Tiff(spread, "little" if head[:2] == b"II" else "big", wide)
    counted, entry_size, word = (8, 20, 8) if wide else (2, 12, 4)
    waiting = [(tiff.word(word), label)]
    seen: set[int] = set()
    pages: list[slides.Page] = []
    while waiting and len(seen) < MAX_DIRECTORIES:
        at, kind = waiting.pop(0)
        if at in seen or not 8 <= at <= spread.size - counted:
            continue
        seen.add(at)
        count = min(tiff.number(at, counted), MAX_ENTRIES)
        gps: dict[int, bytes] = {}
        page = slides.Page()
        if kind == label:
            pages.append(page)
        for number in range(count):
            entry = at + counted + entry_size * number
            if entry + entry_size > spread.size:
                break
            tag, form, many = tiff.number(entry, 2), tiff.number(entry + 2, 2), tiff.word(entry + 4)
            body = entry + 4 + word
            if tag in _DIRECTORIES:
                waiting.append((tiff.word(body), _DIRECTORIES[tag]))
                continue
            if tag in slides.NUMBERS:
                page.numbers[tag] = tiff.number(body, min(_SIZES.get(form, 1), word))
            if kind != "GPS" and tag not in _TEXT_TAGS and tag not in _PACKETS:
                continue
            size = _SIZES.get(form, 1) * many
            start = body if size <= word else tiff.word(body)
            value = spread.at(start, min(size, MAX_VALUE)) if start < spread.size else b""
            if kind == "GPS":
                gps[tag] = value
            elif tag in _TEXT_TAGS and (text := _text(tag, value)):
                if tag in slides.TAGS:
                    page.texts[tag] = text
                yield f"{label} {_TEXT_TAGS[tag]}", text
            elif tag in _PACKETS:
                yield from _PACKETS[tag](value)
        yield from _gps(gps, tiff, label)
        following = at + counted + entry_size * count
        if kind != "GPS" and following + word <= spread.size:
            waiting.append((tiff.word(following), kind))
    yield from ((slides.LABEL, line) for line in slides.labels(pages))


def _text(tag: int, value: bytes) -> str:
    if 0x9C9B <= tag <= 0x9C9F:
        return value.decode("utf-16-le", "replace").strip("\0 ")
    if tag == 0x9286:
        head, value = value[:8], value[8:]
        if head.startswith(b"UNICODE"):
            return value.decode("utf-16", "replace").strip("\0 ")
    raw = value.strip(b"\0 ")
    page = None if raw.isascii() else code_pages.guess([raw])
    return raw.decode(page or "utf-8", "replace").strip()


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
    order = "<II" if tiff.order == "little" else ">II"
    for number in range(3):
        top, bottom = struct.unpack(order, value[8 * number : 8 * number + 8])
        parts.append(Fraction(top, bottom) if bottom else Fraction(0))
    degrees = float(parts[0] + parts[1] / 60 + parts[2] / 3600)
    if degrees == 0 or degrees > 180:
        return None
    return -degrees if reference[:1] in (b"S", b"W") else degrees
