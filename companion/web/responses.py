"""Responses with a patient's data, never in a file name, a title or a cache."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from companion import clock

_TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
    "png": "image/png",
}


def download(body: bytes, *, stem: str, ending: str) -> HttpResponse:
    """A file to save, under a neutral name of ours: ``letter-2026-11-21.pdf``.

    ``stem`` is one of our own words ("letter", "report"), never the patient's.
    """
    response = HttpResponse(body, content_type=_TYPES[ending])
    name = f"{stem}-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def page_or_part(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    part: str,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or only its named part when htmx asks; one template for both."""
    htmx = getattr(request, "htmx", None)
    name = f"{template}#{part}" if htmx else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
