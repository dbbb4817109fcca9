"""What is packed for a visitor's own browser."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

from companion.ondevice import packing


def make_pyodide(folder: Path) -> Path:
    """As much of Pyodide's package as packing looks at."""
    folder.mkdir()
    for name in packing.PYODIDE:
        (folder / name).write_bytes(b"made up")
    library = io.BytesIO()
    with zipfile.ZipFile(library, "w") as bundle:
        bundle.writestr("this.py", "")
    (folder / packing.STANDARD_LIBRARY).write_bytes(library.getvalue())
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": {}, "packages": {}}))
    (folder / "package.json").write_text(json.dumps({"version": "1.2.3"}))
    return folder


def test_a_part_that_is_the_same_as_before_is_left_alone(tmp_path: Path) -> None:
    pyodide = make_pyodide(tmp_path / "pyodide")
    first = packing.pack(pyodide, tmp_path, [])
    folder = tmp_path / packing.FOLDER
    (folder / "of-a-version-before.pack").write_bytes(b"")
    for part in folder.iterdir():
        os.utime(part, (1, 1))
    (pyodide / "pyodide.mjs").write_bytes(b"newer")

    second = packing.pack(pyodide, tmp_path, [])

    written = {part.name for part in folder.iterdir() if part.stat().st_mtime > 1}
    assert written == {"pyodide.mjs", packing.MANIFEST}
    assert not (folder / "of-a-version-before.pack").exists()
    changed = {name for name in first["parts"] if first["parts"][name] != second["parts"][name]}
    assert changed == {"pyodide.mjs"}
    assert json.loads((folder / packing.MANIFEST).read_text()) == second
    for name, part in second["parts"].items():
        assert (folder / name).stat().st_size == part["bytes"]
