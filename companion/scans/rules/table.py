"""The identifier table: which element is what kind of finding.

Sources: Table E.1-1 of DICOM PS3.15 in the edition of ``identifiers.EDITION`` (the rows as
``dicom-anonymizer`` ships them), pydicom's dictionaries, and the rules of
``content.identifiers``. Every row leads to a rule, by name or by its VR; every value
of a person, date, time, network name, web address or UID is a finding by its VR,
whatever the table says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import keyword_dict, keyword_for_tag

from companion.content import identifiers
from companion.content.identifiers import IdentifierRule
from companion.scans.dicom import tags
from companion.scans.findings import MAX_VALUE_LENGTH, MAX_VALUES, Certainty, Finding, Place
from companion.scans.inventory import Element, Inventory, Seen
from companion.scans.people.companies import is_company, is_maker
from companion.scans.people.placeholders import (
    is_account,
    is_doubtful_name,
    stands_for_a_name,
    stands_for_a_place,
)
from companion.scans.people.placeholders import is_placeholder as is_placeholder
from companion.scans.rules.observers import observer_paths
from companion.scans.rules.own_copies import is_made_anew
from companion.scans.rules.private_table import NUMBERS, TEXTS, private_rule
from companion.scans.rules.rows import rows
from companion.scans.rules.wording import is_parameters, is_setting, is_technical, says_something

CODES = frozenset(
    {"CodeValue", "CodeMeaning", "LongCodeValue", "URNCodeValue", "ExtendedCodeMeaning"}
)
"""Elements of a code, which say what the sequence around them is about."""
_MEASURES = NUMBERS | {"DA", "DT", "TM"}
NAMED_AFTER_PATIENTS = frozenset({"patient-name", "other-patient-names", "private-patient-name"})
"""Rules of the patient's names, in whose place a code may stand."""
_STAFF = frozenset({"referring-physician", "physicians", "operator", "report-author"})
_DESCRIPTIONS = frozenset(
    {"study-description", "series-description", "treatment-text", "listed-words", "private-words",
     "other-long-text", "colour-profile", "waveform-text"}
)  # fmt: skip
"""Rules of what is mostly the words of imaging, which identify nobody (45 CFR 164.514)."""
_ITEM = re.compile(r"\[\d*\]")
_PREGNANT = frozenset({"2", "3"})
"""PregnancyStatus (0010,21C0): possibly, definitely; 1 is not pregnant, 4 unknown."""
_NO_NUMBER = frozenset({"nan", "inf", "-inf", "+inf"})
_STANDARD_ROOT = "1.2.840.10008."
UID_RULES = frozenset({"uid-study", "uid-other", "private-uid"})
"""Rules whose matches the detector of UIDs reports, each UID once."""
_PLACE_BY_SEQUENCE = (
    (tags.digits(tags.CONTENT_SEQUENCE), Place.REPORT_TEXT),
    (tags.digits(tags.WAVEFORM_ANNOTATION_SEQUENCE), Place.WAVEFORM),
    (tags.digits(tags.WAVEFORM_SEQUENCE), Place.WAVEFORM),
    (tags.digits(tags.GRAPHIC_ANNOTATION_SEQUENCE), Place.ANNOTATION),
    (tags.digits(tags.ICON_IMAGE_SEQUENCE), Place.ICON),
)
_DEVICES = f"{tags.digits(tags.DEVICE_SEQUENCE)}["
_EQUIPMENT = f"{tags.digits(tags.CONTRIBUTING_EQUIPMENT_SEQUENCE)}["
_UID = Place.UID  # asked of every value: an enumeration's attribute takes its time
_WIN_OVER_UID = frozenset({Place.PRIVATE, Place.DIRECTORY, Place.TRAILING})
"""Places that say more of a UID than that it is one."""


@dataclass(frozen=True, slots=True)
class Match:
    """An element, the rule it falls under, and those of its values that count."""

    element: Element
    rule: IdentifierRule
    values: dict[str, Seen]


