"""What the headers say of the picture: claims and guesses, for pictures nobody looked at.

What was looked at needs no guess; what the files claim of it is told all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from companion.content import identifiers
from companion.scans.detectors import detector, faces
from companion.scans.dicom import tags
from companion.scans.findings import NOT_LOOKED_AT, SCANS, Finding, Place
from companion.scans.formats import slides
from companion.scans.inventory import Element, Fact, FactKind, Passage
from companion.scans.rules.head_words import is_elsewhere, is_of_heads, names_a_head
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_DESCRIPTIONS = (
    tags.BODY_PART_EXAMINED,
    tags.STUDY_DESCRIPTION,
    tags.SERIES_DESCRIPTION,
    tags.PROTOCOL_NAME,
    tags.REQUESTED_PROCEDURE_DESCRIPTION,
    tags.PERFORMED_PROCEDURE_STEP_DESCRIPTION,
    tags.SCHEDULED_PROCEDURE_STEP_DESCRIPTION,
)
_REGION = f"{tags.digits(tags.ANATOMIC_REGION_SEQUENCE)}["
_PIXEL_DATA, _ICON = tags.digits(tags.PIXEL_DATA), tags.digits(tags.ICON_IMAGE_SEQUENCE)
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_PHOTOGRAPHS = "1.2.840.10008.5.1.4.1.1.77.1."
_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."


@detector("picture")
def detect(scene: Scene) -> Iterator[Finding]:
    """Writing, faces, photographs, labels, traces, icons and overlays, by the headers."""
    pictures = _facts(scene, FactKind.PIXEL_DATA)
    modalities = _values(scene, tags.MODALITY)
    unseen = _not_looked_at(scene, pictures)
    yield from _written_on(scene, bool(unseen), modalities)
    if unseen:
        found = _from_facts("picture-not-read", pictures, "PixelData", _PIXEL_DATA, Place.PICTURE)
        yield (
            found if scene.looked is None else replace(found, files=len(unseen), example=unseen[0])
        )
    yield from _faces(scene, modalities, bool(pictures))
    classes = _values(scene, tags.SOP_CLASS_UID)
    photographs = identifiers.picture_words("photographs")
    for value, element in {**classes, **modalities}.items():
        if pictures and (value in photographs or value.startswith(_PHOTOGRAPHS)):
            yield _from_value("photograph", element, value)
            break
    for value, element in {**classes, **modalities}.items():
        if value in identifiers.picture_words("traces") or value.startswith(_WAVEFORMS):
            yield _from_value("heart-or-brain-trace", element, value)
            break
    for tag, wanted in ((tags.IMAGE_TYPE, "LABEL"), (tags.SPECIMEN_LABEL_IN_IMAGE, "YES")):
        for value, element in _values(scene, tag).items():
            if wanted in value.upper().split("\\"):
                yield _from_value("slide-label", element, value)
                break
    yield from _slides(scene)
    if icons := _facts(scene, FactKind.ICON):
        yield _from_facts("icon", icons, "IconImageSequence", _ICON, Place.ICON)
    if overlays := _facts(scene, FactKind.OVERLAY_PLANE, FactKind.OVERLAY_IN_HIGH_BITS):
        data = overlays[0].path[-8:]
        yield _from_facts("overlay", overlays, "OverlayData", data, Place.OVERLAY)


def _not_looked_at(scene: Scene, pictures: list[Fact]) -> list[str]:
    """Names of scans with a picture of which something was not looked at."""
    if not pictures:
        return []
    if scene.looked is None:
        return [fact.example for fact in pictures]
    return [
        record.name
        for record in scene.inventory.files
        if record.kind in SCANS and not NOT_LOOKED_AT.isdisjoint(record.notes)
    ]


def _slides(scene: Scene) -> Iterator[Finding]:
    """Pages of slides that are pictures of their labels."""
    found: dict[str, list[Passage]] = {}
    for passage in scene.inventory.passages:
        if passage.name.endswith(slides.LABEL):
            found.setdefault(passage.place, []).append(passage)
    for passages in found.values():
        where = 0
        for passage in passages:
            where |= passage.where
        yield make_finding(
            "slide-label",
            place=passages[0].place,
            path=passages[0].path,
            tag=passages[0].tag,
            name=passages[0].name,
            values=tuple(dict.fromkeys(passage.text for passage in passages)),
            files=where.bit_count(),
            example=passages[0].example,
        )


def _written_on(scene: Scene, unseen: bool, modalities: dict[str, Element]) -> Iterator[Finding]:
    """What the file claims; and a guess by its kind, where some picture is ``unseen``."""
    for value, element in _values(scene, tags.BURNED_IN_ANNOTATION).items():
        if value.upper() == "YES":
            yield _from_value("burned-in-yes", element, value)
            return
    if not unseen:
        return
    for value, element in modalities.items():
        if value in identifiers.picture_words("written-on"):
            yield _from_value("burned-in-likely", element, value)
            return
    for value, element in _values(scene, tags.SOP_CLASS_UID).items():
        if value.startswith(_SECONDARY_CAPTURE) and value[len(_SECONDARY_CAPTURE) :][:1] in (
            "",
            ".",
        ):
            yield _from_value("burned-in-likely", element, value)
            return


def _faces(scene: Scene, modalities: dict[str, Element], pictures: bool) -> Iterator[Finding]:
    for value, element in _values(scene, tags.RECOGNIZABLE_VISUAL_FEATURES).items():
        if value.upper() == "YES":
            yield _from_value("face-possible", element, value)
            return
    if not pictures or not identifiers.picture_words("volumes") & set(modalities):
        return
    if faces.is_settled(scene):
        return
    described = tuple(_described(scene))
    scans = sum(record.kind in SCANS for record in scene.inventory.files)
    elsewhere = max(
        (element.values[text].files for element, text in described if is_elsewhere(text)),
        default=0,
    )
    for element, text in described:
        # A sequence says less than a body part: one that all of its files may name wins.
        apart = element.values[text].files + elsewhere > scans
        if names_a_head(text) or (is_of_heads(text) and not apart):
            yield _from_value("face-possible", element, text)
            return
    if not elsewhere:
        yield from faces.unknown(scene)


def _described(scene: Scene) -> Iterator[tuple[Element, str]]:
    """What the headers call the part of the body, the series and the study."""
    for tag in _DESCRIPTIONS:
        for element in scene.elements(tag):
            yield from ((element, text) for text in element.values)
    for element in scene.inventory.elements:
        if element.name == "CodeMeaning" and _REGION in element.path:
            yield from ((element, text) for text in element.values)


def _values(scene: Scene, tag: int) -> dict[str, Element]:
    """Values at the top level of every file, with the element they come from."""
    return {
        text.strip(): element
        for element in scene.elements(tag)
        if "." not in element.path and element.place is Place.HEADER
        for text in element.values
    }


def _facts(scene: Scene, *kinds: FactKind) -> list[Fact]:
    return [fact for fact in scene.inventory.facts if fact.kind in kinds]


def _from_value(rule: str, element: Element, value: str) -> Finding:
    seen = element.values.get(value) or next(iter(element.values.values()))
    return make_finding(
        rule,
        tag=element.tag,
        path=element.path,
        name=element.name,
        values=(value,),
        files=seen.files,
        example=seen.example,
    )


def _from_facts(rule: str, facts: list[Fact], name: str, tag: str | None, place: Place) -> Finding:
    details = tuple(dict.fromkeys(fact.detail for fact in facts if fact.detail))
    return make_finding(
        rule,
        place=place,
        tag=tag,
        path=facts[0].path or tag or "",
        name=name,
        values=details,
        files=max(fact.files for fact in facts),
        example=facts[0].example,
    )
