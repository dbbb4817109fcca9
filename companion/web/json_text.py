"""JSON that a stranger may have written, as text that can be displayed.

JSON can spell half a character (a lone surrogate, ``\\ud800``): Python reads it, but cannot
encode it into a page, a file or a PDF.
"""

from __future__ import annotations

import json
import re

# Every escape is matched in turn, so that an escaped backslash does not start another.
# Two halves in their order are one character.
_ESCAPE = re.compile(
    r"\\(?:u(?:d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(?P<half>d[89a-f][0-9a-f]{2}))|.)",
    re.IGNORECASE | re.DOTALL,
)
_SHOWN = "\\ufffd"


def whole(data: bytes | str) -> str:
    """The text of a JSON file, each lone surrogate replaced by U+FFFD.

    Raises ``ValueError`` for bytes that are no text.
    """
    text = data if isinstance(data, str) else data.decode(json.detect_encoding(data))
    text = _ESCAPE.sub(lambda found: _SHOWN if found["half"] else found[0], text)
    return text.encode("utf-8", "replace").decode()
