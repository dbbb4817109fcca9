"""What Python for WebAssembly does otherwise than a server's, brought back to where the engine
expects it: once, before anything is read.
"""

from __future__ import annotations

import json
import time
from json import scanner

PACE = 8
"""Seconds on the wall that count as one of a processor."""


def settle() -> None:
    """Let seconds be slower, and JSON in JSON in JSON end in an error that can be caught."""
    # Here it is the time on the wall, and runs on while the browser does something else. Bounds
    # in seconds of a processor would then cut short on a slow telephone what a server reads to
    # its end. Bounds on work (elements, bytes, files) hold as they stand; those in seconds are a
    # last resort, behind which the page's own watch ends a worker that hangs.
    time.process_time = _slower
    # The scanner in C recurses on the stack of WebAssembly, whose overflow ends Python itself.
    scanner.make_scanner = scanner.py_make_scanner  # type: ignore[misc, attr-defined]
    json._default_decoder = json.JSONDecoder()  # type: ignore[attr-defined]


def _slower() -> float:
    return time.perf_counter() / PACE
