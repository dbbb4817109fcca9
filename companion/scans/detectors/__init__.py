"""Detectors: what no lookup of a tag finds. One file each in this folder.

A file declares its detector and is found by itself::

    @detector("echo")
    def detect(scene: Scene) -> Iterator[Finding]: ...

The rules that a detector reports under name it in their TOML. Two detectors of one
name are refused.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from companion.scans.findings import Finding
from companion.scans.rules.scene import Scene

Detect = Callable[[Scene], Iterator[Finding]]

_registered: dict[str, Detect] = {}


class DuplicateDetectorError(Exception):
    """Two detectors go by the same name."""


def detector(name: str) -> Callable[[Detect], Detect]:
    """Register a detector under ``name``."""

    def register(detect: Detect) -> Detect:
        if name in _registered and _registered[name].__module__ != detect.__module__:
            raise DuplicateDetectorError(name)
        _registered[name] = detect
        return detect

    return register


@cache
def detectors() -> dict[str, Detect]:
    """All detectors by name, in the order of their names."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_registered.items()))


def run(scene: Scene) -> Iterator[Finding]:
    """What every detector finds in what was seen."""
    for detect in detectors().values():
        yield from detect(scene)
