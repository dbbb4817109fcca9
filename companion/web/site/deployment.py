"""What a deployment lacks, each with the sentence that mends it.

``manage.py check --deploy`` reports all of it before the start, ``/readyz`` while the
server runs: what is told in one place is told in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from companion.providers import reach
from companion.providers.models import Profile
from companion.scans.isolation import lookers, seccomp
from companion.web.site import catalogues

Lack = tuple[str, str]
"""A short name of what is missing, and what to do about it."""


def lacks() -> list[Lack]:
    """Everything that is missing now; empty where patients get all of it."""
    return [lack for find in _FINDERS for lack in find()]


def _hosts() -> Iterator[Lack]:
    if settings.PRODUCTION and set(settings.ALLOWED_HOSTS) <= set(settings.LOOPBACK):
        yield "hosts", "set COMPANION_HOSTS to the site's host names, or every visitor gets a 400"


def _proxy() -> Iterator[Lack]:
    if settings.SECURE_SSL_REDIRECT and not settings.COMPANION_BEHIND_PROXY:
        yield (
            "proxy",
            "set COMPANION_BEHIND_PROXY=on behind the front, or every page redirects to itself",
        )


def _static_files() -> Iterator[Lack]:
    if settings.COLLECTED and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield "static files", "run manage.py collectstatic --noinput, or no page can be shown"


def _messages() -> Iterator[Lack]:
    if any(catalogues.stale()):
        yield "messages", "run manage.py compilemessages, or pages come out half in English"


def _seccomp() -> Iterator[Lack]:
    if not _network_can_be_taken_away():
        yield "seccomp", "run it on a Linux whose kernel has seccomp, or no scan is read"


@cache
def _network_can_be_taken_away() -> bool:
    return seccomp.works()


def _pictures() -> Iterator[Lack]:
    if settings.COMPANION_LIMITS["pictures"] and not _pictures_can_be_looked_at():
        yield (
            "pictures",
            "install pictures.lock, or set COMPANION_PICTURES=off: pictures are not looked at",
        )


@cache
def _pictures_can_be_looked_at() -> bool:
    return lookers.installed()


def _database() -> Iterator[Lack]:
    try:
        with reach.reading():
            # A page of it: a question that touches no table is answered by no database too.
            Profile.objects.order_by().values_list("slug", "published").first()
    except reach.Unreachable:
        yield "database", "the directory of hospitals cannot be read: see the log"
        return
    if not _tables_are_up_to_date():
        yield "tables", "run manage.py migrate"


def _tables_are_up_to_date() -> bool:
    """Asked until it is so, and then never again: only an update of the code changes it."""
    if not _known_tables:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _known_tables.append(True)
    return True


_known_tables: list[bool] = []
_FINDERS: tuple[Callable[[], Iterator[Lack]], ...] = (
    _hosts, _proxy, _static_files, _messages, _seccomp, _pictures, _database,
)  # fmt: skip