class Table:
    """Rules by tag, by pattern of tags, and by VR."""

    def __init__(self) -> None:
        self.rows = rows()
        self.by_tag: dict[str, IdentifierRule] = {}
        self.patterns: list[tuple[re.Pattern[str], IdentifierRule]] = []
        self.by_vr: dict[str, IdentifierRule] = {}
        self.by_vr_listed: dict[str, IdentifierRule] = {}
        self.not_by_vr: set[str] = set()
        fresh = {keyword: tag for tag, (keyword, _) in identifiers.new_names().items()}
        repeating = {entry[4]: mask for mask, entry in RepeatersDictionary.items()}
        for rule in identifiers.rules().values():
            for keyword in rule.keywords:
                if keyword in keyword_dict:
                    self._add(f"{keyword_dict[keyword]:08X}", rule)
                elif keyword in fresh:
                    self._add(fresh[keyword], rule)
                else:
                    self._add(repeating[keyword], rule)
            for tag in rule.tags:
                self._add(tag, rule)
            for vr in rule.vrs:
                self._once(self.by_vr, vr, rule)
            for vr in rule.vrs_listed:
                self._once(self.by_vr_listed, vr, rule)
            self.not_by_vr.update(f"{keyword_dict[keyword]:08X}" for keyword in rule.not_keywords)

    def rule(self, tag: str, vr: str) -> IdentifierRule | None:
        """The rule of a public element, or None where it is no identifier."""
        found = self.by_tag.get(tag)
        if found:
            return found
        for pattern, rule in self.patterns:
            if pattern.fullmatch(tag):
                return rule
        if tag in self.not_by_vr:
            return None
        if vr in ("UN", ""):
            vr = dictionary_vr(tag) or vr
        if tag in self.rows:
            # A row of the table is a finding whatever its VR: see ``vrs_listed``.
            return self.by_vr_listed.get(vr) or self.by_vr.get(vr)
        return self.by_vr.get(vr)

    def _add(self, tag: str, rule: IdentifierRule) -> None:
        if "x" in tag:
            self.patterns.append((re.compile(tag.replace("x", "[0-9A-F]")), rule))
        else:
            self._once(self.by_tag, tag, rule)

    @staticmethod
    def _once(table: dict[str, IdentifierRule], key: str, rule: IdentifierRule) -> None:
        if key in table and table[key] is not rule:
            raise ValueError(f"{key} falls under {table[key].id} and {rule.id}")
        table[key] = rule


@cache
def table() -> Table:
    """The table, made once."""
    return Table()


def matches(inventory: Inventory) -> Iterator[Match]:
    """The elements that fall under a rule, with the values that count."""
    observers = observer_paths(inventory)
    men = _are_men(inventory)
    for element in inventory.elements:
        rule = rule_of(element)
        if rule is None or not element.values or (men and rule.id == "pregnancy-and-cycle"):
            continue
        if rule.id == "person-in-report" and element.path in observers:
            rule = identifiers.rules()["report-author"]
        values = {
            text: seen for text, seen in element.values.items() if counts(element, rule, text)
        }
        if inventory.copies:
            values = {
                text: seen
                for text, seen in values.items()
                if not is_made_anew(inventory, element, rule, text, seen)
            }
        if values:
            yield Match(element, rule, values)


def rule_of(element: Element) -> IdentifierRule | None:
    """The rule of an element: its own, or that of the sequence around it."""
    if element.creator or int(element.tag[:4], 16) % 2:
        return private_rule(element)
    found = table().rule(element.tag, element.vr)
    if "." in element.path and (of_device := _rule_of_device(found, element)):
        return of_device
    if found is None and element.name in ("", "Unknown"):
        return _unknown_rule(element)
    if found is not None or "." not in element.path:
        return found
    if element.name not in CODES and element.vr not in ("UT", "LO", "SH", "ST", "LT", "UC"):
        return None
    if element.name in ("CodingSchemeDesignator", "CodingSchemeVersion", "MappingResourceName"):
        return None
    return _rule_around(element.path)


def _are_men(inventory: Inventory) -> bool:
    """Whether every patient of the set is a man, so that nothing can be about a pregnancy."""
    sexes = {
        text.strip().upper()
        for element in inventory.elements
        if element.name == "PatientSex"
        for text in element.values
    }
    return sexes == {"M"}


def _rule_of_device(found: IdentifierRule | None, element: Element) -> IdentifierRule | None:
    """What describes a device inside is not the machine's, and its place is no hospital.

    Devices are implants and what was in the body (PS3.3 C.7.6.12); contributing equipment is
    what else worked on the file, be it in a cloud (C.12.1.5).
    """
    if _DEVICES in element.path:
        of_machine = found is not None and found.id in ("device-serial", "machine-model")
        if of_machine or (found is None and element.name == "Manufacturer"):
            return identifiers.rules()["implant-or-device"]
    elif _EQUIPMENT in element.path and found is not None and found.group == "where":
        return identifiers.rules()["device-place"]
    return None


def _unknown_rule(element: Element) -> IdentifierRule | None:
    """The rule for text in an element that no dictionary knows."""
    if element.vr not in TEXTS or dictionary_vr(element.tag):
        return None
    return identifiers.rules()["unknown-field"]


def counts(element: Element, rule: IdentifierRule, text: str) -> bool:
    """Whether a value says anything: not blank, no placeholder, no standard UID."""
    if element.vr == "UI" or rule.place == _UID:
        if text.startswith(_STANDARD_ROOT) or text in UID_dictionary:
            return False
        return bool(text.strip(" \0."))
    if is_placeholder(text) or (rule.id in NAMED_AFTER_PATIENTS and stands_for_a_name(text)):
        return False
    if rule.id == "institution" and stands_for_a_place(text):
        return False
    if text.strip().casefold() in _NO_NUMBER and element.vr in _MEASURES:
        return False
    if rule.id == "patient-age":
        return bool(text.strip().strip("0YMWDymwd"))
    if rule.id == "pregnancy-and-cycle" and element.name == "PregnancyStatus":
        return text.strip() in _PREGNANT
    if element.name == "BreastImplantPresent":
        return text.strip().upper() == "YES"
    if element.name == "ContentQualification":
        return text.strip().upper() in ("RESEARCH", "SERVICE")
    if element.name == "EncapsulatedDocument":
        return False  # its text is read as that of a document
    if rule.id == "curve":
        return element.vr not in NUMBERS and element.vr != "CS"
    if rule.id in ("private-words", "private-note") and is_setting(element, text):
        return False
    if rule.id == "private-note" and is_parameters(text):
        return False
    if rule.id == "private-staff" and is_company(text):
        return False
    if rule.id in ("private-words", "private-note", "unknown-field", "colour-profile"):
        return says_something(text)
    return True


