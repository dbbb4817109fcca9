"""What the words of a value are about: imaging and settings, or possibly a person."""

from __future__ import annotations

import re
from functools import cache

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.inventory import Element

NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""A word of an element's name in a dictionary, however the words are put together."""
_PAIRS = re.compile(r"(?:[A-Z][A-Z0-9]{0,11}=(?:[-+]?[\d.]{1,8}|[A-Z]{0,2})(?:\\|$)){2,}")
"""Settings, each with its short value: ``MC=3\\FP=0.1``."""
_MEASURED = re.compile(r"(?<![\w.])[-+]?\d{1,6}\.\d+(?:[eE][-+]?\d+)?(?![\w.])")
_TELLING = re.compile(r"[^\W\d_]{3,}|[A-Za-z0-9]{6,}|\d{5,}|[^\W\d_]{2,}")


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
def _imaging_words() -> frozenset[str]:
    return identifiers.picture_words("technical") | identifiers.picture_words("head")


def _telling(text: str) -> list[str]:
    """The words and long numbers that are not common in scans."""
    common = identifiers.common_words()
    return [
        word
        for word in _TELLING.findall(_MEASURED.sub(" ", text[:4096]))
        if (len(word) > 2 or not word.isascii()) and word.casefold() not in common
    ]
