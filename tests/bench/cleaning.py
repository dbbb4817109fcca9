"""Measures copies: what is left in them, what is withheld, dciodvfy, time and memory.

    python -m tests.bench.cleaning FOLDER...      # every set below: a file, a ZIP or a folder
    python -m tests.bench.cleaning --time 1000    # a CT study of so many slices, beside inspect
    python -m tests.bench.cleaning --answers      # of a made set: actions done

Without folders: pydicom's own test files and those of ``deid-data``, each file a set of its own.
``dciodvfy`` (Debian: dicom3tools) is run where it is installed. Values are never printed.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from companion.cleaning import Choice, Preset, Source, clean, originals
from companion.cleaning.originals import Originals
from companion.cleaning.proof import must_go
from companion.scans import assess
from companion.scans.inspection import Entry, inspect
from tests.builders import make_study
from tests.cleaning.answers import score
from tests.cleaning.making import NothingSeen

_PIECE = 1 << 20


def chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, read anew at every call."""
    with path.open("rb") as file:
        while chunk := file.read(_PIECE):
            yield chunk


def source(path: Path) -> Source:
    """A file of this machine."""
    return Source(path.name, partial(chunks, path))


def files_of(path: Path) -> list[Path]:
    """The file itself, or all in a folder."""
    return [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())


def installed_scans() -> list[Path]:
    """pydicom's own test files and those of ``deid-data``."""
    return [
        path
        for name, inner in (("pydicom", "data"), ("deid_data", "data"))
        if (spec := find_spec(name)) and spec.submodule_search_locations
        for path in sorted(Path(spec.submodule_search_locations[0], inner).rglob("*.dcm"))
    ]


def errors(data: bytes, folder: Path) -> int:
    """Errors that dciodvfy tells of a file; 0 where it is not installed."""
    tool = shutil.which("dciodvfy")
    if tool is None:
        return 0
    path = folder / "one.dcm"
    path.write_bytes(data)
    found = subprocess.run([tool, path], capture_output=True, check=False, timeout=60)
    return sum(line.startswith(b"Error") for line in found.stderr.splitlines())


def naively_left(known: Originals, data: bytes) -> int:
    """Original values that stand in any byte of a file: plainly, in any case, or in UTF-16."""
    small = data.lower()
    # In 40 MB of pixels six digits stand somewhere by chance (in one of pydicom's files they do).
    least = 6 if len(data) < 1 << 20 else 8
    texts = {one for one in (*known.words, *known.numbers, *known.days) if len(one) >= least}
    return sum(
        any(one.encode(codec) in small for codec in ("utf-8", "utf-16-le", "utf-16-be"))
        for one in texts
    ) + sum(uid in data for uid in known.uids if len(uid) > 12)


def measure(sets: list[Path], preset: Preset) -> None:
    """One line of counts for all sets."""
    total: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    worse: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sets:
            sources = [source(one) for one in files_of(path)]
            cleaning = clean(sources, Choice(preset), look=NothingSeen())
            known = originals.gather(cleaning.examined)
            before = after = 0
            copies: list[tuple[str, bytes]] = []
            for one in cleaning.files():
                copies.append((one.name, one.data))
                total["values left"] += naively_left(known, one.data)
                after += errors(one.data, Path(folder))
            account = cleaning.account
            if path.is_file() and copies and shutil.which("dciodvfy"):
                before = errors(path.read_bytes(), Path(folder))
                total["dciodvfy before"] += before
                total["dciodvfy after"] += after
                if after > before:
                    worse.append(f"{path.name} {before}>{after}")
            report = inspect(Entry(name, [data]) for name, data in copies)
            rules.update(one.rule for one in report.findings if must_go(one))
            total["sets"] += 1
            total["files"] += account.files_in
            total["copied"] += account.files_out
            total[f"refused: {account.refusal}"] += account.refusal is not None
            total.update(f"withheld: {one.reason}" for one in account.withheld)
    print(preset, dict(+total))
    print("  must go and left:", dict(rules) or "none")
    print("  more errors than before:", worse or "none")


def take_time(slices: int) -> None:
    """A CT study: cleaning beside an inspection without pictures, in seconds of a processor."""
    assess.prepare()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, data in make_study(slices):
            paths.append(Path(folder) / Path(name).name)
            paths[-1].write_bytes(data)
        start = time.process_time()
        inspect(Entry(path.name, chunks(path)) for path in paths)
        inspected = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        start = time.process_time()
        cleaning = clean(map(source, paths), Choice(Preset.FOR_A_DOCTOR))
        files = sum(1 for _ in cleaning.files())
        cleaned = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"inspect {inspected:.1f} s, {memory} MB; clean {cleaned:.1f} s, {most} MB: "
          f"{cleaned / inspected:.1f} times, {files} of {slices} files")  # fmt: skip


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--time", type=int, metavar="SLICES")
    parser.add_argument("--answers", action="store_true")
    options = parser.parse_args()
    if options.time:
        take_time(options.time)
    elif options.answers:
        for preset in Preset:
            right, asked, wrong = score(preset)
            print(f"{preset}: {right} of {asked} required actions ({right / asked:.2%}) {wrong}")
    else:
        sets = options.sets or installed_scans()
        for preset in Preset:
            measure(sets, preset)


if __name__ == "__main__":
    main()
