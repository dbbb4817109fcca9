"""What detectors look at: the inventory, what the table matched, the seeds, all text.

A *seed* is a value of an obvious identifier - a name, a number, a date - that is looked
for everywhere else. How much a hit tells depends on the seed: a long, rare name tells a
lot, "KNEE" or "1234" nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from pydicom._dicom_dict import DicomDictionary

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.dicom import tags
from companion.scans.findings import Certainty
from companion.scans.inventory import Element, Inventory, Passage, Seen
from companion.scans.people.persons import People
from companion.scans.rules.table import NUMBERS, Match, is_placeholder

MAX_SEEDS = 400
"""Seeds that are looked for: enough for any set of scans that is one patient's own."""
_NO_TEXT = NUMBERS | {"DA", "TM", "DT", "AS", "UI", "SQ", "OB", "OW", "OF", "OD", "OL", "OV"}
_NO_WORDS = (NUMBERS - {"IS", "DS"}) | {"OB", "OW"}
"""The same in private blocks, where a number may be the patient's; text that is readable
in their binary values is among the passages."""
_NAME_RULES = {
    "patient-name": "name",
    "other-patient-names": "name",
    "mother-birth-name": "name",
    "private-patient-name": "name",
    "responsible-person": "staff",
    "referring-physician": "staff",
    "physicians": "staff",
    "operator": "staff",
    "report-author": "staff",
}
_VALUE_RULES = {
    "patient-id": "number",
    "other-patient-ids": "number",
    "insurance-plan": "number",
    "accession-number": "number",
    "admission-number": "number",
    "order-number": "number",
    "private-patient-number": "number",
    "trial-subject": "number",
    "patient-phone": "contact",
    "patient-address": "contact",
    "institution": "institution",
    "device-serial": "serial",
}
_KINDS = ("name", "number", "contact", "institution", "serial", "staff")
_PARTS = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Seed:
    """One text to look for, already folded."""

    kind: str
    """One of ``name``, ``number``, ``contact``, ``institution``, ``serial``, ``staff``."""
    text: str = field(repr=False)
    certainty: Certainty
    whole: bool
    """Whether it is a whole value; otherwise it is one part of a name."""
    source: str
    """Rule of the element it comes from."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the upload, folded, with the element or passage it comes from."""

    folded: str = field(repr=False)
    original: str = field(repr=False)
    element: Element | None
    passage: Passage | None
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A seed found in a text."""

    text: Text
    seed: Seed
    start: int
    """Where in the folded text."""


class Scene:
    """All that detectors may look at; what is expensive is worked out once."""

    def __init__(self, inventory: Inventory, matches: tuple[Match, ...]) -> None:
        self.inventory = inventory
        self.matches = matches
        self.rules = identifiers.rules()

    @cached_property
    def people(self) -> People:
        """The persons of the set; one of whom only a code is known by name, if it is inside."""
        people = People(self.inventory)
        for match in self.matches:
            if not is_former_name(match):
                continue
            for text, seen in match.values.items():
                person = people.of_slots(seen.slots)
                if person and (not people.has_name(person)) and name_parts(text):
                    people.add_name(person, text)
        return people

    @cached_property
    def by_rule(self) -> dict[str, list[Match]]:
        """Matches by the id of their rule."""
        found: dict[str, list[Match]] = {}
        for match in self.matches:
            found.setdefault(match.rule.id, []).append(match)
        return found

    @cached_property
    def rule_of_element(self) -> dict[int, str]:
        """Id of the rule of each matched element, by ``id(element)``."""
        return {id(match.element): match.rule.id for match in self.matches}

    def values(self, *rule_ids: str) -> Iterator[tuple[str, Seen, Element]]:
        """Values that were matched by these rules."""
        for rule_id in rule_ids:
            for match in self.by_rule.get(rule_id, ()):
                for text, seen in match.values.items():
                    yield text, seen, match.element

    @cached_property
    def seeds(self) -> tuple[Seed, ...]:
        """What to look for, each once, at most ``MAX_SEEDS``; the patient's own first.

        Each kind has its share, so that the names of many staff leave room for numbers.
        """
        found: dict[str, dict[str, Seed]] = {kind: {} for kind in _KINDS}
        for rule, kind in _NAME_RULES.items():
            for text, _, element in self.values(rule):
                if element.vr == "PN" or element.creator or rule == "patient-name":
                    for seed in _name_seeds(text, kind, rule):
                        found[kind].setdefault(seed.text, seed)
        for rule, kind in _VALUE_RULES.items():
            for text, _, element in self.values(rule):
                if element.vr != "UI":
                    for seed in _value_seeds(text, kind, rule):
                        found[kind].setdefault(seed.text, seed)
        share = MAX_SEEDS // len(_KINDS)
        first = [seed for seeds in found.values() for seed in list(seeds.values())[:share]]
        rest = [seed for seeds in found.values() for seed in list(seeds.values())[share:]]
        return tuple([*first, *rest][:MAX_SEEDS])

    def elements(self, tag: int) -> Iterator[Element]:
        """Elements with this tag, wherever they are."""
        digits = tags.digits(tag)
        return (element for element in self.inventory.elements if element.tag == digits)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text that can hold words: values, passages, file names."""
        found: list[Text] = []
        for element in self.inventory.elements:
            if element.vr not in _NO_TEXT or (element.creator and element.vr not in _NO_WORDS):
                found.extend(
                    Text(fold_value(text), text, element, None, seen)
                    for text, seen in element.values.items()
                    if text and element.vr != "UI"
                )
        found.extend(
            Text(fold_value(passage.text), passage.text, None, passage, None)
            for passage in self.inventory.passages
        )
        return tuple(found)

    @cached_property
    def _blob(self) -> tuple[str, list[int]]:
        starts, parts, at = [], [], 0
        for text in self.texts:
            starts.append(at)
            parts.append(text.folded)
            at += len(text.folded) + 1
        return "\x01".join(parts), starts

    def search(
        self, pattern: re.Pattern[str], needs: Iterable[str] = ()
    ) -> Iterator[tuple[Text, re.Match[str], int]]:
        """Matches of ``pattern`` in the folded texts: the text, the match, where it starts.

        ``needs``: texts of which every match holds at least one, so that a search without
        any of them need not begin.
        """
        blob, starts = self._blob
        if needs and not any(need in blob for need in needs):
            return
        for found in pattern.finditer(blob):
            number = bisect_right(starts, found.start()) - 1
            yield self.texts[number], found, found.start() - starts[number]

    def hits(self, seed: Seed, *, at_most: int = 5_000) -> Iterator[Hit]:
        """Where ``seed`` occurs as a word or number of its own."""
        blob, starts = self._blob
        at = blob.find(seed.text)
        while at >= 0 and at_most:
            if _stands_alone(blob, at, seed.text):
                number = bisect_right(starts, at) - 1
                yield Hit(self.texts[number], seed, at - starts[number])
                at_most -= 1
            at = blob.find(seed.text, at + 1)


