"""What Python for WebAssembly does otherwise than a server's, brought back to where the engine
expects it: once, before any other module of the engine is imported. One of them may keep a decoder.
"""

from __future__ import annotations

import json
import logging
import warnings
from json import scanner

from companion.scans import work


def settle() -> None:
    """Let work be counted, JSON in JSON in JSON end in an error that can be caught, and nothing
    be written down."""
    # There is no clock of a processor here, only that on the wall. A reader that does not come
    # to its next count is ended by the page's own watch, with the worker.
    work.count()
    # The scanner in C recurses on the stack of WebAssembly, whose overflow ends Python itself.
    scanner.make_scanner = scanner.py_make_scanner  # type: ignore[misc, attr-defined]
    json._default_decoder = json.JSONDecoder()  # type: ignore[attr-defined]
    # What libraries say of a file may quote it, and would stand in the browser's console; a file
    # made to harm has them say it ten thousand times.
    logging.disable()
    warnings.simplefilter("ignore")
