"""Error pages: what happened, what to do, and that nothing was kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from companion.web import counts
from companion.web.logs import number_for

log = logging.getLogger(__name__)

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class ErrorPagesMiddleware:
    """Gives a page to responses that Django leaves empty (405)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            filled = page(request, 405)
            filled.headers["Allow"] = response.headers.get("Allow", "GET")
            return filled
        return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 413 if isinstance(exception, _TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    counts.error()
    return page(request, 500, number=number_for(request))


def busy(request: HttpRequest) -> HttpResponse:
    response = page(request, 503)
    response.headers["Retry-After"] = "30"
    return response


def page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The error page of one status, in the language of the request's address.

    Some responses come before Django has set the visitor's language (403, 429); until
    then the thread still has that of its last visitor.
    """
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            response = render(request, f"site/errors/{status}.html", context, status=status)
    except Exception:
        # Something that every page needs is broken, such as the manifest of static files.
        # An exception that escaped would be printed by gunicorn, message and all.
        log.exception("error page could not be made")
        number = str(context.get("number", ""))
        response = HttpResponse(_PLAIN.replace("{number}", number), status=status)
    # htmx shows it instead of the whole page, not inside the part that failed.
    response.headers["HX-Retarget"] = "body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


_PLAIN = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This did not work. Nothing was kept.</title></head>
<body>
<main>
<section>
<h1>This did not work. Nothing was kept.</h1>
<p>Something is wrong on our side just now. Please try again in a few minutes.</p>
</section>
<section lang="es">
<h2>Esto no funcionó. No se guardó nada.</h2>
<p>Algo falla de nuestro lado en este momento. Inténtelo de nuevo en unos minutos.</p>
</section>
<section lang="de">
<h2>Das hat nicht geklappt. Nichts wurde aufbewahrt.</h2>
<p>Bei uns stimmt gerade etwas nicht. Bitte versuchen Sie es in ein paar Minuten noch einmal.</p>
</section>
<section lang="fr">
<h2>Cela n’a pas fonctionné. Rien n’a été gardé.</h2>
<p>Quelque chose ne va pas de notre côté en ce moment. Veuillez réessayer dans quelques minutes.</p>
</section>
<p>{number}</p>
</main>
</body>
</html>
"""
"""For when no template can be rendered: it needs nothing, and reveals nothing."""
