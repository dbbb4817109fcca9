"""Django system checks of a deployment: what would be wrong for every visitor.

``faults()`` keeps a server from starting; ``manage.py check`` reports these and all the
others, and ``check --deploy`` what a deployment in production lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from companion.web.site import branding


def register() -> None:
    checks.register(branding.check)
    checks.register(admin_path)
    checks.register(catalogues)
    checks.register(named, deploy=True)


def faults() -> list[checks.CheckMessage]:
    """What a server must not start with."""
    return [*branding.check(), *admin_path()]


def admin_path(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """The staff's pages must not replace any other page."""
    if not settings.COMPANION_ADMIN or not _taken(settings.COMPANION_ADMIN_PATH):
        return []
    return [
        checks.Error(
            f"COMPANION_ADMIN_PATH={settings.COMPANION_ADMIN_PATH.rstrip('/')!r}: a page of "
            "ours is there already; choose another",
            id="companion.E005",
        )
    ]


def _taken(path: str) -> bool:
    own_pages = getattr(import_module(settings.ROOT_URLCONF), "own_pages", [])
    first = path.split("/")[0]
    if first in {"static", *(code for code, _ in settings.LANGUAGES)}:
        return True
    for address in (path, path.rstrip("/")):
        try:
            URLResolver(RegexPattern(r"^"), own_pages).resolve(address)
        except Resolver404:
            continue
        return True
    return False


def catalogues(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """Each language's words are compiled, from the words as they are now."""
    return list(_not_compiled())


def _not_compiled() -> Iterator[checks.CheckMessage]:
    cure = "run manage.py compilemessages, or pages come out half in English"
    for folder in settings.LOCALE_PATHS:
        for words in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            compiled = words.with_suffix(".mo")
            language = words.parts[-3]
            if not compiled.exists():
                yield checks.Error(
                    f"locale/{language}: is not compiled; {cure}", id="companion.E006"
                )
            elif compiled.stat().st_mtime < words.stat().st_mtime:
                # While words are being edited they are newer all day; in a deployment never.
                kind = checks.Error if settings.PRODUCTION else checks.Warning
                yield kind(
                    f"locale/{language}: was compiled before its words changed; {cure}",
                    id="companion.E006" if settings.PRODUCTION else "companion.W006",
                )


def named(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """The legal pages of a deployment in production name who runs it."""
    if not settings.PRODUCTION:
        return []
    return [
        checks.Warning(f"{name} is not set: {lacks}", id="companion.W007")
        for name, lacks in (
            ("COMPANION_OPERATOR", "the privacy pages cannot say who runs this site"),
            ("COMPANION_CONTACT", "nobody who asks about their data has an address to write to"),
        )
        if not getattr(settings, name)
    ]
