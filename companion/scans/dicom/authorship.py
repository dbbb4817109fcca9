"""Who made a file: a program or a person, what was made, and whether somebody signed it.

Noted as facts whose detail is labelled lines (``labels``), so that equal ones in a thousand
files are one. Only files that say something of the kind are looked at a second time.

Written from PS3.3 (2026c) 10.16 (Algorithm Identification Macro), C.8.20.2 (Segment
Algorithm Type), C.17.2 (Completion, Verification and Preliminary Flag), C.12.1.5
(Contributing Equipment), and PS3.16 TID 1004 (Device Observer).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from companion.scans.dicom import tags
from companion.scans.dicom.content_tree import Item, read_tree
from companion.scans.dicom.encoding import Encoding
from companion.scans.dicom.protocol_settings import note_settings
from companion.scans.dicom.sr_authorship import note_report
from companion.scans.dicom.structure import DataSetParse
from companion.scans.findings import Place
from companion.scans.inventory import FactKind, Inventory
from companion.scans.labels import Label, Made, lines

_TELLING = (
    tags.SEGMENT_ALGORITHM_TYPE, tags.ALGORITHM_NAME, tags.CONTRIBUTING_EQUIPMENT_SEQUENCE,
    tags.CONVERSION_TYPE, tags.CONTENT_SEQUENCE, tags.CONTENT_CREATOR_NAME, tags.CONTENT_LABEL,
    tags.MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, tags.UNFORMATTED_TEXT_VALUE,
    tags.CONTENT_QUALIFICATION,
)  # fmt: skip
"""A file without any of these says nothing of a program or a report."""
_TELLING_DIGITS = frozenset(map(tags.digits, _TELLING))
_MARKS = {
    little: re.compile(
        b"|".join(
            re.escape(struct.pack("<HH" if little else ">HH", *divmod(tag, 0x10000)))
            for tag in _TELLING
        )
    )
    for little in (True, False)
}
_WANTED = frozenset(
    {
        tags.ALGORITHM_NAME, tags.ALGORITHM_SOURCE, tags.ALGORITHM_VERSION, tags.CODE_MEANING,
        tags.CODE_VALUE, tags.COMPLETION_FLAG,
        tags.CONTENT_DESCRIPTION, tags.CONTENT_LABEL, tags.CONTENT_CREATOR_NAME, tags.CONTENT_DATE,
        tags.CONTENT_QUALIFICATION, tags.CONVERSION_TYPE, tags.DERIVATION_DESCRIPTION,
        tags.DEVICE_SERIAL_NUMBER, tags.DOCUMENT_TITLE, tags.IMAGE_COMMENTS, tags.MANUFACTURER,
        tags.MANUFACTURER_MODEL_NAME, tags.MIME_TYPE_OF_ENCAPSULATED_DOCUMENT,
        tags.NUMERIC_VALUE, tags.PRELIMINARY_FLAG, tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER,
        tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER_MODEL_NAME, tags.SEGMENT_ALGORITHM_NAME,
        tags.SEGMENT_ALGORITHM_TYPE, tags.SEGMENT_LABEL, tags.SERIES_DESCRIPTION,
        tags.SOFTWARE_VERSIONS, tags.SOP_CLASS_UID, tags.STUDY_DATE, tags.TEXT_VALUE,
        tags.UNFORMATTED_TEXT_VALUE, tags.VERIFICATION_FLAG,
    }
)  # fmt: skip
"""Elements whose text is kept of a file that is looked at."""
_BY_PROGRAM = frozenset({"AUTOMATIC", "SEMIAUTOMATIC"})
"""Segment Algorithm Type: outlines drawn by a program, or with its help."""
_PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30"
_PRESENTATION_STATES = "1.2.840.10008.5.1.4.1.1.11."
_SECONDARY_CAPTURES = "1.2.840.10008.5.1.4.1.1.7"
_MOST_PROGRAMS = 200
"""Different results of one file that are noted; a file of a thousand outlines says the same
of most."""


def note_authorship(
    inventory: Inventory, parse: DataSetParse, start: int, encoding: Encoding
) -> None:
    """Note in the inventory who made the data set that ``parse`` has just read."""
    end = parse.bulk[0] if parse.bulk else len(parse.data)
    data = parse.data
    note_settings(inventory, parse, start, end)
    understood = parse.stopped == len(data) and not (parse.notes or inventory.lost_elements())
    if understood and inventory.tags.isdisjoint(_TELLING_DIGITS):
        return
    if not _MARKS[encoding.little].search(data, start, end):
        return
    root = read_tree(data, start, encoding, _WANTED)
    programs = list(_programs(root))
    for said in programs:
        _add(inventory, FactKind.PROGRAM_RESULT, said)
    if note_report(inventory, root) or programs:
        _note_names(inventory, root)
    if (made := _made(root)) is not None:
        _add(inventory, FactKind.MADE_OBJECT, _of_object(root, made))
    for item in root.items(tags.CONTRIBUTING_EQUIPMENT_SEQUENCE)[:_MOST_PROGRAMS]:
        _add(inventory, FactKind.EQUIPMENT, [*_of_device(item), (Label.HOW, _purpose(item))])


def _note_names(inventory: Inventory, root: Item) -> None:
    """The words by which a program's result names the program: no machine goes by them.

    What the result is called and described as is not among them: somebody may have typed it.
    """
    for item in (root, *root.items(tags.CONTRIBUTING_EQUIPMENT_SEQUENCE)[:20]):
        for tag in (
            tags.MANUFACTURER_MODEL_NAME, tags.SOFTWARE_VERSIONS, tags.DEVICE_SERIAL_NUMBER,
        ):  # fmt: skip
            if text := item.text(tag):
                inventory.add_fact(FactKind.DEVICE_TEXT, Place.HEADER, detail=text)


def _programs(root: Item) -> Iterator[list[tuple[Label, str]]]:
    """What the standard's own fields say of programs: segments, and every algorithm named."""
    around = _of_device(root)
    seen: set[int] = set()
    left = _MOST_PROGRAMS
    for segment in root.items(tags.SEGMENT_SEQUENCE):
        named = segment.items(tags.SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE)
        seen.update(map(id, named))
        how = segment.text(tags.SEGMENT_ALGORITHM_TYPE).upper()
        if how not in _BY_PROGRAM or not left:
            continue
        left -= 1
        said = _of_algorithm(named[0] if named else Item(), around)
        if not named or not named[0].text(tags.ALGORITHM_NAME):
            said.append((Label.PROGRAM, segment.text(tags.SEGMENT_ALGORITHM_NAME)))
        said += [(Label.MADE, Made.OUTLINE), (Label.HOW, how.lower())]
        yield [*said, (Label.PART, segment.text(tags.SEGMENT_LABEL)), *_quality(root)]
    for item in root.walk():
        if id(item) not in seen and item.text(tags.ALGORITHM_NAME) and left:
            left -= 1
            made = _made(root) or Made.RESULT
            yield [*_of_algorithm(item, around), (Label.MADE, made), *_quality(root)]


