"""Whose law a letter from a report starts with: never a country that nobody named."""

from __future__ import annotations

from django.http import HttpRequest

from companion.content import law
from companion.providers import profiles

ASK = "-"
"""What the letter's page takes as "not chosen yet": it asks then, and keeps what came along."""
_BY_REGION = {"US": "us", "GB": "uk", "AU": "au"}
"""Regions of a language tag that are one country with one law of ours."""


def letter_place(request: HttpRequest) -> str:
    """The jurisdiction of the visit's hospital, else of the browser's first language where
    that names a country (``en-GB``), else ``ASK``."""
    provider = profiles.at(request)
    if provider is not None and provider.jurisdiction in law.jurisdictions():
        return provider.jurisdiction
    first = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    _, _, region = first.partition("-")
    known = law.jurisdictions()
    for name in (_BY_REGION.get(region.upper(), ""), f"eu-{region.lower()}"):
        if name in known:
            return name
    return ASK
