"""What a file says about having been cleaned, and what stands in it all the same.

A claim proves nothing: of 71 real files that said so, 64 still held a name or number.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.detectors.demographics import is_over_89
from companion.scans.findings import Finding
from companion.scans.inventory import Element
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import is_placeholder, make_finding

_CLAIMS = {
    "00120062": "claim-identity-removed",
    "00120063": "claim-how",
    "00120064": "claim-how",
    "00280303": "claim-dates",
    "00280301": "claim-burned-in",
    "00280302": "claim-face",
}
_GROUPS = ("who-you-are", "other-people", "when", "where", "numbers")
_ALSO = {
    "device-serial": None,
    "private-patient-name": None, "private-patient-number": None, "private-birth-date": None,
    "private-staff": None, "private-place": None, "private-date": None, "private-number": None,
    "private-words": "possible",
    "comments": "possible", "reason-and-history": "possible", "annotation-text": "possible",
}  # fmt: skip
_NOT = frozenset({"trial-subject", "clinical-trial", "timezone", "code-version"})
"""What a de-identifier writes itself, or may leave."""


@cache
def _left_behind() -> dict[str, str | None]:
    """Rules that no file should still match that says identity was removed: how sure."""
    telling = {
        rule.id: None
        for rule in identifiers.rules().values()
        if rule.group in _GROUPS and rule.hipaa and rule.place != "uid" and rule.id not in _NOT
    }
    return {**telling, **_ALSO}


@detector("claims")
def detect(scene: Scene) -> Iterator[Finding]:
    """The claims, and under a claim of removal everything that is still there."""
    removed: Element | None = None
    cleaned = 0
    for element in scene.inventory.elements:
        rule = _CLAIMS.get(element.tag)
        if rule is None and "00120064" in element.path and element.name == "CodeMeaning":
            rule = "claim-how"
        values = [text for text in element.values if not is_placeholder(text)] if rule else []
        if rule in ("claim-burned-in", "claim-face"):
            values = [text for text in values if text.strip().upper() == "NO"]
        if rule is None or not values or element.creator:
            continue
        if rule == "claim-how" or any(text.strip().upper() == "YES" for text in values):
            removed = removed or element
            cleaned = max(cleaned, sum(element.values[text].files for text in values))
        elif rule == "claim-identity-removed":
            continue
        yield make_finding(
            rule,
            place=None if rule in ("claim-burned-in", "claim-face") else element.place,
            tag=element.tag,
            path=element.path,
            name=element.name,
            values=tuple(values),
            files=min(element.files, sum(element.values[text].files for text in values)),
            example=element.values[values[0]].example,
        )
    if removed is not None:
        yield from _left_over(scene, removed, cleaned)


def _left_over(scene: Scene, claim: Element, cleaned: int) -> Iterator[Finding]:
    """What still stands in the ``cleaned`` files, as far as the counts can tell.

    The inventory counts files and does not list them. Where a claim and a field stand
    in more files together than there are, some file holds both; else it is a "may be".
    """
    scans = sum(record.kind in ("dicom", "dicomdir") for record in scene.inventory.files)
    names: dict[str | None, list[str]] = {None: [], "possible": []}
    for rule, certainty in _left_behind().items():
        for match in scene.by_rule.get(rule, ()):
            together = match.element.files + cleaned > scans
            names[certainty if together else "possible"].append(match.element.name)
    for match in scene.by_rule.get("patient-age", ()):
        if match.element.files + cleaned > scans and any(map(is_over_89, match.values)):
            names[None].append(match.element.name)
    seen = next(iter(claim.values.values()))
    for certainty, fields in names.items():
        if not fields:
            continue
        yield make_finding(
            "claim-left-over",
            place=claim.place,
            tag=claim.tag,
            path=claim.path,
            name=claim.name,
            values=tuple(dict.fromkeys(fields)),
            certainty=certainty,
            files=min(cleaned, claim.files),
            example=seen.example,
        )
