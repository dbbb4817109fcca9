"""Readers of environment variables that refuse nonsense instead of guessing.

A misspelt setting must stop the server at start, with one clear line, because a
privacy setting that silently falls back is worse than one that is missing.
"""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PREFIX, _TESTS = "COMPANION_", "COMPANION_TEST_"
_known: set[str] = set()


def one_line(fault: Exception) -> str:
    """What an operator reads of a wrong setting: no traceback, one line, whose it is."""
    return f"companion: {' '.join(str(fault).split())}"


def text(name: str, default: str = "") -> str:
    _known.add(name)
    return os.environ.get(name, default).strip()


def refuse_unknown() -> None:
    """Refuse variables of ours that nothing has read: a misspelt one would count as unset."""
    ours = (name for name in os.environ if name.startswith(_PREFIX))
    for name in sorted(set(ours) - _known):
        if not name.startswith(_TESTS):
            near = get_close_matches(name, _known, n=1)
            cure = f"did you mean {near[0]}?" if near else "docs/operating.md lists those there are"
            raise ImproperlyConfigured(f"{name}: there is no such setting; {cure}")


def flag(name: str, default: bool) -> bool:
    value = text(name, "on" if default else "off")
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name}={value!r}: use 'on' or 'off'")
    return value == "on"


def number(name: str, default: int, at_least: int = 0, at_most: int = 1_000_000) -> int:
    value = text(name, str(default))
    # ASCII's digits alone: what looks like a number to Python may not to who reads the file.
    if not re.fullmatch(r"[0-9]{1,15}", value) or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(
            f"{name}={value!r}: use a whole number from {at_least} to {at_most}"
        )
    return int(value)


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(allowed)}")
    return value


def path(name: str, default: str) -> str:
    """A path below the root, as ``words/words/``: never the root itself."""
    value = text(name, default).strip("/")
    if not re.fullmatch(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*", value):
        raise ImproperlyConfigured(f"{name}={value!r}: use letters, digits, '-' and '/'")
    return f"{value}/"


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return re.split(r"[\s,]+", text(name, default)) if text(name, default) else []


def hosts(name: str) -> list[str]:
    """Names of hosts, or of all below one (``.example.org``). Not ``*``: links on paper and
    redirects would then say whatever a stranger's request says."""
    values = words(name)
    for value in values:
        if not re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", value, re.IGNORECASE):
            raise ImproperlyConfigured(
                f"{name}={value!r}: use names of hosts, without https:// and without a port"
            )
    return values


def origin(name: str) -> str:
    """One web origin, or nothing."""
    values = origins(name)
    if len(values) > 1:
        raise ImproperlyConfigured(f"{name}={' '.join(values)!r}: use one address")
    return values[0] if values else ""


def issuer(name: str) -> str:
    """The address of an OpenID Connect provider, or nothing: as it names itself, so with its
    path. Over HTTPS, unless it is on the machine itself."""
    value = text(name)
    if value and not re.fullmatch(
        r"(https://[a-z0-9.-]+(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})(/[\w.~/-]*)?", value
    ):
        raise ImproperlyConfigured(f"{name}={value!r}: use https://host/path, as it names itself")
    if value and find_spec("authlib") is None:
        raise ImproperlyConfigured(f"{name}: OpenID Connect needs oidc.lock; install it")
    return value


def origins(name: str) -> list[str]:
    """Web origins (``https://portal.example.org``), without path."""
    values = words(name)
    for value in values:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", value):
            raise ImproperlyConfigured(f"{name}={value!r}: use https://host, no path")
    return values


def loopback(name: str) -> tuple[str, int] | None:
    """Host and port that only the machine itself reaches (``127.0.0.1:9464``), or None."""
    value = text(name)
    if not value:
        return None
    found = re.fullmatch(r"(127\.0\.0\.1|\[::1\]):([1-9][0-9]{0,4})", value)
    if found is None or int(found[2]) > 65535:
        raise ImproperlyConfigured(f"{name}={value!r}: use 127.0.0.1:port; nobody else may ask")
    return found[1].strip("[]"), int(found[2])


def listening(name: str, default: str) -> str:
    """Where a server listens: ``host:port``, or ``unix:/path``. Never empty or without a port:
    what gunicorn takes for that is every address of the machine."""
    value = os.environ.get(name, default).strip()
    found = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([1-9][0-9]{0,4})", value)
    if not re.fullmatch(r"unix:/.+", value) and not (found and int(found[2]) <= 65_535):
        raise ImproperlyConfigured(f"{name}={value!r}: use host:port")
    return value


def database(name: str, sqlite_file: str) -> dict[str, Any]:
    """Django's settings for ``postgresql://user:password@host:port/name``.

    Without the variable, SQLite in ``sqlite_file``; ``sqlite:///path`` says the same.
    Refuses everything else, without repeating it: it may hold a password.
    """
    url = text(name)
    wrong = ImproperlyConfigured(f"{name}: use postgresql://user:password@host:port/database")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets around no address, or a port that is no number
        raise wrong from None
    if not url and not sqlite_file:
        raise ImproperlyConfigured("COMPANION_DATABASE='': name the file, or leave it out")
    if not url or (parts.scheme == "sqlite" and len(parts.path) > 1):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            # As elsewhere: three slashes begin a relative path, four an absolute one.
            "NAME": unquote(parts.path[1:]) if url else sqlite_file,
            "OPTIONS": {
                # Seconds: a writer waits its turn instead of failing halfway, and nobody
                # waits more than five for a page.
                "timeout": 4,
                "transaction_mode": "IMMEDIATE",
                # What it sorts, it sorts in memory: there may be no disk to write to.
                "init_command": "PRAGMA temp_store=MEMORY",
            },
        }
    path = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not path:
        raise wrong
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured(
            f"{name}: PostgreSQL's driver is not installed; install postgresql.lock"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": path,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 4, "options": "-c statement_timeout=4000"},
    }
