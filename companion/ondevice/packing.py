"""Makes what a browser loads: bundles of sources, and Python for WebAssembly beside them.

Bundles are ZIPs without compression, so that the compression of the static files does its work
over a whole bundle, with fixed days and a fixed order: equal sources are equal bytes.

To compile what is not ours would take a browser most of the time until it is ready. script/pyodide
has it compiled once (``compile.mjs``), by the very Python that runs there; where that was not
done, sources are packed, and all works, only later.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from companion.ondevice import addresses, contents

FOLDER = "device"
"""Where the parts stand below the static files."""
MANIFEST = "parts.json"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
"""What is taken from Pyodide's package as it stands."""
STANDARD_LIBRARY = "python_stdlib.zip"
_LOCK = "pyodide-lock.json"
COMPILED = "compiled.zip"
"""Beside Pyodide's files: modules as ``compile.mjs`` compiled them, each with the digest of its
source as the comment of its entry."""
# Ends in nothing that a compressor of static files would pass over, as it does with ".zip".
ENDING = ".pack"
_DAY = (1980, 1, 1, 0, 0, 0)
_STAYS_OUT = ("__pycache__", "/test/", "/tests/")
_NO_USE_THERE = (
    # For who writes programs, for a terminal, for servers and mail: never imported there.
    "_pyrepl/", "cProfile.py", "doctest.py", "ensurepip/", "ftplib.py", "idlelib/", "imaplib.py",
    "lib2to3/", "mailbox.py", "multiprocessing/", "netrc.py", "optparse.py", "pdb.py",
    "pickletools.py", "poplib.py", "profile.py", "profiling/", "pstats.py", "pydoc.py",
    "pydoc_data/", "rlcompleter.py", "smtplib.py", "trace.py", "turtle.py", "turtledemo/",
    "unittest/", "venv/", "wave.py", "webbrowser.py", "wsgiref/", "xmlrpc/",
    "zipapp.py",
)  # fmt: skip
_READ_AS_TEXT = "dicom_anonymization_databases/"
"""These are looked up as files, not imported by their names."""


class PyodideMissingError(Exception):
    """A file of Pyodide's package is not where it should be: it is named."""


def pack(pyodide: Path, out: Path, patterns: list[Any]) -> dict[str, Any]:
    """Write all parts below ``out`` and return what they are, as their manifest has it.

    A part that is the same as before is left alone, so that nobody compresses it anew: for
    Pyodide that takes longer than all else of an update. ``pyodide`` is the folder of npm's
    package, ``patterns`` the site's list of URLs. Raises ``PyodideMissingError``.
    """
    for name in (*PYODIDE, STANDARD_LIBRARY, _LOCK, "package.json"):
        if not (pyodide / name).is_file():
            raise PyodideMissingError(name)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    compiled = _compiled(pyodide / COMPILED)
    bundles = {
        "python": standard_library(pyodide / STANDARD_LIBRARY),
        "engine": engine(),
        "report": report(patterns),
    }
    parts = {name: (pyodide / name).read_bytes() for name in PYODIDE} | {
        f"{name}{ENDING}": _bundle(_as_compiled(files, compiled)) for name, files in bundles.items()
    }
    for path in folder.iterdir():
        if path.name not in parts:  # the manifest too: without it, half of this is nothing
            path.unlink()
    for name, data in parts.items():
        _put(folder / name, data)
    manifest = {
        "pyodide": json.loads((pyodide / "package.json").read_text("utf-8"))["version"],
        # Pyodide checks what it was built for, and gets no list of packages to load elsewhere.
        "lock": {"info": json.loads((pyodide / _LOCK).read_text("utf-8"))["info"], "packages": {}},
        "parts": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(parts.items())
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _put(path: Path, data: bytes) -> None:
    if not path.is_file() or path.read_bytes() != data:
        path.write_bytes(data)


def engine() -> list[tuple[str, bytes]]:
    """The files of the bundle that reads scans."""
    return _read(contents.own(contents.ENGINE), contents.ENGINE_LIBRARIES)


def report(patterns: list[Any]) -> list[tuple[str, bytes]]:
    """The files of the bundle that makes the page of a report."""
    files = _read(
        (*contents.own(contents.REPORT), *contents.catalogues()), contents.REPORT_LIBRARIES
    )
    table = json.dumps(addresses.table(patterns), separators=(",", ":"))
    name = addresses.TABLE.relative_to(contents.ROOT).as_posix()
    return [*files, (name, table.encode())]


def standard_library(path: Path) -> list[tuple[str, bytes]]:
    """The files of Python's own library that are of use in a browser, as Pyodide has them."""
    with zipfile.ZipFile(path) as whole:
        return [
            (name, whole.read(name))
            for name in whole.namelist()
            if not name.endswith("/")
            and not any(part in name for part in _STAYS_OUT)
            and not name.startswith(_NO_USE_THERE)
        ]


def to_compile(pyodide: Path) -> bytes:
    """A ZIP of all modules that are not ours, for ``compile.mjs``. Raises
    ``PyodideMissingError``."""
    path = pyodide / STANDARD_LIBRARY
    if not path.is_file():
        raise PyodideMissingError(path.name)
    files = [
        *standard_library(path),
        *_read((), (*contents.ENGINE_LIBRARIES, *contents.REPORT_LIBRARIES)),
    ]
    return _bundle(
        (name, data) for name, data in files if name.endswith(".py") and _READ_AS_TEXT not in name
    )


def _compiled(path: Path) -> dict[tuple[str, str], bytes]:
    """What was compiled, by a module's file name and its source's digest."""
    if not path.is_file():
        return {}
    with zipfile.ZipFile(path) as whole:
        return {
            (entry.filename.removesuffix("c"), entry.comment.decode("ascii")): whole.read(entry)
            for entry in whole.infolist()
        }


def _as_compiled(
    files: Iterable[tuple[str, bytes]], compiled: dict[tuple[str, str], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Each module as it was compiled from this very source, all else as it is."""
    for name, data in files:
        module = compiled.get((name, hashlib.sha256(data).hexdigest()))
        yield (name, data) if module is None else (f"{name}c", module)


def _read(
    own: Iterable[tuple[str, Path]], libraries: Iterable[contents.Library]
) -> list[tuple[str, bytes]]:
    found = [(name, path.read_bytes()) for name, path in own]
    for library in libraries:
        found += [(name, path.read_bytes()) for name, path in contents.others(library)]
        found += [(name, text.encode()) for name, text in library.instead.items()]
    return found


def _bundle(files: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in sorted(files):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            bundle.writestr(entry, data)
    return made.getvalue()
