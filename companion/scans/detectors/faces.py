"""Faces that the slices of a series show, as the looker judged them (``scans.pictures``).

The headers' guess (``picture``) stands only for series that nobody could judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import MAX_BOXES, Box, Certainty, Finding, Place
from companion.scans.inventory import Seen
from companion.scans.pictures import Face, Volume
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_RULES = {Face.YES: "face-visible", Face.PART: "face-part"}
_UNKNOWN = "face-unknown"
_SURE_ENOUGH = 0.7
"""A whole face of which the judge is less sure is a guess."""


@detector("faces")
def detect(scene: Scene) -> Iterator[Finding]:
    """For each person one finding for whole faces and one for parts, over all series that
    show one; and one for series that nobody could judge, unless the headers guess a face.

    It is never certain: a shape was judged, not a person recognised.
    """
    volumes = scene.looked.volumes if scene.looked is not None else ()
    for owner in dict.fromkeys(scene.owner_of_file(one.file) for one in volumes):
        own = [volume for volume in volumes if scene.owner_of_file(volume.file) == owner]
        for face, rule in _RULES.items():
            showing = [volume for volume in own if volume.face is face]
            if showing:
                likely = face is Face.YES and any(one.sure >= _SURE_ENOUGH for one in showing)
                yield _finding(rule, showing, owner, likely=likely)


def unknown(scene: Scene) -> Iterator[Finding]:
    """Series that may hold a head and that could not be judged: nobody knows what they show."""
    volumes = scene.looked.volumes if scene.looked is not None else ()
    showing = [volume for volume in volumes if volume.face is Face.UNKNOWN]
    if showing:
        yield _finding(_UNKNOWN, showing, "", likely=False)


def _finding(rule: str, showing: list[Volume], owner: str, *, likely: bool) -> Finding:
    """Of each series the middle slice is the box: which of them show skin is not told apart."""
    ordered = sorted(showing, key=lambda volume: -volume.sure)
    found = make_finding(
        rule,
        place=Place.FACE,
        name="face in the slices",
        files=sum(volume.files for volume in showing),
        example=ordered[0].file,
        certainty=Certainty.LIKELY if likely else Certainty.POSSIBLE,
    )
    boxes = (Box(one.file, one.frame, 0, 0, one.width, one.height) for one in ordered if one.width)
    return replace(found, person=owner, boxes=tuple(boxes)[:MAX_BOXES])


def is_settled(scene: Scene) -> bool:
    """Whether the slices have answered what the headers only guess: a face was seen, or all
    files of all series that could hold one were judged and show none."""
    volumes = scene.looked.volumes if scene.looked is not None else ()
    if any(volume.face in _RULES for volume in volumes):
        return True
    series = _seen(scene, tags.SERIES_INSTANCE_UID)
    judged = sum(
        volume.files for volume in volumes if volume.face is Face.NO and _is_whole(volume, series)
    )
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
