"""What detectors look at: the inventory, what the table matched, the seeds, all text.

A *seed* is a value of an obvious identifier - a name, a number, a date - that is looked
for everywhere else (see ``rules.seeds``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.dicom import tags
from companion.scans.dicom.loose_text import is_faint
from companion.scans.findings import Place
from companion.scans.inventory import Element, Inventory, Passage, Seen
from companion.scans.people.names import read_name
from companion.scans.people.persons import People
from companion.scans.pictures import Looked
from companion.scans.rules import seeds
from companion.scans.rules.private_table import NUMBERS
from companion.scans.rules.seeds import Seed as Seed
from companion.scans.rules.seeds import dictionary_words as dictionary_words
from companion.scans.rules.seeds import is_common as is_common
from companion.scans.rules.table import Match

_NO_TEXT = NUMBERS | {"DA", "TM", "DT", "AS", "UI", "SQ", "OB", "OW", "OF", "OD", "OL", "OV"}
_NO_WORDS = (NUMBERS - {"IS", "DS"}) | {"OB", "OW"}
"""The same in private blocks, where a number may be the patient's; text that is readable
in their binary values is among the passages."""
_PRIVATE, _FAINT = 1, 2
"""Parts of the blob of all texts, in its order; the first part is 0."""


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


@dataclass(frozen=True, slots=True)
class Gate:
    """What every match of slower patterns has in it: they are tried around it alone."""

    pattern: re.Pattern[str]
    before: int
    """Characters in front of it in which a match begins, at most."""
    behind: int
    """Characters behind it that a match takes or looks at, at most."""


class Scene:
    """All that detectors may look at; what is expensive is worked out once."""

    def __init__(
        self, inventory: Inventory, matches: tuple[Match, ...], looked: Looked | None = None
    ) -> None:
        """``looked``: what the pictures show; None where nobody looked at them."""
        self.inventory = inventory
        self.looked = looked
        self.matches = matches
        self.rules = identifiers.rules()
        self.unsearched: set[str] = set()
        """Files with a text that a detector had no more room to search."""
        self._openings: dict[tuple[Gate, frozenset[str] | None], list[tuple[int, int]]] = {}

    @cached_property
    def people(self) -> People:
        """The persons of the set; one of whom only a code is known by name, if it is inside."""
        people = People(self.inventory)
        for match in self.matches:
            if not is_former_name(match):
                continue
            for text, seen in match.values.items():
                person = people.of_slots(seen.slots)
                if person and (not people.has_name(person)) and read_name(text):
                    people.add_name(person, text)
        return people

    @cached_property
    def _owners(self) -> dict[str, str]:
        owners: dict[str, str] = {}
        inventory = self.inventory
        for record, study in zip(inventory.files, inventory.study_of, strict=True):
            owner = self.people.of_study(study)
            owners[record.name] = owner if owners.get(record.name, owner) == owner else ""
        return owners

    def owner_of_file(self, *names: str) -> str:
        """``Person.id`` of the one whose files these are; empty where they are not one's."""
        owners = {self._owners.get(name, "") for name in names}
        return owners.pop() if len(owners) == 1 else ""

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
        """What to look for everywhere else: see ``rules.seeds``."""
        return seeds.gather(
            (
                (rule, text)
                for rule in seeds.NAME_RULES
                for text, _, element in self.values(rule)
                if (element.vr == "PN" or element.creator or rule == "patient-name")
                and not self.is_device(text)
            ),
            (
                (rule, text)
                for rule in seeds.VALUE_RULES
                for text, _, element in self.values(rule)
                if element.vr != "UI"
            ),
        )

    def is_device(self, text: str) -> bool:
        """Whether a name is what the files call their maker, model, program or private block."""
        bare = " ".join(fold_value(text).replace("^", " ").split())
        return bare in self._devices

    @cached_property
    def _devices(self) -> frozenset[str]:
        named = {
            tags.digits(tag)
            for tag in (tags.MANUFACTURER, tags.MANUFACTURER_MODEL_NAME, tags.SOFTWARE_VERSIONS)
        }
        called: set[str] = set()
        for element in self.inventory.elements:
            if element.creator:
                called.add(element.creator)
            elif element.tag in named:
                called.update(element.values)
        words: set[str] = set()
        for text in called:
            parts = re.split(r"[\s_\\]+", fold_value(text).strip())
            words.update(" ".join(parts[:most]) for most in range(1, min(len(parts), 4) + 1))
        return frozenset(word for word in words if len(word) >= 4)

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
        # The inside of private data comes last, and at the very end what may be chance.
        found.extend(
            Text(fold_value(passage.text), passage.text, None, passage, None)
            for passage in sorted(self.inventory.passages, key=_part_of_blob)
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

    @cached_property
    def _private(self) -> tuple[int, int]:
        """Where in the blob the inside of private data begins, and where it ends."""
        blob, starts = self._blob
        private, end = (
            starts[number] if number < len(starts) else len(blob)
            for number in (
                bisect_left(self.texts, part, key=lambda text: _part_of_blob(text.passage))
                for part in (_PRIVATE, _FAINT)
            )
        )
        return private, end

    def search(
        self,
        pattern: re.Pattern[str],
        needs: Iterable[str] = (),
        *,
        private_needs: Iterable[str] | None = None,
        gate: Gate | None = None,
    ) -> Iterator[tuple[Text, re.Match[str], int]]:
        """Matches of ``pattern`` in the folded texts: the text, the match, where it starts.

        What may be chance is left out: a name that is known is looked for there by ``hits``.
        ``needs``: texts of which every match holds at least one, so that a search without
        any of them need not begin. ``private_needs``: likewise, but each line inside private
        data needs one of them: most of an upload's text may be protocols of its slices.
        ``gate``: what else each match has in it.
        """
        blob, starts = self._blob
        private, end = self._private
        most = end if private_needs is None or private_needs else private
        if needs and not any(blob.find(need, 0, most) >= 0 for need in needs):
            return
        spans = self._spans(private_needs)
        if gate is not None:
            key = gate, None if private_needs is None else frozenset(private_needs)
            if key not in self._openings:
                self._openings[key] = list(self._gated(gate, spans))
            spans = iter(self._openings[key])
        for first, last in spans:
            for found in pattern.finditer(blob, first, last):
                number = bisect_right(starts, found.start()) - 1
                yield self.texts[number], found, found.start() - starts[number]

    def _spans(self, private_needs: Iterable[str] | None) -> Iterator[tuple[int, int]]:
        """Where in the blob to search."""
        blob, _ = self._blob
        private, end = self._private
        if private_needs is None:
            yield 0, end
            return
        yield 0, private
        lines: set[tuple[int, int]] = set()
        for need in private_needs:
            at = blob.find(need, private, end)
            while at >= 0:
                first = max(blob.rfind("\n", private, at), blob.rfind("\x01", 0, at)) + 1
                ends = [end for end in (blob.find("\n", at), blob.find("\x01", at)) if end >= 0]
                last = min(ends, default=len(blob))
                lines.add((first, last))
                at = blob.find(need, last, end)
        yield from sorted(lines)

    def _gated(self, gate: Gate, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The parts of spans of the blob that lie around what a gate finds."""
        blob, _ = self._blob
        for first, last in spans:
            start = end = first
            for found in gate.pattern.finditer(blob, first, last):
                if found.start() - gate.before > end:
                    if end > start:
                        yield start, end
                    start = max(first, found.start() - gate.before)
                end = min(last, found.end() + gate.behind)
            if end > start:
                yield start, end

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


def _part_of_blob(passage: Passage | None) -> int:
    """Where in the blob a passage stands: before, among or after the private ones."""
    if passage is None:
        return 0
    if is_faint(passage):
        return _FAINT
    return _PRIVATE if passage.place is Place.PRIVATE else 0


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
