"""Readers of environment variables that refuse nonsense instead of guessing.

A misspelt setting must stop the server at start, with one clear line, because a
privacy setting that silently falls back is worse than one that is missing.
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def one_line(fault: Exception) -> str:
    """What an operator reads of a wrong setting: no traceback, one line, whose it is."""
    return f"companion: {' '.join(str(fault).split())}"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    value = text(name, "on" if default else "off")
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name}={value!r}: use 'on' or 'off'")
    return value == "on"


def number(name: str, default: int, at_least: int = 0) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"\d{1,15}", value) or int(value) < at_least:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number from {at_least}")
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


def origins(name: str) -> list[str]:
    """Web origins (``https://portal.example.org``), without path."""
    values = words(name)
    for value in values:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", value):
            raise ImproperlyConfigured(f"{name}={value!r}: use https://host, no path")
    return values


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
