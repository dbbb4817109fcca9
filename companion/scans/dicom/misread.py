"""Values in a code page that their file does not name: how they were probably meant.

The parser keeps the bytes of such values; once all files are read, those of one file are
weighed together (``formats.code_pages``). Both readings then stand in the report, as one
element of their own that is never called certain: the probable one first, and the one that
the file's own character set gives. A study is known by the probable one, so that a patient
whose name is written in two code pages is not two patients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from companion.scans.dicom import dictionary
from companion.scans.dicom.structure import Decoded
from companion.scans.findings import Note
from companion.scans.formats import code_pages
from companion.scans.inventory import Element, Inventory, Misread, Seen

_ENOUGH = 8
"""Bytes of one file beyond ASCII that are weighed by themselves; fewer, with those of all."""


MOST_WEIGHED = 100
"""Texts of one file for which it is weighed whether another code page would do better."""


def is_misread(vr: str, raw: bytes, codecs: tuple[str, ...], number: int) -> bool:
    """Whether the file's text of this ``number`` does not fit its declared set, ``codecs``."""
    return dictionary.is_misread(vr, raw, codecs, weigh=number <= MOST_WEIGHED)


def keep(
    inventory: Inventory,
    of_file: list[bytes],
    decoded: Decoded,
    raw: bytes,
    codecs: tuple[str, ...],
) -> None:
    """Keep a value that does not fit ``codecs``, for its file and for the upload."""
    if len(of_file) < code_pages.MOST_TEXTS:
        of_file.append(raw)
    inventory.add_misread(decoded.element, decoded.text, raw, codecs[1:])


def note_for(raws: list[bytes]) -> Note | None:
    """What a file has to say of its ``raws``: worked out, or not."""
    if not raws:
        return None
    page = code_pages.guess(raws)
    if all(code_pages.read_as(raw, page) is not None for raw in raws):
        return Note.LETTERS_GUESSED
    return Note.VALUE_NOT_DECODED


def codecs_beside(declared: Iterable[str], of_file: list[bytes]) -> tuple[str, ...]:
    """The code pages of a data set: those that it names, and the one that its texts before
    this were probably written in."""
    page = code_pages.guess(of_file) if of_file else None
    return tuple(declared) if page is None else (*declared, page)


def settle(inventory: Inventory) -> None:
    """Put the probable reading of every misread value into the inventory."""
    entries, inventory.misread = inventory.misread, []
    pages = _pages(entries)
    elements: dict[int, Element] = {}
    meant: dict[str, str] = {}
    for entry in entries:
        seen = entry.element.values.pop(entry.text, None)
        if seen is None:
            continue
        probable = code_pages.read_as(entry.raw, pages.get(entry.file))
        if probable is None:
            probable = code_pages.read_as(entry.raw, code_pages.guess([entry.raw], entry.hints))
        probable = probable.strip(" \0") if probable else entry.text
        meant[entry.text] = probable
        if probable == entry.text and code_pages.is_utf8(entry.raw):
            entry.element.values[entry.text] = seen  # UTF-8 proves itself
            continue
        into = elements.get(id(entry.element))
        if into is None:
            into = replace(entry.element, values={}, distinct=0, files=0, others=set())
            into.misread = True
            elements[id(entry.element)] = into
            inventory.elements.append(into)
        entry.element.distinct -= 1
        into.files = min(entry.element.files, into.files + seen.files)
        into.distinct += 1
        for text in dict.fromkeys((probable, entry.text)):
            into.values.setdefault(text, Seen(seen.files, seen.example, seen.last, seen.slots))
        into.distinct = max(into.distinct, len(into.values))
    inventory.elements[:] = [
        element
        for element in inventory.elements
        if element.values or element.others or id(element) not in elements
    ]
    _rename(inventory, meant)


def _pages(entries: Iterable[Misread]) -> dict[int, str | None]:
    """The code page of each file that has misread values."""
    by_file: dict[int, list[Misread]] = {}
    for entry in entries:
        by_file.setdefault(entry.file, []).append(entry)
    everything = [entry.raw for group in by_file.values() for entry in group]
    common = code_pages.guess(everything)
    found = {}
    for file, group in by_file.items():
        raws = [entry.raw for entry in group]
        enough = sum(byte > 0x7F for raw in raws for byte in raw) >= _ENOUGH
        hints = next((entry.hints for entry in group if entry.hints), ())
        found[file] = (code_pages.guess(raws, hints) if enough else None) or common
    return found


def _rename(inventory: Inventory, meant: dict[str, str]) -> None:
    """Studies go by the probable reading of the patient's name and number."""
    for study in inventory.studies:
        study.patient_name = meant.get(study.patient_name, study.patient_name)
        study.patient_id = meant.get(study.patient_id, study.patient_id)
        study.institution = meant.get(study.institution, study.institution)
