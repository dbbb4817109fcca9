"""Structured reports: written by a person or by a program, signed or not.

What a program wrote and nobody has signed is kept apart word by word, so that it is never
shown as "the written report" (PS3.3 C.17.2; PS3.16 TID 1004 and TID 4019).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.scans.dicom import tags
from companion.scans.dicom.content_tree import Item
from companion.scans.findings import Place
from companion.scans.inventory import FactKind, Inventory
from companion.scans.labels import Label, Made, lines

_CAD_CLASSES = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{number}" for number in (50, 65, 69))
"""Mammography, Chest and Colon CAD SR: a detection program wrote it."""
_LOGS = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{number}" for number in (40, 59, 67, 68, 71, 73, 76))
"""Procedure log, key objects, dose records, what was done: a machine's notes, no report."""
_SR_CLASSES = "1.2.840.10008.5.1.4.1.1.88."
# Concepts of PS3.16 Annex D, all of the scheme DCM.
_OBSERVER_TYPE, _DEVICE = "121005", "121007"
_NAME, _MAKER, _MODEL, _SERIAL, _PLACE = "121013", "121014", "121015", "121016", "121017"
_UID = "121012"
_ALGORITHM, _VERSION, _PARAMETERS = "111001", "111003", "111002"
_OF_DEVICE = frozenset(
    {_OBSERVER_TYPE, _NAME, _MAKER, _MODEL, _SERIAL, _PLACE, _UID, _ALGORITHM, _VERSION,
     _PARAMETERS}
)  # fmt: skip
_MOST_TEXTS = 400
"""Statements of one unsigned result that are kept."""
_KINDS = {"application/pdf": "pdf", "text/xml": "cda", "application/xml": "cda"}


@dataclass(slots=True)
class _Content:
    """What the content of one structured report says of its author, and how much it says."""

    device: bool = False
    about: dict[str, str] = field(default_factory=dict, repr=False)
    """The device's name, maker ... by the concept's code; the first of each."""
    algorithms: list[list[str]] = field(default_factory=list, repr=False)
    """Name and version of each program that is named."""
    texts: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """What a statement is about, and the statement."""
    context: list[str] = field(default_factory=list, repr=False)
    """Words that name the program, which are no statements."""
    worded: bool = False
    """Whether any statement is in somebody's own words, not a number or a code."""


def note_report(inventory: Inventory, root: Item) -> bool:
    """Note the report that a data set is or holds; returns whether a program wrote it."""
    kind = root.text(tags.SOP_CLASS_UID)
    if kind.startswith(_SR_CLASSES) or (not kind and root.items(tags.CONTENT_SEQUENCE)):
        return kind not in _LOGS and _note_structured(inventory, root, kind)
    if media := root.text(tags.MIME_TYPE_OF_ENCAPSULATED_DOCUMENT).lower():
        if media in _KINDS:
            _add_report(inventory, root, _KINDS[media], root.text(tags.DOCUMENT_TITLE), ())
    elif count := _texts_on_picture(root):
        _add_report(inventory, root, "presentation", "", ((Label.ITEMS, str(count)),))
    return False


def _note_structured(inventory: Inventory, root: Item, kind: str) -> bool:
    content = _read(root)
    signed = root.text(tags.VERIFICATION_FLAG).upper() == "VERIFIED"
    title = root.meaning(tags.CONCEPT_NAME_CODE_SEQUENCE)
    by_program = content.device or bool(content.algorithms) or kind in _CAD_CLASSES
    state = [(Label.SIGNED, "yes" if signed else "no"), *_state(root)]
    if by_program:
        made = Made.MARK if kind in _CAD_CLASSES else Made.REPORT
        if made is Made.REPORT and content.texts and not content.worded:
            made = Made.MEASUREMENT
        for said in _authors(root, content):
            detail = "\n".join(lines([*said, (Label.MADE, made), (Label.TITLE, title), *state]))
            inventory.add_fact(FactKind.PROGRAM_RESULT, Place.REPORT_TEXT, detail=detail)
        for text in content.context:
            inventory.add_fact(FactKind.DEVICE_TEXT, Place.REPORT_TEXT, detail=text)
        if place := content.about.get(_PLACE):
            inventory.add_fact(FactKind.DEVICE_PLACE, Place.REPORT_TEXT, detail=place)
        if not signed:
            for about, text in content.texts[:_MOST_TEXTS]:
                inventory.add_fact(
                    FactKind.UNSIGNED_TEXT, Place.REPORT_TEXT, path=about, detail=text
                )
            return True
    if content.worded:
        count = (Label.ITEMS, str(len(content.texts)))
        _add_report(inventory, root, "structured", title, (*state, count))
    return by_program


