"""What the headers say of the picture. The picture itself is not looked at here, and the
report says so."""

from __future__ import annotations

from collections.abc import Iterator

from companion.content import identifiers
from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.inventory import Element, Fact
from companion.scans.rules.scene import Scene, fold
from companion.scans.rules.table import make_finding

_DESCRIPTIONS = ("00180015", "00081030", "0008103E", "00181030", "00321060", "00400254", "00400007")
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_PHOTOGRAPHS = "1.2.840.10008.5.1.4.1.1.77.1."
_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."


@detector("picture")
def detect(scene: Scene) -> Iterator[Finding]:
    """Writing, faces, photographs, labels, traces, icons and overlays, by the headers."""
    pictures = _facts(scene, "pixel-data")
    modalities = _values(scene, "00080060")
    yield from _written_on(scene, pictures, modalities)
    if pictures:
        yield _from_facts("picture-not-read", pictures, "PixelData", "7FE00010", "picture")
    yield from _faces(scene, modalities, bool(pictures))
    classes = _values(scene, "00080016")
    photographs = identifiers.picture_words("photographs")
    for value, element in {**classes, **modalities}.items():
        if pictures and (value in photographs or value.startswith(_PHOTOGRAPHS)):
            yield _from_value("photograph", element, value)
            break
    for value, element in {**classes, **modalities}.items():
        if value in identifiers.picture_words("traces") or value.startswith(_WAVEFORMS):
            yield _from_value("heart-or-brain-trace", element, value)
            break
    for tag, wanted in (("00080008", "LABEL"), ("00480010", "YES")):
        for value, element in _values(scene, tag).items():
            if wanted in value.upper().split("\\"):
                yield _from_value("slide-label", element, value)
                break
    if icons := _facts(scene, "icon"):
        yield _from_facts("icon", icons, "IconImageSequence", "00880200", "icon")
    if overlays := _facts(scene, "overlay-plane", "overlay-in-high-bits"):
        tag = overlays[0].path[-8:]
        yield _from_facts("overlay", overlays, "OverlayData", tag, "overlay")


def _written_on(
    scene: Scene, pictures: list[Fact], modalities: dict[str, Element]
) -> Iterator[Finding]:
    for value, element in _values(scene, "00280301").items():
        if value.upper() == "YES":
            yield _from_value("burned-in-yes", element, value)
            return
    if not pictures:
        return
    for value, element in modalities.items():
        if value in identifiers.picture_words("written-on"):
            yield _from_value("burned-in-likely", element, value)
            return
    for value, element in _values(scene, "00080016").items():
        if value.startswith(_SECONDARY_CAPTURE) and value[len(_SECONDARY_CAPTURE) :][:1] in (
            "",
            ".",
        ):
            yield _from_value("burned-in-likely", element, value)
            return


def _faces(scene: Scene, modalities: dict[str, Element], pictures: bool) -> Iterator[Finding]:
    for value, element in _values(scene, "00280302").items():
        if value.upper() == "YES":
            yield _from_value("face-possible", element, value)
            return
    if not pictures or not identifiers.picture_words("volumes") & set(modalities):
        return
    head = identifiers.picture_words("head")
    for tag in _DESCRIPTIONS:
        for element in scene.element(tag):
            for text in element.values:
                if any(word in head for word in _words(text)):
                    yield _from_value("face-possible", element, text)
                    return


def _words(text: str) -> list[str]:
    return "".join(char if char.isalpha() else " " for char in fold(text)).split()


def _values(scene: Scene, tag: str) -> dict[str, Element]:
    """Values at the top level of every file, with the element they stand in."""
    return {
        text.strip(): element
        for element in scene.element(tag)
        if "." not in element.path and element.place == "header"
        for text in element.values
    }


def _facts(scene: Scene, *kinds: str) -> list[Fact]:
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


def _from_facts(rule: str, facts: list[Fact], name: str, tag: str | None, place: str) -> Finding:
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
