"""Original attributes: the values from before somebody corrected the record."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.inventory import Seen
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import is_placeholder, make_finding

_MODIFIED = ("04000550", "04000551")


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
            place="nested",
            tag="04000561" if "04000561" in path else path.rsplit(".", 1)[-1][:8],
            path=path.split(".")[0],
            name="OriginalAttributesSequence",
            values=tuple(values),
            files=files,
            example=next(iter(values.values())).example,
        )
