"""Django's settings where only the report's page is made: no site, no table, no cookie."""

from __future__ import annotations

from pathlib import Path

import django
from django.conf import settings

from companion.content.library import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024


def set_up(language_code: str) -> None:
    """Bring Django to where it renders; ``language_code`` is the site's own language, whose
    addresses have no prefix."""
    settings.configure(
        ROOT_URLCONF="companion.ondevice.addresses",
        LANGUAGE_CODE=language_code,
        LANGUAGES=list(LANGUAGES.items()),
        LOCALE_PATHS=[ROOT / "locale"],
        USE_I18N=True,
        USE_TZ=True,
        # There is nobody to mail, and nothing is written down.
        LOGGING_CONFIG=None,
        TIME_ZONE="UTC",
        COMPANION_LIMITS={"report_json_bytes": 8 * MB},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "templates"],
                "OPTIONS": {
                    "builtins": [
                        "template_partials.templatetags.partials",
                        "companion.web.templatetags.untranslated",
                        "companion.web.templatetags.writing",
                    ],
                    "libraries": {"values": "companion.web.templatetags.values"},
                },
            }
        ],
    )
    django.setup()
    from companion.web import languages

    languages.serve_all()
