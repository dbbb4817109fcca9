"""The door: an upload's files that hold pictures go in, what stands in the pictures comes out.

It runs in a process of its own (``scans.isolation``), and knows nothing of whose scans they
are: it gives every line of writing with its box, and what the lines mean is judged where the
headers are known. Importing this loads the models, or raises ``ImportError`` where what it
needs is not installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans.findings import Box, Kind, Shows, Thumbnail
from companion.scans.pictures import Looked, Seen, Words, colours, files, reading, thumbnails
from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.stored import StoredPicture, stored_pictures
from companion.scans.pictures.window import Shown


@dataclass(slots=True)
class _File:
    """How much of one file was looked at."""

    name: str = field(repr=False)
    frames: int = 0
    looked_at: int = 0
    why_not: str = ""


class Looker:
    """Looks at the pictures of one upload, file by file."""

    def __init__(self) -> None:
        self._seen: list[Seen] = []
        self._words: list[Words] = []
        self._thumbnails: list[Thumbnail] = []

    def take(self, name: str, data: bytes, kind: Kind) -> None:
        """Look at one file's pictures. Never raises for what the data hold."""
        file = _File(name)
        for picture in _pictures(data, kind):
            for frame in range(picture.frames):
                file.frames += 1
                try:
                    shown = picture.shown(frame)
                except UndecodedError as error:
                    file.why_not = error.why
                    continue
                file.looked_at += 1
                self._read(name, frame, shown)
        if file.frames:
            self._seen.append(Seen(name, file.frames, file.looked_at, file.why_not))

    def finish(self) -> Looked:
        """All that was seen. Nothing more can be taken."""
        return Looked(tuple(self._seen), tuple(self._words), (), tuple(self._thumbnails))

    def _read(self, name: str, frame: int, shown: Shown) -> None:
        boxes = []
        for writing in reading.read(shown):
            line = writing.line
            box = Box(
                name, frame, line.left, line.top, line.right - line.left, line.bottom - line.top
            )
            boxes.append(box)
            self._words.append(Words(box, writing.letters, writing.text, line.score))
        shows = Shows.WORDS if boxes else Shows.SERIES
        self._thumbnails.append(thumbnails.thumbnail(shown, shows, name, frame, tuple(boxes)))


class _Scan:
    """A picture of a DICOM file."""

    def __init__(self, stored: StoredPicture) -> None:
        self._stored = stored
        self.frames = stored.frames

    def shown(self, frame: int) -> Shown:
        return colours.shown(self._stored, decode(self._stored, frame))


def _pictures(data: bytes, kind: Kind) -> Iterator[_Scan | files.Picture]:
    if kind is Kind.DICOM:
        for one in stored_pictures(data):
            if isinstance(one, StoredPicture):
                yield _Scan(one)
            else:
                yield from files.pictures(one.data)
    else:
        yield from files.pictures(data)
