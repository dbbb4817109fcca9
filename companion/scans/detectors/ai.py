"""Where a program was at work: results, changed pictures, makers known for AI."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_BY_PROGRAM = frozenset({"AUTOMATIC", "SEMIAUTOMATIC"})
"""Segment Algorithm Type (PS3.3 C.8.20.2): outlines drawn by a program, or with its help."""


@detector("ai")
def detect(scene: Scene) -> Iterator[Finding]:
    """Outlines that a program drew."""
    for element in scene.elements(tags.SEGMENT_ALGORITHM_TYPE):
        held = {text: seen for text, seen in element.values.items() if text in _BY_PROGRAM}
        if held:
            yield make_finding(
                "ai-result",
                certainty=Certainty.CERTAIN,
                place=element.place,
                tag=element.tag,
                path=element.path,
                name=element.name,
                values=tuple(held),
                files=min(element.files, sum(seen.files for seen in held.values())),
                example=next(iter(held.values())).example,
            )
