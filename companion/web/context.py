"""What every page knows: its links, the language switch and the deployment's own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language_from_request, gettext, override
from django.utils.translation import gettext_lazy as _

from companion.content import native_readers
from companion.web import languages
from companion.web.scans.device import parts
from companion.web.site.branding import brand
from companion.web.words import page_language

MAIN = (("scans", _("Your scan")), ("checklists", _("Questions")), ("letters", _("Letters")))
FOOTER = (
    ("your-files", _("What we do with your files")),
    ("about", _("About")),
    ("privacy", _("Privacy")),
    ("consumer-health-data-privacy", _("Consumer health data privacy")),
    ("accessibility", _("Accessibility")),
    ("terms", _("Terms")),
    ("security", _("Security")),
    ("site-map", _("Site map")),
    ("packs", _("For patient groups")),
    ("for-hospitals", _("For hospitals")),
)
"""Name of a page -> what the link to it says."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to one of our own pages."""

    url: str
    label: str | Promise
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """The links of header and footer, and this same page in each language.

    They are worked out where they are shown: a part of a page, as htmx asks for one at
    every pause in the typing, shows none.
    """
    here = page_language()
    return {
        "main_links": SimpleLazyObject(lambda: _links(MAIN, request)),
        "footer_links": SimpleLazyObject(lambda: _links(FOOTER, request)),
        "languages": SimpleLazyObject(lambda: _languages(request, here)),
        "language_offer": SimpleLazyObject(lambda: _offered_language(request, here)),
        "interface_language": languages.interface_language(here),
        "language_note": languages.not_whole(here),
        "language_unchecked": bool(native_readers.unread(here)),
        "reads_on_device": SimpleLazyObject(lambda: parts.parts() is not None),
        "limits": settings.COMPANION_LIMITS,
        "brand": brand(),
    }


def _languages(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    path = request.get_full_path()
    return [
        {"code": code, "name": name, "url": translate_url(path, code), "current": code == here}
        for code, name in settings.LANGUAGES
    ]


def _offered_language(request: HttpRequest, here: str) -> dict[str, str]:
    """Another language that the browser asks for, with a sentence in its own words; or nothing.

    Only where nobody chose a language yet, and only as a link: it sends nobody anywhere, and
    remembers nothing. A page that answers a form has the switch that carries what was typed.
    """
    asked = get_language_from_request(request)
    if here != settings.LANGUAGE_CODE or asked == here or request.method not in ("GET", "HEAD"):
        return {}
    with override(asked):
        words = gettext("This page is also in your language:")
    return {
        "code": asked,
        "words": words,
        "words_in": languages.interface_language(asked),
        "name": dict(settings.LANGUAGES)[asked],
        "url": translate_url(request.get_full_path(), asked),
    }


def _links(pages: tuple[tuple[str, str | Promise], ...], request: HttpRequest) -> list[Link]:
    """Links to those pages that this deployment's URL list has."""
    found = []
    for name, label in pages:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Link(url, label, current=request.path == url))
    return found
