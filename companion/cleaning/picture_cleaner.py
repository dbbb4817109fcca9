"""The door to pictures: where words and faces are in a set, and each file's picture without them.

Every picture on which words were blacked is looked at once more before it goes out, and what is
seen then is blacked too; what can still be read after that withholds the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from companion.cleaning import data_sets
from companion.cleaning.faces.heads import Cut, Head
from companion.cleaning.faces.veil import UnveiledError
from companion.cleaning.pixels.blacking import black, blacked
from companion.cleaning.pixels.picture import own_picture, picture_of, write_back
from companion.cleaning.pixels.places import Area, Places, area_of, is_shape
from companion.cleaning.pixels.repainting import repainted
from companion.cleaning.pixels.tidying import SHARED, UntidyError
from companion.cleaning.shapes import Choice, Cleaned, FaceChoice, PictureDone, Reason, Source
from companion.cleaning.sources import files
from companion.scans.findings import Kind
from companion.scans.inspection import Examined
from companion.scans.limits import Limits
from companion.scans.offering import Look
from companion.scans.pictures import MOST_LEFT_OUT, Face, Looked, Seen
from companion.scans.pictures.decode import UndecodedError, WhyNot
from companion.scans.pictures.kinds import is_cine
from companion.scans.pictures.stored import StoredPicture

Samples = NDArray[np.generic]

LOOKS = 3
"""Times that one blacked picture is looked at, and blacked again where something is seen."""
MOST_BYTES = 512 * 1024 * 1024
"""Bytes of one file of a head."""
MOST_HEADS = 24
"""Series of one set from which a face is taken; those beyond keep theirs, and say so."""
_UNDECODED = frozenset({WhyNot.VIDEO, WhyNot.SYNTAX, WhyNot.SIZE, WhyNot.DAMAGED})
_ONE = 1
"""The number under which a file is handed over when it is looked at by itself."""


@dataclass(slots=True)
class _Plan:
    """What is to be done with the picture of one file."""

    areas: dict[int, tuple[Area, ...]]
    cut: Cut | None
    blank: tuple[int, ...]
    """Frames that nobody looked at, among others that somebody did: they become black, and are
    not decoded."""
    count: int = field(init=False)
    """Areas that are blacked."""

    def __post_init__(self) -> None:
        self.count = sum(map(len, self.areas.values()))

    @property
    def frames(self) -> frozenset[int]:
        cut = self.cut.veils if self.cut is not None else {}
        return frozenset({*self.areas, *cut, *self.blank})


class PixelCleaner:
    """Cleans the pictures of one set (``shapes.PictureCleaner``)."""

    def __init__(self, again: Callable[[], Look]) -> None:
        """``again`` gives what looks at one more file: as the set was looked at, anew each time."""
        self._again = again
        self._places = Places(Looked())
        self._blank: dict[str, tuple[int, ...]] = {}
        """Of each file that came to be looked at, the frames that were not."""
        self._cuts: dict[str, Cut] = {}
        self._seen_clean: set[bytes] = set()
        """Digests of the pictures that may go out."""

    def prepare(
        self, examined: Examined, sources: Mapping[str, Source], choice: Choice
    ) -> Mapping[str, Reason]:
        """Learn where words and faces are; see ``shapes.PictureCleaner``."""
        looked = examined.looked
        if looked is None:
            return {}
        self._places = Places(looked)
        self._blank = {one.file: _not_looked_at(one) for one in looked.seen if one.series}
        if choice.face is FaceChoice.WITHHOLD:
            self._learn_faces(looked, sources)
        reasons = {one.file: _reason(one) for one in looked.seen if one.series}
        return {file: reason for file, reason in reasons.items() if reason is not None}

    def covers(self, name: str, frames: int) -> bool:
        """Whether each frame was looked at, or becomes black; see ``shapes.PictureCleaner``."""
        blank = self._blank.get(name)
        return blank is not None and (not blank or len(blank) < frames)

    def clean(self, name: str, data_set: Dataset) -> PictureDone:
        """Black words and cut a face away, in place; see ``shapes.PictureCleaner``."""
        try:
            picture = picture_of(data_set)
            if picture is None:
                return PictureDone()
            return self._clean(name, data_set, picture)
        except (UndecodedError, UntidyError):
            return PictureDone(Reason.NOT_DECODED)
        except Exception:  # noqa: BLE001 - decoders raise anything, MemoryError among it
            return PictureDone(Reason.NOT_CLEANED)

    def prove(self, files: Sequence[Cleaned]) -> Mapping[str, Reason]:
        """Whether each file's picture is one that was looked at as it goes out."""
        return {
            file.name: Reason.WORDS_LEFT
            for file in files
            if _digest(own_picture(file.data)) not in self._seen_clean
        }

    def _learn_faces(self, looked: Looked, sources: Mapping[str, Source]) -> None:
        """Read the slices of heads once more, and work out what is cut from them."""
        faces = [one for one in looked.volumes if one.face is not Face.NO][:MOST_HEADS]
        heads = {f"{one.series}/": Head() for one in faces}
        wanted = {one.file: one.series for one in looked.seen if one.series in heads}
        if not wanted:
            return
        for file in files(sources.values(), Limits(), MOST_BYTES):
            series = wanted.get(file.name)
            if series is not None and file.data is not None:
                heads[series].take(file.name, file.data)
        for head in heads.values():
            try:
                cuts = head.cuts()
            except UnveiledError:
                continue  # the face stays, and the door withholds its slices
            if any(cut.veils for cut in cuts.values()):
                self._cuts |= cuts

    def _clean(self, name: str, data_set: Dataset, picture: StoredPicture) -> PictureDone:
        film = is_cine(picture)
        found = self._places.of(name, picture.rows, picture.columns, picture.frames, film=film)
        blank = self._blank.get(name, ()) if picture.frames > 1 else ()
        if blank and len(blank) >= picture.frames:
            return PictureDone(Reason.NOT_LOOKED_AT)
        plan = _Plan(dict(found), self._cuts.get(name), blank)
        for _ in range(LOOKS):
            _paint(data_set, picture, plan)
            seen = self._seen_again(data_set) if plan.areas else {}
            if seen is None:
                return PictureDone(Reason.NOT_LOOKED_AT)
            if not seen:
                self._seen_clean.add(_digest(picture_of(data_set)))
                # Of a series that lost its face, also slices on which there was nothing of it.
                return PictureDone(
                    blacked=plan.count,
                    blank=blank,
                    frames=picture.frames,
                    face_taken=plan.cut is not None,
                )
            plan = _Plan(_with(plan.areas, seen, picture, film=film), plan.cut, plan.blank)
        return PictureDone(Reason.WORDS_LEFT)

    def _seen_again(self, data_set: Dataset) -> dict[int, list[Area]] | None:
        """Words that are still seen, by frame; None where nobody looked."""
        look = self._again()
        look.data(_ONE, data_sets.written(data_set))
        look.take(_ONE, Kind.DICOM)
        looked = look.finish()
        if looked is None or not any(one.looked_at == one.frames for one in looked.seen):
            return None
        seen: dict[int, list[Area]] = {}
        for words in looked.words:
            if words.series.endswith("/") and not is_shape(words):
                area = area_of(words.box, words.rows, words.columns)
                seen.setdefault(words.box.frame, []).append(area)
        return seen


