"""Implants and serial numbers that somebody wrote into free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Scene
from companion.scans.rules.text_findings import Gatherer

_SERIAL = re.compile(
    r"(?<![a-z])(?:s/n|serial(?: ?(?:no|number|nr))?|ser\. ?no|lot(?: ?(?:no|number))?|ref|model)"
    r"[.:# ]{1,3}(?=[a-z0-9-]*\d)[a-z0-9][a-z0-9-]{3,30}"
)
_SERIAL_NEEDS = ("s/n", "ser", "lot", "ref", "model")
_PLACES = frozenset({Place.DOCUMENT, Place.REPORT_TEXT, Place.ANNOTATION, Place.OTHER_FILE})


@detector("devices")
def detect(scene: Scene) -> Iterator[Finding]:
    """Words for implants, and serial or lot numbers, in what people typed."""
    words = identifiers.picture_words("devices")
    gatherer = Gatherer()
    for pattern, needs in (
        (re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(words))})s?(?![a-z])"), words),
        (_SERIAL, _SERIAL_NEEDS),
    ):
        for text, _, start in scene.search(pattern, needs, private_needs=()):
            if text.passage is not None:
                typed = text.passage.place in _PLACES
            else:
                rule = scene.rule_of_element.get(id(text.element))
                typed = rule is not None and scene.rules[rule].group == "words"
            if typed:
                gatherer.add("implant-in-text", text, start, Certainty.POSSIBLE)
    yield from gatherer.findings()
