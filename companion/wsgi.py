"""The WSGI entry point. WSGI on purpose: Django's ASGI handler spools every body
to a temporary file before a view or an upload handler sees it."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
application = get_wsgi_application()


class Utf8Request(WSGIRequest):
    """A request whose form is read as UTF-8, as our pages send it.

    A stranger's may name any codec of Python's. Some make text of which no page can be
    made (half of a surrogate pair), and some are no codec of text at all.
    """

    _encoding = "utf-8"
    encoding = property(lambda _: "utf-8", lambda _, __: None)


application.request_class = Utf8Request

from companion.letters import catalogue  # noqa: E402 - Django must be set up first
from companion.web import branding  # noqa: E402

# A server does not run Django's checks by itself; a brand that nobody can read must
# stop the start, not the patient.
faults = branding.check()
if faults:
    raise ImproperlyConfigured("; ".join(str(fault.msg) for fault in faults))
# Nor must a letter that cites what is not there: it is read and checked before the start.
catalogue.letters()
