"""Lets Django serve each language of the content, and counts what its interface lacks.

The interface's own words (buttons, labels) are gettext catalogues in ``locale/``. A new
language begins without one: its pages then say the interface in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext, trans_real

from companion.content import coverage
from companion.content.library import SOURCE, Untranslated


def serve_all() -> None:
    """Make Django take every code of ``LANGUAGES`` as a prefix of an address.

    Django serves a language only where it finds a catalogue for it, and names only those
    that it knows; ours may have neither yet.
    """
    for code, name in settings.LANGUAGES:
        LANG_INFO.setdefault(code, {"bidi": False, "code": code, "name": name, "name_local": name})
    trans_real.check_for_language = _is_ours  # type: ignore[assignment]


def _is_ours(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def interface_language(language: str) -> str:
    """The language that the interface speaks on pages of ``language``."""
    return language if language == SOURCE or _catalogues().get(language) else SOURCE


def interface_gaps(language: str) -> int:
    """How many of the interface's texts have no words in ``language``."""
    if language == SOURCE:
        return 0
    found = _catalogues()
    every: frozenset[str] = frozenset().union(*found.values())
    return len(every - found.get(language, frozenset()))


def not_whole(language: str) -> str:
    """What a page of a language that is not whole yet says of it; else nothing."""
    if is_whole(language):
        return ""
    source = "Some of this site is not in %(language)s yet. Those parts are in English."
    own = gettext("Some of this site is not in %(language)s yet. Those parts are in English.")
    names = {"language": dict(settings.LANGUAGES)[language]}
    return own % names if own != source else Untranslated(source % names)


@cache
def is_whole(language: str) -> bool:
    """Whether every text of the site is there in ``language``."""
    return not interface_gaps(language) and not coverage.missing(language)


@cache
def _catalogues() -> Mapping[str, frozenset[str]]:
    """The texts that each language's compiled catalogue has words for."""
    found: dict[str, frozenset[str]] = {}
    for folder in settings.LOCALE_PATHS:
        for path in Path(folder).glob("*/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                texts = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            # A text with a plural has one entry for each of the language's forms.
            found[path.parent.parent.name] = frozenset(
                key if isinstance(key, str) else key[0] for key in texts
            )
    return found
