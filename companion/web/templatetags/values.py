"""How a value from a patient's file is shown: isolated, and with nothing invisible in it."""

from __future__ import annotations

import re
import unicodedata

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

register = template.Library()

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of characters that act on text without being visible."""


_BREAK = mark_safe("<br>")


def is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def spelled_out(text: str) -> str:
    """``text`` with each invisible character as ``[U+202E]``, for files without markup."""
    if not any(map(is_unseen, text)):
        return text
    return "".join(f"[U+{ord(c):04X}]" if is_unseen(c) else c for c in text)


@register.filter
def visible(value: object) -> SafeString:
    """``value`` escaped in a ``<bdi>``, invisible characters as small boxes with their number."""
    return format_html("<bdi>{}</bdi>", _spelled(str(value)))


def _spelled(text: str) -> SafeString | str:
    if not any(map(is_unseen, text)):
        return escape(text)
    box = '<span class="unseen">{}</span>'
    parts = [format_html(box, f"U+{ord(c):04X}") if is_unseen(c) else escape(c) for c in text]
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


@register.filter
def value(text: object) -> SafeString:
    """A patient's value, which the page hides until the switch shows it."""
    return format_html("{}{}", _concealed(), _value(text))


@register.filter
def value_list(texts: list[str] | tuple[str, ...]) -> SafeString:
    """Values that are hidden together: a screen reader says "hidden" once for all."""
    if not texts:
        return SafeString()
    return format_html(
        "{}{}", _concealed(), format_html_join(" ", "{}", ((_value(text),) for text in texts))
    )


def _lines(text: object) -> SafeString:
    """``visible``, with each line break of the text as one."""
    lines = re.split(r"\r\n|[\r\n\x0b\x0c\u2028\u2029]", str(text).rstrip("\r\n"))
    return format_html("<bdi>{}</bdi>", mark_safe(_BREAK.join(map(_spelled, lines))))  # noqa: S308


def _concealed() -> SafeString:
    """What a screen reader says instead of hidden values."""
    return format_html('<span class="concealed">{}</span>', gettext("hidden"))


def _value(text: object) -> SafeString:
    """A value with its readable form, if it has one: that first, the value itself small."""
    readable = getattr(text, "readable", "")
    if not readable:
        return format_html('<span class="value">{}</span>', _lines(text))
    return format_html(
        '<span class="value">{} <small>{}</small></span>', visible(readable), _lines(text)
    )


@register.filter
def claim_list(texts: tuple[str, ...]) -> SafeString:
    """What a file claims about itself, never hidden: it tells nothing of the patient."""
    claims = ((visible(text),) for text in texts)
    return format_html_join(", ", '<span class="claimed">{}</span>', claims)


@register.filter
def file_name(name: str, hide: bool) -> SafeString:
    """The name of a file, hidden if file names were findings themselves."""
    return value(name) if hide else visible(name)


@register.filter
def value_lines(text: str) -> SafeString:
    """The lines of a text, each a hidden value."""
    return value_list(text.splitlines())


@register.filter
def print_list(texts: tuple[str, ...]) -> SafeString:
    """Values on paper, in words where they have any, and each once: nothing is hidden there, and
    nobody searches paper for the form of the file."""
    shown = dict.fromkeys(getattr(text, "readable", "") or text for text in texts)
    return format_html_join(" ", '<span class="value">{}</span>', ((_lines(t),) for t in shown))
