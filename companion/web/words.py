"""The words of content files as templates show them: plain or as safe HTML."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from companion.content import screens
from companion.content.library import LANGUAGES, SOURCE, Untranslated
from companion.content.prose import to_html, to_inline_html


class Prose(str):
    """Markdown text: as it stands it is plain text that a template escapes."""

    __slots__ = ()

    @property
    def html(self) -> SafeString:
        """As paragraphs and lists."""
        return _html(self)

    @property
    def inline(self) -> SafeString:
        """As one line without a paragraph."""
        return _inline(self)


class UntranslatedProse(Untranslated, Prose):
    """The same in English, where the page's language has no text yet; it marks itself."""

    __slots__ = ()


def prose(text: str) -> Prose:
    """A text of a content file for a template."""
    return UntranslatedProse(text) if isinstance(text, Untranslated) else Prose(text)


def page_language() -> str:
    """The language that the page speaks: always one of ``LANGUAGES``."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in LANGUAGES else SOURCE


@lru_cache(maxsize=64)
def screen(name: str, language: str) -> dict[str, dict[str, Prose]]:
    """All passages of a screen, hyphens of their ids as underscores for templates.

    ``{{ words.help.cd_title }}`` is ``## cd-title`` under ``# help``.
    """
    return {
        _key(passage): {_key(part) or "text": prose(text) for part, text in parts.items()}
        for passage, parts in screens.read(name, language).items()
    }


def rule_words(words: Any) -> dict[str, Prose]:
    """The parts of a rule's words (``content.identifiers.Words``) for a template."""
    parts = ("title", "what", "why", "standard", "next")
    return {part: prose(getattr(words, part)) for part in parts}


def _key(name: str) -> str:
    return name.replace("-", "_")


# Only our own content files come here, a few hundred texts; never a patient's text.
# "typed": the same words, marked and not, are two texts.
@lru_cache(maxsize=4096, typed=True)
def _html(text: str) -> SafeString:
    return mark_safe(to_html(text))  # noqa: S308  to_html sanitises


@lru_cache(maxsize=4096, typed=True)
def _inline(text: str) -> SafeString:
    return mark_safe(to_inline_html(text))  # noqa: S308  to_inline_html sanitises
