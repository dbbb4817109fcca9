"""Text inside private binary data: what a maker keeps in a form that no tag names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.dicom.loose_text import is_faint
from companion.scans.findings import Finding, Place
from companion.scans.formats.likeness import is_of_numbers
from companion.scans.inventory import Passage
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import make_finding

_WORD = re.compile(r"[^\W\d_]{4,}")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CODE = re.compile(
    r"(?<![\w.])(?=[A-Za-z0-9-]{0,39}\d)(?=[A-Za-z0-9-]{0,39}[A-Za-z])[A-Za-z0-9-]{6,40}(?![\w.])"
)
# "set GAIN10 " in front of a value, "GAIN10 = ": the name of a setting, no code.
_LABEL = re.compile(r"\A\s*(?:set\s+)?[\w.\[\]-]+\s*(?:[=:]|\s(?=\"))")
# Words as people write them: "Ivanov", "IVANOV", "McIvan"; chance mixes the cases.
_NATURAL = re.compile(r"[^\W\d_]?[^\W\d_a-z]*|(?:[^\W\d_][^\W\d_A-Z]+){1,3}")
_CODE_CASE = re.compile(r"[A-Z0-9-]+|[a-z0-9-]+")
# What a word, a name or a number is made of; no decimal number.
_TOKEN = re.compile(r"[^\W\d_][\w^-]{3,}|(?<![\w.])\d[\w-]{5,}(?![.])")
_MOST_TOKENS = 100_000
_CARET = re.compile(r"[^\W\d_]{2}\^[^\W\d_]{2}")
_LONGEST_WORD = 60
_MOST_CHARACTERS, _ALWAYS = 2_000_000, 2_000
"""Characters of all private text that are weighed line by line, and of each passage in any
case; known names and labelled values are looked for in all of it by other rules."""
_NUMBER = re.compile(r"(?<![\d.])\d{6,20}(?![\d.])")
_FILLED = re.compile(r" {9,}")
"""Blanks that fill a field: of a line of many fields, the first would be all that is shown."""
_DATED = re.compile(r"(?:19|20)\d\d[-/.]?[01]\d[-/.]?[0-3]\d")


@detector("private_text")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each private binary element that holds telling text."""
    by_path: dict[tuple[str, str], list[Passage]] = {}
    for passage in scene.inventory.passages:
        if passage.place is Place.PRIVATE and not is_faint(passage):
            by_path.setdefault((passage.path, passage.name), []).append(passage)
    tokens: dict[str, int] = {}
    left = _MOST_CHARACTERS
    for (path, name), passages in by_path.items():
        weighed: list[tuple[int, str, Passage]] = []
        for one in passages:
            weighed.extend(_telling_lines(one, tokens, max(left, _ALWAYS)))
            left -= len(one.text)
        if not weighed:
            continue
        weighed.sort(key=lambda found: -found[0])
        yield make_finding(
            "private-binary",
            place=Place.PRIVATE,
            tag=passages[0].tag,
            path=path,
            name=name,
            values=tuple(dict.fromkeys(_FILLED.sub(" ", line) for _, line, _ in weighed)),
            files=max(one.files for _, _, one in weighed),
            example=weighed[0][2].example,
        )


def _telling_lines(
    passage: Passage, known: dict[str, int], most: int
) -> Iterator[tuple[int, str, Passage]]:
    """Lines of the first ``most`` characters that say something, with how much.

    What a line is weighed by is looked for in the passage as a whole, and ``known`` are the
    weights of what was met before: most passages have nothing that tells.
    """
    text = passage.text[:most]
    tokens = {*_TOKEN.findall(text), *_DATED.findall(text)}
    if len(known) < _MOST_TOKENS:
        known.update((token, _weight(token)) for token in tokens if token not in known)
    if not any(known.get(token, 1) for token in tokens):
        return
    for line in dict.fromkeys(text.split("\n")):
        if (weight := _weight(line)) and not is_of_numbers(line):
            yield weight, line, passage


def _weight(text: str) -> int:
    """How telling a run is: 0 for what every such block holds."""
    weight = 12 if is_labelled(text) else 0
    if "^" in text and _CARET.search(text):
        weight += 6
    if _DATED.search(text):
        weight += 4
    codes = _CODE.findall(_LABEL.sub("", text))
    if any(_CODE_CASE.fullmatch(code) for code in codes) or _NUMBER.search(text):
        weight += 3
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
