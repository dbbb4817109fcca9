"""A date in words, in the language of the page."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from companion.content import writing
from companion.content.library import SOURCE

_FIRST = re.compile(r"(?<!\d)1(?!\d)")


def day_in_words(day: date) -> str:
    """``1 November 2026``; Django's format knows no ``1er novembre 2026``."""
    text = date_format(day)
    if day.day != 1:
        return text
    first = writing.day_of_month(1, get_language() or SOURCE)
    return _FIRST.sub(first, text, count=1)
