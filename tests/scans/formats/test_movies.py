"""Videos: titles, comments and messages are read; encoders' own words and pictures are not."""

from __future__ import annotations

import random
import struct

import pytest

from companion.scans.findings import Kind, Note
from companion.scans.formats import documents, movies
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan

TOKEN = "Qzxwvkt Brandt"
NOISE = random.Random(7).randbytes(3_000)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def data_box(text: bytes, form: int = 1) -> bytes:
    return box(b"data", struct.pack(">II", form, 0), text)


FTYP = box(b"ftyp", b"isom\0\0\2\0isommp41")
MDAT = box(b"mdat", NOISE)
HANDLER = box(b"hdlr", bytes(8), b"mdir", bytes(13))


def make_mp4(*parts: bytes) -> bytes:
    return FTYP + MDAT + box(b"moov", *parts)


def in_ilst(*entries: bytes) -> bytes:
    return box(b"udta", box(b"meta", bytes(4), HANDLER, box(b"ilst", *entries)))


def quicktime(kind: bytes, text: bytes) -> bytes:
    return box(kind, struct.pack(">HH", len(text), 0), text)


def make_riff(*chunks: bytes) -> bytes:
    body = b"AVI " + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def ebml(mark: str, *parts: bytes, unknown: bool = False) -> bytes:
    body = b"".join(parts)
    length = b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", len(body) | 1 << 56)
    return bytes.fromhex(mark) + length + body


def make_matroska(*parts: bytes, unknown: bool = False) -> bytes:
    head = ebml("1a45dfa3", ebml("4282", b"matroska"))
    return head + ebml("18538067", *parts, unknown=unknown)


def sei(text: bytes) -> bytes:
    payload = bytes(range(16)) + text
    return b"\0\0\0\1\x67\x64\0\x1f\0\0\1\x06\x05" + bytes([len(payload)]) + payload + b"\x80"


def in_packets(stream: bytes) -> bytes:
    pieces = [stream[at : at + 184] for at in range(0, len(stream), 184)]
    packets = [b"G\x41\0\x10" + piece.ljust(184, b"\xff") for piece in pieces]
    return b"".join([*packets, *[b"G\x1f\xff\x10" + b"\xff" * 184] * 3])


def asf(title: str) -> bytes:
    text = title.encode("utf-16-le")
    mark = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
    body = struct.pack("<5H", len(text), 0, 0, 0, 0) + text
    start = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    return start + bytes(14) + mark + struct.pack("<Q", len(body) + 24) + body


