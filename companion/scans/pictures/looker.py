"""The door: an upload's files that hold pictures go in, what stands in the pictures comes out.

It runs in a process of its own (``scans.isolation``), and knows nothing of whose scans they
are: it gives every line of writing with its box, and what the lines mean is judged where the
headers are known. Importing this loads the models, or raises ``ImportError`` where what it
needs is not installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice

from companion.scans.findings import Box, Kind, Shows, Thumbnail
from companion.scans.pictures import (
    MOST_LEFT_OUT,
    Letters,
    Looked,
    Seen,
    Words,
    codes,
    colours,
    files,
    heads,
    reading,
    thumbnails,
)
from companion.scans.pictures.decode import UndecodedError, WhyNot, decode
from companion.scans.pictures.decoder import HERE, Decoder
from companion.scans.pictures.frames import (
    MOST_KEPT,
    MOST_SERIES,
    READ_OF_SERIES,
    Series,
    Shot,
)
from companion.scans.pictures.kinds import carries_words, is_cine, series_of
from companion.scans.pictures.prefilter import may_hold_writing
from companion.scans.pictures.reading import Writing
from companion.scans.pictures.stored import StoredPicture, stored_pictures
from companion.scans.pictures.volume import Gatherer, Slices
from companion.scans.pictures.window import Shown, in_grey

MOST_READ = 600
"""Frames that are read of one upload."""
READING_SECONDS = 300.0
"""Processor time for reading all of them."""
FILE_SECONDS, FINISH_SECONDS = 12.0, 15.0
"""Processor time for one file's frames, and for those that are read at the end."""
MOST_WORDS = 20_000
MOST_PICTURED = 40
"""Small pictures of frames with words, and as many again of series without."""
MOST_PICTURED_OF_SERIES = 2
_MOST_KNOWN = 20_000
"""Frames that are recognised when they come again."""
_Place = tuple[str, int, str]
"""A file, the number of one of its frames, and the series of the picture that it is a frame of:
a file may hold several."""


@dataclass(slots=True)
class _File:
    """How much of one file was looked at."""

    name: str = field(repr=False)
    began: float
    frames: int = 0
    looked_at: int = 0
    why_not: str = ""
    series: str = ""
    """Of its own picture."""
    left_out: tuple[int, ...] = ()
    """Of the frames of that picture."""

    def is_late(self, now: float) -> bool:
        """Whether its time is over, at so many seconds of processor time."""
        return now - self.began > FILE_SECONDS


