"""What day it is: the one place that reads the machine's clock for it.

A letter's dates are dates and have no time zone (R8 in ``letters.rights``), so the day
is the server's own. Whoever needs another day, above all a test, sets it here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """The server's day."""
    return date.today()  # noqa: DTZ011  the only call: see the module


def now() -> datetime:
    """This moment in UTC, to stamp what is made."""
    return datetime.now(UTC)
