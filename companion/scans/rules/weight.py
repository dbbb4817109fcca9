"""How much a line of private text tells: names, numbers, dates and codes, and how many words
that not every scan holds."""

from __future__ import annotations

import re

from companion.folding import fold_value
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.seeds import dictionary_words, is_common

OF_A_LABEL = 12
"""The weight of a labelled value, which is more than all else together."""
_WORD = re.compile(r"[^\W\d_]{4,}")
# Signs above and below letters part what is one word.
_THAI = re.compile("[\u0e01-\u0e4e]{5}")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CODE = re.compile(
    r"(?<![\w.])(?=[A-Za-z0-9-]{0,39}\d)(?=[A-Za-z0-9-]{0,39}[A-Za-z])[A-Za-z0-9-]{6,40}(?![\w.])"
)
# "set GAIN10 " in front of a value, "GAIN10 = ": the name of a setting, no code.
_LABEL = re.compile(r"\A\s*(?:set\s+)?[\w.\[\]-]+\s*(?:[=:]|\s(?=\"))")
# Words as people write them: "Ivanov", "IVANOV", "McIvan"; chance mixes the cases.
_NATURAL = re.compile(r"[^\W\d_]?[^\W\d_a-z]*|(?:[^\W\d_][^\W\d_A-Z]+){1,3}")
_CODE_CASE = re.compile(r"[A-Z0-9-]+|[a-z0-9-]+")
_CARET = re.compile(r"[^\W\d_]{2}\^[^\W\d_]{2}")
_LONGEST_WORD = 60
_NUMBER = re.compile(r"(?<![\d.])\d{6,20}(?![\d.])")
DATED = re.compile(r"(?:19|20)\d\d[-/.]?[01]\d[-/.]?[0-3]\d")


def weight_of(text: str) -> int:
    """How telling a run is: 0 for what every such block holds."""
    weight = OF_A_LABEL if is_labelled(text) else 0
    if "^" in text and _CARET.search(text):
        weight += 6
    if DATED.search(text):
        weight += 4
    codes = _CODE.findall(_LABEL.sub("", text))
    if any(_CODE_CASE.fullmatch(code) for code in codes) or _NUMBER.search(text):
        weight += 3
    if not text.isascii() and _THAI.search(text):
        return weight + 1
    for word in _WORD.findall(text)[:12]:
        word = word[:_LONGEST_WORD]
        if not _NATURAL.fullmatch(word):
            continue
        # "UsedChannelMask" is a maker's label, made of words that every scan holds.
        parts = [fold_value(part) for part in _PART.findall(word)] or [fold_value(word)]
        if not all(len(one) < 4 or is_common(one) or one in dictionary_words() for one in parts):
            weight += 1
            break
    return weight
