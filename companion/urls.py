"""The product's table of contents: what a visitor can reach, by journey.

A language other than English is a prefix (``/es/letters/``), so that no cookie is
needed to remember it.
"""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from companion.web.breaches import views as breaches
from companion.web.checklists import views as checklists
from companion.web.letters import views as letters
from companion.web.packs import views as packs
from companion.web.providers import views as providers
from companion.web.scans import views as scans
from companion.web.scans.clean import views as clean
from companion.web.scans.device import views as device
from companion.web.scans.receipts import views as receipts
from companion.web.site import branding, health, home, pages

handler400 = "companion.web.site.errors.bad_request"
handler403 = "companion.web.site.errors.forbidden"
handler404 = "companion.web.site.errors.not_found"
handler500 = "companion.web.site.errors.server_error"

own_pages: list[URLPattern | URLResolver] = [
    *health.paths,  # health
    *branding.plain_paths,  # the deployment's own logo and colour, security.txt
    *i18n_patterns(
        *home.paths,
        *scans.paths,  # see
        *device.paths,  # see, and send nothing
        *clean.paths,  # share
        *receipts.paths,  # keep
        *checklists.paths,  # ask
        *letters.paths,  # write
        *providers.paths,  # hospitals
        *breaches.paths,  # look a hospital up
        *packs.paths,  # advocacy groups
        *pages.paths,  # what people expect to find
        prefix_default_language=False,
    ),
]

# The staff's pages, where the operator wants them; never instead of one of ours
# (``companion.web.site.checks``).
staff: list[URLPattern | URLResolver] = (
    [path(settings.COMPANION_ADMIN_PATH, admin.site.urls)] if settings.COMPANION_ADMIN else []
)

urlpatterns = [*staff, *own_pages]
