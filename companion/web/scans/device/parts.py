"""What the browser has to load before it can read scans, as ``manage.py ondevice`` packed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

_FOLDER = "device"
_SCRIPTS = ("device-worker.js", "device-engine.js")


@dataclass(frozen=True, slots=True)
class Part:
    """One file that the page loads."""

    name: str
    url: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the page loads, and who made the largest of it."""

    pyodide: str
    """Its version."""
    lock: dict[str, Any]
    """What Pyodide wants to know of its own build."""
    files: tuple[Part, ...]
    loaded: int
    """Bytes that go over the line, compressed where they were compressed."""


def parts() -> Parts | None:
    """The parts of this deployment; None where reading on the device is not installed."""
    if not settings.COMPANION_ON_DEVICE:
        return None
    manifest = Path(settings.COMPANION_ONDEVICE) / _FOLDER / "parts.json"
    try:
        made = manifest.stat().st_mtime_ns
    except OSError:
        return None
    return _read(manifest, made)


@lru_cache(maxsize=1)
def _read(manifest: Path, made: int) -> Parts:  # "made" is a part of the key
    found = json.loads(manifest.read_text("utf-8"))
    files = [
        Part(name, static(f"{_FOLDER}/{name}"), part["bytes"], part["sha256"])
        for name, part in found["parts"].items()
    ]
    return Parts(
        found["pyodide"],
        found["lock"],
        tuple(files),
        sum(_compressed(manifest.parent / part.name, part.url) for part in files),
    )


def _compressed(source: Path, url: str) -> int:
    """The size of the collected file's smallest form, or of the file itself."""
    name = url.removeprefix(settings.STATIC_URL).removeprefix("/static/")
    collected = Path(settings.STATIC_ROOT)
    copies = [collected / f"{name}{ending}" for ending in (".br", ".gz")]
    return min(file.stat().st_size for file in (source, *copies) if file.is_file())


def scripts() -> dict[str, str]:
    """The addresses of our own scripts that the worker is made of, by name."""
    return {name: static(f"js/{name}") for name in _SCRIPTS}
