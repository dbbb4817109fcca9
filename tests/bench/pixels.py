"""How pictures come out of a copy: what stays equal, what can still be read, and how long it takes.

Run by hand: ``.venv/bin/python -m tests.bench.pixels FOLDER...`` on files of one's own, without
folders on those that pydicom brings. Of every file an area of its first and last frame is
blacked, and all else is compared; then its words are, and what is left of them is read.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom

from companion.cleaning import Choice, Preset, Source, data_sets
from companion.cleaning.picture_cleaner import PixelCleaner
from companion.cleaning.pixels.blacking import black, blacked
from companion.cleaning.pixels.picture import own_picture, picture_of, write_back
from companion.cleaning.pixels.places import Area
from companion.cleaning.pixels.repainting import repainted
from companion.cleaning.pixels.tidying import SHARED, UntidyError
from companion.scans.findings import Kind
from companion.scans.inspection import Entry, examine
from companion.scans.limits import Limits
from companion.scans.pictures import Looked
from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.looker import Looker
from companion.scans.pictures.stored import StoredPicture


class InThisProcess:
    """A ``Look`` without a process of its own."""

    why_not = ""

    def __init__(self) -> None:
        self._looker = Looker()
        self._held: dict[int, bytes] = {}

    def data(self, number: int, chunk: bytes) -> None:
        """Hold a piece of a file."""
        self._held[number] = self._held.get(number, b"") + bytes(chunk)

    def take(self, number: int, kind: Kind) -> None:
        """Look at a file."""
        self._looker.take(str(number), self._held.pop(number), kind)

    def drop(self, number: int) -> None:
        """Forget a file."""
        self._held.pop(number, None)

    def finish(self) -> Looked:
        """What was seen."""
        return self._looker.finish()


def equal_outside(data: bytes, count: Counter[str]) -> None:
    """Black a quarter of a file's first and last frame, and count how it went."""
    data_set = data_sets.read(data, Limits(), exactly=False)
    picture = picture_of(data_set)
    if picture is None or not picture.rows:
        return
    area = _middle(picture)
    frames = {0, picture.frames - 1}
    began = time.process_time()
    try:
        done = repainted(
            picture, frames,
            lambda _, samples, colours: blacked(samples, [area], black(picture, samples, colours)),
        )  # fmt: skip
    except (UndecodedError, UntidyError):
        count["refused"] += 1
        return
    count["ms"] += round((time.process_time() - began) * 1000)
    write_back(data_set, picture, done)
    after = own_picture(data_sets.written(data_set))
    assert after is not None
    chosen = np.ones((picture.rows, picture.columns), bool)
    chosen[area.top : area.bottom, area.left : area.right] = False
    same = all(
        np.array_equal(decode(picture, frame)[chosen], decode(after, frame)[chosen])
        for frame in frames
    )
    count["equal" if same else "NOT EQUAL"] += 1
    count["syntax kept"] += after.syntax == picture.syntax


def _middle(picture: StoredPicture) -> Area:
    area = Area(
        picture.columns // 4, picture.rows // 4, 3 * picture.columns // 4, 3 * picture.rows // 4
    )
    return area.in_pairs() if picture.colours in SHARED else area


def words_left(name: str, data: bytes, count: Counter[str]) -> None:
    """Black a file's words as a copy does, and count what became of them."""
    examined = examine([Entry(name, [data])], look=InThisProcess())
    if examined.looked is None or not examined.looked.words:
        return
    cleaner = PixelCleaner(InThisProcess)
    source = Source(name, lambda: iter([data]))
    cleaner.prepare(examined, {name: source}, Choice(Preset.FOR_A_DOCTOR))
    began = time.process_time()
    done = cleaner.clean(name, data_sets.read(data, Limits(), exactly=False))
    count["ms"] += round((time.process_time() - began) * 1000)
    count["files with words"] += 1
    count["words"] += len(examined.looked.words)
    count["boxes"] += done.blacked
    if done.reason is not None:
        count[str(done.reason)] += 1


def main() -> None:
    """Print two lines of counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    own = Path(pydicom.__file__).parent / "data" / "test_files"
    folders = parser.parse_args().folders or [own]
    pixels, words = Counter[str](), Counter[str]()
    warnings.simplefilter("ignore")
    for path in sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        try:
            equal_outside(data, pixels)
            words_left(path.name, data, words)
        except (data_sets.UnreadableError, ValueError):
            pixels["no scan, or no pixels"] += 1
    for title, count in (("pixels", pixels), ("words", words)):
        print(f"{title}: " + ", ".join(f"{name} {number}" for name, number in count.items()))


if __name__ == "__main__":
    main()