class Looker:
    """Looks at the pictures of one upload, file by file."""

    def __init__(self, decoder: Decoder = HERE) -> None:
        """``decoder`` calls those of compressed pictures."""
        self._decoder = decoder
        self._files: dict[str, _File] = {}
        self._words: list[Words] = []
        self._thumbnails: list[Thumbnail] = []
        self._series: dict[str, Series] = {}
        self._pictured: dict[str, int] = {}
        self._known: dict[bytes, _Place] = {}
        """Frames that were looked at, by their pixels."""
        self._again: list[tuple[_Place, _Place]] = []
        """Frames that were looked at, and others that are the same."""
        self._gatherer = Gatherer()
        self.readings = 0
        """Frames that were read so far, which takes a hundred times as long as the rest."""
        self._reading_seconds = 0.0

    def take(self, name: str, data: bytes, kind: Kind) -> None:
        """Look at one file's pictures. Never raises for what the data hold.

        ``name`` comes back in what was found; a part of a file may come under the same one.
        """
        file = self._files.setdefault(name, _File(name, 0))
        file.began = self._now()
        slices = Slices(self._gatherer, name, data)
        for picture in pictures_in(data, kind, slices, self._decoder):
            self._look(file, picture)
        slices.end()

    def finish(self) -> Looked:
        """All that was seen. Nothing more can be taken."""
        began = time.process_time()
        for key, series in self._series.items():
            middle = series.middle()
            for shot in (series.last, middle):
                if time.process_time() - began > FINISH_SECONDS:
                    break  # the pre-filter has looked at them
                if shot is not None and shot.file in self._files:
                    self._read_shot(self._files[shot.file], key, series, shot, counted=True)
            if middle is not None and not self._pictured.get(key):
                self._picture(key, Shows.SERIES, middle)
        self._add_words_again()
        seen = tuple(
            Seen(file.name, file.frames, file.looked_at, file.why_not, file.series, file.left_out)
            for file in self._files.values()
            if file.frames
        )
        volumes, views = heads.judged(self._gatherer)
        return Looked(seen, tuple(self._words), volumes, (*self._thumbnails, *views))

    def _now(self) -> float:
        """Seconds of processor time, those of decoding elsewhere among them."""
        return time.process_time() + self._decoder.seconds

    def _look(self, file: _File, picture: _Picture) -> None:
        """Look at the frames of one picture; those of a picture inside another file are
        counted only where they could not be looked at."""
        key = picture.series(file.name)
        series = self._series.get(key, Series())
        if len(self._series) < MOST_SERIES:
            self._series[key] = series
        counts = not picture.nested or not file.frames
        if counts:
            file.frames += picture.frames
        looked_at = set(self._frames_looked_at(file, key, series, picture))
        file.looked_at += counts * len(looked_at)
        if picture.own:
            missed = (frame for frame in range(picture.frames) if frame not in looked_at)
            file.series, file.left_out = key, tuple(islice(missed, MOST_LEFT_OUT))

    def _frames_looked_at(
        self, file: _File, key: str, series: Series, picture: _Picture
    ) -> Iterator[int]:
        for frame in picture.order():
            if file.is_late(self._now()):
                file.why_not = WhyNot.TIME
                return
            try:
                shown = picture.shown(frame)
            except UndecodedError as error:
                file.why_not = error.why
                if error.why in (WhyNot.VIDEO, WhyNot.SYNTAX, WhyNot.SIZE):
                    return  # all its frames are alike
                continue
            if self._look_at(file, key, series, Shot(file.name, frame, shown), picture):
                yield frame

    def _look_at(
        self, file: _File, key: str, series: Series, shot: Shot, picture: _Picture
    ) -> bool:
        """Read a frame, or tell that it need not be read; whether it was looked at."""
        digest = blake2b(shot.shown.tobytes(), digest_size=16).digest()
        if digest in self._known:
            if len(self._again) < _MOST_KNOWN:
                self._again.append((self._known[digest], (shot.file, shot.frame, key)))
            return True
        is_looked_at = self._look_at_new(file, key, series, shot, picture)
        if is_looked_at and len(self._known) < _MOST_KNOWN:
            self._known[digest] = (shot.file, shot.frame, key)
        return is_looked_at

    def _look_at_new(
        self, file: _File, key: str, series: Series, shot: Shot, picture: _Picture
    ) -> bool:
        """The same of a frame that is not known."""
        at_once = series.is_read_at_once(shot, usual=picture.usual)
        again, rest = series.repeated.recognise(in_grey(shot.shown))
        if (not again and at_once) or may_hold_writing(rest, large=picture.usual):
            series.drop_read()
            return self._read_shot(file, key, series, shot)
        self._add_words(key, shot, again)
        series.keep(shot)
        if sum(one.kept for one in self._series.values()) > MOST_KEPT:
            series.middles.clear()
            series.last = None
        return True

    def _read_shot(
        self, file: _File, key: str, series: Series, shot: Shot, *, counted: bool = False
    ) -> bool:
        """Read a frame's words; ``counted`` where the pre-filter has looked at it already."""
        if self.readings >= MOST_READ or self._reading_seconds > READING_SECONDS:
            why = WhyNot.TIME
        elif series.read >= READ_OF_SERIES or len(self._words) >= MOST_WORDS:
            why = WhyNot.MANY
        else:
            self.readings += 1
            series.read += 1
            began = time.process_time()
            found = reading.read(shot.shown)
            spent = time.process_time() - began
            self._reading_seconds += spent
            if spent > reading.SECONDS / 2:
                file.why_not = WhyNot.TIME  # its last lines, or the second pass, were left out
            series.repeated.learn(in_grey(shot.shown), found)
            boxes = (*self._add_words(key, shot, found), *self._add_codes(key, shot))
            if boxes:
                self._picture(key, Shows.WORDS, shot, boxes)
            elif series.count == 1 and not self._pictured.get(key):
                series.middles.append((1, shot))  # the series may have no other frame
            return True
        if not counted:
            file.why_not = why
        return counted

    def _add_words(self, key: str, shot: Shot, found: list[Writing]) -> tuple[Box, ...]:
        boxes = []
        rows, columns = shot.shown.shape[:2]
        for writing in found[: MOST_WORDS - len(self._words)]:
            line = writing.line
            across, down = line.right - line.left, line.bottom - line.top
            box = Box(shot.file, shot.frame, line.left, line.top, across, down)
            boxes.append(box)
            self._words.append(
                Words(box, writing.letters, writing.text, line.score, key, rows, columns)
            )
        return tuple(boxes)

    def _add_codes(self, key: str, shot: Shot) -> tuple[Box, ...]:
        """Bar codes and QR codes, each with what it says."""
        boxes = []
        rows, columns = shot.shown.shape[:2]
        for code in codes.read(in_grey(shot.shown)):
            across, down = code.right - code.left, code.bottom - code.top
            box = Box(shot.file, shot.frame, code.left, code.top, across, down)
            boxes.append(box)
            self._words.append(Words(box, Letters.CODE, code.text, 1.0, key, rows, columns))
        return tuple(boxes)

    def _add_words_again(self) -> None:
        """Give frames that are the same as another what was read there, at the end."""
        read: dict[_Place, list[Words]] = {first: [] for first, _ in self._again}
        for word in self._words:
            if (place := (word.box.file, word.box.frame, word.series)) in read:
                read[place].append(word)
        for first, (file, frame, key) in self._again:
            for word in read[first][: MOST_WORDS - len(self._words)]:
                box = replace(word.box, file=file, frame=frame)
                self._words.append(replace(word, box=box, series=key))

    def _picture(self, key: str, shows: Shows, shot: Shot, boxes: tuple[Box, ...] = ()) -> None:
        if shows is Shows.SERIES and shot.shown.min() == shot.shown.max():
            return  # one tone, such as a mask's first frame, tells nobody which series is meant
        most = MOST_PICTURED if shows is Shows.WORDS else 2 * MOST_PICTURED
        if len(self._thumbnails) < most and self._pictured.get(key, 0) < MOST_PICTURED_OF_SERIES:
            self._pictured[key] = self._pictured.get(key, 0) + 1
            self._thumbnails.append(
                thumbnails.thumbnail(shot.shown, shows, shot.file, shot.frame, boxes)
            )


