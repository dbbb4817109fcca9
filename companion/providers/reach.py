"""Whether the directory of hospitals can be read, said once for all who read it.

A database that does not answer makes whoever asks wait for its time limit. After one
such wait it is left alone for a moment, so that a page that asks twice, or many people
who ask at once, do not wait for each other's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseError

log = logging.getLogger(__name__)

_SLOW = 1.0
"""Seconds: what fails faster than this costs nobody a wait, and is asked each time."""
_REST = 2.0

_rests_until = 0.0


class Unreachable(Exception):  # noqa: N818 - says what it is
    """Nothing can be looked up just now: gone, locked or damaged, never "not there"."""


@contextmanager
def reading() -> Iterator[None]:
    """Around every look into the directory; ``Unreachable`` where it cannot be read."""
    global _rests_until
    began = time.monotonic()
    if began < _rests_until:
        raise Unreachable
    try:
        yield
    # A damaged file may also hand over text or JSON that is none.
    except (DatabaseError, ValueError) as fault:
        now = time.monotonic()
        if now - began >= _SLOW:
            _rests_until = now + _REST
        log.exception("directory could not be read")
        raise Unreachable from fault
