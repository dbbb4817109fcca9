"""What a video file says apart from its pictures: titles, comments, places, dates.

MP4 and QuickTime (ISO/IEC 14496-12, 3GPP TS 26.244), AVI and WAV (RIFF), Matroska and WebM
(RFC 9559), ASF. Nothing is decoded; the streams inside are searched for the places in which
encoders and machines write words (``video_streams``). Lengths are bounded by what is there,
and the boxes that are entered are counted.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from companion import signatures
from companion.scans.findings import Note
from companion.scans.formats import code_pages, matroska, video_streams
from companion.scans.formats.registry import NOTE
from companion.scans.formats.strings import legible_runs
from companion.scans.formats.xmp_iptc import read_xmp

MAX_BOXES = 20_000
"""Boxes or chunks that are entered of one file."""
MAX_DEPTH = 12
MAX_VALUE = 65_536
"""Bytes that are read of one value."""

_CONTAINERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"udta", b"ilst", b"meta", b"moof", b"traf", b"edts"}
)
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_BEFORE_1990 = datetime(1990, 1, 1, tzinfo=UTC)
_MAC_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_NAMES = {
    b"nam": "title", b"ART": "artist", b"alb": "album", b"cmt": "comment", b"day": "date",
    b"des": "description", b"cpy": "copyright", b"aut": "author", b"wrt": "writer",
    b"gen": "genre", b"dir": "director", b"prd": "producer", b"inf": "information",
    b"xyz": "place", b"mak": "maker", b"mod": "model", b"key": "keywords", b"grp": "group",
    b"titl": "title", b"auth": "author", b"dscp": "description", b"perf": "performer",
    b"cprt": "copyright", b"albm": "album", b"kywd": "keywords", b"desc": "description",
    b"ldes": "description",
}  # fmt: skip
_3GPP = frozenset({b"titl", b"auth", b"dscp", b"perf", b"cprt", b"albm", b"gnre", b"kywd"})
_INFO = {
    b"INAM": "title", b"IART": "artist", b"ICMT": "comment", b"ICOP": "copyright",
    b"ICRD": "date", b"ISBJ": "subject", b"IENG": "engineer", b"IKEY": "keywords",
    b"IPRD": "product", b"ISRC": "source", b"ITCH": "technician", b"ICMS": "commissioned by",
    b"IARL": "archive", b"IDIT": "date", b"strn": "stream", b"DISP": "title",
}  # fmt: skip
_TOOL = re.compile(
    r"Lav[fc][\d.]*.*|HandBrake.*|libebml .*|mkvmerge .*|x26[45][ (].*|.{0,40}handler\W*"
    r"|Core Media \w+|GPAC.*|Mainconcept.*|\W*|und|isom?\w*",
    re.IGNORECASE,
)
"""What programs that make videos write of themselves."""
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")
_ASF_TEXTS = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
_ASF_MORE = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")

_FORMATS = (
    signatures.MP4, signatures.AVI, signatures.MATROSKA, signatures.ASF, signatures.MPEG_VIDEO,
    signatures.MPEG_TRANSPORT, signatures.H264, signatures.H265,
)  # fmt: skip
_HEADS = signatures.heads(_FORMATS)


def is_movie(data: bytes) -> bool:
    """Whether the bytes begin like a video."""
    return bool(_HEADS.match(data)) and signatures.first_fit(data, _FORMATS) is not None


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Label and text of what a video says apart from its pictures."""
    if signatures.MP4.fits(data):
        found = _Boxes(data).read()
    elif signatures.AVI.fits(data):
        found = _read_riff(data)
    elif signatures.MATROSKA.fits(data):
        found = matroska.read(data)
    elif signatures.ASF.fits(data):
        found = _read_asf(data)
    else:
        found = iter(())
    for label, text in found:
        if label == NOTE or not _TOOL.fullmatch(text.strip()):
            yield label, text
    yield from video_streams.read(data)


