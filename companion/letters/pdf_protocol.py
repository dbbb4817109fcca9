"""Messages between the pool of printers and a process that prints, defined for both ends.

A header of two numbers (the kind of message, and how many bytes follow), then the
bytes. A module of its own, so that asking for a PDF loads no WeasyPrint.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("!BQ")
ASK, DONE, TOO_LARGE, FAILED, READY = range(5)
