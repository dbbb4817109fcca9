"""What every page knows: the language switch and the deployment's own name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation

from companion.web.site.branding import brand


def site(request: HttpRequest) -> dict[str, Any]:
    """The other languages of this same page, as (code, own name, address)."""
    here = translation.get_language() or settings.LANGUAGE_CODE
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
        "limits": settings.COMPANION_LIMITS,
        "brand": brand(),
    }
