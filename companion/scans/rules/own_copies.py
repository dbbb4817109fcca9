"""Copies of ``companion.cleaning``: what in them was moved or made anew is not the patient's.

Believed is only what the copy itself could have written, in files that say they are one: a day
or time where they were moved, a UID that is a random number, the code in a name's place. All
else in them is found as in any other file.
"""

from __future__ import annotations

import re

from companion.content.identifiers import IdentifierRule
from companion.scans.inventory import Element, Inventory, Seen

CODE = re.compile(r"ANON-\d{6}")
"""What stands for the person, in the place of name and number."""
_UID = re.compile(r"2\.25\.\d{30,39}")
OLDEST = "090Y"
"""What a copy says of every age beyond 89 years."""
_MOVED = frozenset({"DA", "DT", "TM"})
_GROUPS = frozenset({"when", "machine", "words"})
"""Groups of rules whose days a copy moves; a birth date has no day left to move."""


def is_made_anew(
    inventory: Inventory, element: Element, rule: IdentifierRule | None, text: str, seen: Seen
) -> bool:
    """Whether a value is a copy's own, and stands in copies alone."""
    if not seen.slots or seen.slots & ~inventory.copies or element.creator:
        return False
    if element.vr == "UI":
        return all(_UID.fullmatch(part.strip(" \0")) for part in text.split("\\"))
    if element.vr in _MOVED:
        return rule is None or rule.group in _GROUPS
    if element.name == "PatientAge":
        return text.strip() == OLDEST
    return element.name in ("PatientID", "PatientName") and CODE.fullmatch(text.strip()) is not None
