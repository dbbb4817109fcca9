"""Files in uuencode (POSIX.1, uuencode): they stand in the text of old mails and archives."""

from __future__ import annotations

import binascii
import re

_BEGINS = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?=[!-`])", re.MULTILINE)
_ENDS = re.compile(r"^end[ \t]*\r?$", re.MULTILINE)
_MOST = 60


def take_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A text without such files, and each of them with its name."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    found: list[tuple[str, bytes]] = []
    at = 0
    while len(found) < _MOST and (head := _BEGINS.search(text, at)):
        end = _ENDS.search(text, head.end())
        until = end.start() if end else len(text)
        data = _decoded(text[head.end() : until])
        if not data:
            kept.append(text[at : head.end()])
            at = head.end()
            continue
        kept.append(text[at : head.start()] + head[1])
        found.append((head[1], data))
        at = end.end() if end else until
    kept.append(text[at:])
    return "\n".join(kept), found


def _decoded(body: str) -> bytes:
    """What the lines stand for; nothing where one is not of this kind."""
    parts: list[bytes] = []
    for line in body.splitlines():
        try:
            parts.append(binascii.a2b_uu(line.encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            return b""
    return b"".join(parts)
