"""Dummies and codes that stand where a name was: never taken for the name itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Finding
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding


@detector("placeholders")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each element of the patient's name that holds none."""
    both = (scene.elements(tags.PATIENT_NAME), scene.elements(tags.OTHER_PATIENT_NAMES))
    for element in chain(*both):
        held = {
            text: seen
            for text, seen in element.values.items()
            if text.strip(" ^=") and stands_for_a_name(text)
        }
        if held:
            yield make_finding(
                "placeholder",
                place=element.place,
                tag=element.tag,
                path=element.path,
                name=element.name,
                values=tuple(held),
                files=min(element.files, sum(seen.files for seen in held.values())),
                example=next(iter(held.values())).example,
            )
