"""Fuzzing: bytes mutated from real files must never raise, hang or look clean by lying.

    python -m tests.bench.fuzz --runs 100000 --seed 1

Prints how many mutants were read, partly read and not read, the slowest, and every
exception with the seed that repeats it.
"""

from __future__ import annotations

import argparse
import random
import struct
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import deid_data
import pydicom

from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan, make_zip
from tests.scans.packings import PACKINGS, make_text

LARGEST = 150_000
BATCH = 20
"""Mutants in one inspection: they share its inventory, as an upload's files do."""
INTERESTING = (0, 1, 2, 7, 8, 0x7F, 0xFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)

Mutation = Callable[[random.Random, bytearray], None]


@dataclass
class Outcome:
    """What came of a run of mutants."""

    mutants: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Processor seconds of the slowest inspection, divided by its mutants."""


def seeds() -> list[bytes]:
    """Real files that are small enough to be mutated often, and a few of ours."""
    roots = (Path(pydicom.__file__).parent / "data", Path(deid_data.__file__).parent)
    files = [
        path.read_bytes()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc", ".json"}
        if 0 < path.stat().st_size <= LARGEST
    ]
    scan = make_scan(PatientName="Doe^Jane")
    zipped = make_zip({"a.dcm": scan, "b/c.txt": b"text"}, comment=b"note")
    return [*files, scan, zipped, *packed_seeds()]


def packed_seeds() -> list[bytes]:
    """Files that are packed as a whole, and scans with packed bytes, in every packing."""
    bodies = [pack(make_text()) for pack in PACKINGS.values()]
    scans = [
        make_scan(private={(0x0099, "TUNING 3", 0x10): ("OB", body)}, TextValue=body.hex())
        for body in bodies
    ]
    return [*bodies, *scans]


def run(runs: int, seed: int) -> Outcome:
    """Inspect ``runs`` mutants, each batch from a seed of its own."""
    originals = seeds()
    outcome = Outcome()
    for batch in range(seed * 1_000_000, seed * 1_000_000 + (runs + BATCH - 1) // BATCH):
        chance = random.Random(batch)
        mutants = [mutate(chance, chance.choice(originals)) for _ in range(BATCH)]
        start = time.process_time()
        try:
            report = inspect(
                Entry(f"f{number}", _pieces(chance, mutant))
                for number, mutant in enumerate(mutants)
            )
        except Exception:  # noqa: BLE001 - finding it is the purpose
            outcome.failures.append(f"batch {batch}: {traceback.format_exc(limit=-3)}")
            continue
        outcome.slowest = max(outcome.slowest, (time.process_time() - start) / BATCH)
        outcome.mutants += len(mutants)
        listed = {record.name for record in report.files}
        if not {f"f{number}" for number in range(BATCH)} <= listed:
            outcome.failures.append(f"batch {batch}: a file is not listed")
        for record in report.files:
            outcome.statuses[record.status] += 1
            outcome.notes.update(record.notes)
            if record.status != "read" and not record.notes:
                outcome.failures.append(f"batch {batch}: not read and no reason")
    return outcome


def mutate(chance: random.Random, original: bytes) -> bytes:
    """``original`` with one to six mutations."""
    data = bytearray(original)
    for _ in range(chance.randint(1, 6)):
        if data:
            chance.choice(MUTATIONS)(chance, data)
    return bytes(data[: 4 * LARGEST])


def _flip(chance: random.Random, data: bytearray) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _number(chance: random.Random, data: bytearray) -> None:
    code = chance.choice(("<H", "<I", ">I"))
    at = chance.randrange(len(data))
    limit = 0xFFFF if code == "<H" else 0xFFFFFFFF
    data[at : at + struct.calcsize(code)] = struct.pack(code, chance.choice(INTERESTING) & limit)


def _cut(chance: random.Random, data: bytearray) -> None:
    del data[chance.randrange(len(data)) :]


def _remove(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randint(1, 64)]


def _insert(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.randbytes(chance.randint(1, 64))


def _repeat(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.randint(1, 2_000)]
    data[at:at] = piece * chance.randint(1, 20)


def _swap_vr(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    data[at : at + 2] = chance.choice((b"SQ", b"UN", b"OB", b"PN", b"UT", b"ZZ", b"\0\0"))


def _delimiter(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    number = chance.choice((0xE000, 0xE00D, 0xE0DD))
    data[at:at] = struct.pack("<HHI", 0xFFFE, number, chance.choice((0, 8, 0xFFFFFFFF)))


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _number, _number, _cut, _remove, _insert, _repeat, _swap_vr, _delimiter,
)  # fmt: skip


def _pieces(chance: random.Random, data: bytes) -> list[bytes]:
    """The mutant in one piece or in several, as uploads arrive."""
    if chance.random() < 0.7:
        return [data]
    size = chance.randint(1, max(1, len(data) // 3))
    return [data[at : at + size] for at in range(0, len(data), size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    start = time.monotonic()
    outcome = run(options.runs, options.seed)
    print(f"{outcome.mutants} mutants in {time.monotonic() - start:.0f} s")
    print("statuses:", dict(outcome.statuses.most_common()))
    print("notes:", dict(outcome.notes.most_common()))
    print(f"slowest: {outcome.slowest:.3f} s of processor a file")
    print(f"unhandled exceptions and broken promises: {len(outcome.failures)}")
    for failure in outcome.failures[:20]:
        print(failure)


if __name__ == "__main__":
    main()
