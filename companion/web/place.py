"""Which place a page begins with, where nobody chose one yet."""

from __future__ import annotations

from django.conf import settings

from companion.content import law
from companion.content.law import Jurisdiction
from companion.letters import whereabouts


def usual_place(language: str) -> Jurisdiction:
    """The deployment's, where the page's language is official there; else that of the language:
    a page in German begins in Germany, but in Austria where the deployment is Austrian."""
    own = law.jurisdiction(settings.COMPANION_JURISDICTION)
    return own if language in own.languages else whereabouts.of_page(language) or own
