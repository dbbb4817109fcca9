"""The languages that tests mean by name."""

from __future__ import annotations

from companion.content.library import LANGUAGES, SOURCE

COMPLETE = ("es", "de", "fr")
"""Languages that have every text. They stay so: a new text comes in each of them."""

WRITTEN = tuple(code for code in LANGUAGES if code in (SOURCE, *COMPLETE))
"""English and the complete languages: those whose own words a test can ask about."""
