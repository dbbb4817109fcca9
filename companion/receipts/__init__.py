"""Scans -> fingerprints; two of them -> what changed; signatures and traces of editing.

The door: ``make_receipt`` reads files and says their fingerprints, ``Receipt.to_json`` is the
file that a person keeps, ``read_receipt`` reads it back, ``compare`` says what changed.

A receipt holds no name and no value of the files: fingerprints (SHA-256), the UIDs, sizes and
counts. UIDs are numbers that a hospital can look up: whoever has the hospital's archive finds the
person by them, and wherever the receipt is described this is said.

It runs in a browser as well: no Django, no process, no file, and numpy only where the caller
brings a decoder of compressed pictures (``decoding``).
"""

from __future__ import annotations

from companion.receipts.certificates import Trust
from companion.receipts.changes import Change, Comparison, Kind, Mark, Outcome
from companion.receipts.clinical import About
from companion.receipts.comparing import compare
from companion.receipts.details import Detail
from companion.receipts.making import make_receipt
from companion.receipts.receipt import (
    FileKind,
    FileReceipt,
    Lack,
    NotRead,
    Receipt,
    ReceiptError,
    WhyNot,
)
from companion.receipts.saved import read_receipt
from companion.receipts.signatures import SignatureCheck, Verdict
from companion.receipts.traces import Trace, TraceKind

__all__ = [
    "About", "Change", "Comparison", "Detail", "FileKind", "FileReceipt", "Kind", "Lack", "Mark",
    "NotRead", "Outcome", "Receipt", "ReceiptError", "SignatureCheck", "Trace", "TraceKind",
    "Trust", "Verdict", "WhyNot", "compare", "make_receipt", "read_receipt",
]  # fmt: skip
