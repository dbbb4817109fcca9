"""Whether what was made from a file is older than the file."""

from __future__ import annotations

import time
from pathlib import Path

_AHEAD = 60.0
"""Seconds by which the clocks of two machines that share a disk may well differ."""


def stale(made: Path, source: Path) -> bool:
    """Whether ``source`` has changed since ``made`` was made from it; both exist.

    A source from the future says only that a clock was wrong: it would seem newer whatever
    is made from it, and nothing could mend that.
    """
    changed = source.stat().st_mtime
    return made.stat().st_mtime < changed < time.time() + _AHEAD
