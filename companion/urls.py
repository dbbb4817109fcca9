"""The product's table of contents: what a visitor can reach, by journey.

A language other than English is a prefix (``/es/letters/``), so that no cookie is
needed to remember it.
"""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from companion.web import branding
from companion.web.views import (
    checklists,
    home,
    letters,
    packs,
    pages,
    providers,
    scans,
    site,
)

handler400 = "companion.web.views.errors.bad_request"
handler403 = "companion.web.views.errors.forbidden"
handler404 = "companion.web.views.errors.not_found"
handler500 = "companion.web.views.errors.server_error"

own_pages: list[URLPattern | URLResolver] = [
    *site.paths,  # health
    *branding.plain_paths,  # the deployment's own logo and colour, security.txt
    *i18n_patterns(
        *home.paths,
        *scans.paths,  # see
        *checklists.paths,  # ask
        *letters.paths,  # write
        *providers.paths,  # hospitals
        *packs.paths,  # advocacy groups
        *pages.paths,  # what people expect to find
        prefix_default_language=False,
    ),
]

# The staff's pages, where the operator wants them; never in the place of one of ours
# (``companion.web.startup``).
staff: list[URLPattern | URLResolver] = (
    [path(settings.COMPANION_ADMIN_PATH, admin.site.urls)] if settings.COMPANION_ADMIN else []
)

urlpatterns = [*staff, *own_pages]
