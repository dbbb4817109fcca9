"""How much one inspection may take on; the web fills this from its settings."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one inspection. What a bound leaves out is noted in the report."""

    files: int = 10_000
    """Files, entries of archives included."""
    total_bytes: int = 1536 * MB
    """Bytes of all files as uploaded."""
    unpacked_bytes: int = 4096 * MB
    """Bytes of all archive entries, counted as they are unpacked."""
    entry_bytes: int = 2048 * MB
    """Bytes of one archive entry, counted as it is unpacked."""
    held_bytes: int = 32 * MB
    """Bytes of one file that are kept in memory at a time; pixel data is not kept."""
    inflated_bytes: int = 128 * MB
    """Bytes of one deflated data set, counted as they are inflated."""
    file_seconds: float = 1.2
    """Work for the elements of one file, in seconds of a processor (``work.spent``)."""
    elements: int = 1_000_000
    """Elements and items of one file."""
    unseen: int = 60_000
    """Elements of one file that had to be decoded because no file before had them."""
    depth: int = 64
    """Sequences inside each other."""
    text_characters: int = 100_000
    """Characters that are kept of one value."""
