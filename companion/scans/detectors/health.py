"""Diagnoses and suspicions that somebody typed where no field for them is.

The words are in ``health-words.toml``, in several languages. A hit is possible: the text may
say that there is none ("no fracture"), which is about the patient's health all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer

_PLACES = frozenset({Place.DOCUMENT, Place.REPORT_TEXT, Place.ANNOTATION, Place.OTHER_FILE})
_NOT_TYPED = frozenset({"series-description", "waveform-text", "listed-words", "other-long-text"})
"""Rules of words that a machine's protocol fills."""


@detector("health")
def detect(scene: Scene) -> Iterator[Finding]:
    """Words for diagnoses in what people typed; a text that stands in several places, once."""
    words = identifiers.health_words()
    whole = "|".join(re.escape(word) for word in words if not word.endswith("*"))
    begun = "|".join(re.escape(word[:-1]) for word in words if word.endswith("*"))
    pattern = re.compile(rf"(?<![a-z])(?:(?:{whole})(?:e?s)?(?![a-z])|{begun})")
    gatherer = Gatherer()
    said: set[str] = set()
    needs = [word.rstrip("*") for word in words]
    for text, _, start in scene.search(pattern, needs, private_needs=()):
        if _is_typed(scene, text) and text.folded not in said:
            said.add(text.folded)
            gatherer.add("diagnosis-in-text", text, start, Certainty.POSSIBLE)
    yield from gatherer.findings()


def _is_typed(scene: Scene, text: Text) -> bool:
    """Whether a person typed the text, and no rule of health shows it already."""
    if text.passage is not None:
        return text.passage.place in _PLACES
    rule_id = scene.rule_of_element.get(id(text.element))
    if rule_id is None or rule_id in _NOT_TYPED:
        return False
    rule = scene.rules[rule_id]
    if rule.opening == "health" or rule.group != "words":
        return False
    match = next(one for one in scene.by_rule[rule_id] if one.element is text.element)
    return text.original in match.values
