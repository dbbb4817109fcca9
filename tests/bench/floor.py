"""What an inspection cannot do without, each part alone, in milliseconds of a file.

Elements are walked over and values are searched by compiled code, but a step of Python stands
in front of each: this is how much of the time of ``unlike`` the steps take that every reader
in Python has, and how much each search over whole blocks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from companion.scans import assess
from companion.scans.dicom.encoding import EXPLICIT
from companion.scans.dicom.old_letters import OldLetters
from companion.scans.dicom.parser import Parser
from companion.scans.dicom.structure import DataSetParse
from companion.scans.findings import Place
from companion.scans.formats import packed
from companion.scans.formats.packed import Budget
from companion.scans.formats.strings import Runs, is_text
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits

ROUNDS = 5
SHORTEST = 400
"""Bytes of a value that counts as a block here."""


def measure_parts(paths: list[Path]) -> None:
    """Print the parts for a study of explicit VR little endian."""
    assess.prepare()
    files = [path.read_bytes() for path in paths]
    starts = [data.index(b"\x08\x00\x05\x00CS") for data in files]
    blocks = [
        (data[body : body + length])
        for data, start in zip(files, starts, strict=True)
        for tag, length, body in _heads(data, start)
        if tag >> 16 & 1 and length >= SHORTEST
    ]
    noise = [block for block in blocks if not is_text(block)]
    letters, budget = OldLetters(), Budget()
    parts: dict[str, Callable[[], object]] = {
        "open and read": lambda: [path.read_bytes() for path in paths],
        "the heads of the elements alone": lambda: [
            sum(1 for _ in _heads(data, start)) for data, start in zip(files, starts, strict=True)
        ],
        "the parse, nothing searched": lambda: _parse(files, starts),
        "blocks: is it text": lambda: list(map(is_text, blocks)),
        "blocks: may something be packed": lambda: list(map(packed.may_hold, blocks)),
        "blocks: what may be is opened": lambda: [
            packed.unpack(block, budget) for block in blocks if packed.may_hold(block)
        ],
        "blocks of noise: runs of text": lambda: list(map(Runs, noise)),
        "blocks: words in old code pages": lambda: [
            list(letters.words(block, ())) for block in blocks
        ],
        "all of it, findings included": lambda: inspect(
            Entry(path.name, [data]) for path, data in zip(paths, files, strict=True)
        ),
    }
    for name, part in parts.items():
        print(f"{name:34} {_best(part) / len(files) * 1_000:.3f} ms a file")


def _heads(data: bytes, position: int) -> list[tuple[int, int, int]]:
    """Tag, length and offset of each value, sequences not entered."""
    found = []
    while position < len(data):
        tag, _, length, body = EXPLICIT.read_head(data, position, len(data))
        found.append((tag, length, body))
        position = body + length
    return found


def _parse(files: list[bytes], starts: list[int]) -> None:
    parser = Parser(Inventory(), Limits())
    parser.elements.searches = False
    for number, (data, start) in enumerate(zip(files, starts, strict=True)):
        parser.inventory.begin(str(number))
        parser.begin()
        parser.parse(DataSetParse(data), start, len(data), EXPLICIT, Place.HEADER)
    parser.settle()


def _best(part: Callable[[], object]) -> float:
    """Seconds of the processor, best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        part()
        times.append(time.process_time() - start)
    return min(times)
