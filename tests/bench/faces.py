"""How long it takes to gather and judge the slices of made-up bodies, and in how much memory.

Run by hand: ``.venv/bin/python -m tests.bench.faces``. It prints for each volume what was
seen, milliseconds a slice for gathering, seconds for judging, and megabytes at the most.
"""

from __future__ import annotations

import time
import tracemalloc

from companion.scans.pictures.heads import judged
from companion.scans.pictures.volume import Gatherer
from tests.scans.pictures.heads import Scanned, ellipsoid, head, joined, knee, scanned, trunk


def make_volumes() -> dict[str, Scanned]:
    """Bodies as scanners cut them, from a coarse head to a whole body."""
    wide = {"lowest": (-260, -180, -150), "highest": (260, 160, 150)}
    body = joined(head(), ellipsoid((0, 20, -480), (200, 115, 330)))
    return {
        "head, CT, 1 mm": scanned(head(), pixel=1, slice_step=1.5),
        "head, MR, 3 mm": scanned(head(), modality="MR", pixel=3, slice_step=3, noise=15),
        "knee, MR": scanned(knee(), modality="MR", pixel=1, slice_step=3, plane="sagittal"),
        "trunk, CT": scanned(trunk(), pixel=2, slice_step=3, **wide),  # type: ignore[arg-type]
        "whole body, CT": scanned(
            body, lowest=(-260, -180, -800), highest=(260, 160, 140), pixel=3, slice_step=3
        ),
    }


def main() -> None:
    """Print one line for each volume."""
    for name, volume in make_volumes().items():
        tracemalloc.start()
        gatherer = Gatherer()
        began = time.process_time()
        for (file, placing), plane in zip(volume.placings(), volume.values, strict=True):
            gatherer.take(file, placing, 0, plane)
        gathered = time.process_time()
        volumes, _ = judged(gatherer, patience=60)
        ended = time.process_time()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        seen = ", ".join(f"{one.face} ({one.sure})" for one in volumes) or "not judged"
        a_slice = (gathered - began) / len(volume.values) * 1000
        print(f"{name:16} {seen:12} {a_slice:5.2f} ms {ended - gathered:5.2f} s {peak:5.0f} MB")


if __name__ == "__main__":
    main()
