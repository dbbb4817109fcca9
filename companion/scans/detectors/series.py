"""Pictures of a series that are not here, as the numbers of the others say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import MAX_VALUES, Finding, Place
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding


@detector("series")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for the whole upload; each value says how many of how many: ``12/60``."""
    gaps = sorted(scene.inventory.series.gaps(), key=lambda gap: -gap.missing)
    if not gaps:
        return
    digits = tags.digits(tags.INSTANCE_NUMBER)
    yield make_finding(
        "series-gap",
        place=Place.HEADER,
        tag=digits,
        path=digits,
        name="InstanceNumber",
        values=tuple(f"{gap.missing}/{gap.whole}" for gap in islice(gaps, MAX_VALUES)),
        files=sum(gap.whole - gap.missing for gap in gaps),
        example=scene.inventory.files[0].name,
    )
