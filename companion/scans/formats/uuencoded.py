"""Files in uuencode (POSIX.1, uuencode): they stand in the text of old mails and archives."""

from __future__ import annotations

import binascii
import re

_BEGINS = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?=[!-`])", re.MULTILINE)
_MOST, _MOST_TRIED = 60, 120


def take_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A text without such files, and each of them with its name."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    found: list[tuple[str, bytes]] = []
    at = 0
    for _ in range(_MOST_TRIED):
        head = _BEGINS.search(text, at)
        if head is None or len(found) >= _MOST:
            break
        data, behind = _decoded(text, head.end())
        kept.append(text[at : head.start()] + head[1])
        at = behind
        if data:
            found.append((head[1], data))
    kept.append(text[at:])
    return "\n".join(kept), found


def _decoded(text: str, at: int) -> tuple[bytes, int]:
    """What the lines from ``at`` on stand for, and where what is not of this kind begins.

    Nothing where they do not come to their end (a line of no letters, and ``end``).
    """
    parts: list[bytes] = []
    start = at
    while at < len(text):
        until = text.find("\n", at)
        until = len(text) if until < 0 else until
        line = text[at:until].rstrip("\r")
        at = until + 1
        if line.strip() == "end":
            return b"".join(parts), at
        try:
            parts.append(binascii.a2b_uu(line.encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            return b"", start
    return b"".join(parts), at
