"""Whether the words of a text are imaging's or medicine's, and nobody's.

An allow-list (PS3.15 E.3.5): what it does not know is taken out.
"""

from __future__ import annotations

import re

from companion.content import cleaning, identifiers
from companion.folding import fold_value
from companion.scans.detectors.dates import names_a_date
from companion.scans.rules.seeds import dictionary_words
from companion.scans.rules.wording import is_technical

_SPELLED = re.compile(r"(?<![^\W\d_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W\d_])){4,}")
"""A word whose letters stand apart."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONG_NUMBER = re.compile(r"\d{5}")
_TELLING_WORD = re.compile(r"[^\W\d_]{4,}|[^\W\d_\x00-\x7f]{2,}")
"""A word that can be a name: codes have up to three letters, and none of another script."""
_SERIAL = re.compile(r"\d{6}")
_CODE = re.compile(r"(?!.*[^\W\d_]{5})[\w.{}()\[\]/%*'+:-]{1,24}")
"""A code of a shared scheme: digits, and no word among them."""


def is_plain(text: str) -> bool:
    """Whether a description holds nothing but words of imaging and short numbers."""
    return is_technical(text) and not _is_veiled(text)


def is_meaning(text: str) -> bool:
    """Whether a code's meaning holds nothing but words that such meanings have."""
    if is_plain(text) or " ".join(fold_value(text).split()) in cleaning.code_meanings():
        return True
    words = _WORD.findall(fold_value(text))
    known = cleaning.code_words()
    return (
        len(text) <= 200
        and not _is_veiled(text)
        and not _LONG_NUMBER.search(text)
        and all(word in known or word in dictionary_words() or is_technical(word) for word in words)
    )


def is_term(text: str) -> bool:
    """Whether a code string, or what a machine says of itself, has no word but those of codes,
    of devices and of imaging, and no number so long that it may be a serial one."""
    if text.strip() in cleaning.facts().schemes:
        return True
    return (
        len(text) <= 200
        and not _is_veiled(text)
        and not _SERIAL.search(text)
        and all(map(_is_a_machines, _TELLING_WORD.findall(fold_value(text))))
    )


def is_code(value: str) -> bool:
    """Whether a code of a shared scheme looks like one, or is a word of medicine."""
    return _CODE.fullmatch(value) is not None or (bool(value) and is_meaning(value.strip("{}")))


def _is_a_machines(word: str) -> bool:
    return (
        word in cleaning.machine_words()
        or word in identifiers.maker_words()
        or word in identifiers.name_words("legal-forms")
        or is_meaning(word)
    )


def _is_veiled(text: str) -> bool:
    """Whether a date stands in a text, or letters that only together make a word."""
    return _SPELLED.search(text) is not None or names_a_date(fold_value(text))
