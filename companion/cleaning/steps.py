"""What becomes of an element, by its tag and VR: Table E.1-1, the presets, and the VR.

PS3.15 (2026c) Table E.1-1 lists what to remove; it is no list of what may stay. So an element
stays only if it is a number, a code, picture data or a text of imaging words, or if the preset
keeps it: what no dictionary knows is removed.
"""

from __future__ import annotations

from enum import Enum, auto

from pydicom.datadict import dictionary_VR, keyword_for_tag

from companion.cleaning.shapes import Preset
from companion.content import cleaning
from companion.scans.rules.rows import actions
from companion.scans.rules.table import table

_NUMBERS = frozenset(
    ["US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS", "AT", "OW", "OF", "OD", "OL", "OV"]
)
"""VRs of values that a program computes with; numbers of the patient are looked for in them too."""
_TEXTS = frozenset(["LO", "SH", "UC", "ST", "LT", "UT"])
_DAYS = frozenset(["DA", "DT", "TM"])
_CLASSES = frozenset({"SOPClassUID", "ReferencedSOPClassUID"})
"""UIDs that say what kind of file it is; a maker has kinds of its own."""
_OF_PEOPLE = frozenset({"who-you-are", "other-people", "where", "numbers"})
"""Groups of rules whose elements point to a person or a place."""
_MOVED = frozenset({"when", "machine"})


class Step(Enum):
    """What is done with one element."""

    REMOVE = auto()
    EMPTY = auto()
    DUMMY = auto()  # a value of the same kind that says nothing, where none would be an error
    KEEP = auto()
    DESCRIBE = auto()  # a text: it stays where all its words are words of imaging
    DESCRIBE_OR_REMOVE = auto()
    CODED = auto()  # a code string: it stays unless it is or holds a value of the patient's
    UID = auto()
    DAY = auto()
    PERSON = auto()  # the person's code in the copy
    ENTER = auto()  # a sequence: its items are cleaned
    ENTER_STRICTLY = auto()  # and every text in them is replaced


class Plan:
    """The steps of one preset, worked out once for each tag and VR."""

    def __init__(self, preset: Preset) -> None:
        self.facts = cleaning.facts()
        self.preset = self.facts.presets[preset]
        self._known: dict[tuple[int, str], tuple[Step, str]] = {}

    def step(self, tag: int, vr: str) -> tuple[Step, str]:
        """The step, and the rule that names the element (empty where none does)."""
        found = self._known.get((tag, vr))
        if found is None:
            found = self._known[(tag, vr)] = self._decide(tag, vr)
        return found

    def _decide(self, tag: int, vr: str) -> tuple[Step, str]:
        digits = f"{tag:08X}"
        keyword = keyword_for_tag(tag)
        rule = table().rule(digits, vr)
        rule_id = rule.id if rule else ""
        group = rule.group if rule else ""
        return self._by_name(tag, digits, keyword, vr, group) or self._by_vr(
            keyword, vr, group
        ), rule_id

    def _by_name(self, tag: int, digits: str, keyword: str, vr: str, group: str) -> Step | None:
        """The step of an element that a list or the table names; None where none does."""
        facts, preset = self.facts, self.preset
        if tag >> 16 & 1 or tag >> 24 in (0x50, 0x60) or not keyword or tag & 0xFFFF == 0:
            return Step.REMOVE
        if keyword in facts.removed:
            return Step.REMOVE
        if keyword in facts.emptied:
            return Step.EMPTY
        if keyword in facts.named_by_code:
            return Step.PERSON
        if keyword in preset.keeps or keyword in facts.binary:
            return Step.KEEP
        if keyword in facts.settings and vr in (*_TEXTS, "CS"):
            return Step.CODED
        if vr == "UI":
            return Step.KEEP if keyword in _CLASSES else Step.UID
        if not preset.machine and group == "machine" and vr in _TEXTS:
            return Step.DUMMY
        code = actions().get(digits)
        if code is None:
            return None
        if vr in _DAYS and group in _MOVED:
            return Step.DAY
        if vr == "SQ":
            return Step.REMOVE if code == "X" else _entered(group)
        if keyword in facts.descriptors and preset.descriptors:
            return Step.DESCRIBE_OR_REMOVE if code == "X" else Step.DESCRIBE
        if code == "X":
            return Step.REMOVE
        return Step.DUMMY if "D" in code else Step.EMPTY

    def _by_vr(self, keyword: str, vr: str, group: str) -> Step:
        """The step of an element in no row of the table."""
        if vr == "SQ":
            return _entered(group)
        if vr in _DAYS:
            return Step.DAY if group != "who-you-are" else Step.EMPTY
        if group in _OF_PEOPLE:
            return Step.REMOVE if vr == "UR" else Step.DUMMY
        if vr in _NUMBERS:
            return Step.KEEP
        if vr == "CS":
            described = group == "words" or keyword == "BodyPartExamined"
            return Step.DESCRIBE if described else Step.CODED
        if vr in _TEXTS:
            machine = group == "machine" or keyword == "Manufacturer"
            if machine and self.preset.machine:
                return Step.CODED
            return Step.DESCRIBE if self.preset.descriptors or not group else Step.DUMMY
        if vr in ("PN", "AE"):
            return Step.DUMMY
        return Step.EMPTY if vr == "AS" else Step.REMOVE  # UN, UR, and OB that no list has


def _entered(group: str) -> Step:
    return Step.ENTER_STRICTLY if group in _OF_PEOPLE else Step.ENTER


def vr_of(tag: int, vr: str | None) -> str:
    """The VR of an element; the dictionary's where the file has none or one of several."""
    if vr and vr != "UN":
        return vr
    try:
        return dictionary_VR(tag).split(" ")[0]
    except KeyError:
        return vr or "UN"
