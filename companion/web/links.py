"""Addresses given out on paper, as QR codes and in portals."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

ENTRIES = {
    "home": "home",
    "checklists": "checklists",
    "letters": "letters",
    "scans": "scans",
    "hospital": "at",
}
"""Entry points of a link -> the name of their page."""


def root(request: HttpRequest | None = None) -> str:
    """``https://host`` of this deployment: its setting, else as the visitor sees it."""
    if settings.COMPANION_PUBLIC_URL:
        return str(settings.COMPANION_PUBLIC_URL)
    if request is None:
        return f"https://{settings.ALLOWED_HOSTS[0]}"
    return f"{request.scheme}://{request.get_host()}"


def public(entry: str, language: str, *, at: str = "", request: HttpRequest | None = None) -> str:
    """The whole address of an entry point in a language, with a hospital if given.

    It names a page and a hospital, never a person.
    """
    return root(request) + path(entry, language, at=at)


def path(entry: str, language: str, *, at: str = "") -> str:
    """The same without ``https://host``; ``entry`` may be any page's name."""
    if entry == "hospital" and not at:
        entry = "home"
    with translation.override(language):
        found = reverse(ENTRIES.get(entry, entry), args=[at] if entry == "hospital" else [])
    return found + (f"?at={at}" if at and entry != "hospital" else "")


def qr(address: str) -> str:
    """A QR code as a picture embedded in the page (``data:`` SVG)."""
    return str(_code(address).svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))


def qr_png(address: str) -> bytes:
    """A QR code as a PNG to download and print on a poster."""
    file = io.BytesIO()
    _code(address).save(file, kind="png", scale=16, border=4)
    return file.getvalue()


def _code(address: str) -> segno.QRCode:
    # Level "q" survives a quarter of the code being scratched or stained.
    return segno.make(address, error="q", micro=False)
