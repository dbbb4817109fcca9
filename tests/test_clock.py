"""The day is read in one place, so that a test that sets it sets it everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import companion

_READS = re.compile(r"\b(?:date\.today|datetime\.now|datetime\.today|localdate)\(")


def test_only_the_clock_reads_the_day() -> None:
    root = Path(companion.__file__).parent
    readers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if _READS.search(file.read_text(encoding="utf-8"))
    }
    assert readers == {"clock.py"}
