"""The site's addresses as a report's page links to them, by the names that ours have.

``companion.urls`` imports every room of the site, with all that stands behind them. A table of
its names and routes, made when the bundles are packed, is enough to write a link.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

TABLE = Path(__file__).with_name("addresses.json")
"""Beside this file in the bundle, and nowhere else."""


def table(
    patterns: list[URLPattern | URLResolver], prefixed: bool = False
) -> list[tuple[str, str, bool]]:
    """Name, route and whether the language is its prefix, of each page in ``patterns``."""
    rows: list[tuple[str, str, bool]] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            # The others are the staff's, whose names are their own.
            if isinstance(pattern.pattern, LocalePrefixPattern):
                rows += table(pattern.url_patterns, prefixed=True)
        elif pattern.name and isinstance(pattern.pattern, RoutePattern):
            rows.append((pattern.name, str(pattern.pattern), prefixed))
    return rows


def _nowhere(request: HttpRequest, **parts: str) -> NoReturn:
    raise NotImplementedError("addresses are written here, and none is served")


def _patterns(rows: list[tuple[str, str, bool]]) -> list[URLPattern | URLResolver]:
    # What path() and i18n_patterns() make, without the views and the middleware that their
    # modules import.
    plain, translated = (
        [
            URLPattern(RoutePattern(route, name=name, is_endpoint=True), _nowhere, name=name)
            for name, route, prefixed in rows
            if prefixed is wanted
        ]
        for wanted in (False, True)
    )
    prefix = LocalePrefixPattern(prefix_default_language=False)
    return [*plain, URLResolver(prefix, translated)]


urlpatterns = _patterns(json.loads(TABLE.read_text("utf-8"))) if TABLE.exists() else []
