"""Code streams without what is no picture in them: comments, camera data, what follows the end.

A compressed frame can carry text that no viewer shows. The samples that a decoder makes of it
stay the same, bit for bit. No numpy, and nothing is decoded.

Sources: ITU-T T.81 B.1.1 and B.2.4 (JPEG), T.87 (JPEG-LS), T.800 A.3, A.4.2, A.9.2 and I.4 to
I.5.4 (JPEG 2000).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

MOST_SEGMENTS = 10_000
_START, _END = b"\xff\xd8", b"\xff\xd9"
_APPLICATION = range(0xE0, 0xF0)
_COMMENT = 0xFE
_SCAN = 0xDA
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that ends the coded data of a JPEG: neither a stuffed byte nor a restart."""
_AFTER_SCAN_LS = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")
"""The same in JPEG-LS, which stuffs a bit."""
_LOSSLESS_LS = 0xF7
_JFIF = b"JFIF\0"
_ADOBE = b"Adobe"
_COLOURS_LS = b"mrfx"
"""How a JPEG-LS stream says that its colours were mixed."""
_BOXES = b"\0\0\0\x0cjP  \r\n\x87\n"
_HEADER_BOX, _STREAM_BOX = b"jp2h", b"jp2c"
_AS_THEY_ARE = frozenset({b"ihdr", b"bpcc", b"colr", b"res "})
"""Boxes of a header that leave the samples as they are: a palette, or another order of the
channels, would be lost with its box."""
_SIZ, _COM, _TILE, _DATA, _END_2000 = 0xFF51, 0xFF64, 0xFF90, 0xFF93, b"\xff\xd9"


def bare_jpeg(data: bytes) -> bytes | None:
    """A JPEG or JPEG-LS stream with only what decoders need; None where it makes no sense."""
    at = data.find(_START, 0, 256)
    if at < 0:
        return None
    at += 2
    kept = [_START]
    after_scan = _AFTER_SCAN
    for _ in range(MOST_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at : at + 2] == _END:
            return b"".join([*kept, _END])
        if at + 4 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _NO_LENGTH:
            kept.append(data[at : at + 2])
            at += 2
            continue
        end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        if end > len(data):
            return None
        kept.append(_needed(marker, data[at:end]))
        if marker == _LOSSLESS_LS:
            after_scan = _AFTER_SCAN_LS
        if marker == _SCAN:
            match = after_scan.search(data, end)
            if match is None:
                return b"".join([*kept, data[end:].rstrip(b"\0"), _END])
            kept.append(data[end : match.start()])
            end = match.start()
        at = end
    return None


def _needed(marker: int, segment: bytes) -> bytes:
    """What a decoder needs of a segment: nothing of a comment, and of an application's only
    what says which colours the samples are."""
    if marker == _COMMENT:
        return b""
    if marker not in _APPLICATION:
        return segment
    body = segment[4:]
    if body.startswith(_JFIF) and len(body) >= 14:
        return segment[:2] + b"\x00\x10" + body[:12] + b"\0\0"  # without its small picture
    if body.startswith(_ADOBE) and len(body) >= 12:
        return segment[:2] + b"\x00\x0e" + body[:12]
    if body.startswith(_COLOURS_LS) and len(body) >= 5:
        return segment[:2] + b"\x00\x07" + body[:5]
    return b""


def bare_jpeg_2000(data: bytes) -> bytes | None:
    """A bare JPEG 2000 or HTJ2K code stream whose comments are zeros; None where it makes no
    sense. It is taken out of the boxes of a file, which do not belong here (PS3.5 A.4.4).

    Comments keep their length: the lengths of tiles, and tables of them, stay true.
    """
    if data.startswith(_BOXES):
        data = _out_of_boxes(data)
    if not data.startswith(b"\xff\x4f\xff\x51"):
        return None
    stream = bytearray(data)
    at, tile_end = 2, 0
    for _ in range(MOST_SEGMENTS):
        if stream[at : at + 2] == _END_2000:
            return bytes(stream[: at + 2])
        if at + 4 > len(stream):
            return None
        marker, length = struct.unpack_from(">HH", stream, at)
        if marker == _TILE and length == 10 and at + 12 <= len(stream):
            size = int.from_bytes(stream[at + 6 : at + 10], "big")
            # A length of 0 means: up to the end of the code stream (A.4.2).
            tile_end = at + size if size else stream.rfind(_END_2000)
            at += 12
        elif marker == _DATA:
            if not at < tile_end <= len(stream):
                return None
            if tile_end == len(stream):
                return bytes(stream)  # the mark of the end is missing
            at = tile_end
        elif marker >> 8 == 0xFF and length >= 2 and at + 2 + length <= len(stream):
            if marker == _COM and length > 4:
                # Registered as binary (0), so that no viewer shows zeros as text.
                stream[at + 4 : at + 2 + length] = bytes(length - 2)
            at += 2 + length
        else:
            return None
    return None


def _out_of_boxes(data: bytes) -> bytes:
    """The code stream in the boxes of a file; empty where its samples mean nothing without them."""
    for name, body, end in _boxes(data, 0, len(data)):
        if name == _HEADER_BOX and not _AS_THEY_ARE.issuperset(
            inner for inner, _, _ in _boxes(data, body, end)
        ):
            break
        if name == _STREAM_BOX:
            return data[body:end]
    return b""


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box from there on: its name, where its content starts, and where it ends."""
    for _ in range(MOST_SEGMENTS):
        if at + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if length == 1:  # in the eight bytes that follow
            length, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        following = at + length if length else end
        if not body <= following <= end:
            return
        yield name, body, following
        at = following
