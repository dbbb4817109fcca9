"""What each step of looking at pictures costs: time and memory, as a table.

    python -m tests.bench.picture_steps [FOLDER...]

On the scans of the folders, without one on those that pydicom brings: each is decoded, shown in
eight bits, passed through the filter, and read. A head that is made here is gathered and judged.
Each step runs in a child of its own, with the steps before it done in advance, so that its memory
is its own: what the child holds at most beyond what it held before the step.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pydicom

from companion.scans.pictures import colours, reading
from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.heads import judged
from companion.scans.pictures.prefilter import may_hold_writing
from companion.scans.pictures.stored import StoredPicture, stored_pictures
from companion.scans.pictures.volume import Gatherer
from companion.scans.pictures.window import in_grey
from tests.scans.pictures.heads import head, scanned

_READ = 40
"""Frames that are read: it takes a hundred times as long as the rest."""


def main() -> None:
    """Print one line a step."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders
    warnings.simplefilter("ignore")
    stored = list(_stored(folders or [Path(pydicom.__file__).parent / "data" / "test_files"]))
    samples = [(one, decode(one, 0)) for one in stored]
    shown = [colours.shown(one, found) for one, found in samples]
    greys = [in_grey(one) for one in shown]
    volume = scanned(head(), pixel=1, slice_step=1.5)
    print(f"{'step':24} {'times':>6} {'ms each':>9} {'MB at most':>11}")
    _told("decode a frame", len(stored), lambda: [decode(one, 0) for one in stored])
    _told("show it in eight bits", len(samples), lambda: [colours.shown(*one) for one in samples])
    _told("filter it", len(greys), lambda: [may_hold_writing(one) for one in greys])
    every = max(1, len(shown) // _READ)
    _told("read it", len(shown[::every]), lambda: [reading.read(one) for one in shown[::every]])
    gatherer = Gatherer()
    _told("gather a slice", len(volume.values), partial(_gather, gatherer, volume))
    _gather(gatherer, volume)
    _told("judge a head", 1, lambda: judged(gatherer, patience=60))


def _stored(folders: list[Path]) -> Iterator[StoredPicture]:
    """The own pictures of the files, where their first frame can be decoded."""
    for path in sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()):
        picture = next(iter(stored_pictures(path.read_bytes())), None)
        if not isinstance(picture, StoredPicture):
            continue
        try:
            decode(picture, 0)
        except UndecodedError:
            continue
        yield picture


def _gather(gatherer: Gatherer, volume: Any) -> None:
    for (file, placing), plane in zip(volume.placings(), volume.values, strict=True):
        gatherer.take(file, placing, 0, plane)


def _told(step: str, times: int, work: Callable[[], object]) -> None:
    seconds, megabytes = _in_child(work)
    print(
        f"{step:24} {times:6} {1000 * seconds / max(1, times):9.1f} {megabytes:11.0f}", flush=True
    )


def _in_child(work: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds of some work, and megabytes that it held beyond those at its beginning."""
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading_end)
        before, began = _peak(), time.process_time()
        work()
        told = (time.process_time() - began, _peak() - before)
        with os.fdopen(writing_end, "wb") as pipe:
            pickle.dump(told, pipe)
        os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading_end, "rb") as pipe:
        seconds, megabytes = pickle.load(pipe)
    os.waitpid(child, 0)
    return float(seconds), float(megabytes)


def _peak() -> float:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
