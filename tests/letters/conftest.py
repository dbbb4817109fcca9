"""What tests of letters share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.letters.builders import make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shared words and one letter that stands alone."""
    return make_folder(tmp_path)
