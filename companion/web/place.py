"""Which place a page begins with, where nobody chose one yet."""

from __future__ import annotations

from django.conf import settings

from companion.content import law
from companion.content.law import Jurisdiction
from companion.letters import whereabouts


def usual_place(language: str) -> Jurisdiction:
    """That of the page's language, else the deployment's: a page in German begins in Germany."""
    return whereabouts.of_page(language) or law.jurisdiction(settings.COMPANION_JURISDICTION)