def _reason(seen: Seen) -> Reason | None:
    """Why a file may not go out by what was seen of it; None where it may."""
    if seen.looked_at == 0 and seen.why_not in _UNDECODED:
        return Reason.NOT_DECODED
    if seen.frames == 1 and not seen.looked_at and seen.why_not == WhyNot.MANY:
        return Reason.NOT_LOOKED_AT  # there may be writing on it, and it was one too many
    return None


def _not_looked_at(seen: Seen) -> tuple[int, ...]:
    """Frames of a file's own picture that nobody looked at, where somebody looked at others.

    Only the first of many are told one by one: then all that follow count as such.
    """
    if len(seen.left_out) < MOST_LEFT_OUT:
        return seen.left_out
    return (*seen.left_out, *range(seen.left_out[-1] + 1, seen.frames))


def _with(
    areas: Mapping[int, tuple[Area, ...]],
    seen: Mapping[int, list[Area]],
    picture: StoredPicture,
    *,
    film: bool,
) -> dict[int, tuple[Area, ...]]:
    """The areas and what was seen in spite of them: in a film, on all its frames."""
    everywhere = tuple(one for each in seen.values() for one in each) if film else ()
    return {
        frame: (*areas.get(frame, ()), *everywhere, *(() if film else seen.get(frame, ())))
        for frame in range(picture.frames)
        if frame in areas or film or frame in seen
    }


def _paint(data_set: Dataset, picture: StoredPicture, plan: _Plan) -> None:
    in_pairs = picture.colours in SHARED and not picture.encapsulated

    def paint(frame: int, samples: Samples, colours: str) -> Samples:
        if plan.cut is not None and frame in plan.cut.veils:
            samples = plan.cut.over(frame, samples, *_bounds(picture, samples))
        areas = plan.areas.get(frame, ())
        if frame in plan.blank:
            areas = (Area(0, 0, picture.columns, picture.rows),)
        if in_pairs:
            areas = tuple(area.in_pairs() for area in areas)
        return blacked(samples, areas, black(picture, samples, colours)) if areas else samples

    frames = {frame for frame in plan.frames if frame < picture.frames}
    write_back(data_set, picture, repainted(picture, frames, paint, plan.blank))


def _bounds(picture: StoredPicture, samples: Samples) -> tuple[float, float]:
    """What a sample can be at least and at most."""
    if samples.dtype.kind == "f":
        return -np.inf, np.inf
    bits = min(picture.bits_stored, 32)
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if picture.signed else (0, (1 << bits) - 1)


def _digest(picture: StoredPicture | None) -> bytes:
    """What tells a picture from any other: its pixels as they are stored."""
    digest = blake2b(digest_size=16)
    if picture is not None:
        for part in picture.fragments if picture.encapsulated else (picture.pixels,):
            digest.update(part)
    return digest.digest()
