"""To whom findings belong: each to the one person in whose files alone its values occur.

A finding whose values belong to several persons is split, one finding for each; what all
share, or what nothing tells the owner of, stays one finding that belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from companion.scans.findings import Finding, Place
from companion.scans.inventory import Element, Inventory, Passage, Seen
from companion.scans.people.persons import People
from companion.scans.rules.table import Match, from_match

MOST = 8_000
"""Findings beyond which none is split any more."""
_MOST_TEXTS = 500
"""Texts of one place that are looked through for a value."""
_OF_THE_SET = frozenset({"two-patients", "rare-combination"})
_BESIDE = frozenset({Place.TRAILING, Place.ARCHIVE, Place.DIRECTORY})
"""Places that may be somebody else's than the file they are in."""


@dataclass(slots=True)
class _Share:
    values: list[str] = field(default_factory=list, repr=False)
    files: int = 0
    example: str = field(default="", repr=False)


def of_match(match: Match, people: People) -> Iterator[Finding]:
    """The findings of a matched element, one for each person."""
    if not people.drafts or match.element.place in _BESIDE:
        yield from_match(match)
        return
    shares: dict[str, dict[str, Seen]] = {}
    for text, seen in match.values.items():
        shares.setdefault(people.of_slots(seen.slots), {})[text] = seen
    if len(shares) == 1:
        yield replace(from_match(match), person=next(iter(shares)))
    elif len(people.drafts) == 1:
        yield from_match(match)
    else:
        left_out = max(0, match.element.distinct - len(match.element.values))
        for person, values in shares.items():
            found = from_match(replace(match, values=values))
            extra = left_out if person and person == next(iter(shares)) else 0
            yield replace(found, person=person, distinct=len(values) + extra)


class Attribution:
    """Attributes what detectors found, by the elements, passages and names it comes from."""

    def __init__(self, inventory: Inventory, people: People) -> None:
        self._people = people
        self._elements: dict[str, list[Element]] = {}
        self._passages: dict[tuple[str, str, str], list[Passage]] = {}
        self._names: dict[str, set[str]] = {}
        if not people.drafts:
            return
        for element in inventory.elements:
            self._elements.setdefault(element.path, []).append(element)
        for passage in inventory.passages:
            key = (passage.place, passage.path, passage.name)
            self._passages.setdefault(key, []).append(passage)
        for record, study in zip(inventory.files, inventory.study_of, strict=True):
            owner = people.of_study(study)
            for part in record.name.replace("\\", "/").split("/"):
                self._names.setdefault(part, set()).add(owner)

    def of(self, finding: Finding) -> Iterator[Finding]:
        """The finding with its person, or one finding for each person."""
        if finding.person or not self._people.drafts or finding.rule in _OF_THE_SET:
            yield finding
            return
        shares: dict[str, _Share] = {}
        for value in finding.values:
            owner, files, example = self._owner(finding, value)
            share = shares.setdefault(owner, _Share())
            share.values.append(value)
            share.files += files
            share.example = share.example or example
        if len(shares) == 1 and not _is_cut(finding):
            yield replace(finding, person=next(iter(shares)))
        elif len(shares) < 2 or len(self._people.drafts) < 2 or _is_cut(finding):
            yield finding
        else:
            for owner, share in shares.items():
                yield replace(
                    finding,
                    person=owner,
                    values=tuple(share.values),
                    distinct=len(share.values),
                    files=max(1, min(share.files, finding.files)),
                    example=share.example or finding.example,
                )

    def _owner(self, finding: Finding, value: str) -> tuple[str, int, str]:
        """Whose a value is, in how many files it occurs, and the first of them."""
        if finding.place is Place.FILE_NAME:
            owners = self._names.get(value, {""})
            return next(iter(owners)) if len(owners) == 1 else "", 1, ""
        if finding.place in _BESIDE:
            return "", 1, ""
        core = value.strip(".")
        slots, files, example = 0, 0, ""
        for element in self._elements.get(finding.path, ()):
            for seen in _holding(element, value, core):
                slots |= seen.slots
                files = max(files, seen.files)
                example = example or seen.example
        if files:
            return self._people.of_slots(slots), files, example
        where = 0
        key = (finding.place, finding.path, finding.name)
        for passage in self._passages.get(key, ())[:_MOST_TEXTS]:
            if core in passage.text or core[::-1] in passage.text:
                where |= passage.where
                example = example or passage.example
        return self._people.of_files(where), where.bit_count(), example


def _is_cut(finding: Finding) -> bool:
    """Whether there are values that it does not carry, and that may be somebody else's."""
    return finding.distinct > len(finding.values)


def _holding(element: Element, value: str, core: str) -> Iterable[Seen]:
    exact = element.values.get(value)
    if exact is not None:
        return (exact,)
    if len(element.values) > _MOST_TEXTS:
        return ()
    return tuple(seen for text, seen in element.values.items() if core in text)
