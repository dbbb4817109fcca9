"""Words between the pictures of a video stream: MPEG user data, H.264 and H.265 messages.

ISO/IEC 13818-2, 6.2.2.2 (user data); ISO/IEC 14496-10, D.1.7, and 23008-2, D.2.7 (user data
that is not registered); ISO/IEC 13818-1 (transport packets, which cut a stream in pieces).
Only the marks are looked for; nothing is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion import signatures
from companion.scans.formats.strings import is_text, legible_runs

MOST = 200
"""Different texts that are taken of one stream."""
MOST_MARKS = 20_000
"""Marks that are looked at in one stream."""
MAX_STREAM = 32 * 1024 * 1024
"""Bytes that are searched of one stream."""
_USER_DATA = b"\0\0\1\xb2"
_LONGEST = 4_096
_MESSAGE = re.compile(rb"\x00\x00(?:\x01|[\x00-\x0f].)(?:\x06|\x4e\x01)\x05", re.DOTALL)
"""A message, behind a start code or behind its length as in MP4."""
_CODERS = (b"x264 - core", b"x265 (build", b"Lavc", b"NVENC", b"Zencoder")
"""How encoders' own settings begin."""
_UUID = 16
_PACKET = 188


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """Each different text, once."""
    stream = _unpacked(data[:MAX_STREAM])
    seen: set[str] = set()
    for raw in (*_user_data(stream), *_messages(stream)):
        if raw.startswith(_CODERS):
            continue
        texts = [raw.decode().strip("\0 \r\n")] if is_text(raw) else legible_runs(raw)
        for text in texts:
            if len(text) >= 4 and text not in seen and len(seen) < MOST:
                seen.add(text)
                yield "text in a video stream", text


def _user_data(stream: bytes) -> Iterator[bytes]:
    at = stream.find(_USER_DATA)
    for _ in range(MOST_MARKS):
        if at < 0:
            return
        end = stream.find(b"\0\0\1", at + 4, at + _LONGEST)
        yield stream[at + 4 : end if end >= 0 else at + _LONGEST].rstrip(b"\0")
        at = stream.find(_USER_DATA, at + 4)


def _messages(stream: bytes) -> Iterator[bytes]:
    """The text of each message of user data, where all of it is text."""
    for number, found in enumerate(_MESSAGE.finditer(stream)):
        if number == MOST_MARKS:
            return
        at, size = found.end(), 0
        while at < len(stream) and stream[at] == 0xFF and size < _LONGEST:
            size += 255
            at += 1
        size += stream[at] if at < len(stream) else 0
        # Bytes that would look like a start code have a 3 put between them.
        body = stream[at + 1 : at + 1 + size + size // 64 + 2].replace(b"\0\0\3", b"\0\0")
        text = body[_UUID:size].rstrip(b"\0\x80")
        if len(text) >= 4 and is_text(text):
            yield text


def _unpacked(data: bytes) -> bytes:
    """A stream without the heads of its transport packets, one programme part after another."""
    if not signatures.MPEG_TRANSPORT.fits(data):
        return data
    parts: dict[int, list[bytes]] = {}
    for at in range(0, len(data) - _PACKET + 1, _PACKET):
        if data[at] != 0x47:
            break
        part = (data[at + 1] & 0x1F) << 8 | data[at + 2]
        start = at + 4
        if data[at + 3] & 0x20:  # an adaptation field stands before what is carried
            start += 1 + data[at + 4]
        parts.setdefault(part, []).append(data[start : at + _PACKET])
    return b"".join(piece for part in parts.values() for piece in part)
