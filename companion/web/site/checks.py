"""Django system checks of a deployment: what would be wrong for every visitor.

``faults()`` keeps a server from starting; ``manage.py check`` reports these and all the
others, and ``check --deploy`` what a deployment in production lacks.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from companion.web.site import branding, catalogues, deployment


def register() -> None:
    checks.register(branding.check)
    checks.register(admin_path)
    checks.register(compiled)
    checks.register(named, deploy=True)
    checks.register(encrypted, deploy=True)
    checks.register(deployed, deploy=True)


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


def compiled(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """Each language's words are compiled, from the words as they are now."""
    cure = "run manage.py compilemessages, or pages come out half in English"
    missing = set(catalogues.missing())
    found: list[checks.CheckMessage] = [
        checks.Error(f"locale/{language}: is not compiled; {cure}", id="companion.E006")
        for language in sorted(missing)
    ]
    # While words are being edited they are newer all day; in a deployment never.
    kind, code = (checks.Error, "E006") if settings.PRODUCTION else (checks.Warning, "W006")
    found += [
        kind(f"locale/{one}: was compiled before its words changed; {cure}", id=f"companion.{code}")
        for one in catalogues.stale()
        if one not in missing
    ]
    return found


def deployed(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """Nothing is forgotten that a deployment in production needs."""
    if not settings.PRODUCTION:
        return []
    return [
        checks.Error(f"{what}: {cure}", id="companion.E008") for what, cure in deployment.lacks()
    ]


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


def encrypted(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """What is printed on paper leads to pages that nobody on the way can read or change."""
    if not (settings.PRODUCTION and settings.COMPANION_PUBLIC_URL.startswith("http:")):
        return []
    return [
        checks.Warning(
            f"COMPANION_PUBLIC_URL={settings.COMPANION_PUBLIC_URL!r}: use https, or links and QR "
            "codes on paper lead to pages that others on the way can read",
            id="companion.W009",
        )
    ]
