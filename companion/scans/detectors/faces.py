"""Faces that the slices of a series show, as the looker judged them (``scans.pictures``).

The headers' guess (``picture``) stands only for series that nobody could judge.
"""

from __future__ import annotations

from collections.abc import Iterator

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Seen
from companion.scans.pictures import Face, Volume
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_RULES = {Face.YES: "face-visible", Face.PART: "face-part"}
_SURE_ENOUGH = 0.7
"""A whole face of which the judge is less sure is a guess."""


@detector("faces")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for whole faces and one for parts, over all series that show one.

    It is never certain: a shape was judged, not a person recognised.
    """
    volumes = scene.looked.volumes if scene.looked is not None else ()
    for face, rule in _RULES.items():
        showing = [volume for volume in volumes if volume.face is face]
        if not showing:
            continue
        likely = face is Face.YES and any(volume.sure >= _SURE_ENOUGH for volume in showing)
        clearest = max(showing, key=lambda volume: volume.sure)
        yield make_finding(
            rule,
            place=Place.FACE,
            name="face in the slices",
            files=sum(volume.files for volume in showing),
            example=clearest.file,
            certainty=Certainty.LIKELY if likely else Certainty.POSSIBLE,
        )


def is_settled(scene: Scene) -> bool:
    """Whether the slices have answered what the headers only guess: a face was seen, or all
    files of all series that could hold one were judged and show none."""
    volumes = scene.looked.volumes if scene.looked is not None else ()
    if any(volume.face is not Face.NO for volume in volumes):
        return True
    series = _seen(scene, tags.SERIES_INSTANCE_UID)
    judged = sum(volume.files for volume in volumes if _is_whole(volume, series))
    kinds = identifiers.picture_words("volumes")
    slices = sum(seen.files for text, seen in _seen(scene, tags.MODALITY).items() if text in kinds)
    return 0 < slices <= judged


def _is_whole(volume: Volume, series: dict[str, Seen]) -> bool:
    """Whether no file of the series was left out."""
    seen = series.get(volume.series)
    return seen is not None and volume.files >= seen.files


def _seen(scene: Scene, tag: int) -> dict[str, Seen]:
    """How often the values at the top level of files occur."""
    return {
        text.strip(" \0"): seen
        for element in scene.elements(tag)
        if "." not in element.path and element.place is Place.HEADER
        for text, seen in element.values.items()
    }
