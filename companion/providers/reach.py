"""Whether the directory of hospitals can be read, decided in one place for all readers.

A database that does not respond makes each query wait for its time limit. After one such
wait it is left alone for a moment, so that a page with two queries, or many visitors at
once, do not wait again and again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseError

log = logging.getLogger(__name__)

_SLOW = 1.0
"""Seconds: what fails faster than this costs nobody a wait, and is tried every time."""
_REST = 2.0

_rests_until = 0.0


class Unreachable(Exception):  # noqa: N818 - says what it is
    """The directory cannot be read at the moment: gone, locked or damaged. Never "not found"."""


@contextmanager
def reading() -> Iterator[None]:
    """Wraps every read of the directory; raises ``Unreachable`` if it cannot be read."""
    global _rests_until
    began = time.monotonic()
    if began < _rests_until:
        raise Unreachable
    try:
        yield
    # A damaged file may also return invalid text or JSON.
    except (DatabaseError, ValueError) as fault:
        now = time.monotonic()
        if now - began >= _SLOW:
            _rests_until = now + _REST
        log.exception("directory could not be read")
        raise Unreachable from fault
