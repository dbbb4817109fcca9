"""``manage.py migrate``, one at a time: instances that start together wait for each other.

Django's own command asks what is missing and then does it; a second one that asked in
between does the same again, and fails at tables that are there already.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from companion.providers.management.unhurried import unhurried

_LOCK = 0x636F6D70
"""The number of our advisory lock in PostgreSQL; any would do that nobody else takes."""


class Command(Migrate):
    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except OperationalError as fault:
            # One line: a disk that is full or read-only, a server that is away. It says where
            # the database is and never with which password.
            said = str(fault).strip().splitlines() or [type(fault).__name__]
            raise CommandError(f"the database cannot be brought up to date: {said[0]}") from fault

    def handle(self, *args: Any, **options: Any) -> None:
        with _alone(connections[options["database"]]):
            super().handle(*args, **options)


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Waits until nobody else migrates this database; the system lets go if we die."""
    if connection.vendor == "postgresql":
        with unhurried(connection), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:  # nobody else can open it
        yield
        return
    folder = Path(name).absolute().parent
    if not folder.is_dir():  # the command itself says so better
        yield
        return
    try:
        lock = (folder / f"{Path(name).name}.migrating").open("w")
    except OSError as fault:
        raise OperationalError(f"{fault.strerror}: the folder of {Path(name).name}") from fault
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
