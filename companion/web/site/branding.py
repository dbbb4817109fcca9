"""A deployment's own name, contact, logo and accent colour, and their checks at start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from companion.content import law
from companion.web import links, logos

SECURITY_TXT_EXPIRES = datetime(2027, 11, 1, tzinfo=UTC)
"""When the contact must be confirmed again; a test fails a month before."""

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

TOKENS = Path(__file__).resolve().parents[3] / "static" / "css" / "tokens.css"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_GROUNDS = ("paper", "sheet", "pine-tint", "on-pine")
"""Tokens that are used behind the accent colour, or on top of it."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages show of a deployment; ``""`` for what it does not set."""

    name: str
    operator: str
    contact: str
    logo: bool
    accent: bool

    @property
    def contact_link(self) -> str:
        """``mailto:`` or web address of the contact; ``""`` when it is neither."""
        if re.fullmatch(r"[^\s@]+@[^\s@]+", self.contact):
            return f"mailto:{self.contact}"
        return self.contact if self.contact.startswith(("https://", "http://")) else ""


def brand() -> Brand:
    """The deployment's brand, as its settings are now."""
    return Brand(
        name=settings.COMPANION_NAME,
        operator=settings.COMPANION_OPERATOR,
        contact=settings.COMPANION_CONTACT,
        logo=bool(settings.COMPANION_LOGO),
        accent=bool(settings.COMPANION_ACCENT or settings.COMPANION_ACCENT_DARK),
    )


@lru_cache(maxsize=1)
def version() -> str:
    """The program's own version."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=1)
def grounds() -> dict[str, dict[str, str]]:
    """Scheme -> token -> colour, read from the style sheet itself so that it stays true."""
    text = TOKENS.read_text(encoding="utf-8")
    dark = text.index("@media (prefers-color-scheme: dark)")
    parts = {"light": text[:dark], "dark": text[dark:]}
    return {
        scheme: {
            name: found[1]
            for name in _GROUNDS
            if (found := re.search(rf"--{name}: (#[0-9a-f]{{6}})", part))
        }
        for scheme, part in parts.items()
    }


def check(*_: Any, **__: Any) -> list[checks.CheckMessage]:
    """Refuse a brand that cannot be read or shown; run by ``manage.py check`` and at start."""
    return list(_faults())


def _faults() -> Iterator[checks.CheckMessage]:
    colours = {"light": settings.COMPANION_ACCENT, "dark": settings.COMPANION_ACCENT_DARK}
    for scheme, colour in colours.items():
        name = "COMPANION_ACCENT" if scheme == "light" else "COMPANION_ACCENT_DARK"
        if not colour:
            continue
        if not _COLOUR.fullmatch(colour):
            yield checks.Error(f"{name}={colour!r}: write it as #1a2b3c", id="companion.E001")
            continue
        for ground, shade in grounds()[scheme].items():
            ratio = contrast(colour, shade)
            if ratio < LEAST_CONTRAST:
                yield checks.Error(
                    f"{name}={colour}: its contrast with {ground} ({shade}) is {ratio:.1f}; "
                    f"at least {LEAST_CONTRAST} is needed to be read",
                    id="companion.E002",
                )
    if settings.COMPANION_LOGO:
        try:
            logo()
        except OSError:
            yield checks.Error("COMPANION_LOGO: the file cannot be read", id="companion.E003")
        except logos.LogoRefused as refused:
            yield checks.Error(
                f"COMPANION_LOGO: is no PNG or JPEG that we can show ({refused.code})",
                id="companion.E003",
            )
    jurisdiction = law.jurisdictions().get(settings.COMPANION_JURISDICTION)
    if jurisdiction is None or not jurisdiction.offered:
        yield checks.Error(
            f"COMPANION_JURISDICTION={settings.COMPANION_JURISDICTION!r}: is not one of "
            f"{', '.join(name for name, found in law.jurisdictions().items() if found.offered)}",
            id="companion.E004",
        )


def logo() -> logos.Logo:
    """The deployment's logo, re-encoded."""
    return _logo(settings.COMPANION_LOGO)


@lru_cache(maxsize=1)
def _logo(file: str) -> logos.Logo:
    return logos.read(Path(file).read_bytes())


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The accent colour as a stylesheet, because the page's policy allows no other way."""
    rules = []
    colours = {"light": settings.COMPANION_ACCENT, "dark": settings.COMPANION_ACCENT_DARK}
    for scheme, colour in colours.items():
        if colour:
            towards = 0.0 if scheme == "light" else 255.0
            deep = "#" + "".join(
                f"{round(int(colour[at : at + 2], 16) * 0.7 + towards * 0.3):02x}"
                for at in (1, 3, 5)
            )
            rules.append(
                f"@media screen and (prefers-color-scheme: {scheme}) and "
                f"(prefers-contrast: no-preference) "
                f"{{ :root {{ --pine: {colour}; --pine-deep: {deep} }} }}"
            )
    response = HttpResponse("\n".join(rules), content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response


@require_safe
def logo_file(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(
        logo().png if settings.COMPANION_LOGO else b"",
        content_type="image/png",
        status=200 if settings.COMPANION_LOGO else 404,
    )
    patch_cache_control(response, public=True, max_age=3600)
    return response


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116)."""
    root = links.root(request)
    contact = brand().contact_link or f"{root}{reverse('security')}"
    lines = [
        f"Contact: {contact}",
        f"Expires: {SECURITY_TXT_EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _ in settings.LANGUAGES)}",
        f"Canonical: {root}/.well-known/security.txt",
        f"Policy: {root}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


plain_paths = [
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("brand/colours.css", stylesheet, name="brand-colours"),
    path("brand/logo.png", logo_file, name="brand-logo"),
]
