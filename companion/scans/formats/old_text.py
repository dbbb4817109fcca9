"""Texts in an old code page that nothing names, among data of any kind -> UTF-8.

A maker's protocol, or a note, is plain ASCII but for a name: ``set PATNAME "Dvořáková"``, in
the code page of the computer that wrote it. A search for ASCII and UTF-8 cuts it before the
name. Bytes are taken for such a text only where none is a control character, most are ASCII,
and the others read as letters of a language in a code page that can be worked out.
"""

from __future__ import annotations

import re
from itertools import pairwise

from companion.scans.formats import code_pages
from companion.scans.formats.likeness import is_of_numbers

MOST = 1 << 20
"""Bytes of a text; a longer one is searched for its runs alone."""
_SHORTEST, _LONG = 9, 32
"""Bytes of a text, more than a number has, and of one that is more than a few words."""
_AROUND = 100
"""Bytes before and behind the first letter beyond ASCII that must not be pixels."""
_PLAIN = 0.5
"""The share of ASCII that a text has which nothing proves to be one."""
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ASCII = bytes(range(0x80))
_SIGNS = "µªº"
"""Letters to Unicode, and signs to a reader."""
_WORDS = re.compile(r"[^\W\d_]+(?:[ ^=.,'’()-]{1,2}[^\W\d_]+)*[ .]?")
_LEAST_LETTERS = 2
"""Letters beyond ASCII of a few words: of one, chance makes too many."""


def in_utf8(data: bytes, declared: tuple[str, ...] = (), *, proven: bool = False) -> bytes | None:
    """``data`` in UTF-8; None where they are ASCII, UTF-8 already, or no text.

    ``declared``: code pages, by their names in Python, that are named for other texts beside it.
    ``proven``: a check value shows that chance did not make the data, and all that is asked is
    that they read as something. Never raises for what the data hold.
    """
    body = data.rstrip(b"\0 ")
    if body.isascii() or not _SHORTEST <= len(body) <= MOST or _NO_TEXT.search(body):
        return None
    if code_pages.is_utf8(body) or not (proven or _may_be_text(body)):
        return None
    page = code_pages.guess_of_text(body, declared)
    text = code_pages.read_as(body, page)
    if text is None and proven and page is not None:
        text = body.decode(page, "replace")
    if text is None or not (proven or len(body) >= _LONG or _are_words(text)):
        return None
    return text.encode()


def _may_be_text(body: bytes) -> bool:
    """Whether bytes are ASCII for the most part, and do not follow each other as pixels do."""
    odd = body.translate(None, _ASCII)
    if len(odd) > (1 - _PLAIN) * len(body):
        return False
    at = body.index(odd[:1])
    around = body[max(0, at - _AROUND) : at + _AROUND].decode("latin-1")
    return not is_of_numbers(around) and not any(map(is_of_numbers, around.split()))


def has_letters(text: bytes) -> bool:
    """Whether a text in UTF-8 has letters beyond ASCII, which may be those of a name."""
    return any(
        letter.isalpha() and letter not in _SIGNS
        for letter in set(text.decode("utf-8", "replace"))
        if letter > "\x7f"
    )


def _are_words(text: str) -> bool:
    """Whether a short text is nothing but words with some letters of one language."""
    if sum(letter > "\x7f" for letter in text) < _LEAST_LETTERS or not _WORDS.fullmatch(text):
        return False
    return not any(one.islower() and two.isupper() for one, two in pairwise(text))
