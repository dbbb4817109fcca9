"""Echo: values of the obvious identifiers that occur again in other places."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Hit, Scene
from companion.scans.rules.seeds import turned
from companion.scans.rules.text_findings import Gatherer

RULES = {
    "name": "echo-name",
    "staff": "echo-staff",
    "number": "echo-number",
    "contact": "echo-contact",
    "institution": "echo-institution",
    "serial": "echo-serial",
}
"""Rule of a hit by the kind of its seed."""
_SAME = {
    "name": {
        "patient-name", "other-patient-names", "mother-birth-name", "private-patient-name",
        "second-person-name",
    },
    "staff": {
        "responsible-person", "referring-physician", "physicians", "operator", "report-author",
        "report-recipient", "person-in-report", "other-person-name", "private-staff",
    },
    "number": {
        "patient-id", "other-patient-ids", "accession-number", "admission-number", "order-number",
        "insurance-plan", "study-id", "private-patient-number", "private-number", "trial-subject",
        "specimen-number", "report-number",
    },
    "contact": {"patient-phone", "patient-address", "private-address", "staff-contact"},
    "institution": {
        "institution", "institution-address", "private-place", "department", "machine-model",
        "clinical-trial",
    },
    "serial": {"device-serial", "private-serial", "device-uid"},
}  # fmt: skip
"""Rules that already say this of a value: a hit there is nothing new."""
_NO_ECHO_NAMES = frozenset({"Manufacturer", "ImageType", "BodyPartExamined", "Modality"})
_PEOPLE = _SAME["name"] | _SAME["staff"]


@detector("echo")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each place in which values of one kind occur again."""
    gatherer = Gatherer()
    for seed in scene.seeds:
        for hit in scene.hits(seed):
            if _is_new(scene, hit):
                gatherer.add(RULES[seed.kind], hit.text, hit.start, _certainty(hit))
    for seed in turned(scene.seeds):
        for hit in scene.hits(seed, at_most=200):
            if _is_new(scene, hit):
                gatherer.add(RULES[seed.kind], hit.text, hit.start, _certainty(hit), turned=True)
    yield from gatherer.findings()


def _is_new(scene: Scene, hit: Hit) -> bool:
    element, passage = hit.text.element, hit.text.passage
    if passage is not None:
        return passage.place is not Place.FILE_NAME
    if element is None or element.name in _NO_ECHO_NAMES:
        return False
    rule = scene.rule_of_element.get(id(element), "")
    if rule in _SAME[hit.seed.kind]:
        return False
    if hit.seed.kind in ("name", "staff") and rule in _PEOPLE:
        # A doctor may share a patient's family name: only a whole name says something.
        return hit.seed.whole and hit.seed.kind == "name" and rule not in _SAME["name"]
    if element.vr == "CS":
        return hit.seed.certainty is Certainty.LIKELY and hit.seed.whole
    if hit.seed.kind in ("institution", "staff", "serial"):
        return hit.seed.certainty is Certainty.LIKELY and (
            hit.seed.whole or hit.seed.kind == "staff"
        )
    return True


def _certainty(hit: Hit) -> Certainty:
    if hit.seed.certainty is not Certainty.LIKELY:
        return Certainty.POSSIBLE
    element = hit.text.element
    if hit.seed.kind == "staff" and not hit.seed.whole:
        return Certainty.POSSIBLE
    if element is not None and element.vr in ("CS", "SH", "PN") and not hit.seed.whole:
        return Certainty.POSSIBLE
    return Certainty.LIKELY
