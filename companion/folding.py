"""Texts folded for comparing: without case, accents and the ways to write one letter.

Two ways, which differ on purpose: ``fold`` for what people type and search in, ``fold_value``
for values in scans, of which the number of characters counts too.
"""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """A text that people type or search in, for comparing word by word.

    >>> fold("Hôpital Große Straße")
    'hopital grosse strasse'
    """
    if text.isascii():
        return text.lower()
    # Case goes before accents: the Greek iota below a letter is a letter of its own then.
    return _without_accents(unicodedata.normalize("NFKD", text).casefold())


def fold_value(text: str) -> str:
    """A value of a scan: UTF-8 that was misread is set right, letters are put together again.

    A syllable of Hangul, which folding takes apart, is one character again, for how telling
    a name is depends on its length.

    >>> fold_value("MÃ¼ller"), fold_value("김")
    ('muller', '김')
    """
    if text.isascii():
        return text.lower()
    bare = _without_accents(unicodedata.normalize("NFKD", _repaired(text)))
    return unicodedata.normalize("NFC", bare).casefold()


def _without_accents(decomposed: str) -> str:
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _repaired(text: str) -> str:
    """UTF-8 that was declared and read as Latin-1, read again as what it is."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
