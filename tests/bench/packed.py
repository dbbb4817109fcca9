"""What is found of what is packed, and how often chance looks like it.

    python -m tests.bench.packed

Prints recall by packing and place, then false alarms: on blocks of random bytes, and on every
binary value of the real files that pydicom and deid-data ship (what is opened there is listed,
for whoever wants to see that it is no false alarm).
"""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from pathlib import Path

import deid_data
import pydicom

from companion.scans.formats import packed
from companion.scans.formats.packed import Budget
from tests.scans.packings import PACKINGS, PLACES, find, make_text

BLOCKS = 10_000
SIZES = (16, 64, 256, 1_024, 4_096, 12_000, 65_536)


def main() -> None:
    warnings.simplefilter("ignore")
    for packing, pack in PACKINGS.items():
        missed = [place for place in PLACES if not find(pack(make_text()), place)]
        print(f"{packing:28} {len(PLACES) - len(missed)} of {len(PLACES)} places", *missed)
    chance = random.Random(1)
    alarms = seconds = size = 0.0
    for number in range(BLOCKS):
        block = chance.randbytes(SIZES[number % len(SIZES)])
        start = time.process_time()
        alarms += packed.may_hold(block) and bool(packed.unpack(block, Budget()))
        seconds += time.process_time() - start
        size += len(block)
    print(
        f"random: {alarms:.0f} false alarms in {BLOCKS} blocks,"
        f" {seconds / size * 12e9:.0f} us for 12 kB"
    )
    values = opened = 0
    what: Counter[str] = Counter()
    for root in (Path(pydicom.__file__).parent / "data", Path(deid_data.__file__).parent):
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            try:
                elements = list(pydicom.dcmread(path, force=True).iterall())
            except Exception:  # noqa: BLE001 - not every file there can be read by it
                continue
            for element in elements:
                if isinstance(element.value, bytes) and element.tag != 0x7FE00010:
                    values += 1
                    found = packed.unpack(element.value, Budget())
                    if found:
                        opened += 1
                        kinds = {part.packing or "a file" for part in found.parts}
                        what[
                            f"{path.name} {element.tag} {sorted(kinds)} {sorted(found.notes)}"
                        ] += 1
    print(f"real: {opened} opened of {values} binary values")
    for line, count in what.most_common():
        print(" ", count, line)


if __name__ == "__main__":
    main()
