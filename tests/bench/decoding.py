"""Whether frames are decoded as a second decoder decodes them, file by file.

    python -m tests.bench.decoding [FOLDER...]

Without a folder, on the files that pydicom and ``deid-data`` bring. The second decoders are those
of pydicom's that are installed: with ``python-gdcm``, ``pylibjpeg`` and ``pyjpegls`` beside this in
an environment of its own, each transfer syntax has one. Each is tried in a child, for one of them
ends its process with some files. Lossless frames have to be equal bit by bit; of the others the
largest difference of a sample is told.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import pickle
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from companion.scans.pictures.decode import UndecodedError, decode
from companion.scans.pictures.stored import StoredPicture, stored_pictures

_WITH_LOSS = ("4.50", "4.51", "4.81", "4.91", "4.93", "4.203", "4.112")
"""Ends of the transfer syntaxes that may lose something."""


def main() -> None:
    """Print a line for each transfer syntax, and one for each frame that differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders or list(_packages())
    warnings.simplefilter("ignore")
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()):
        for syntax, outcome, told in _compared(path):
            table[syntax][outcome] += 1
            if told:
                print(f"  {path.name}: {told}", flush=True)
    for syntax, outcomes in sorted(table.items()):
        counted = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
        print(f"{UID(syntax).name[:60]:60} {counted}")


def _packages() -> Iterator[Path]:
    yield Path(pydicom.__file__).parent / "data" / "test_files"
    found = importlib.util.find_spec("deid_data")
    if found is not None and found.submodule_search_locations:
        yield Path(found.submodule_search_locations[0])


def _compared(path: Path) -> Iterator[tuple[str, str, str]]:
    """Of the first and the last frame of a file's own picture: its syntax, what came of it, and
    what there is to say."""
    picture = next(iter(stored_pictures(path.read_bytes())), None)
    if not isinstance(picture, StoredPicture) or picture.nested:
        return
    syntax = picture.syntax or "1.2.840.10008.1.2"
    for frame in sorted({0, picture.frames - 1}):
        try:
            ours = decode(picture, frame)
        except UndecodedError as error:
            yield syntax, f"not decoded ({error.why})", f"frame {frame} {error.why}"
            continue
        seconds = [
            (name, found)
            for name in _plugins(syntax)
            if (found := _in_child(partial(_second, path, frame, name))) is not None
        ]
        if not seconds:
            yield syntax, "no second decoder", ""
            continue
        equal = [name for name, found in seconds if _same(ours, found)]
        most = min(_difference(ours, found) for _, found in seconds)
        if equal:
            yield syntax, "equal", ""
        elif syntax.endswith(_WITH_LOSS) and most <= 2:
            yield syntax, "with loss, within 2", ""
        else:
            names = ", ".join(f"{name} {_difference(ours, one)}" for name, one in seconds)
            told = f"frame {frame} {ours.shape} {ours.dtype} {picture.colours}; differs: {names}"
            yield syntax, "DIFFERS", told


def _plugins(syntax: str) -> list[str]:
    try:
        return list(get_decoder(UID(syntax)).available_plugins) or [""]
    except NotImplementedError:
        return []


def _second(path: Path, frame: int, plugin: str) -> Any:
    dataset = pydicom.dcmread(path, force=True)
    syntax = getattr(dataset.file_meta, "TransferSyntaxUID", UID("1.2.840.10008.1.2"))
    dataset.file_meta.TransferSyntaxUID = syntax
    decoder = get_decoder(syntax)
    # Colours of these are red, green and blue here: their decoders undo the transform.
    raw = not syntax.endswith(_WITH_LOSS)
    found, _ = decoder.as_array(dataset, raw=raw, index=frame, decoding_plugin=plugin)
    return found


def _same(ours: Any, found: Any) -> bool:
    return ours.shape == found.shape and np.array_equal(_plain(ours), _plain(found))


def _difference(ours: Any, found: Any) -> float:
    if ours.shape != found.shape:
        return float("inf")
    return float(np.abs(_plain(ours) - _plain(found)).max())


def _plain(samples: Any) -> Any:
    return samples.astype(np.float64 if samples.dtype.kind == "f" else np.int64)


def _in_child(work: Callable[[], Any]) -> Any:
    """What a function gives in a process of its own; None where it fails or ends it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
        except BaseException:  # noqa: BLE001 - told by an answer that is none
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    try:
        return pickle.loads(answer)
    except (EOFError, pickle.UnpicklingError):
        return None


if __name__ == "__main__":
    main()
