"""Labelled values in long private texts, of which a report could not show the whole, and in
what was packed in any element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.detectors.labelled_words import is_name
from companion.scans.dicom.elements import INSIDE
from companion.scans.findings import MAX_VALUE_LENGTH, Certainty, Finding, Place
from companion.scans.rules.labels import labelled
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer

_MOST_CHARACTERS, _ALWAYS = 4_000_000, 2_000
"""Characters of all private text that are searched, and of each text in any case: a megabyte
takes a tenth of a second, and up to four where all of it looks like labels."""


_IN_FILES = {
    "private-patient-name": "name-in-text",
    "private-birth-date": "birth-date-in-text",
    "private-patient-number": "record-number-in-text",
}
"""What a value is called that does not stand in a maker's private element."""


_SEPARATOR = re.compile(r"[\"'’]?\s*(?:=>|[:=>]|\t)\s*|\s+(?=[\"'])")


@detector("labelled")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each place and each kind of labelled value in it."""
    gatherer = Gatherer()
    left = _MOST_CHARACTERS
    for text in scene.texts:
        where = text.element or text.passage
        if where is None or not (where.place is Place.PRIVATE or _was_packed(text)):
            continue
        if text.element is not None and len(text.original) <= MAX_VALUE_LENGTH:
            continue  # shown whole
        found = list(labelled(text.original[: max(left, _ALWAYS)]))
        in_file = where.place in (Place.OTHER_FILE, Place.DOCUMENT)
        of_patients = any(one.of_patient or one.rule != "private-patient-name" for one in found)
        for one in found:
            value = Text("", one.shown, text.element, text.passage, text.seen)
            if in_file and one.rule == "private-patient-name":
                # Programs call all they have by a name.
                sure = of_patients or one.certainty is Certainty.LIKELY
                if not sure or not _names_somebody(one.shown):
                    continue
            rule = _IN_FILES.get(one.rule, one.rule) if in_file else one.rule
            gatherer.add(rule, value, 0, one.certainty)
        left -= len(text.original)
    yield from gatherer.findings()


def _names_somebody(shown: str) -> bool:
    """Whether a name stands behind a label, and not a piece of a program."""
    return is_name(_SEPARATOR.split(shown, maxsplit=1)[-1].strip(" \"'’"), alone=True)


def _was_packed(text: Text) -> bool:
    """Whether it stood packed in an element, whose own finding shows it only as a code."""
    return text.passage is not None and text.passage.name.startswith(INSIDE)
