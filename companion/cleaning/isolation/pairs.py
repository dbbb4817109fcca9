"""A few pictures of a set before and after, small, for the eyes of the patient who chose it.

Imported where pictures can be decoded, and raises ``ImportError`` elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydicom import Dataset

from companion.cleaning import Choice, Cleaned, PictureCleaner, PictureDone, Reason, Source
from companion.cleaning.isolation.protocol import MOST_PAIRS, Pair
from companion.scans.findings import Shows, Thumbnail
from companion.scans.inspection import Examined
from companion.scans.pictures import colours, thumbnails
from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.stored import StoredPicture, stored_pictures


class Pairs:
    """Stands between a cleaning and what cleans its pictures, and follows which file is which."""

    def __init__(self, cleaner: PictureCleaner) -> None:
        self.found: list[Pair] = []
        self._cleaner = cleaner
        self._before: dict[str, Thumbnail] = {}
        self._name = ""

    def prepare(
        self, examined: Examined, sources: Mapping[str, Source], choice: Choice
    ) -> Mapping[str, Reason]:
        """Choose the pictures: first those with words on them."""
        flat = (one for one in examined.report.thumbnails if one.shows is not Shows.FACE)
        for one in sorted(flat, key=lambda one: one.shows is not Shows.WORDS):
            self._before.setdefault(one.file, one)
        return self._cleaner.prepare(examined, sources, choice)

    def covers(self, name: str, frames: int) -> bool:
        """As what cleans them says."""
        return self._cleaner.covers(name, frames)

    def clean(self, name: str, data_set: Dataset) -> PictureDone:
        """Clean the picture of one file."""
        self._name = name
        return self._cleaner.clean(name, data_set)

    def prove(self, files: Sequence[Cleaned]) -> Mapping[str, Reason]:
        """Read the pictures of cleaned files once more."""
        return self._cleaner.prove(files)

    def take(self, cleaned: Cleaned) -> None:
        """The file that was cleaned last, as it goes out."""
        before = self._before.get(self._name)
        if before is None or len(self.found) >= MOST_PAIRS:
            return
        after = _small(cleaned.data, before.frame)
        if after is not None:
            self.found.append(Pair(before, after))


def _small(data: bytes, frame: int) -> Thumbnail | None:
    """A small picture of one frame; None where it is not to be decoded."""
    for stored in stored_pictures(data):
        if not isinstance(stored, StoredPicture) or stored.nested or frame >= stored.frames:
            continue
        try:
            shown = colours.shown(stored, decode(stored, frame))
        except UndecodedError:
            return None
        return thumbnails.thumbnail(shown, Shows.WORDS, "copy", frame)
    return None
