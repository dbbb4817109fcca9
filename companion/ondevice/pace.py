"""Processor time, where there is none to be had.

Under Pyodide ``time.process_time`` is the time on the wall, and runs on while the browser does
something else. Bounds in seconds of a processor would then cut short on a slow telephone what a
server reads to its end. Bounds on work (elements, bytes, files) hold there as they stand; those
in seconds become a last resort, behind which the page's own watch ends a worker that hangs.
"""

from __future__ import annotations

import time

PACE = 8
"""Seconds on the wall that count as one of a processor."""


def set_pace() -> None:
    """Let ``time.process_time`` run ``PACE`` times slower than the clock on the wall."""
    time.process_time = _slower


def _slower() -> float:
    return time.perf_counter() / PACE
