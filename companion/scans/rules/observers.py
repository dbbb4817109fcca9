"""Which names in a structured report are those of staff: its observers, readers, operators.

A content item says what its PersonName (0040,A123) is by a code beside it (PS3.16, TID 1003:
121008 is the person who observed). The inventory keeps items of one sequence together, so
what is known is which codes stand beside which names, not which belongs to which.
"""

from __future__ import annotations

import re

from companion.folding import fold_value
from companion.scans.dicom import tags
from companion.scans.inventory import Inventory

_STAFF_CODES = frozenset({"121008", "113850", "113870"})
"""DCM: Person Observer Name, Irradiation Authorizing, Person Name of a participant."""
_SUBJECT_CODES = frozenset({"121029"})
"""DCM: Subject Name."""
_STAFF = re.compile(
    r"observer|physician|operator|technolog|technician|radiolog|reader|author|verif|transcri|"
    r"performed by|administered by|sonographer|nurse|beobachter|arzt|medic|medecin"
)
_SUBJECT = re.compile(r"subject|patient|mother|fetus|donor|specimen source|relative")
_ITEM = re.compile(r"\[\d*\]")
_NAME, _CONCEPT = tags.digits(tags.PERSON_NAME), tags.digits(tags.CONCEPT_NAME_CODE_SEQUENCE)
_AROUND_STAFF = frozenset(
    map(
        tags.digits,
        (
            tags.VERIFYING_OBSERVER_SEQUENCE,
            tags.AUTHOR_OBSERVER_SEQUENCE,
            tags.PARTICIPANT_SEQUENCE,
        ),
    )
)


def observer_paths(inventory: Inventory) -> set[str]:
    """Paths of PersonName elements whose values are staff's.

    Where the subject is named in the same sequence too, they are only if one of the names is
    the patient's, as it then is the subject's.
    """
    names = [element for element in inventory.elements if element.tag == _NAME]
    if not names:
        return set()
    codes: dict[str, list[tuple[bool, str]]] = {}
    patients: set[str] = set()
    for element in inventory.elements:
        if element.name in ("CodeValue", "CodeMeaning") and _CONCEPT in element.path:
            around, _, _ = _bare(element.path).rpartition(f".{_CONCEPT}.")
            is_code = element.name == "CodeValue"
            codes.setdefault(around, []).extend((is_code, text) for text in element.values)
        elif element.name == "PatientName":
            patients.update(filter(None, map(_family, element.values)))
    staff = set()
    for element in names:
        around, _, _ = _bare(element.path).rpartition(".")
        if _AROUND_STAFF & set(around.split(".")):
            staff.add(element.path)
            continue
        beside = codes.get(around, ())
        if not any(_names(_STAFF_CODES, _STAFF, *one) for one in beside):
            continue
        subject = any(_names(_SUBJECT_CODES, _SUBJECT, *one) for one in beside)
        if not subject or patients & set(map(_family, element.values)):
            staff.add(element.path)
    return staff


def _names(codes: frozenset[str], meanings: re.Pattern[str], is_code: bool, text: str) -> bool:
    if is_code:
        return text.strip() in codes
    folded = fold_value(text)
    return "name" in folded and bool(meanings.search(folded))


def _family(name: str) -> str:
    return fold_value(name.split("^", 1)[0].split("=", 1)[0]).strip()


def _bare(path: str) -> str:
    return _ITEM.sub("", path)
