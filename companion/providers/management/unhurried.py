"""An operator's command may take as long as it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def unhurried(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift the seconds that PostgreSQL gives each statement, which are meant for pages.

    They are far too short for a large table, and for waiting until somebody else is done.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
