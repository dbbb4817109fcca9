"""Text in bytes of any kind, told from what chance writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.runs import text_runs

SHORTEST = 6
MOST = 200
_LETTERS = re.compile(r"[^\W\d_]{4}")


def is_legible(text: str) -> bool:
    """Whether a run of text is long enough, and mostly letters, digits and spaces."""
    usual = sum(character.isalnum() or character == " " for character in text)
    return len(text) >= SHORTEST and usual >= 0.8 * len(text) and bool(_LETTERS.search(text))


def legible_runs(data: bytes) -> Iterator[str]:
    """At most ``MOST`` legible runs of text in ``data``."""
    found = 0
    for text in text_runs(data):
        if is_legible(text):
            yield text
            found += 1
            if found == MOST:
                return
