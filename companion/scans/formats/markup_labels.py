"""What the elements and attributes around a text in XML or HTML say that it is.

HL7 CDA and FHIR, HL7 version 2 in XML, DICOM's native model (PS3.19, A.1) and programs of their
own write a person's name as elements inside others: it is the outer one that says whose it is.
"""

from __future__ import annotations

import re
from collections import Counter

from companion.scans.formats.heads import BIRTH, PATIENT, RECORD, meaning
from companion.scans.formats.hl7 import FIELDS

NAMED_ELEMENT = re.compile(
    r"(?:\w+:)?((?:patient|pat|person|subject|birth|dob|mrn|ssn|phone|telephone|telecom|address"
    r"|accession|insurance|policy|record|hospital|physician|doctor)[\w-]{0,40}"
    r"|[\w-]{0,40}(?:name|birthdate|birth_date|patientid|number))",
    re.IGNORECASE,
)
"""Elements of XML whose name says what their text is."""
_IDENTIFIER, _NAME = "patient identifier", "patient name"
_AROUND = {
    "patientrole": _IDENTIFIER, "trialsubject": _IDENTIFIER, "identifier": _IDENTIFIER,
    "patient": _NAME, "subjectdemographicperson": _NAME, "telecom": "telecom", "address": "address",
    "addr": "address", "contact": "", "guardian": "relative's name", "extension": "", "link": "",
    "providerorganization": "", "managingorganization": "", "generalpractitioner": "",
}  # fmt: skip
"""Elements of HL7 version 3 and FHIR, and what those inside them say that have no label."""
_PART = re.compile(
    r"(?:value|id|given|family|prefix|suffix|name|use|text|alphabetic|ideographic|phonetic|personname"
    r"|familyname|givenname|middlename|extension|[a-z]{2,3}\.\d{1,2})"
)
"""Elements that say of their text only which part it is."""
_FIELD = re.compile(r"([A-Z][A-Z\d]{2})\.(\d{1,2})")
_KEYWORD = re.compile(r"\b(?:keyword|name)\s?=\s?[\"']([A-Za-z_ ]{3,60})[\"']")
_KEYED = frozenset(
    {"dicomattribute", "element", "attr", "attribute", "field", "property", "item", "tag"}
)
_MARKED = re.compile(
    r"\b(?:itemprop|property|id|class|data-[\w-]{1,30})\s?=\s?[\"']?([\w -]{2,60})"
)
_ITEMS = {"name": "full name", "birthdate": "birth date", "telephone": "phone"}
"""Properties of a person (schema.org)."""
_DEEPEST = 200


class Labels:
    """Which label a text has by the elements that are open around it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._names: Counter[str] = Counter()

    def enter(self, name: str, part: str) -> str:
        """Take the tag of an element; returns the label of the text right behind it."""
        local = name.rpartition(":")[2]
        low = local.lower()
        if part[:1] == "/":
            if low not in self._names:
                return ""
            for at in range(len(self._open) - 1, -1, -1):
                self._names[self._open[at][0]] -= 1
                if self._open.pop()[0] == low:
                    break
            self._names = +self._names
            return ""
        around = self._open[-1][1] if self._open else ""
        label = self._label(local, low, part)
        if label is not None and not part.endswith("/") and len(self._open) < _DEEPEST:
            self._open.append((low, label))
            self._names[low] += 1
        if around and _PART.fullmatch(low):
            return _IDENTIFIER if low == "id" and around == _NAME else around
        if label and label not in _AROUND.values():
            return label
        found = NAMED_ELEMENT.fullmatch(name)
        return found[1] if found else local if meaning(local) else ""

    def _label(self, local: str, low: str, part: str) -> str | None:
        """What the texts inside an element are; None for one that does not say so."""
        if field := _FIELD.fullmatch(local):
            known = FIELDS.get(field[1], {}).get(int(field[2]))
            return known if known is not None or field[1] not in FIELDS else ""
        if low in _KEYED and (found := _KEYWORD.search(part)):
            return found[1]
        return _AROUND.get(low)


def label_of_item(part: str) -> str:
    """What a tag of a page says of its text by an attribute (microdata, a class, an id)."""
    if "=" not in part:
        return ""
    for found in _MARKED.finditer(part[:1_000]):
        label = found[1].strip()
        if found[0].startswith("itemprop") and (known := _ITEMS.get(label.lower())):
            return known
        if meaning(label) in (BIRTH, PATIENT, RECORD):
            return label
    return ""


def is_label(attribute: str) -> bool:
    """Whether an attribute's name says that its value is a person's."""
    bare = attribute.removeprefix("data-")
    return (bool(meaning(bare)) and meaning(bare) != "name") or (
        meaning(bare) == "name" and len(bare) > len("nombre")
    )
