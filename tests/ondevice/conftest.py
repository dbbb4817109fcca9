"""The parts that a browser loads, packed once, and an engine that runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from companion.ondevice import packing
from tests.ondevice.engine import Engine


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the parts. script/test brings Pyodide; without it these tests fail."""
    out = tmp_path_factory.mktemp("ondevice")
    packing.pack(Path(settings.COMPANION_PYODIDE), out, get_resolver().url_patterns)
    return out / packing.FOLDER


@pytest.fixture(scope="session")
def engine(parts: Path) -> Iterator[Engine]:
    with Engine(parts) as started:
        yield started
