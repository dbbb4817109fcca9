"""Text inside private binary data: what a maker keeps in a form that no tag names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.dicom.loose_text import is_faint
from companion.scans.findings import Finding, Place
from companion.scans.formats.likeness import is_of_numbers
from companion.scans.inventory import Passage
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding
from companion.scans.rules.weight import DATED, OF_A_LABEL, weight_of

# What a word, a name or a number is made of; no decimal number.
_TOKEN = re.compile(r"[^\W\d_][\w^-]{3,}|(?<![\w.])\d[\w-]{5,}(?![.])")
_MOST_TOKENS = 100_000
_MOST_CHARACTERS, _ALWAYS = 2_000_000, 2_000
"""Characters of all private text that are weighed line by line, and of each passage in any
case; known names and labelled values are looked for in all of it by other rules."""
_FILLED = re.compile(r" {9,}")
"""Blanks that fill a field: of a line of many fields, the first would be all that is shown."""


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
    tokens = {*_TOKEN.findall(text), *DATED.findall(text)}
    if len(known) < _MOST_TOKENS:
        known.update((token, weight_of(token)) for token in tokens if token not in known)
    if not any(known.get(token, 1) for token in tokens):
        return
    for line in dict.fromkeys(text.split("\n")):
        weight = weight_of(line)
        # A name's letters may follow each other as no words do; its label says that it is one.
        if weight and (weight >= OF_A_LABEL or not is_of_numbers(line)):
            yield weight, line, passage
