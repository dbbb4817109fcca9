"""Texts of content files where no element may stand around them.

A text that shows in English for want of a translation marks itself (``Untranslated``).
An attribute, ``<title>`` and ``<option>`` take the bare text, and ``lang`` beside it:
``<option value="us"{{ name|lang }}>{{ name|bare }}</option>``. Every template has both.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst

from companion.content.untranslated import Untranslated, alike

register = template.Library()


@register.filter
def bare(text: object) -> str:
    """The text without a mark; it is escaped like any other."""
    return str(text)


@register.filter
def sentence(text: str) -> str:
    """The text with a capital at its beginning, marked as it was."""
    return alike(capfirst(str(text)), text)


@register.filter
def lang(text: object) -> str:
    """The attribute that says a text is in English, or nothing where it needs none."""
    return format_html(' lang="{}"', text.language) if isinstance(text, Untranslated) else ""
