"""The words of content files as templates show them: plain or as safe HTML."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from companion.content import screens
from companion.content.prose import to_html, to_inline_html


class Prose(str):
    """Markdown text: as it stands it is plain text that a template escapes."""

    __slots__ = ()

    @property
    def html(self) -> SafeString:
        """As paragraphs and lists."""
        return _html(str(self))

    @property
    def inline(self) -> SafeString:
        """As one line without a paragraph."""
        return _inline(str(self))


@lru_cache(maxsize=16)
def screen(name: str, language: str) -> dict[str, dict[str, Prose]]:
    """All passages of a screen, hyphens of their ids as underscores for templates.

    ``{{ words.help.cd_title }}`` is ``## cd-title`` under ``# help``.
    """
    return {
        _key(passage): {_key(part) or "text": Prose(text) for part, text in parts.items()}
        for passage, parts in screens.read(name, language).items()
    }


def rule_words(words: Any) -> dict[str, Prose]:
    """The parts of a rule's words (``content.identifiers.Words``) for a template."""
    parts = ("title", "what", "why", "standard", "next")
    return {part: Prose(getattr(words, part)) for part in parts}


def _key(name: str) -> str:
    return name.replace("-", "_")


# Only files of ours come here, a few hundred texts; a patient's text never does.
@lru_cache(maxsize=4096)
def _html(text: str) -> SafeString:
    return mark_safe(to_html(text))  # noqa: S308  to_html sanitises


@lru_cache(maxsize=4096)
def _inline(text: str) -> SafeString:
    return mark_safe(to_inline_html(text))  # noqa: S308  to_inline_html sanitises
