"""Pictures on their way to being looked at, and what the files' notes make of the answer.

Who looks may crash or hang, so it is somewhere else (``isolation``), and is told no name of
a file: each picture has a number. The bytes of a file go over as they arrive, and once the
file has been read they are taken or dropped, so that nothing is held twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from companion.scans.dicom.preamble import data_set_start
from companion.scans.findings import SCANS, Box, FileRecord, Kind, Note, Status
from companion.scans.formats import documents
from companion.scans.pictures import Looked, Seen
from companion.scans.reader import status

MOST_BYTES = 192 * 1024 * 1024
"""Bytes of one file that are handed over; a longer one is not looked at."""
MOST_PARTS = 2_000
"""Pictures inside other files of an upload that are handed over."""
_ENOUGH = 132
"""Bytes that tell whether a file may hold a picture: a preamble and its mark."""
_PICTURES = frozenset({Kind.IMAGE, Kind.PDF})


class Look(Protocol):
    """Takes pictures by their numbers, and says at the end what they show."""

    why_not: str
    """The ``Note`` for files whose pictures could not be looked at; empty so far."""

    def data(self, number: int, chunk: bytes) -> None:
        """More bytes of a file that may hold a picture."""

    def take(self, number: int, kind: Kind) -> None:
        """All its bytes were handed over, and it does hold a picture."""

    def drop(self, number: int) -> None:
        """Its bytes may be forgotten."""

    def finish(self) -> Looked | None:
        """What was seen, by number in the place of names; None where looking failed."""


@dataclass(slots=True)
class _Offered:
    """What was handed over of one file."""

    passing: _Passing
    taken: bool = False
    own: bool = False
    """Whether it surely holds a picture, apart from its parts."""
    parts: list[int] = field(default_factory=list)
    missed: bool = False
    """Whether a picture of it was not handed over."""


class Offering:
    """Hands pictures over while an upload is read, and settles its files' notes at the end."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._numbers = 0
        self._parts_left = MOST_PARTS
        self._current: _Offered | None = None
        self._files: dict[int, _Offered] = {}
        """By their place in the list of files."""

    def file(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks of a file, handed over as they pass; ``taken`` or ``part`` follows."""
        passing = _Passing(self._look, self._next(), name)
        self._current = _Offered(passing)
        for chunk in chunks:
            passing.add(chunk)
            yield chunk

    def part(self, kind: Kind, data: bytes) -> None:
        """A document or picture inside the file that is being read."""
        if self._current is None:
            return
        if kind not in _PICTURES or self._parts_left == 0 or len(data) > MOST_BYTES:
            self._current.missed = True
            return
        self._parts_left -= 1
        number = self._next()
        self._look.data(number, data)
        self._look.take(number, kind)
        self._current.parts.append(number)

    def read(self, record: FileRecord, place: int, *, pictured: bool) -> None:
        """The file has been read, and stands at ``place`` in the list of files.

        ``pictured``: whether the reader met a picture in a scan.
        """
        offered, self._current = self._current, None
        if offered is None:
            return
        # A scan without a picture of its own may hold one that only who looks can know of.
        if record.kind in SCANS or record.kind in _PICTURES:
            offered.own = pictured if record.kind in SCANS else record.kind is Kind.IMAGE
            taken = offered.passing.take(Kind.DICOM if record.kind in SCANS else record.kind)
            offered.missed |= offered.own and not taken
            offered.taken = taken
        else:
            offered.passing.drop()
        if offered.taken or offered.parts or offered.missed:
            self._files[place] = offered

    def settle(self, files: list[FileRecord]) -> Looked | None:
        """Ask what was seen, and change the notes of ``files`` by it.

        The answer has the files' names; None where nobody looked.
        """
        looked = self._look.finish() if self._files else Looked()
        seen: dict[str, list[Seen]] = {}
        for one in looked.seen if looked else ():
            seen.setdefault(one.file, []).append(one)
        names: dict[str, str] = {}
        for place, offered in self._files.items():
            record = files[place]
            for number in (offered.passing.number, *offered.parts):
                names[str(number)] = record.name
            if looked is None:
                if not (offered.own or offered.parts or offered.missed):
                    continue
                notes = {*record.notes, self._look.why_not or Note.PICTURES_FAILED}
                files[place] = replace(record, notes=tuple(sorted(notes)))
            else:
                files[place] = _settled(record, offered, seen)
        return looked and _named(looked, names)

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers


class _Passing:
    """One file on its way: it goes over from its second piece on, if it may hold a picture.

    A file in a single piece waits until it is known to hold one.
    """

    def __init__(self, look: Look, number: int, name: str) -> None:
        self.number = number
        self._look = look
        self._name = name
        self._held: list[bytes] = []
        self._size = 0
        self._wanted: bool | None = None
        self._sent = False

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._wanted is None and self._held and self._size >= _ENOUGH:
            self._wanted = _may_hold_a_picture(self._name, b"".join([*self._held, chunk]))
        if self._wanted is False or self._size > MOST_BYTES:
            self.drop()
            return
        self._held.append(chunk)
        if self._wanted:
            self._send()

    def take(self, kind: Kind) -> bool:
        """Whether it could be handed over as a whole."""
        if self._wanted is False or not self._size:
            return False
        self._send()
        self._look.take(self.number, kind)
        return True

    def drop(self) -> None:
        self._wanted = False
        self._held.clear()
        if self._sent:
            self._sent = False
            self._look.drop(self.number)

    def _send(self) -> None:
        for piece in self._held:
            self._look.data(self.number, piece)
        self._sent = True
        self._held.clear()


def _may_hold_a_picture(name: str, start: bytes) -> bool:
    return data_set_start(start) is not None or documents.sniff(name, start) in _PICTURES


def _settled(record: FileRecord, offered: _Offered, seen: Mapping[str, list[Seen]]) -> FileRecord:
    """A file's record by what was seen of the pictures that it handed over."""
    own = seen.get(str(offered.passing.number), [])
    all_seen = [*own, *(one for part in offered.parts for one in seen.get(str(part), ()))]
    frames = sum(one.frames for one in all_seen)
    looked_at = sum(one.looked_at for one in all_seen)
    whole = looked_at >= frames and not offered.missed
    if offered.own and not own:
        whole = False  # it holds a picture, and nobody says so: nobody saw it
    notes = set(record.notes)
    if looked_at:
        notes.discard(Note.PICTURE_NOT_LOOKED_AT)
        if not whole:
            notes.add(Note.FRAMES_NOT_LOOKED_AT)
        else:
            notes.discard(Note.PICTURE_PAGE)
    elif not whole:
        notes.add(Note.PICTURE_NOT_LOOKED_AT)
    return replace(
        record,
        notes=tuple(sorted(notes)),
        status=status(notes, whole=record.status is not Status.NOT_READ),
        frames=frames,
        frames_looked_at=looked_at,
    )


def _named(looked: Looked, names: Mapping[str, str]) -> Looked:
    """What was seen, with the files' names in the place of numbers."""

    def named(box: Box) -> Box:
        return replace(box, file=names[box.file])

    return Looked(
        seen=tuple(replace(one, file=names[one.file]) for one in looked.seen),
        words=tuple(replace(one, box=named(one.box)) for one in looked.words),
        volumes=tuple(replace(one, file=names[one.file]) for one in looked.volumes),
        thumbnails=tuple(
            replace(one, file=names[one.file], boxes=tuple(map(named, one.boxes)))
            for one in looked.thumbnails
        ),
    )
