"""What comes out of a block in which something is packed."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.findings import Note


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that came out, or a file that stood there unpacked."""

    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """Its name in an archive."""
    packing: str = ""
    """What was undone last; empty for a file that is not packed."""


@dataclass(slots=True)
class Unpacked:
    """What came out of one block."""

    parts: list[Part] = field(default_factory=list)
    names: list[str] = field(default_factory=list, repr=False)
    """Names in archives."""
    notes: set[Note] = field(default_factory=set)
    whole: bool = False
    """Whether the block is nothing but one thing packed, so that its own bytes say nothing."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where in the block something was packed."""

    def rest(self, data: bytes) -> bytes:
        """The block without what was packed in it: the same length, with zeros instead."""
        if self.whole and not self.spans:
            return b""
        bare = bytearray(data)
        for start, end in self.spans:
            bare[start:end] = bytes(min(end, len(data)) - start)
        return bytes(bare)

    def __bool__(self) -> bool:
        return bool(self.parts or self.names or self.notes)
