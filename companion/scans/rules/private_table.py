"""Private elements: which rule each falls under, by what is known of its maker's block."""

from __future__ import annotations

from functools import cache

from companion.content import identifiers
from companion.content.identifiers import IdentifierRule
from companion.scans.inventory import Element
from companion.scans.rules.wording import NAME_WORD, is_moment

NUMBERS = frozenset({"DS", "IS", "FL", "FD", "SL", "SS", "SV", "UL", "US", "UV", "AT"})
"""Value representations of plain measurements."""
TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "CS", "PN", "UN", "AS"})
_KNOWN_PRIVATE = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "UN"})


def private_rule(element: Element) -> IdentifierRule | None:
    """The rule of an element in a private block: by its tag, its name there, or its VR."""
    if element.vr == "SQ":
        return None
    if element.tag[4:6] == "00" and element.tag[6:] >= "10" and element.vr in ("LO", "UN"):
        return None  # the name of a private block's maker
    rules = identifiers.rules()
    known = known_private_rule(element)
    if known:
        # Which day a number means, and whether it is one, the detector of numbers says.
        return None if known == "private-date" and element.vr in NUMBERS else rules[known]
    _, _, name = element.name.rpartition(": ")
    unknown = name.casefold() in ("unknown", "")
    if not unknown and (found := _by_name(name, element.vr)):
        return rules[found]
    by_vr = {
        "PN": "private-staff", "DA": "private-date", "DT": "private-date", "TM": "private-date",
        "UI": "private-uid", "AE": "private-address", "UR": "private-address",
        "AS": "private-about-you",
    }.get(element.vr)  # fmt: skip
    if by_vr:
        return rules[by_vr]
    if element.vr in TEXTS and element.values and all(map(is_moment, element.values)):
        return rules["private-date"]
    if unknown:
        return rules["private-note"] if element.vr in TEXTS else None
    return rules["private-words"] if element.vr in _KNOWN_PRIVATE else None


def known_private_rule(element: Element) -> str | None:
    """Id of the rule that ``private-elements.toml`` has for a private element."""
    masked = f"{element.tag[:4]}xx{element.tag[6:]}"
    return _private_table().get((_creator(element.creator), masked))


def is_known_staff(element: Element) -> bool:
    """Whether a dictionary's name says that a private element holds staff, not just a person."""
    _, _, name = element.name.rpartition(": ")
    return _by_name(name, "PN") == "private-staff"


def _by_name(name: str, vr: str) -> str | None:
    words = {word.lower() for word in NAME_WORD.findall(name.replace("'", ""))}
    if vr in NUMBERS or vr in ("SQ", "OB", "OW", "OF", "OD", "OL", "OV"):
        words.discard("id")
    for pattern in identifiers.name_patterns():
        if pattern.vrs and vr not in pattern.vrs:
            continue
        if not (words & pattern.no) and any(group <= words for group in pattern.any):
            return pattern.rule
    return None


def _creator(creator: str) -> str:
    return " ".join(creator.split()).casefold()


@cache
def _private_table() -> dict[tuple[str, str], str]:
    return {
        (_creator(one.creator), one.tag.replace("X", "x")): one.rule
        for one in identifiers.private_elements()
    }