def from_match(match: Match) -> Finding:
    """The finding of a matched element."""
    element, rule = match.element, match.rule
    left_out = element.distinct - len(element.values)
    found = make_finding(
        rule,
        place=_place(element, rule),
        tag=element.tag,
        path=element.path,
        name=name_of(element),
        values=tuple(match.values),
        distinct=len(match.values) + max(0, left_out),
        files=min(element.files, sum(seen.files for seen in match.values.values())),
        example=next(iter(match.values.values())).example,
        # Letters that were guessed are never certain, nor is a name with "test" in it, nor a
        # maker's where a person's or a hospital's should be.
        certainty=_not_certain(rule) if element.misread or _is_doubtful(match) else None,
    )
    if rule.id in _DESCRIPTIONS and not left_out and all(map(is_technical, match.values)):
        return replace(found, hipaa=None)
    return found


def apart(match: Match) -> Iterator[Match]:
    """The values that may be those of a test or a company's, apart from the sure ones."""
    doubtful = {
        text: seen for text, seen in match.values.items() if _is_doubtful_value(match, text)
    }
    is_whole = match.element.distinct <= len(match.element.values)
    if not doubtful or len(doubtful) == len(match.values) or not is_whole:
        yield match
        return
    sure = {text: seen for text, seen in match.values.items() if text not in doubtful}
    yield replace(match, values=sure)
    yield replace(match, values=doubtful)


def _is_doubtful(match: Match) -> bool:
    """Whether all names that were matched may be those of a test, or are a company's."""
    return all(_is_doubtful_value(match, text) for text in match.values)


def _is_doubtful_value(match: Match, text: str) -> bool:
    if match.rule.id in NAMED_AFTER_PATIENTS:
        return is_doubtful_name(text)
    if match.rule.id == "institution":
        return is_maker(text)
    if match.element.vr != "PN" or match.rule.id not in _STAFF:
        return False
    tests = is_doubtful_name(text) or is_account(text)
    return tests or is_company(text) or stands_for_a_name(text)


def _not_certain(rule: IdentifierRule) -> Certainty:
    certainty = Certainty(rule.certainty)
    return Certainty.LIKELY if certainty is Certainty.CERTAIN else certainty


def make_finding(
    rule: IdentifierRule | str,
    *,
    place: Place | None = None,
    tag: str | None = None,
    path: str = "",
    name: str = "",
    values: tuple[str, ...] = (),
    distinct: int | None = None,
    files: int = 1,
    example: str = "",
    certainty: Certainty | None = None,
    hipaa: str | None = None,
) -> Finding:
    """A finding under ``rule``, its values cut to the contract's bounds.

    What is not given, the rule says.
    """
    if isinstance(rule, str):
        rule = identifiers.rules()[rule]
    return Finding(
        rule=rule.id,
        group=rule.group,
        hipaa=hipaa or rule.hipaa,
        certainty=certainty or Certainty(rule.certainty),
        place=place or Place(rule.place or Place.HEADER),
        tag=tag,
        path=path,
        name=name,
        values=tuple(value[:MAX_VALUE_LENGTH] for value in values[:MAX_VALUES]),
        distinct=len(values) if distinct is None else distinct,
        files=files,
        example=example,
    )


def name_of(element: Element) -> str:
    """The element's keyword, a repeating group's too."""
    if not element.creator and element.name in ("", "Unknown"):  # such as an overlay's
        return keyword_for_tag(int(element.tag, 16)) or element.name
    return element.name


def dictionary_vr(tag: str) -> str:
    """VR of a tag by pydicom's dictionary or the newest rows; empty when unknown."""
    entry = DicomDictionary.get(int(tag, 16))
    if entry:
        return str(entry[0]).split(" ")[0]
    fresh = identifiers.new_names().get(tag)
    return fresh[1] if fresh else ""


def _place(element: Element, rule: IdentifierRule) -> Place:
    if rule.place == _UID and element.place not in _WIN_OVER_UID:
        return Place.UID
    if element.place not in (Place.HEADER, Place.NESTED):
        return element.place
    for sequence, place in _PLACE_BY_SEQUENCE:
        if sequence in element.path:
            return place
    if element.tag.startswith("0070"):
        return Place.ANNOTATION
    if rule.place == Place.REPORT_TEXT and element.place is Place.NESTED:
        return element.place
    return Place(rule.place or element.place)


def _rule_around(path: str) -> IdentifierRule | None:
    for part in reversed(_ITEM.sub("", path).split(".")[:-1]):
        rule = table().by_tag.get(part)
        if rule is not None:
            return rule if rule.inherit else None
    return None
