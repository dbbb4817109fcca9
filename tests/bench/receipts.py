"""How long a receipt takes, as a ratio of one run on one machine.

    python -m tests.bench.receipts            1,000 slices of 512 x 512
    python -m tests.bench.receipts 300        another number of them

The measure is ``sha256sum`` on the folder plus reading the headers (pydicom, up to the pixels);
both see the same files with a warm cache, in /dev/shm, in turns, best of three.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pydicom

from companion.receipts import Receipt, compare, make_receipt
from companion.scans.inspection import Entry
from tests.builders import make_study

SHARED_MEMORY = Path("/dev/shm")
ROUNDS = 3
_PIECE = 4 * 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slices", nargs="?", type=int, default=1_000)
    slices = parser.parse_args().slices
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as name:
        folder = Path(name)
        for number, (_, data) in enumerate(make_study(slices)):
            (folder / f"IM{number:05d}").write_bytes(data)
        sums, heads, plain, detailed = [], [], [], []
        for _ in range(ROUNDS):
            sums.append(_timed(lambda: _sha256sum(folder)))
            heads.append(_timed(lambda: _read_headers(folder)))
            plain.append(_timed(lambda: _receipt(folder)))
            detailed.append(_timed(lambda: _receipt(folder, details=True)))
        one, other = _receipt(folder), _receipt(folder, details=True)
        comparing = _timed(lambda: compare(one, other))
    reference = min(sums) + min(heads)
    print(f"{slices} slices: sha256sum {min(sums):.2f} s, reading headers {min(heads):.2f} s")
    print(f"receipt                {min(plain):6.2f} s, {min(plain) / reference:.2f} of both")
    print(f"receipt with details   {min(detailed):6.2f} s, {min(detailed) / reference:.2f} of both")
    print(f"comparing              {comparing:6.2f} s")


def _sha256sum(folder: Path) -> None:
    files = sorted(map(str, folder.iterdir()))
    subprocess.run(["sha256sum", *files], check=True, capture_output=True)


def _read_headers(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        dataset = pydicom.dcmread(file, stop_before_pixels=True)
        for _ in dataset.iterall():  # a header is read when its values are
            pass


def _receipt(folder: Path, *, details: bool = False) -> Receipt:
    entries = (Entry(file.name, _chunks(file)) for file in sorted(folder.iterdir()))
    return make_receipt(entries, made_on=date(2026, 1, 1), details=details)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_PIECE):
            yield chunk


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
