"""Diagnoses and suspicions that somebody typed where no field for them is.

The words are in ``health-words.toml``, in several languages. A hit is possible: the text may
say that there is none ("no fracture"), which is about the patient's health all the same. What
is about a collection or an institution ("tumor dataset", "Cancer Centre") is about nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.formats import documents
from companion.scans.rules.codes import stands_in_code
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer

_PLACES = frozenset({Place.DOCUMENT, Place.REPORT_TEXT, Place.ANNOTATION, Place.OTHER_FILE})
_NOT_TYPED = frozenset({"series-description", "waveform-text", "listed-words", "other-long-text"})
"""Rules of words that a machine's protocol fills."""
_AROUND = 80
"""Characters on each side of a word in which its neighbours are looked for."""
_JOINING = "a|an|and|at|by|from|in|of|on|the|to|with|de|del|el|en|la|y|der|die|im|in|und|et|le"
"""Behind one of these the sentence is about something else: "tumor, seen in the hospital"."""


_OF_A_PEN = re.compile(
    r"(?:(?:letter [a-z]{1,3}|[\[ ][a-z]|arrows?) with"
    r" (?:(?:long|short|double|diagonal|horizontal|vertical|oblique|overlay) )?"
    r"|\b(?:svg|draw|awt|cairo|fx|gfx|graphics|ctx|canvas|style)[:/._]"
    r"|\b(?:key|back|pen|cjk|brush|mouse)[ -]?)\Z"
)
"""What stands in front of a stroke that is drawn or typed."""
_BEHIND_A_PEN = re.compile(
    r"[ _-]?(?:width|colou?r|dash|line|miter|opacity|style|path|order|attributes)"
    r"|=|_[a-z]"
)
_KNOWN_OR = re.compile(r"\bknown or \Z")
_OF_A_LICENCE = re.compile(
    r" (?:or actual )?(?:unauthori[sz]ed|distribution|use\b|breach|violation|infring|misuse"
    r"|security|bug|error)"
)


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
    for text, found, start in scene.search(pattern, needs, private_needs=()):
        end = start + len(found[0])
        if text.folded in said or _is_of_others(text.folded, start, end):
            continue
        if _is_no_illness(text.folded, start, end) or stands_in_code(text, start, end):
            continue
        if _is_typed(scene, text):
            said.add(text.folded)
            gatherer.add("diagnosis-in-text", text, start, Certainty.POSSIBLE)
    yield from gatherer.findings()


def _is_typed(scene: Scene, text: Text) -> bool:
    """Whether a person typed the text, and no rule of health shows it already."""
    if text.passage is not None:
        # What a program says is about nobody.
        return text.passage.place in _PLACES and text.passage.name != documents.RAW
    rule_id = scene.rule_of_element.get(id(text.element))
    if rule_id is None or rule_id in _NOT_TYPED:
        return False
    rule = scene.rules[rule_id]
    if rule.opening == "health" or rule.group != "words":
        return False
    match = next(one for one in scene.by_rule[rule_id] if one.element is text.element)
    return text.original in match.values


def _is_of_others(text: str, start: int, end: int) -> bool:
    """Whether the words around a word for an illness make it one of a collection's name."""
    behind, before = _others()
    return bool(
        behind.match(text, end, end + _AROUND)
        or before.search(text[max(0, start - _AROUND) : start])
    )


def _is_no_illness(text: str, start: int, end: int) -> bool:
    """Whether a word is a pen's stroke, or the suspicion one of a licence."""
    word, before = text[start:end], text[max(0, start - _AROUND) : start]
    if word.startswith("stroke"):
        return bool(_BEHIND_A_PEN.match(text, end) or _OF_A_PEN.search(before))
    return word == "suspected" and bool(_KNOWN_OR.search(before) or _OF_A_LICENCE.match(text, end))


@cache
def _others() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(map(re.escape, identifiers.words_of_no_illness()))
    return (
        re.compile(
            rf"[a-z]{{0,9}}(?:[ _-](?!(?:{_JOINING})(?![a-z]))[^\W\d_]+){{0,2}}[ _-]"
            rf"(?:{words})(?![a-z])"
        ),
        re.compile(
            rf"(?<![a-z])(?:{words}) (?:of|de|del|fur|contra|contre|nacional|national)"
            r"(?: [^\W\d_]+){0,3}[ -]\Z"
        ),
    )
