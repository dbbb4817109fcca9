"""Compressed pixel data, fragment by fragment: what is written beside the pixels.

A frame may be cut into fragments anywhere (PS3.5, A.4), so its header is put together
first. Nothing is decoded: the segments that can hold words are taken out, and
what follows the end of a picture is handed to the caller to be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.dicom.structure import FRAGMENT_HEAD
from companion.scans.formats import movies
from companion.signatures import JP2, JPEG_2000

MOST_HEADER = 1_000_000
"""Bytes up to which the end of a picture's header is waited for."""
MOST_WORDS = 200_000
"""Bytes of segments that can hold words, comments apart, of one picture."""
MOST_SEGMENTS = 2_000
"""Segments of one picture's header."""
MOST_SEGMENTS_OF_ALL = 200_000
MOST_VIDEO = 4 * 1024 * 1024
"""Bytes that are kept of one video, to be searched as a file is."""
MOST_VIDEO_END = 1024 * 1024
_FIRST = 2_048
"""Bytes in which the header of most pictures ends."""
_START, _START_2000, _END = b"\xff\xd8", b"\xff\x4f", b"\xff\xd9"
"""Markers of JPEG and of JPEG 2000, and the end of both."""
_COMMENT, _COMMENT_2000 = 0xFE, 0x64
_LAST = frozenset({0xDA, 0xD9, 0x90, 0x93})
"""Markers at which the header ends: scan, end; tile-part, data."""
_NOT_FILL = re.compile(rb"[^\xff]")
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG that no length follows."""


class Codestreams:
    """The pictures in one sequence of fragments."""

    def __init__(self) -> None:
        self.unfinished = False
        """Whether a part of a header was not held, or was too long to be looked at."""
        self._header: _Header | None = None
        self._video = bytearray()
        self._open = False
        self._segments = 0

    def take(self, data: bytes, start: int, held: int, end: int) -> Iterator[bytes]:
        """One fragment, of which a gap begins at ``held`` unless that is its ``end``.

        Yields small pictures of the same kind that hold only what can be words.
        """
        if self._takes_video(data, start, held, end):
            return
        head = bytes(data[start : min(held, start + 12)])
        if head.startswith(_START) or JPEG_2000.fits(head) or JP2.fits(head):
            yield from self.rest()
            self._open = True
            if self._segments < MOST_SEGMENTS_OF_ALL:
                self._header = _Header(head)
            else:
                self.unfinished = True
        header = self._header
        if header is None:
            return
        piece = _FIRST
        while not header.whole and start < held and header.length < MOST_HEADER:
            header.add(data[start : min(held, start + piece)])
            start, piece = start + piece, FRAGMENT_HEAD
        if not header.whole and (held < end or header.length >= MOST_HEADER):
            self.unfinished = True
            yield from self.rest()
        elif header.whole:
            yield from self.rest()

    def rest(self) -> Iterator[bytes]:
        """The words of a header that is complete, or that nothing more will complete."""
        header, self._header = self._header, None
        if self._video:
            video, self._video = bytes(self._video), bytearray()
            yield video
        if header is not None:
            self._segments += header.segments
            self.unfinished = self.unfinished or header.overfull
            if words := header.words():
                yield words

    def _takes_video(self, data: bytes, start: int, held: int, end: int) -> bool:
        """Whether a fragment is of a video, which may go on over fragments; keeps its ends.

        Titles stand at the beginning of a video, or at its end behind the pictures.
        """
        begins = not self._video and not self._open and self._header is None
        if not self._video and not (begins and movies.is_movie(bytes(data[start : start + 600]))):
            return False
        room = MOST_VIDEO - len(self._video)
        if held < end or held - start <= room:
            self._video += data[start : min(held, start + room)]
            self._video += data[held:end]
        else:
            self._video += data[start : start + room // 2]
            self._video += data[max(start + room // 2, held - MOST_VIDEO_END) : held]
        return True

    def surplus(self, data: bytes, start: int, end: int) -> bytes:
        """What follows the end of the picture in the held end of a fragment."""
        if not self._open:
            return b""
        at = data.rfind(_END, start, end)
        if at < 0:
            return b""
        self._open = False
        return bytes(data[at + 2 : end]).strip(b"\0\xff")


class _Header:
    """The beginning of one picture, as its fragments come in; each byte is read once."""

    def __init__(self, beginning: bytes) -> None:
        self.whole = False
        self.length = 0
        self.overfull = False
        self.segments = 0
        self._data = bytearray()
        self._at = 2
        self._parts: list[bytes] = []
        self._size = 0
        self._boxes = JP2.fits(beginning)
        self._wavelets = JPEG_2000.fits(beginning)

    def add(self, piece: bytes) -> None:
        """Take in more of the header; ``whole`` is set where it ends."""
        self.length += len(piece)
        before = len(self._data)
        self._data += piece
        if self._boxes:
            self.whole = self._data.find(b"jp2c", max(0, before - 3)) >= 0
            return
        while not self.whole and self._at + 2 <= len(self._data):
            if self._data[self._at] != 0xFF:
                self.whole = True  # no header of this kind: nothing more to wait for
            elif (marker := self._data[self._at + 1]) == 0xFF:
                found = _NOT_FILL.search(self._data, self._at + 1)
                self._at = found.start() - 1 if found else len(self._data) - 1
            elif marker in _LAST:
                self.whole = True
            elif marker in _ALONE and not self._wavelets:
                self._at += 2
            elif not self._segment(marker):
                return

    def words(self) -> bytes:
        """A picture of the segments that can hold words, the last may be cut short."""
        if self._boxes:
            return bytes(self._data)
        if not self.whole and self._at + 4 < len(self._data):
            marker = self._data[self._at + 1]
            self._keep(marker, bytes(self._data[self._at + 4 : self._at + 65_000]))
        start = _START_2000 if self._wavelets else _START
        return b"".join([start, *self._parts, _END]) if self._parts else b""

    def _segment(self, marker: int) -> bool:
        """Take one segment out, if it is there as a whole."""
        length = max(2, int.from_bytes(self._data[self._at + 2 : self._at + 4], "big"))
        if self._at + 2 + length > len(self._data):
            return False
        self._keep(marker, bytes(self._data[self._at + 4 : self._at + 2 + length]))
        self._at += 2 + length
        self.segments += 1
        if self.segments == MOST_SEGMENTS:
            self.whole = self.overfull = True
        return True

    def _keep(self, marker: int, body: bytes) -> None:
        if self._wavelets:
            holds_words = marker == _COMMENT_2000
        else:
            usual = body.startswith((b"JFIF\0", b"JFXX\0", b"Adobe", b"SPIFF\0"))
            holds_words = marker == _COMMENT or (0xE0 <= marker <= 0xEF and not usual)
        if not holds_words:
            return
        comment = marker in (_COMMENT, _COMMENT_2000)
        self._size += 0 if comment else len(body)
        if not comment and self._size > MOST_WORDS:
            self.overfull = True
            return
        self._parts.append(bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body)