T = TOKEN.encode()
XMP = b'<rdf:RDF><rdf:li xml:lang="x-default">%s</rdf:li></rdf:RDF>' % T
VIDEOS = {
    "iTunes title": make_mp4(in_ilst(box(b"\xa9nam", data_box(T)))),
    "iTunes comment in UTF-16": make_mp4(
        in_ilst(box(b"\xa9cmt", data_box(TOKEN.encode("utf-16-be"), 2)))
    ),
    "an entry with a name of its own": make_mp4(
        in_ilst(box(b"----", box(b"name", bytes(4), b"patient"), data_box(T)))
    ),
    "numbered keys": make_mp4(
        box(
            b"meta",
            HANDLER,
            box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", b"com.clinic.patient")),
            box(b"ilst", box(struct.pack(">I", 1), data_box(T))),
        )
    ),
    "QuickTime": make_mp4(box(b"udta", quicktime(b"\xa9nam", T))),
    "3GPP": make_mp4(box(b"udta", box(b"titl", bytes(4), b"\x15\xc7", T, b"\0"))),
    "XMP": FTYP + box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), XMP) + MDAT,
    "name of a track": make_mp4(
        box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(12), T, b"\0")))
    ),
    "a box of 64 bits": FTYP
    + struct.pack(">I4sQ", 1, b"mdat", 16 + len(NOISE))
    + NOISE
    + box(b"moov", in_ilst(box(b"\xa9nam", data_box(T)))),
    "cut in the pictures": FTYP
    + struct.pack(">I4s", 10**8, b"mdat")
    + NOISE
    + box(b"moov", in_ilst(box(b"\xa9nam", data_box(T)))),
    "AVI": make_riff(chunk(b"LIST", b"movi" + NOISE), chunk(b"LIST", b"INFO" + chunk(b"INAM", T))),
    "AVI comment": make_riff(chunk(b"LIST", b"INFO" + chunk(b"ICMT", T))),
    "Matroska title": make_matroska(ebml("1549a966", ebml("7ba9", T))),
    "Matroska tag": make_matroska(
        ebml("1f43b675", NOISE),
        ebml("1254c367", ebml("7373", ebml("67c8", ebml("45a3", b"PATIENT"), ebml("4487", T)))),
    ),
    "WebM of unknown length": make_matroska(ebml("1549a966", ebml("7ba9", T)), unknown=True),
    "MPEG user data": b"\0\0\1\xb3" + NOISE[:40] + b"\0\0\1\xb2" + T + b"\0\0\1\0" + NOISE,
    "message of H.264": sei(T) + NOISE,
    "in transport packets": in_packets(b"\0\0\1\xb3" + b"\x11" * 160 + b"\0\0\1\xb2%s\0\0\1\0" % T),
    "message in MP4": FTYP + box(b"mdat", NOISE[:9], struct.pack(">I", 60), sei(T)[11:], NOISE),
    "ASF": asf(TOKEN),
}  # fmt: skip
ORDINARY = {
    "MP4": make_mp4(
        box(b"mvhd", bytes(100)),
        in_ilst(box(b"\xa9too", data_box(b"Lavf58.76.100"))),
        box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(12), b"VideoHandler\0"))),
    ),
    "x264": sei(b"x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec - options: a=1") + NOISE,
    "AVI": make_riff(
        chunk(b"LIST", b"INFO" + chunk(b"ISFT", b"Lavf58")), chunk(b"LIST", b"movi" + NOISE)
    ),
    "Matroska": make_matroska(
        ebml("1549a966", ebml("4d80", b"libebml v1.4.2"), ebml("5741", b"mkvmerge v60")),
        ebml("1f43b675", NOISE),
    ),
    "noise": b"\0\0\1\xb3" + random.Random(3).randbytes(400_000),
}  # fmt: skip
HOSTILE = {
    "a million boxes": FTYP + box(b"free") * 1_000_000,
    "boxes inside each other": FTYP + b"".join(
        struct.pack(">I4s", 8 * (200_000 - depth), b"moov") for depth in range(200_000)
    ),
    "a box of no length": FTYP + struct.pack(">I4s", 3, b"moov") + b"x" * 1_000,
    "a length that lies": FTYP + struct.pack(">I4s", 0xFFFFFFF0, b"moov") + NOISE,
    "a million chunks": make_riff(chunk(b"JUNK", b"") * 1_000_000),
    "lists inside each other": b"RIFF\xff\xff\xff\x7fAVI " + b"LIST\xff\xff\xff\x7fINFO" * 300_000,
    "a million elements": make_matroska(b"\xec\x80" * 1_000_000),
    "elements inside each other": make_matroska() + b"\x18\x53\x80\x67\x08\xff" * 200_000,
    "a million marks": b"\0\0\1\xb3" + b"\0\0\1\xb2" * 1_000_000,
    "a million messages": b"\0\0\0\1\x67" + b"\0\0\1\x06\x05\xff\xff" * 500_000,
    "many keys": make_mp4(box(b"keys", bytes(8), b"\0\0\0\1mdta" * 500_000)),
    "ASF without end": asf("x") + bytes(16) + struct.pack("<Q", 24) * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", VIDEOS)
def test_words_beside_the_pictures_are_found(kind: str) -> None:
    assert TOKEN in " ".join(text for _, text in movies.read(VIDEOS[kind]))


@pytest.mark.parametrize("kind", VIDEOS)
def test_a_video_on_the_disc_says_that_its_pictures_were_not_looked_at(kind: str) -> None:
    report = inspect([Entry("clip", [VIDEOS[kind]])])
    (record,) = report.files
    assert record.kind is Kind.IMAGE
    assert record.notes == (Note.PICTURE_NOT_LOOKED_AT,)
    assert any(TOKEN in value for finding in report.findings for value in finding.values)


@pytest.mark.parametrize("kind", ORDINARY)
def test_what_encoders_write_is_passed_over(kind: str) -> None:
    assert list(movies.read(ORDINARY[kind])) == []


@pytest.mark.parametrize("kind", ["iTunes comment in UTF-16", "MPEG user data", "message of H.264"])
def test_words_in_a_scan_that_is_a_video_are_found(kind: str) -> None:
    video = VIDEOS[kind]
    video += b"\0" * (len(video) % 2)
    item = b"\xfe\xff\x00\xe0"
    pixels = item + bytes(4) + item + struct.pack("<I", len(video)) + video
    data = make_scan(syntax="1.2.840.10008.1.2.4.102", private=None, PixelData=None)
    data += b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + pixels + b"\xfe\xff\xdd\xe0" + bytes(4)
    report = inspect([Entry("IM1", [data])])
    assert any(TOKEN in value for finding in report.findings for value in finding.values)


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_built_to_take_for_ever_ends(kind: str) -> None:
    data = HOSTILE[kind]
    assert len(list(documents.read(documents.sniff("clip", data), data))) < 1_000


def test_a_place_on_the_map_is_one() -> None:
    data = make_mp4(box(b"udta", quicktime(b"\xa9xyz", b"+48.2082+016.3738/")))
    assert list(movies.read(data)) == [("video GPS position", "48.208200, 16.373800")]


def test_the_day_of_a_video_is_read() -> None:
    seconds = struct.pack(">I", 3_800_000_000)
    data = make_mp4(box(b"mvhd", bytes(4), seconds, bytes(92)))
    assert ("video date", "2024-05-31 11:33:20") in list(movies.read(data))
