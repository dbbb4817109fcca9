"""Health checks: for whoever runs the companion, in no language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from companion.web.site import deployment


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: touches neither the database nor the worker pools."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """All that patients' pages need is here; what is missing is named, and how to mend it."""
    lacks = deployment.lacks()
    if lacks:
        text = "".join(f"{what}: {cure}\n" for what, cure in lacks)
        return HttpResponse(text, content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


paths = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
