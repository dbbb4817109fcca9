"""Frames between the press and the process that prints: one definition for both ends.

A head of two numbers (what it is, and how many bytes follow), then the bytes. Apart
from ``pdf``, so that asking loads no WeasyPrint.
"""

from __future__ import annotations

import struct

FRAME = struct.Struct("!BQ")
ASK, DONE, TOO_LARGE, FAILED, READY = range(5)
