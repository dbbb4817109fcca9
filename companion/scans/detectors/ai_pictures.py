"""Pictures that a program made or changed: deep-learning reconstruction, enhancement, and
views that were computed from other pictures.

The standard has no field for it; makers write their products' names. A name where the maker
says how the picture was made is likely. In private text it may be a list of what there is to
be switched on: there the setting beside it is read, and without one it is possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.content import ai_makers
from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.dicom.protocol_settings import ON, UNSAID
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Element, FactKind
from companion.scans.labels import Label, Made, lines
from companion.scans.rules.programs import context_of, fits
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import make_finding

_SAYING = frozenset(
    tags.digits(tag)
    for tag in (
        tags.CONVOLUTION_KERNEL, tags.DERIVATION_DESCRIPTION, tags.IMAGE_COMMENTS,
        tags.IMAGE_TYPE, tags.MANUFACTURER_MODEL_NAME, tags.PROTOCOL_NAME,
        tags.RECONSTRUCTION_ALGORITHM, tags.RECONSTRUCTION_METHOD, tags.SCAN_OPTIONS,
        tags.SERIES_DESCRIPTION, tags.SOFTWARE_VERSIONS,
    )
)  # fmt: skip
"""Elements in which a maker says how the picture was made."""
_DEEP_RESOLVE = {
    "DRG": "Deep Resolve Gain",
    "DRS": "Deep Resolve Sharp",
    "DRB": "Deep Resolve Boost",
}
"""Values of Siemens' image type, in (0008,0008) and in private (0021,1175), since XA51."""
_GE_LEVEL = "CA"
"""GE's Deep Learning element (0043,xxCA), since MR30: the level and its name; 0 is off."""
_GE_BLOCK, _GE_CREATOR = "0043", "GEMS_PARM_01"
_SIEMENS_IMAGE_TYPE, _SIEMENS_BLOCK = "75", "0021"
_DEEP_RESOLVE_NAME = re.compile(r"deep[ _]?resolve", re.IGNORECASE)
_OFF = re.compile(r"0+(?:\.0*)?|off|none", re.IGNORECASE)
_PRIVATE_TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "CS", "UN"})


@dataclass(slots=True)
class _Change:
    product: str
    maker: str
    certainty: Certainty
    where: Element | None
    path: str
    tag: str | None
    name: str
    place: Place
    files: int
    example: str = field(repr=False)
    written: dict[str, None] = field(default_factory=dict, repr=False)


@detector("ai_pictures")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each product that made or changed pictures of the set."""
    changes: dict[tuple[str, str], _Change] = {}
    context = context_of(scene.inventory)
    siemens = "siemens" in context
    for element in scene.inventory.elements:
        if element.creator:
            if element.vr in _PRIVATE_TEXTS:
                _note_private(changes, element, context)
        elif element.tag in _SAYING:
            for text in element.values:
                for name in ai_makers.find(text):
                    if name.does != "result" and fits(name, context):
                        rule = "picture-computed" if name.does == "computed-view" else "ai-picture"
                        _note(changes, rule, name.name, name.maker, element, text)
            if element.tag == tags.digits(tags.IMAGE_TYPE) and siemens:
                _note_image_type(changes, element)
    _note_protocol(changes, scene)
    for (rule, _), change in changes.items():
        written = [(Label.WRITTEN, text) for text in change.written]
        yield make_finding(
            rule,
            certainty=change.certainty,
            place=change.place,
            tag=change.tag,
            path=change.path,
            name=change.name,
            values=lines(
                [
                    (Label.PROGRAM, change.product), (Label.MAKER, change.maker),
                    (Label.MADE, Made.PICTURE), *written,
                ]
            ),
            files=change.files,
            example=change.example,
        )  # fmt: skip


def _note_private(changes: dict[tuple[str, str], _Change], element: Element, context: str) -> None:
    """A private element: a known setting is read; a product's name elsewhere is possible."""
    creator, number = element.creator.strip().upper(), element.tag[6:]
    if creator == _GE_CREATOR and element.tag.startswith(_GE_BLOCK) and number == _GE_LEVEL:
        for text in element.values:
            level = text.split("\\")[0].strip()
            if level and not _OFF.fullmatch(level):
                _note(changes, "ai-picture", "AIR Recon DL", "GE HealthCare", element, text)
        return
    of_siemens = creator.startswith("SIEMENS") and element.tag.startswith(_SIEMENS_BLOCK)
    if of_siemens and number == _SIEMENS_IMAGE_TYPE:
        _note_image_type(changes, element)
        return
    for text in element.values:
        if _DEEP_RESOLVE_NAME.search(text):
            continue  # read with its setting
        for name in ai_makers.find(text[:4_096]):
            if name.does in ("reconstruction", "enhancement") and fits(name, context):
                _note(
                    changes, "ai-picture", name.name, name.maker, element, text,
                    Certainty.POSSIBLE,
                )  # fmt: skip


def _note_image_type(changes: dict[tuple[str, str], _Change], element: Element) -> None:
    for text in element.values:
        for value in text.upper().split("\\"):
            if product := _DEEP_RESOLVE.get(value.strip()):
                _note(changes, "ai-picture", product, "Siemens Healthineers", element, text)


def _note_protocol(changes: dict[tuple[str, str], _Change], scene: Scene) -> None:
    """Siemens' protocol: Deep Resolve is likely where it is on, possible where that is unsaid."""
    if any(change.product.startswith("Deep Resolve") for change in changes.values()):
        return
    for state, certainty in ((ON, Certainty.LIKELY), (UNSAID, Certainty.POSSIBLE)):
        for fact in scene.inventory.facts:
            if fact.kind is FactKind.DEEP_RESOLVE and fact.detail == state:
                changes[("ai-picture", "Deep Resolve")] = _Change(
                    "Deep Resolve", "Siemens Healthineers", certainty, None, "", None,
                    "private protocol", Place.PRIVATE, fact.files, fact.example,
                    {"DeepResolve": None},
                )  # fmt: skip
                return


def _note(
    changes: dict[tuple[str, str], _Change],
    rule: str,
    product: str,
    maker: str,
    element: Element,
    text: str,
    certainty: Certainty = Certainty.LIKELY,
) -> None:
    seen = element.values[text]
    change = changes.get((rule, product))
    if change is None or (
        change.certainty is Certainty.POSSIBLE and certainty is not change.certainty
    ):
        written = change.written if change else {}
        change = changes[(rule, product)] = _Change(
            product, maker, certainty, element, element.path, element.tag, element.name,
            element.place, 0, seen.example, written,
        )  # fmt: skip
    if change.where is element:
        change.files = min(element.files, change.files + seen.files)
    change.written[text] = None
