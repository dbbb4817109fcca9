"""Health checks: for whoever runs the companion, in no language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from companion.providers import reach
from companion.providers.models import Profile


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: touches neither the database nor the worker pools."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The directory of hospitals can be read; the rest needs no database."""
    try:
        with reach.reading():
            # A page of it: a question that touches no table is answered by no database too.
            Profile.objects.order_by().values_list("slug", "published").first()
    except reach.Unreachable:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


paths = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
