"""What comes out of a block in which something is packed."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.findings import Note

_GAP = 16
"""Zeros that part what stood before something packed from what stood behind it."""


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
        """The block without what was packed in it: a few zeros stand in its place, as many as
        leave an even byte even."""
        if self.whole and not self.spans:
            return b""
        pieces, at = [], 0
        for start, end in sorted(self.spans):
            if start >= at:
                pieces += [data[at:start], bytes(_GAP + (end - start) % 2)]
            at = max(at, end)
        return b"".join([*pieces, data[at:]])

    def __bool__(self) -> bool:
        return bool(self.parts or self.names or self.notes)
