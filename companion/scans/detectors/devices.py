"""Implants and serial numbers that somebody wrote into free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.formats import documents
from companion.scans.rules.codes import stands_in_code
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer

_SERIAL = re.compile(
    r"(?<![a-z])(?:s/n|serial(?: ?(?:no|number|nr))?|ser\. ?no"
    r"|(?P<anything>lot(?: ?(?:no|number))?|ref|model))"
    r"[.:# ]{1,3}(?=[a-z0-9-]*\d)[a-z0-9][a-z0-9-]{3,30}(?![a-z0-9])"
)
_AROUND = 200
"""Characters on each side in which words say what a number is the number of."""
_CERTIFICATE = re.compile(r"certificat|fingerprint|issuer")
_SERIAL_NEEDS = ("s/n", "ser", "lot", "ref", "model")
_PLACES = frozenset({Place.DOCUMENT, Place.REPORT_TEXT, Place.ANNOTATION, Place.OTHER_FILE})


@detector("devices")
def detect(scene: Scene) -> Iterator[Finding]:
    """Words for implants, and serial or lot numbers, in what people typed."""
    words = identifiers.picture_words("devices")
    gatherer = Gatherer()
    device = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(words))})s?(?![a-z])")
    for pattern, needs in ((device, words), (_SERIAL, _SERIAL_NEEDS)):
        for text, found, start in scene.search(pattern, needs, private_needs=()):
            if pattern is device:
                if stands_in_code(text, start, start + len(found[0])):
                    continue
            elif not _is_of_a_device(text, start, found, device):
                continue
            if text.passage is not None:
                typed = text.passage.place in _PLACES and text.passage.name != documents.RAW
            else:
                rule = scene.rule_of_element.get(id(text.element))
                typed = rule is not None and scene.rules[rule].group == "words"
            if typed:
                gatherer.add("implant-in-text", text, start, Certainty.POSSIBLE)
    yield from gatherer.findings()


def _is_of_a_device(text: Text, start: int, found: re.Match[str], device: re.Pattern[str]) -> bool:
    """Whether a number is that of a thing, and not of a certificate or a program's part.

    "Ref", "lot" and "model" say too little where a document has no device near them.
    """
    around = text.folded[max(0, start - _AROUND) : start + len(found[0]) + _AROUND]
    if text.passage is None:
        return True
    if found["anything"] and text.passage.place is Place.OTHER_FILE and not device.search(around):
        return False
    return not _CERTIFICATE.search(around)