def is_former_name(match: Match) -> bool:
    """Whether an element holds, beyond doubt, a name that the patient had in this file.

    Attributes from before a correction (PS3.3 C.12.1) do, and private elements whose
    dictionary calls them the patient's name.
    """
    if match.rule.id == "private-patient-name":
        return True
    return match.element.tag == tags.digits(tags.PATIENT_NAME) and any(
        tags.digits(tag) in match.element.path
        for tag in (
            tags.MODIFIED_ATTRIBUTES_SEQUENCE,
            tags.NONCONFORMING_MODIFIED_ATTRIBUTES_SEQUENCE,
        )
    )


def is_common(word: str) -> bool:
    """Whether a folded word is common in scans, so that it points to nobody."""
    return word in identifiers.common_words()


@cache
def dictionary_words() -> frozenset[str]:
    """Words of the names of the DICOM dictionary: they may occur anywhere by chance."""
    names = " ".join(entry[2] for entry in DicomDictionary.values())
    return frozenset(re.findall(r"[a-z]{3,}", names.lower()))


def name_parts(text: str) -> tuple[tuple[str, ...], ...]:
    """Folded name parts (family, given, ...) of every component group of every value."""
    groups = []
    for value in text.split("\\"):
        for group in value.split("="):
            parts = tuple(part for part in _PARTS.findall(fold_value(group)) if part)
            if parts and not is_placeholder(group):
                groups.append(parts)
    return tuple(groups)


def _name_seeds(text: str, kind: str, source: str) -> Iterator[Seed]:
    for parts in name_parts(text):
        for part in parts:
            latin = bool(_LATIN.search(part))
            if (latin and len(part) < 4) or (not latin and len(part) < 2) or is_common(part):
                continue
            sure = Certainty.LIKELY if len(part) >= 5 or not latin else Certainty.POSSIBLE
            if part in dictionary_words():
                sure = Certainty.POSSIBLE
            yield Seed(kind, part, sure, False, source)
        if len(parts) > 1:
            common = all(is_common(part) for part in parts[:2])
            long = len(parts[0]) + len(parts[1]) >= 5 or not parts[0].isascii()
            if not long:
                continue
            for one, two in ((parts[0], parts[1]), (parts[1], parts[0])):
                for between in ("^", " ", "_", "-", ", ", ",", ".", "", "+", "%20"):
                    seed = f"{one}{between}{two}"
                    yield Seed(
                        kind, seed, Certainty.POSSIBLE if common else Certainty.LIKELY, True, source
                    )


def _value_seeds(text: str, kind: str, source: str) -> Iterator[Seed]:
    for value in text.split("\\"):
        folded = fold_value(value).strip()
        if len(folded) < 4 or len(folded) > 200 or is_placeholder(value):
            continue
        words = re.findall(r"\w+", folded)
        if all(is_common(word) for word in words):
            continue
        digits = sum(char.isdigit() for char in folded)
        if digits == len(folded):
            if len(folded) < 5 or len(set(folded)) == 1:
                continue
            sure = Certainty.LIKELY if len(folded) >= 6 else Certainty.POSSIBLE
        elif kind in ("institution", "contact"):
            if not any(len(word) >= 4 and not is_common(word) for word in words):
                continue
            sure = Certainty.LIKELY if len(folded) >= 6 else Certainty.POSSIBLE
        else:
            sure = (
                Certainty.LIKELY
                if len(folded) >= 6 or (digits and len(folded) >= 5)
                else Certainty.POSSIBLE
            )
            if folded in dictionary_words():
                continue
        yield Seed(kind, folded, sure, True, source)


def _stands_alone(blob: str, at: int, text: str) -> bool:
    """Whether no letter (for a word) or digit (for a number) goes on at either end."""
    end = at + len(text)
    before = blob[at - 1] if at else "\x01"
    after = blob[end] if end < len(blob) else "\x01"
    return not (_goes_on(before, text[0]) or _goes_on(after, text[-1]))


def _goes_on(outside: str, inside: str) -> bool:
    if inside.isdigit():
        return outside.isdigit()
    if not inside.isascii():
        return False
    return outside.isalpha()
