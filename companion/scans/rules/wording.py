"""What the words of a value are about: imaging and settings, or possibly a person."""

from __future__ import annotations

import re
from functools import cache

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.inventory import Element
from companion.scans.rules.seeds import dictionary_words

NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""A word of an element's name in a dictionary, however the words are put together."""
_PAIRS = re.compile(r"(?:[A-Z][A-Z0-9]{0,11}=(?:[-+]?[\d.]{1,8}|[A-Z]{0,2})(?:\\|$)){2,}")
"""Settings, each with its short value: ``MC=3\\FP=0.1``."""
_MEASURED = re.compile(r"(?<![\w.])[-+]?\d{1,6}\.\d+(?:[eE][-+]?\d+)?(?![\w.])")
_VERSION = re.compile(r"(?<![\w.])\d{1,2}\.\d{1,2}\.\d{5,}(?![\w.])")
"""A program's version with its build: no dotted date has so many digits at its end."""
_MOMENT = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])(?:[0-5]\d){2}"
    r"(?=[.+-])(?:\.\d{1,6})?(?:[+-]\d{4})? *"
)
_SCHEMA = re.compile(r"<(?:\w+:)?(?:schema|stylesheet)\b")
"""Mark-up that says how other mark-up is written."""
_KEY = re.compile(r"(?<![\w.])[A-Za-z_][\w.\[\]-]{0,60}+[ \t]{0,4}[=:](?![\\/])")
_CODE_NAME = re.compile(r"(?<![\w.])(?=[A-Z0-9_]*\d)[A-Z0-9]{1,5}(?:_[A-Z0-9]{1,5})+(?!\w)")
"""The name of a protocol or a filter, "T2_TSE_FS"; without a digit it may be a person's."""
_HEXADECIMAL = re.compile(r"\b0[xX][0-9A-Fa-f]{2,16}\b")
_TELLING = re.compile(r"[^\W\d_]{3,}|[A-Za-z0-9]{6,}|\d{5,}|[^\W\d_]{2,}")

_OF_SOMEBODY = re.compile(
    r"[^\W\d_]{2,40}\^[^\W\d_]{2,40}|(?<!\w)(?:[^\W\d_] ){6,40}[^\W\d_](?!\w)"
    r"|(?<!\w)(?:Mrs?|Ms|Frau|Herrn?|Mme|Sra)\.? [A-Z][a-z]{2,40}"
    r"|\d{1,4}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]"
    r"|(?<![\w./-])(?:(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])/\d\d|\d{3}-\d{4})(?![\w./-])"
    r"|(?<!\w)[A-Z]{2}\d\d(?: [A-Z0-9]{4}){3,8}(?!\w)"
)
"""A name, a day, a telephone's or an account's number by their shape, whatever their words."""


def says_something(text: str) -> bool:
    """Whether private text could mean a person anything: letters in a row, or a long number."""
    return bool(_telling(text))


def is_setting(element: Element, text: str) -> bool:
    """Whether a short private text is how a machine was set, by its element's name or VR.

    Two words that are not imaging's may be a name anywhere; echoes are looked for here too.
    """
    if "^" in text or len(text) > 64:
        return bool(_PAIRS.fullmatch(text))
    _, _, name = element.name.rpartition(": ")
    words = {word.lower() for word in NAME_WORD.findall(name)}
    if "version" in words:
        return not re.search(r"[^\W\d_]{4}", text)  # "VA10A 971201"; a day is found as one
    if re.search(r"\d{5}", text) or len(_telling(text)) > 1:
        return bool(_PAIRS.fullmatch(text))
    return element.vr == "CS" or bool(words & identifiers.setting_words())


def is_moment(text: str) -> bool:
    """Whether a text is a day with its time to the second and below, or with a time zone."""
    return _MOMENT.fullmatch(text) is not None


def is_parameters(text: str) -> bool:
    """Whether the text of an unknown private element is how a machine was set, and nobody's.

    The names of settings say nothing; what stands behind them does, where one word of it is
    neither imaging's nor of the DICOM dictionary: a name, a street, what somebody typed.
    """
    if _SCHEMA.search(text[:2_000]):
        return True
    bare = text[:4096]
    for pattern in (_KEY, _CODE_NAME, _HEXADECIMAL):
        bare = pattern.sub(" ", bare)
    return all(map(_is_put_together, _telling(bare)))


def _is_put_together(word: str) -> bool:
    """Whether a word is made of words that the dictionary has: "TwoOccurrence"."""
    parts = [part for part in NAME_WORD.findall(word) if not part.isdigit()]
    return bool(parts) and all(part.casefold() in _settings() for part in parts)


def is_technical(text: str) -> bool:
    """Whether a description holds nothing but words of imaging and short numbers."""
    return len(text) <= 200 and not says_something(
        " ".join(
            word
            for word in re.findall(r"[^\W_]+", text)
            if fold_value(word.rstrip("0123456789")) not in _imaging_words()
        )
    )


@cache
def _settings() -> frozenset[str]:
    """Words of which names of settings are put together."""
    return (
        dictionary_words()
        | _imaging_words()
        | identifiers.dummy_words("counted")
        | identifiers.setting_words()
    )


@cache
def _imaging_words() -> frozenset[str]:
    return identifiers.picture_words("technical") | identifiers.picture_words("head")


def _telling(text: str) -> list[str]:
    """The words and long numbers that are not common in scans."""
    common = identifiers.common_words()
    return _OF_SOMEBODY.findall(text[:4096]) + [
        word
        for word in _TELLING.findall(_VERSION.sub(" ", _MEASURED.sub(" ", text[:4096])))
        if (len(word) > 2 or not word.isascii()) and word.casefold() not in common
    ]
