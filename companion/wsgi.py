"""The WSGI entry point. WSGI on purpose: Django's ASGI handler spools every body
to a temporary file before a view or an upload handler sees it."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
application = get_wsgi_application()

from companion.letters import catalogue  # noqa: E402 - Django must be set up first
from companion.web import branding  # noqa: E402

# A server does not run Django's checks by itself; a brand that nobody can read must
# stop the start, not the patient.
faults = branding.check()
if faults:
    raise ImproperlyConfigured("; ".join(str(fault.msg) for fault in faults))
# Nor must a letter that cites what is not there: it is read and checked before the start.
catalogue.letters()
