"""Our copy beside what other tools write, of the same files in one run.

As for ``tests.bench.peers``, the tools stand in a Python of their own::

    python -m tests.bench.cleaning_peers /tmp/peers/bin/python [FOLDER...]

Each file is a set of its own; without folders pydicom's own and those of ``deid-data``. Counted
are files written, findings of ``inspect`` that no copy may have (who, where, when, other people,
numbers, private parts), files with one, original values in any byte, files that are written and
cannot be read, and seconds. Ours looks at no picture here, as theirs do not. Days that were moved
count against a tool that does not say that it moved them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from companion.cleaning import Choice, Preset, clean, originals
from companion.cleaning.originals import Originals
from companion.cleaning.proof import must_go
from companion.scans.findings import Kind
from companion.scans.inspection import Entry, inspect
from tests.bench.cleaning import installed_scans, naively_left, source
from tests.bench.peers import RUNNER, TOOLS
from tests.cleaning.making import NothingSeen

OURS = "ours"


def ours(files: list[Path], out: Path) -> dict[str, Originals]:
    """Our copies of some files, and what may stand nowhere in the copy of each."""
    known = {}
    for path in files:
        cleaning = clean([source(path)], Choice(Preset.FOR_RESEARCH), look=NothingSeen())
        known[path.name] = originals.gather(cleaning.examined)
        for one in cleaning.files():
            (out / path.name).write_bytes(one.data)
    return known


def counted(out: Path, known: dict[str, Originals]) -> Counter[str]:
    """What is left in the files that a tool wrote."""
    found: Counter[str] = Counter()
    for path in sorted(one for one in out.rglob("*") if one.is_file()):
        data = path.read_bytes()
        report = inspect([Entry(path.name, [data])])
        left = sum(map(must_go, report.findings))
        found["written"] += 1
        found["findings"] += left
        found["files with one"] += left > 0
        found["values"] += naively_left(known[path.name], data)
        found["broken"] += any(one.kind is not Kind.DICOM for one in report.files)
    return found


def main() -> None:
    """Print one line for each tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", type=Path)
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "in")
        inputs.mkdir()
        sets = [one for each in options.folders for one in each.rglob("*.dcm")]
        for path in sets or installed_scans():
            shutil.copy(path, inputs / path.name)
        files = sorted(inputs.iterdir())
        known: dict[str, Originals] = {}
        for tool in (OURS, *TOOLS):
            out = Path(folder, tool)
            out.mkdir()
            start = time.monotonic()
            if tool == OURS:
                known = ours(files, out)
            else:
                subprocess.run(
                    [options.python, RUNNER, tool, inputs, out], check=False, capture_output=True
                )
            took = time.monotonic() - start
            print(tool, f"{len(files)} files, {took:.0f} s", dict(counted(out, known)), flush=True)


if __name__ == "__main__":
    main()
