"""Which planted tokens survive in the output of other tools: a table, row by row.

Run it from the project's folder::

    python -m venv /tmp/peers
    /tmp/peers/bin/pip install "dicom-anonymizer>=2.1" deid dicognito "pydicom>=3.0.2"
    .venv/bin/python -m tests.bench.peers /tmp/peers/bin/python

The files are those of ``tests/scans/plants``. Our own column counts the places in
which ``inspect`` reports the token; the others count the places in which the token, or
what the headers say of the picture, is still in the file that the tool wrote. A file
that a tool refused or did not write counts as refused: it cannot leak, nor can it be used.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.scans.plants import Plant, plants

TOOLS = ("dicom-anonymizer", "deid", "dicognito")
RUNNER = Path(__file__).with_name("peers_run.py")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "iso2022_jp", "gb18030")


@dataclass
class Row:
    """Counts of one row of hiding places."""

    places: int = 0
    found: int = 0
    alarms: int = 0
    left: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def report_on(data: bytes, name: str = "IM0001.dcm") -> Report:
    return inspect([Entry(name, [data])])


def said(plant: Plant, token: str, report: Report) -> bool:
    """Whether the report shows the token in the plant's place."""
    for finding in report.findings:
        if finding.place != plant.place or (plant.rule and finding.rule != plant.rule):
            continue
        if plant.kind == "=" or any(
            token.casefold() in value.casefold() for value in finding.values
        ):
            return True
    return False


def survives(plant: Plant, token: str, data: bytes) -> bool:
    """Whether the token is anywhere in a tool's output, or the headers still say it."""
    if plant.kind.startswith("=") and token.isascii():
        return said(plant, token, report_on(data))
    for encoding in ENCODINGS:
        try:
            if token.encode(encoding) in data:
                return True
        except UnicodeEncodeError:
            continue
    rows = report_on(data).elements
    return any(token.casefold() in value.casefold() for row in rows for value in row.values)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python", type=Path, help="Python in which the other tools are installed")
    arguments = parser.parse_args()
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "in")
        inputs.mkdir()
        planted: list[tuple[Plant, str, Path]] = []
        for number, plant in enumerate(plants()):
            row = rows.setdefault(plant.row, Row())
            token = plant.token(random.Random(f"peers{plant.id}"))
            made = plant.build(token or "x")
            report = inspect(Entry(name, [data]) for name, data in made.items())
            row.places += 1
            row.found += said(plant, token, report)
            clean = inspect(Entry(name, [data]) for name, data in plant.build("").items())
            row.alarms += bool(token) and said(plant, token, clean)
            if plant.dicom:
                file = inputs / f"{number:04}.dcm"
                file.write_bytes(next(iter(made.values())))
                planted.append((plant, token, file))
        for tool in TOOLS:
            outputs = Path(folder, tool)
            outputs.mkdir()
            command = [str(arguments.python), str(RUNNER), tool, str(inputs), str(outputs)]
            subprocess.run(command, check=True, capture_output=True, timeout=1_800)
            for plant, token, file in planted:
                written = outputs / file.name
                if not written.exists():
                    rows[plant.row].refused[tool] += 1
                else:
                    rows[plant.row].left[tool] += survives(plant, token, written.read_bytes())
    _print(rows, [plant for plant, _, _ in planted])
    return 0


def _print(rows: dict[str, Row], planted: list[Plant]) -> None:
    write = sys.stdout.write
    tried = Counter(plant.row for plant in planted)
    write(f"{'row':<5}{'places':>7}{'found':>7}{'alarms':>8}   {'tried':>5}")
    write("".join(f"{tool + ' leaves':>25}" for tool in TOOLS) + "\n")
    total = Row()
    for name, row in [*rows.items(), ("all", total)]:
        if name != "all":
            total.places += row.places
            total.found += row.found
            total.alarms += row.alarms
            total.left += row.left
            total.refused += row.refused
        count = tried.total() if name == "all" else tried[name]
        write(f"{name:<5}{row.places:>7}{row.found:>7}{row.alarms:>8}   {count:>5}")
        for tool in TOOLS:
            refused = f" ({row.refused[tool]} refused)" if row.refused[tool] else ""
            write(f"{f'{row.left[tool]}{refused}' if count else '-':>25}")
        write("\n")


if __name__ == "__main__":
    sys.exit(main())
