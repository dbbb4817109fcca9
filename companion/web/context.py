"""What every page knows: its language, the others, and the deployment's own name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from companion.web import languages
from companion.web.site.branding import brand
from companion.web.words import page_language


def site(request: HttpRequest) -> dict[str, Any]:
    """The other languages of this same page, as (code, own name, address)."""
    here = page_language()
    path = request.get_full_path()
    return {
        "languages": [
            {
                "code": code,
                "name": name,
                "url": translate_url(path, code),
                "current": code == here,
            }
            for code, name in settings.LANGUAGES
        ],
        "interface_language": languages.interface_language(here),
        "language_note": languages.not_whole(here),
        "limits": settings.COMPANION_LIMITS,
        "brand": brand(),
    }