def _read(root: Item) -> _Content:
    """Go through the content of a structured report, in its order."""
    content = _Content()
    for item in root.walk():
        concept = item.code(tags.CONCEPT_NAME_CODE_SEQUENCE)
        about = item.meaning(tags.CONCEPT_NAME_CODE_SEQUENCE)
        text = item.text(tags.TEXT_VALUE)
        if concept in _OF_DEVICE:
            if concept == _OBSERVER_TYPE:
                content.device |= item.code(tags.CONCEPT_CODE_SEQUENCE) == _DEVICE
            elif concept == _ALGORITHM and text:
                content.algorithms.append([text, ""])
            elif concept == _VERSION and text and content.algorithms:
                content.algorithms[-1][1] = text
            content.about.setdefault(concept, text)
            if text:
                content.context.append(text)
        elif text:
            content.worded = True
            content.texts.append((about, text))
        elif item is not root and (meaning := item.meaning(tags.CONCEPT_CODE_SEQUENCE)):
            content.texts.append((about, meaning))
        else:
            for measured in item.items(tags.MEASURED_VALUE_SEQUENCE)[:1]:
                number = measured.text(tags.NUMERIC_VALUE)
                unit = measured.meaning(tags.MEASUREMENT_UNITS_CODE_SEQUENCE)
                content.texts.append((about, f"{number} {unit}".strip()))
    return content


def _authors(root: Item, content: _Content) -> Iterator[list[tuple[Label, str]]]:
    """The programs that a result names, each once; the file's own maker where it names none."""
    about = content.about
    maker = about.get(_MAKER) or root.text(tags.MANUFACTURER)
    serial = about.get(_SERIAL) or root.text(tags.DEVICE_SERIAL_NUMBER)
    model = about.get(_NAME) or about.get(_MODEL) or root.text(tags.MANUFACTURER_MODEL_NAME)
    software = root.text(tags.SOFTWARE_VERSIONS)
    named = list(dict.fromkeys(map(tuple, content.algorithms))) or [(model, software)]
    for name, version in named[:20]:
        yield [
            (Label.PROGRAM, name), (Label.VERSION, version or software), (Label.MAKER, maker),
            (Label.SERIAL, serial), (Label.DATE, root.text(tags.CONTENT_DATE)),
        ]  # fmt: skip


def _state(root: Item) -> list[tuple[Label, str]]:
    """Whether the report says of itself that it is not finished."""
    partial = root.text(tags.COMPLETION_FLAG).upper() == "PARTIAL"
    preliminary = root.text(tags.PRELIMINARY_FLAG).upper() == "PRELIMINARY"
    said = [(Label.COMPLETE, "no")] if partial or preliminary else []
    quality = root.text(tags.CONTENT_QUALIFICATION).lower()
    return [*said, (Label.QUALITY, quality)] if quality in ("research", "service") else said


def _texts_on_picture(root: Item) -> int:
    """How many typed notes a presentation state lays over a picture."""
    return sum(
        bool(text.text(tags.UNFORMATTED_TEXT_VALUE))
        for item in root.items(tags.GRAPHIC_ANNOTATION_SEQUENCE)
        for text in item.items(tags.TEXT_OBJECT_SEQUENCE)
    )


def _add_report(
    inventory: Inventory, root: Item, kind: str, title: str, said: tuple[tuple[Label, str], ...]
) -> None:
    date = root.text(tags.CONTENT_DATE) or root.text(tags.STUDY_DATE)
    all_said = [(Label.KIND, kind), (Label.TITLE, title), (Label.DATE, date), *said]
    inventory.add_fact(
        FactKind.WRITTEN_REPORT, Place.REPORT_TEXT, detail="\n".join(lines(all_said))
    )
