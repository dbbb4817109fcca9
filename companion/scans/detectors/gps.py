"""What a camera wrote into a picture inside a scan, a position on the map first of all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.dicom.loose_text import is_faint
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer


@detector("gps")
def detect(scene: Scene) -> Iterator[Finding]:
    """Positions in every picture; other details in the pictures of scans."""
    gatherer = Gatherer()
    for passage in scene.inventory.passages:
        gps = "GPS" in passage.name
        if not gps and (passage.place not in (Place.PICTURE, Place.ICON) or is_faint(passage)):
            continue
        text = Text(fold_value(passage.text), passage.text, None, passage, None)
        if gps:
            gatherer.add("gps-in-picture", text, 0, Certainty.CERTAIN)
        elif not _is_of_an_encoder(text.folded):
            gatherer.add("picture-details", text, 0, Certainty.LIKELY)
    yield from gatherer.findings()


def _is_of_an_encoder(comment: str) -> bool:
    """Whether nothing but programs, their versions and how they wrote the file is named."""
    words = re.findall(r"[^\W\d_]+", comment)
    return (
        len(comment) <= 1_000
        and not re.search(r"\d{6}", comment)
        and "^" not in comment
        and bool(words)
        and all(word in identifiers.picture_words("encoders") for word in words)
    )
