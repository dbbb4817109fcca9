"""Original attributes: the values from before somebody corrected the record."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Finding, Place
from companion.scans.inventory import Seen
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import is_placeholder, make_finding

_ORIGINAL = tags.digits(tags.ORIGINAL_ATTRIBUTES_SEQUENCE)
_MODIFIED = (
    tags.digits(tags.MODIFIED_ATTRIBUTES_SEQUENCE),
    tags.digits(tags.NONCONFORMING_MODIFIED_ATTRIBUTES_SEQUENCE),
)


@detector("originals")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding that gathers the old values."""
    values: dict[str, Seen] = {}
    path = ""
    files = 0
    for element in scene.inventory.elements:
        if element.vr in ("UI", "SQ") or not any(tag in element.path for tag in _MODIFIED):
            continue
        for text, seen in element.values.items():
            if not is_placeholder(text):
                values.setdefault(text, seen)
                path = path or element.path
                files = max(files, element.files)
    if values:
        yield make_finding(
            "original-values",
            place=Place.NESTED,
            tag=_ORIGINAL if _ORIGINAL in path else path.rsplit(".", 1)[-1][:8],
            path=path.split(".")[0],
            name="OriginalAttributesSequence",
            values=tuple(values),
            files=files,
            example=next(iter(values.values())).example,
        )
