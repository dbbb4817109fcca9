"""What the page on the device says around a report, in the language that is active.

The server renders it into the page, and the worker again where the visitor changes the language.
"""

from __future__ import annotations

from typing import Any

from companion.cleaning import FaceChoice, Preset
from companion.web.scans.purposes import asking
from companion.web.words import page_language, screen


def spoken_context() -> dict[str, Any]:
    """What ``scans/device/_spoken.html``, and the title of ``scans/device/page.html``, need."""
    language = page_language()
    return {
        "words": screen("device", language),
        "report_words": screen("report", language),
        "clean_words": screen("clean", language),
        "receipt_words": screen("receipts", language),
        "clean_presets": asking("who", Preset)["answers"],
        "clean_faces": asking("face_on_device", FaceChoice)["answers"],
    }
