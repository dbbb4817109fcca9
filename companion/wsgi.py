"""The WSGI entry point. WSGI on purpose: Django's ASGI handler spools every body
to a temporary file before a view or an upload handler sees it."""

import os
import sys
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application

from companion.content.library import ContentError
from companion.environment import one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")


class Utf8Request(WSGIRequest):
    """A request whose form is read as UTF-8, as our pages send it.

    A stranger's may name any codec of Python's. Some make text of which no page can be
    made (half of a surrogate pair), and some are no codec of text at all.
    """

    _encoding = "utf-8"
    encoding = property(lambda _: "utf-8", lambda _, __: None)


def _checked_application() -> WSGIHandler:
    """The application; stops the start, with one line, where it could not be right."""
    try:
        made = get_wsgi_application()
        made.request_class = Utf8Request

        # Django must be set up first.
        from django.conf import settings

        from companion.letters import catalogue, search
        from companion.web.site import checks

        # A server does not run Django's checks by itself; a brand that nobody can read
        # must stop the start, not the patient.
        faults = checks.faults()
        if faults:
            raise ImproperlyConfigured("; ".join(str(fault.msg) for fault in faults))
        # All pages' code is read now, once for all workers: one that replaces a worker during
        # an update must not read half of the next version.
        import_module(settings.ROOT_URLCONF)
        # Nor must a letter that cites what is not there: it is read and checked now.
        catalogue.letters()
        search.index()
    except (ImproperlyConfigured, ContentError) as fault:
        sys.exit(one_line(fault))
    return made


application = _checked_application()