class _Scan:
    """A picture of a DICOM file."""

    def __init__(self, stored: StoredPicture, slices: Slices | None, decoder: Decoder) -> None:
        self._stored = stored
        self._decoder = decoder
        apart = stored.nested or stored.overlay or stored.cut
        self._slices = None if apart else slices
        self.frames = stored.frames
        self.nested = stored.nested
        self.own = not (stored.nested or stored.overlay)
        self.usual = carries_words(stored)

    def series(self, file: str) -> str:
        return series_of(self._stored, file)

    def shown(self, frame: int) -> Shown:
        samples = decode(self._stored, frame, self._decoder)
        if self._slices is not None:
            self._slices.take(frame, samples)
        return colours.shown(self._stored, samples)

    def order(self) -> Iterator[int]:
        """Its frames, the most telling first: of a film the first and the middle one."""
        if not is_cine(self._stored):
            yield from range(self.frames)
            return
        first = (0, self.frames // 2)
        yield from first
        yield from (frame for frame in range(self.frames) if frame not in first)


_Picture = _Scan | files.Picture | files.Wavelets


def pictures_in(
    data: bytes, kind: Kind, slices: Slices | None = None, decoder: Decoder = HERE
) -> Iterator[_Picture]:
    """The pictures in one file, not yet decoded; ``slices`` are given what is, of a scan."""
    if kind not in (Kind.DICOM, Kind.DICOMDIR):
        yield from files.pictures(data, decoder)
        return
    for one in stored_pictures(data):
        if isinstance(one, StoredPicture):
            yield _Scan(one, slices, decoder)
        else:
            yield from files.pictures(one.data, decoder)
