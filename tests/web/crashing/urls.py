"""The companion's addresses, and some that fail while they hold what a visitor sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from companion.urls import handler400, handler403, handler404, handler500
from companion.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def crash(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"the patient's {request.GET.get('name')} stands in this message")


def break_off(request: HttpRequest) -> StreamingHttpResponse:
    """Fails where Django no longer catches it, and the server has sent a part."""

    def parts() -> Iterator[bytes]:
        yield b"begun"
        raise ValueError(f"the patient's {request.GET.get('name')} stands in this message")

    return StreamingHttpResponse(parts())


def refused(request: HttpRequest) -> HttpResponse:
    """Sets a header that the server refuses, before it has sent anything."""
    answer = HttpResponse()
    answer.headers["Not a name"] = request.GET.get("name", "")
    return answer


urlpatterns = [
    path("crash/", crash),
    path("break-off/", break_off),
    path("refused/", refused),
    *real,
]
