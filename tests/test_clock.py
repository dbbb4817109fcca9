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


def test_nothing_waits_by_the_time_of_day() -> None:
    # A clock that jumps must end no upload, empty no limit and lock nobody's page.
    of_day = re.compile(r"\btime\.time\(|timezone\.now\(|datetime\.utcnow\(")
    root = Path(companion.__file__).parent
    readers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if of_day.search(file.read_text(encoding="utf-8"))
    }
    # When a hospital was published; and whether a file was made from another.
    publishing = {"providers/cms.py", "providers/publishing.py"}
    assert readers == {*publishing, "web/site/freshness.py"}