class _Boxes:
    """The boxes of an MP4 or QuickTime file, entered one by one."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = MAX_BOXES
        self.keys: list[str] = []
        """Names of the entries of an ``ilst`` that are numbered (QuickTime's ``mdta``)."""

    def read(self) -> Iterator[tuple[str, str]]:
        waiting: list[tuple[int, int, bytes, int]] = [(0, len(self.data), b"", 0)]
        whole = True
        while waiting:
            start, end, parent, depth = waiting.pop()
            inner: list[tuple[int, int, bytes, int]] = []
            for kind, body, until, fits in self._boxes(start, end):
                whole = whole and fits
                if kind in _CONTAINERS and parent != b"ilst" and depth < MAX_DEPTH:
                    begin = self._after_version(body) if kind == b"meta" else body
                    inner.append((begin, until, kind, depth + 1))
                else:
                    yield from self._leaf(kind, parent, body, until)
            waiting.extend(reversed(inner))
        if self.left <= 0:
            yield NOTE, Note.DOCUMENT_CUT
        elif not whole:
            yield from self._loose()

    def _boxes(self, start: int, end: int) -> Iterator[tuple[bytes, int, int, bool]]:
        """Type, body and end of each box, and whether its end is in the file."""
        while start + 8 <= end and self.left > 0:
            self.left -= 1
            size, kind = (
                int.from_bytes(self.data[start : start + 4], "big"),
                self.data[start + 4 : start + 8],
            )
            body = start + 8
            if size == 1:
                size, body = int.from_bytes(self.data[body : body + 8], "big"), start + 16
            elif size == 0:
                size = end - start
            if size < body - start:
                return
            yield kind, body, min(end, start + size), start + size <= end
            start += size

    def _after_version(self, body: int) -> int:
        """Where the boxes in a ``meta`` begin: ISO's has a version, QuickTime's has none."""
        return body if self.data[body + 4 : body + 8] == b"hdlr" else body + 4

    def _leaf(self, kind: bytes, parent: bytes, body: int, end: int) -> Iterator[tuple[str, str]]:
        value = self.data[body : min(end, body + MAX_VALUE)]
        if parent == b"ilst":
            yield from self._entry(kind, body, end)
        elif kind == b"keys":
            self._read_keys(value)
        elif kind == b"mvhd":
            if date := _mac_date(value):
                yield "video date", date
        elif kind == b"hdlr" and parent in (b"mdia", b"minf"):
            yield from _plain("video track", value[24:])
        elif (kind == b"uuid" and value.startswith(_XMP)) or kind == b"XMP_":
            yield from read_xmp(self.data[body:end])
        elif kind[:1] == b"\xa9":
            yield from self._quicktime(kind, value)
        elif parent == b"udta" and kind in _3GPP:
            yield from _plain(f"video {_NAMES.get(kind, 'text')}", value[6:])
        elif parent == b"udta" or kind in (b"uuid", b"free", b"skip", b"ilst", b"udta"):
            yield from (("video text", run) for run in legible_runs(value))

    def _entry(self, kind: bytes, body: int, end: int) -> Iterator[tuple[str, str]]:
        """One entry of an ``ilst``: its name, and the value in its ``data``."""
        name = _NAMES.get(kind.lstrip(b"\xa9"), "text")
        number = int.from_bytes(kind, "big")
        if 0 < number <= len(self.keys):
            name = self.keys[number - 1].rsplit(".", 1)[-1]
        for inner, start, until, _ in self._boxes(body, end):
            value = self.data[start : min(until, start + MAX_VALUE)]
            if inner == b"name":
                name = value[4:].decode("utf-8", "replace")[:60]
            elif inner == b"data":
                form = int.from_bytes(value[:4], "big")
                if form in (0, 1, 4):
                    yield from _plain(f"video {name}", value[8:])
                elif form in (2, 5):
                    yield from _named(f"video {name}", value[8:].decode("utf-16-be", "replace"))
                else:
                    yield from (("video text", run) for run in legible_runs(value[8:]))

    def _read_keys(self, value: bytes) -> None:
        at = 8
        while at + 8 <= len(value) and len(self.keys) < 1_000:
            size = max(8, int.from_bytes(value[at : at + 4], "big"))
            self.keys.append(value[at + 8 : at + size].decode("utf-8", "replace")[:120])
            at += size

    def _quicktime(self, kind: bytes, value: bytes) -> Iterator[tuple[str, str]]:
        """A text of QuickTime: length, language, letters; one for each language."""
        label = f"video {_NAMES.get(kind[1:], 'text')}"
        if value[4:8] == b"data":
            yield from _plain(label, value[16:])
            return
        at = 0
        while at + 4 <= len(value):
            size = int.from_bytes(value[at : at + 2], "big")
            if not size:
                return
            yield from _plain(label, value[at + 4 : at + 4 + size])
            at += 4 + size

    def _loose(self) -> Iterator[tuple[str, str]]:
        """Of a file that is not whole, the boxes of texts that the walk did not come to."""
        for mark in (b"udta", b"ilst", b"keys", b"meta"):
            at = self.data.find(mark, 8)
            for _ in range(8):
                if at < 4:
                    break
                size = int.from_bytes(self.data[at - 4 : at], "big")
                piece = self.data[at - 4 : at - 4 + min(size, MAX_VALUE)]
                if 16 <= size <= 16 * MAX_VALUE and len(piece) > 16:
                    inner = _Boxes(piece)
                    inner.keys = self.keys
                    yield from inner.read_one()
                    self.keys = inner.keys
                at = self.data.find(mark, at + 4)

    def read_one(self) -> Iterator[tuple[str, str]]:
        """Read a file of which only one box is there."""
        for kind, body, until, _ in self._boxes(0, len(self.data)):
            if kind == b"keys":
                self._read_keys(self.data[body:until])
            begin = self._after_version(body) if kind == b"meta" else body
            for inner, start, end, _ in self._boxes(begin, until):
                if inner not in _CONTAINERS:
                    yield from self._leaf(inner, kind, start, end)
            return


def _read_riff(data: bytes) -> Iterator[tuple[str, str]]:
    """The chunks of an AVI or WAV: its INFO list, XMP, and loose text in filling."""
    waiting = [(12, len(data))]
    chunks = 0
    while waiting:
        at, end = waiting.pop()
        while at + 8 <= end:
            chunks += 1
            if chunks > MAX_BOXES:
                yield NOTE, Note.DOCUMENT_CUT
                return
            kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
            body, until = at + 8, min(end, at + 8 + size)
            value = data[body : min(until, body + MAX_VALUE)]
            if kind in (b"LIST", b"RIFF"):
                if value[:4] != b"movi" and len(waiting) < MAX_DEPTH:
                    waiting.append((body + 4, until))
            elif kind in _INFO:
                yield from _plain(f"video {_INFO[kind]}", value)
            elif kind == b"_PMX":
                yield from read_xmp(data[body:until])
            elif kind in (b"bext", b"id3 ", b"JUNK", b"ISFT", b"IAVI"):
                yield from (("video text", run) for run in legible_runs(value))
            at = body + size + size % 2


def _read_asf(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts in the header of an ASF file (WMV, WMA)."""
    at = 30
    for _ in range(256):
        mark, size = data[at : at + 16], int.from_bytes(data[at + 16 : at + 24], "little")
        if size < 24 or len(mark) < 16:
            return
        body = data[at + 24 : at + min(size, MAX_VALUE)]
        if mark == _ASF_TEXTS and len(body) >= 10:
            start = 10
            names = ("title", "author", "copyright", "description", "rating")
            for name, length in zip(names, struct.unpack_from("<5H", body), strict=True):
                text = body[start : start + length].decode("utf-16-le", "replace")
                yield from _named(f"video {name}", text)
                start += length
        elif mark == _ASF_MORE:
            yield from _asf_entries(body)
        at += size


def _asf_entries(body: bytes) -> Iterator[tuple[str, str]]:
    at = 2
    for _ in range(min(256, int.from_bytes(body[:2], "little"))):
        length = int.from_bytes(body[at : at + 2], "little")
        name = body[at + 2 : at + 2 + length].decode("utf-16-le", "replace").strip("\0")
        form, size = (
            int.from_bytes(body[at + 2 + length + n : at + 4 + length + n], "little")
            for n in (0, 2)
        )
        value = body[at + 6 + length : at + 6 + length + size]
        if form == 0:
            yield from _named(f"video {name[:60]}", value.decode("utf-16-le", "replace"))
        at += 6 + length + size


def _plain(label: str, value: bytes) -> Iterator[tuple[str, str]]:
    """A text whose code page the format leaves open."""
    raw = value.strip(b"\0")
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        yield from _named(label, raw.decode("utf-16", "replace"))
        return
    page = None if raw.isascii() else code_pages.guess([raw])
    yield from _named(label, raw.decode(page or "utf-8", "replace"))


def _named(label: str, text: str) -> Iterator[tuple[str, str]]:
    clean = text.strip("\0 \r\n\t")
    if place := _PLACE.match(clean) if label.endswith(("place", "ISO6709")) else None:
        yield "video GPS position", f"{float(place[1]):.6f}, {float(place[2]):.6f}"
    elif clean and sum(character.isprintable() for character in clean) > 0.9 * len(clean):
        yield label, clean


def _mac_date(value: bytes) -> str:
    """The day and time of a movie header, in seconds since 1904; empty where there is none."""
    wide = value[:1] == b"\1"
    seconds = int.from_bytes(value[4 : 12 if wide else 8], "big")
    if not 0 < seconds < 2**33:
        return ""
    moment = _MAC_EPOCH + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment > _BEFORE_1990 else ""
