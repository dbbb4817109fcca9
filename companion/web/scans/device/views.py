"""The page on which the visitor's own browser reads scans. It receives nothing: no POST."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from companion.web import links
from companion.web.scans.device import parts
from companion.web.scans.device.page import spoken_context
from companion.web.scans.letter_place import letter_place
from companion.web.words import page_language, screen

_FILES = 20_000
"""Files at once; nothing of them travels, so it is more than may be sent."""


@require_safe
def on_this_device(request: HttpRequest) -> HttpResponse:
    found = parts.parts()
    context = {
        **spoken_context(),
        "parts": found,
        "page_setup": json.dumps(_page_setup(request, found)) if found else "",
    }
    response = render(request, "scans/device/page.html", context)
    if found:
        # Read by companion.web.security: this one page may run WebAssembly and a worker of
        # its own making, until it locks itself.
        response.runs_on_device = True  # type: ignore[attr-defined]
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The service worker that opens the page without a network. A service worker serves what is
    below its own address, hence not a static file."""
    response = render(request, "scans/device/offline.js", content_type="text/javascript")
    # It answers from what the page kept. What could load could also send.
    response.loads_nothing = True  # type: ignore[attr-defined]
    return response


@require_safe
def hand_over(request: HttpRequest) -> HttpResponse:
    """The tab in which the locked page's words for a letter arrive, from that page alone: they
    are shown, and go to the letter by a press."""
    return render(
        request, "scans/device/hand_over.html", {"words": screen("device", page_language())}
    )


def _page_setup(request: HttpRequest, found: parts.Parts) -> dict[str, object]:
    """What the page's script and its worker need to know."""
    limits = settings.COMPANION_LIMITS
    return {
        "parts": [asdict(part) for part in found.files],
        "scripts": parts.scripts(),
        "offline": reverse("scans-on-this-device-offline"),
        "lock": found.lock,
        "settings": {
            "language_code": settings.LANGUAGE_CODE,
            "letter_place": letter_place(request),
            "site": links.root(request),
        },
        "limits": {
            "files": _FILES,
            # At least; the page's script raises it to what was chosen.
            "total_bytes": limits["upload_bytes"],
            "entry_bytes": limits["file_bytes"],
        },
        "languages": [
            {"code": code, "name": name, "dir": "rtl" if code in settings.LANGUAGES_BIDI else "ltr"}
            for code, name in settings.LANGUAGES
        ],
    }


paths = [
    path("scans/on-this-device/", on_this_device, name="scans-on-this-device"),
    path("scans/on-this-device/onward/", hand_over, name="scans-on-this-device-onward"),
    path("scans/on-this-device/offline.js", offline, name="scans-on-this-device-offline"),
]
