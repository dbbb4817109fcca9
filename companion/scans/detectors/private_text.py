"""Text inside binary data: what a maker keeps in a form that no tag names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.dicom.loose_text import is_faint, is_loose
from companion.scans.findings import Finding, Place
from companion.scans.formats.likeness import is_of_numbers
from companion.scans.inventory import Passage
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding
from companion.scans.rules.weight import DATED, OF_A_LABEL, weight_of

# What a word, a name or a number is made of; no decimal number.
_TOKEN = re.compile(r"[^\W\d_][\w^-]{3,}|(?<![\w.])\d[\w-]{5,}(?![.])")
_PUBLIC = frozenset({Place.HEADER, Place.NESTED, Place.FILE_META, Place.ANNOTATION})
_FIRST_OF_PICTURES = "7FE0"
_ICC_PROFILE = tags.digits(tags.ICC_PROFILE)
_LAST_OF_LATIN, _LEAST_USUAL = "\u024f", 0.6
_MOST_TOKENS = 100_000
_MOST_CHARACTERS, _ALWAYS = 2_000_000, 2_000
"""Characters of all private text that are weighed line by line, and of each passage in any
case; known names and labelled values are looked for in all of it by other rules."""
_OTHER_LETTERS = re.compile("[\u0370-\u0fff]{2}")
"""Letters from Greek to Thai, which numbers of one byte are not: what numbers of two bytes make
of them is faint already."""
_FILLED = re.compile(r" {9,}")
"""Blanks that fill a field: of a line of many fields, the first would be all that is shown."""


@detector("private_text")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each private binary element that holds telling text, and each public
    one that is meant for numbers."""
    by_path: dict[tuple[str, str], list[Passage]] = {}
    for passage in scene.inventory.passages:
        is_inside = passage.place is Place.PRIVATE or _is_among_numbers(passage)
        if is_inside and not is_faint(passage):
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
        place = passages[0].place
        yield make_finding(
            "private-binary" if place is Place.PRIVATE else "unknown-field",
            place=place,
            tag=passages[0].tag,
            path=path,
            name=name,
            values=tuple(dict.fromkeys(_FILLED.sub(" ", line) for _, line, _ in weighed)),
            files=max(one.files for _, _, one in weighed),
            example=weighed[0][2].example,
        )


def _is_among_numbers(passage: Passage) -> bool:
    """Whether it stood in a public binary element, of which no other rule shows the text."""
    is_picture = (passage.tag or "") >= _FIRST_OF_PICTURES
    return (
        passage.place in _PUBLIC
        and is_loose(passage)
        and passage.tag != _ICC_PROFILE
        and not is_picture
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
    public = passage.place is not Place.PRIVATE
    for line in dict.fromkeys(text.split("\n")):
        if public and (_is_table(line) or is_labelled(line)):  # the latter has its own rule
            continue
        weight = weight_of(line)
        # A name's letters may follow each other as no words do; its label says that it is one.
        is_name = weight >= OF_A_LABEL or bool(_OTHER_LETTERS.search(line))
        if weight and (is_name or not is_of_numbers(line)):
            yield weight, line, passage


def _is_table(line: str) -> bool:
    """Whether a line is of the signs that tables of colours make, which go through all bytes."""
    usual = sum(
        char.isalnum() or char.isspace() if char.isascii() else char > _LAST_OF_LATIN
        for char in line
    )
    return usual < _LEAST_USUAL * len(line)
