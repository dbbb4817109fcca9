"""Text inside private binary data: what a maker keeps in a form that no tag names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.findings import Finding, Place
from companion.scans.inventory import Passage
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import make_finding

_WORD = re.compile(r"[^\W\d_]{4,}")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CODE = re.compile(
    r"(?<![\w.])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9-]{6,40}(?![\w.])"
)
# Words as people write them: "Ivanov", "IVANOV", "McIvan"; chance mixes the cases.
_NATURAL = re.compile(r"[^\W\d_]?[^\W\d_a-z]*|(?:[^\W\d_][^\W\d_A-Z]+){1,3}")
_CODE_CASE = re.compile(r"[A-Z0-9-]+|[a-z0-9-]+")
_NUMBER = re.compile(r"(?<![\d.])\d{6,20}(?![\d.])")
_DATED = re.compile(r"(?:19|20)\d\d[-/.]?[01]\d[-/.]?[0-3]\d")


@detector("private_text")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each private binary element that holds telling text."""
    by_path: dict[tuple[str, str], list[Passage]] = {}
    for passage in scene.inventory.passages:
        if passage.place is Place.PRIVATE:
            by_path.setdefault((passage.path, passage.name), []).append(passage)
    for (path, name), passages in by_path.items():
        weighed = [(weight, one) for one in passages if (weight := _weight(one.text))]
        if not weighed:
            continue
        weighed.sort(key=lambda pair: -pair[0])
        yield make_finding(
            "private-binary",
            place=Place.PRIVATE,
            tag=passages[0].tag,
            path=path,
            name=name,
            values=tuple(dict.fromkeys(one.text for _, one in weighed)),
            files=max(one.files for _, one in weighed),
            example=weighed[0][1].example,
        )


def _weight(text: str) -> int:
    """How telling a run is: 0 for what every such block holds."""
    weight = 12 if is_labelled(text) else 0
    if "^" in text and re.search(r"[^\W\d_]{2,}\^[^\W\d_]{2,}", text):
        weight += 6
    if _DATED.search(text):
        weight += 4
    codes = _CODE.findall(text)
    if any(_CODE_CASE.fullmatch(code) for code in codes) or _NUMBER.search(text):
        weight += 3
    for word in _WORD.findall(text)[:12]:
        if not _NATURAL.fullmatch(word):
            continue
        # "UsedChannelMask" is a maker's label, made of words that every scan holds.
        parts = [fold_value(part) for part in _PART.findall(word)] or [fold_value(word)]
        if not all(len(one) < 4 or is_common(one) or one in dictionary_words() for one in parts):
            weight += 1
            break
    return weight
