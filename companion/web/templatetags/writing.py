"""What a template sets between words, as the language writes it. Every template has these."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import get_language

from companion import clock
from companion.content import writing
from companion.content.library import SOURCE
from companion.web import dates

register = template.Library()


@register.simple_tag
def colon(language: str = "") -> str:
    """The mark after a label, in the page's language or in the one that is named:
    ``{{ label }}{% colon %} {{ value }}``."""
    return writing.colon(language or get_language() or SOURCE)


@register.simple_tag
def today_in_words() -> str:
    return dates.day_in_words(clock.today())


@register.filter
def in_words(day: date | None) -> str:
    """A date as the page's language writes it; nothing where there is none."""
    return dates.day_in_words(day) if day else ""
