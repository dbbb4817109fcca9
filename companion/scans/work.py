"""How much work an inspection has done, in seconds of a server's processor.

A server asks its processor. A browser cannot: its clock runs on while a telephone is slow or
the page stands in the background, and would cut short there what a server reads to its end.
There the work itself is counted, at what each kind of it costs on a server: a file has the
same share of it on every device.
"""

from __future__ import annotations

import time
from enum import StrEnum


class Work(StrEnum):
    """What is counted where no processor can be asked."""

    ELEMENT = "element"
    """An element that was known, or an item: it is walked over."""
    NEW_ELEMENT = "new element"
    """An element that has to be decoded, and each KB of its value."""
    BYTE = "byte"
    """A byte in which text or something packed is looked for."""
    UNPACKED_BYTE = "unpacked byte"
    """A byte that comes out of a packing."""
    MARK = "mark"
    """A place where something packed may begin, and is tried."""
    PART = "part"
    """A file inside another, or an object of a document: it is opened."""
    PAGE = "page"
    """A page of a document, apart from its letters."""
    LETTER = "letter"
    """A character of what a document says."""
    DRAWN_LETTER = "drawn letter"
    """One on a page that says where each is drawn, and from which font."""
    STEP = "step"
    """A step of a database, or of a reader that goes word by word."""


SECONDS = {
    Work.ELEMENT: 2e-6,
    Work.NEW_ELEMENT: 15e-6,
    Work.BYTE: 2e-8,
    Work.UNPACKED_BYTE: 2e-8,
    Work.MARK: 6e-6,
    Work.PART: 4e-5,
    Work.PAGE: 1e-3,
    Work.LETTER: 1e-7,
    Work.DRAWN_LETTER: 8e-6,
    Work.STEP: 1e-6,
}
"""What one of each costs a server, measured on files that hold much of it. Nothing depends on
their third digit: they say when a file has had its share, as a processor does."""


_counted: float | None = None
"""Seconds of counted work; None where the processor is asked."""


def spent() -> float:
    """Seconds of work so far, of which only differences mean something."""
    return time.process_time() if _counted is None else _counted


def did(what: Work, times: int = 1) -> None:
    """Count work that was done or is about to be. Where a processor is asked, this is nothing."""
    global _counted
    if _counted is not None:
        _counted += SECONDS[what] * times


def count(counted: bool = True) -> None:
    """From now on count work, or ask the processor again. For the whole process, and between
    inspections alone."""
    global _counted
    _counted = 0.0 if counted else None
