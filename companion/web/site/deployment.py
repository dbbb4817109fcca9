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
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from companion.providers import reach
from companion.providers.models import Profile
from companion.scans.isolation import lookers, seccomp
from companion.web.site import catalogues, freshness

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


def _secret() -> Iterator[Lack]:
    """The measure is Django's own (its check W009)."""
    key = settings.SECRET_KEY
    if settings.PRODUCTION and settings.COMPANION_ADMIN and (len(key) < 50 or len(set(key)) < 5):
        yield (
            "secret",
            "set COMPANION_SECRET_KEY to 50 random characters, or staff's sessions can be forged",
        )


def _static_files() -> Iterator[Lack]:
    if not settings.COLLECTED:
        return
    cure = "run manage.py collectstatic --noinput"
    listed = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not listed.is_file():
        yield "static files", f"{cure}, or no page can be shown"
    # script/server compares what is in them, and collects only where that has changed.
    elif settings.PRODUCTION and any(
        freshness.stale(listed, source)
        for folder in settings.STATICFILES_DIRS
        for source in Path(folder).rglob("*")
        if source.is_file()
    ):
        yield "static files", f"{cure}: some changed since, and pages ask for those of before"


def _on_device() -> Iterator[Lack]:
    if not (settings.PRODUCTION and settings.COMPANION_ON_DEVICE):
        return
    packed = Path(settings.COMPANION_ONDEVICE) / "device" / "parts.json"
    if not packed.is_file():
        yield (
            "on device",
            "run script/pyodide, manage.py ondevice and collectstatic, or set "
            "COMPANION_ON_DEVICE=off: reading on the visitor's own device is not offered",
        )
    # It holds nearly all of these, so it is not asked which.
    elif any(freshness.stale(packed, source) for source in _packed_sources()):
        yield (
            "on device",
            "run manage.py ondevice and collectstatic: the program changed since, and visitors' "
            "own devices still read with the one of before",
        )


def _packed_sources() -> Iterator[Path]:
    """What ``manage.py ondevice`` packs from: code, words, templates, compiled catalogues."""
    for folder in ("companion", "templates", "locale"):
        for source in (settings.BASE_DIR / folder).rglob("*"):
            if source.suffix in {".py", ".toml", ".md", ".html", ".svg", ".mo"}:
                yield source


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
    if settings.COMPANION_LIMITS["pictures"] and not lookers.installed():
        yield (
            "pictures",
            "install pictures.lock, or set COMPANION_PICTURES=off: pictures are not looked at",
        )


def _database() -> Iterator[Lack]:
    try:
        with reach.reading():
            # A page of it: a question that touches no table is answered by no database too.
            Profile.objects.order_by().values_list("slug", "published").first()
            missing = (
                needed_migrations() - MigrationRecorder(connection).applied_migrations().keys()
            )
    except reach.Unreachable:
        # A database that was never migrated has no such table, and is as easily mended.
        yield (
            "database",
            "start its server, or give the folder of COMPANION_DATABASE to the service's user, "
            "and run manage.py migrate: the directory of hospitals cannot be read, see the log",
        )
        return
    # Asked each time: a restored copy may be older than the code.
    if missing:
        yield "tables", "run manage.py migrate"


@cache
def needed_migrations() -> frozenset[tuple[str, str]]:
    """Those that this version of the code brings."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


_FINDERS: tuple[Callable[[], Iterator[Lack]], ...] = (
    _hosts, _proxy, _secret, _static_files, _messages, _seccomp, _pictures, _on_device, _database,
)  # fmt: skip
