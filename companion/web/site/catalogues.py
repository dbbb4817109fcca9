"""Whether each language's words are compiled, from the words as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from companion.web.site import freshness


def missing() -> Iterator[str]:
    """Languages whose words were never compiled."""
    return (words.parts[-3] for words in _catalogues() if not words.with_suffix(".mo").exists())


def stale() -> Iterator[str]:
    """Languages whose words were never compiled, or have changed since."""
    for words in _catalogues():
        compiled = words.with_suffix(".mo")
        if not compiled.exists() or freshness.stale(compiled, words):
            yield words.parts[-3]


def _catalogues() -> Iterator[Path]:
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
