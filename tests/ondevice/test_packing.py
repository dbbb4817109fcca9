"""What goes into the bundles that a browser loads."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from django.urls import get_resolver

from companion.ondevice import contents, packing

MODULE = b"VALUE = 1\n"


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    """A folder with the files of Pyodide's package, and a standard library of four modules."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in packing.PYODIDE:
        (folder / name).write_bytes(b"")
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": {}}))
    (folder / "package.json").write_text(json.dumps({"version": "1"}))
    with zipfile.ZipFile(folder / packing.STANDARD_LIBRARY, "w") as library:
        for name in ("one.py", "two.py", "unittest/case.py", "asyncio/tasks.py"):
            library.writestr(name, MODULE)
    return folder


def compile_as(pyodide: Path, name: str, source: bytes) -> None:
    """What ``compile.mjs`` leaves: here, any bytes do."""
    with zipfile.ZipFile(pyodide / packing.COMPILED, "w") as made:
        entry = zipfile.ZipInfo(f"{name}c")
        entry.comment = hashlib.sha256(source).hexdigest().encode()
        made.writestr(entry, b"compiled")


def packed(pyodide: Path, out: Path, bundle: str = "python") -> dict[str, bytes]:
    packing.pack(pyodide, out, get_resolver().url_patterns)
    with zipfile.ZipFile(out / packing.FOLDER / f"{bundle}{packing.ENDING}") as made:
        return {name: made.read(name) for name in made.namelist()}


def test_a_module_compiled_from_this_source_is_packed_without_its_source(
    pyodide: Path, tmp_path: Path
) -> None:
    compile_as(pyodide, "one.py", MODULE)

    found = packed(pyodide, tmp_path / "out")

    assert found == {"one.pyc": b"compiled", "two.py": MODULE, "asyncio/tasks.py": MODULE}


def test_a_module_that_changed_since_it_was_compiled_is_packed_as_its_source(
    pyodide: Path, tmp_path: Path
) -> None:
    compile_as(pyodide, "one.py", b"VALUE = 2\n")

    found = packed(pyodide, tmp_path / "out")

    assert found == {"one.py": MODULE, "two.py": MODULE, "asyncio/tasks.py": MODULE}


def test_equal_sources_are_equal_bytes(pyodide: Path, tmp_path: Path) -> None:
    compile_as(pyodide, "one.py", MODULE)

    first, second = (
        packing.pack(pyodide, tmp_path / name, get_resolver().url_patterns) for name in "ab"
    )

    assert first == second


def test_what_is_compiled_is_not_ours_and_holds_what_stands_in_for_others(pyodide: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packing.to_compile(pyodide))) as made:
        names = made.namelist()
        stand_ins = {
            name: made.read(name).decode()
            for library in contents.REPORT_LIBRARIES
            for name in library.instead
        }

    assert {"one.py", "pydicom/dataset.py", "django/template/base.py"} <= set(names)
    assert len(names) == len(set(names))
    assert not [name for name in names if name.startswith("companion/")]
    # Looked up as a file, by a path that ends in ".py".
    assert not [name for name in names if "dicom_anonymization_databases" in name]
    assert stand_ins == {
        name: text
        for library in contents.REPORT_LIBRARIES
        for name, text in library.instead.items()
    }


def test_the_page_of_a_report_brings_no_database_and_no_form(pyodide: Path, tmp_path: Path) -> None:
    names = packed(pyodide, tmp_path / "out", "report")

    assert "django/template/base.py" in names
    assert not [name for name in names if name.startswith(("django/db/", "django/forms/"))]


@pytest.mark.parametrize("part", [contents.ENGINE, contents.REPORT], ids=["engine", "report"])
def test_nothing_that_our_modules_import_is_left_out(
    pyodide: Path, tmp_path: Path, part: tuple[str, ...]
) -> None:
    imports = [
        node
        for name, path in contents.own(part)
        if name.endswith(".py")
        for node in ast.walk(ast.parse(path.read_bytes()))
    ]
    wanted = {
        *(alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names),
        *(node.module or "" for node in imports if isinstance(node, ast.ImportFrom)),
    }
    wanted = {name for name in wanted if name.split(".")[0] in sys.stdlib_module_names}
    files = {name: f"{name.replace('.', '/')}.py" for name in wanted}
    with zipfile.ZipFile(pyodide / packing.STANDARD_LIBRARY, "w") as library:
        for name in files.values():
            library.writestr(name, MODULE)

    kept = set(packed(pyodide, tmp_path / "out"))

    assert len(wanted) > 10
    assert set(files.values()) <= kept


def test_a_missing_part_of_pyodide_is_named(pyodide: Path, tmp_path: Path) -> None:
    (pyodide / packing.STANDARD_LIBRARY).unlink()

    with pytest.raises(packing.PyodideMissingError, match="python_stdlib"):
        packing.pack(pyodide, tmp_path / "out", [])
    with pytest.raises(packing.PyodideMissingError, match="python_stdlib"):
        packing.to_compile(pyodide)


def test_a_part_that_is_the_same_as_before_is_left_alone(pyodide: Path, tmp_path: Path) -> None:
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