def _of_algorithm(item: Item, around: list[tuple[Label, str]]) -> list[tuple[Label, str]]:
    """An item of the Algorithm Identification Macro; the maker is the file's if it names none."""
    maker = item.text(tags.ALGORITHM_SOURCE) or dict(around).get(Label.MAKER, "")
    return [
        (Label.PROGRAM, item.text(tags.ALGORITHM_NAME)),
        (Label.VERSION, item.text(tags.ALGORITHM_VERSION)),
        (Label.MAKER, maker),
    ]


def _of_device(item: Item) -> list[tuple[Label, str]]:
    return [
        (Label.PROGRAM, item.text(tags.MANUFACTURER_MODEL_NAME)),
        (Label.VERSION, item.text(tags.SOFTWARE_VERSIONS)),
        (Label.MAKER, item.text(tags.MANUFACTURER)),
        (Label.SERIAL, item.text(tags.DEVICE_SERIAL_NUMBER)),
    ]


def _of_object(root: Item, made: Made) -> list[tuple[Label, str]]:
    """All by which a picture or mark that was computed may name the program."""
    said = [*_of_device(root), *_quality(root), (Label.MADE, made)]
    naming = (
        tags.SERIES_DESCRIPTION, tags.DERIVATION_DESCRIPTION, tags.IMAGE_COMMENTS,
        tags.CONTENT_CREATOR_NAME, tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER,
        tags.SECONDARY_CAPTURE_DEVICE_MANUFACTURER_MODEL_NAME,
    )  # fmt: skip
    return said + [(Label.WRITTEN, root.text(tag)) for tag in naming]


def _made(root: Item) -> Made | None:
    """What a computed object is; None for what a machine took."""
    kind = root.text(tags.SOP_CLASS_UID)
    if kind == _PARAMETRIC_MAP:
        return Made.MAP
    if kind.startswith(_PRESENTATION_STATES):
        return Made.MARK
    if kind.startswith(_SECONDARY_CAPTURES) or root.text(tags.CONVERSION_TYPE):
        return Made.PICTURE
    return None


def _quality(root: Item) -> list[tuple[Label, str]]:
    """Content Qualification, where it is not that of an approved product."""
    said = root.text(tags.CONTENT_QUALIFICATION).lower()
    return [(Label.QUALITY, said)] if said in ("research", "service") else []


def _purpose(item: Item) -> str:
    return item.meaning(tags.PURPOSE_OF_REFERENCE_CODE_SEQUENCE)


def _add(inventory: Inventory, kind: FactKind, said: list[tuple[Label, str]]) -> None:
    if detail := "\n".join(lines(said)):
        inventory.add_fact(kind, Place.HEADER, detail=detail)
