"""Whose scans a set holds: its persons, each under all spellings, and what belongs to whom.

A person is told by the name in every spelling (``rules.names``), the number and the birth
date. Two files are one person's where their numbers or their names agree and the birth
date does not speak against it. A code in the name's place tells nothing of a name: such
files go by number, study and birth date alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion.scans.findings import (
    MAX_PEOPLE,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    Day,
    Person,
)
from companion.scans.inventory import Inventory, Study
from companion.scans.people.names import (
    Likeness,
    fullness,
    keys,
    likeness,
    may_be_compared,
    read_name,
    sounding_keys,
)
from companion.scans.people.placeholders import is_placeholder, stands_for_a_name

_YEAR_FIRST = re.compile(r"(?P<y>(?:18|19|20)\d\d)[./-](?P<m>[01]\d)[./-](?P<d>[0-3]\d)")
_YEAR_LAST = re.compile(r"(?P<d>[0-3]\d)\.(?P<m>[01]\d)\.(?P<y>(?:18|19|20)\d\d)")
_TO_THE_YEAR = re.compile(r"(?:18|19|20)\d\d(?:[01]\d)?00")
"""The old form of the standard, that of Europe, and a date of which the day was taken out."""
_MOST_CANDIDATES = 50
"""Persons that a name is compared with: those that share a part of it."""
_LONG_NUMBER = 4
"""Characters from which a number alone makes one person of two birth dates."""


@dataclass(slots=True, eq=False)
class Draft:
    """A person as far as the studies before have told."""

    names: dict[str, None] = field(default_factory=dict, repr=False)
    codes: dict[str, None] = field(default_factory=dict, repr=False)
    numbers: dict[str, None] = field(default_factory=dict, repr=False)
    births: dict[str, None] = field(default_factory=dict, repr=False)
    studies: list[Study] = field(default_factory=list, repr=False)
    first: int = 0


@dataclass(frozen=True, slots=True)
class _Identity:
    name: str = field(repr=False)
    code: str = field(repr=False)
    number: str = field(repr=False)
    birth: str = field(repr=False)


class People:
    """The persons of one inventory, and to whom files and values belong."""

    def __init__(self, inventory: Inventory) -> None:
        self.drafts = _drafts(inventory.studies)[:MAX_PEOPLE]
        """The persons in the order in which they were met; number n has the id ``n + 1``."""
        self._of_study = {
            id(study): number for number, draft in enumerate(self.drafts) for study in draft.studies
        }
        self._where = [_union(study.where for study in draft.studies) for draft in self.drafts]
        self._slots = [0] * len(self.drafts)
        for slot, owner in self._owners(inventory):
            self._slots[owner] |= slot
        self._owner_of_slot = {
            slot: owner
            for owner, slots in enumerate(self._slots)
            for slot in (1 << bit for bit in range(slots.bit_length()))
            if slot & slots
        }
        self._owner_of_file: dict[int, int] = {}
        for owner, where in enumerate(self._where):
            for number, digit in enumerate(reversed(f"{where:b}")):
                if digit == "1":
                    self._owner_of_file[number] = owner

    def of_study(self, study: Study | None) -> str:
        """``Person.id`` of a study's patient; empty where it names nobody."""
        return self._id(self._of_study.get(id(study)))

    def of_slots(self, slots: int) -> str:
        """``Person.id`` of the only one whose files have these slots; empty if there is none."""
        owner = self._owner_of_slot.get(slots & -slots)
        return "" if owner is None or slots & ~self._slots[owner] else self._id(owner)

    def of_files(self, where: int) -> str:
        """The same of files, a bit for the number of each."""
        owner = self._owner_of_file.get((where & -where).bit_length() - 1) if where else None
        return "" if owner is None or where & ~self._where[owner] else self._id(owner)

    def add_name(self, person: str, name: str) -> None:
        """A name that is certain to be a person's, who has only a code so far."""
        self.drafts[int(person) - 1].names.setdefault(name)

    def has_name(self, person: str) -> bool:
        """Whether the name of a person is known."""
        return bool(self.drafts[int(person) - 1].names)

    def persons(self) -> tuple[Person, ...]:
        """All of them, their values cut to the contract's bounds."""
        return tuple(_person(number, draft) for number, draft in enumerate(self.drafts))

    @staticmethod
    def _id(owner: int | None) -> str:
        return "" if owner is None else str(owner + 1)

    def _owners(self, inventory: Inventory) -> Iterator[tuple[int, int]]:
        """Slots whose files are all one person's, with that person's number."""
        counted: dict[int, int] = {}
        owners: dict[int, set[int | None]] = {}
        for study in inventory.studies:
            counted[study.slot] = counted.get(study.slot, 0) + study.files
            owners.setdefault(study.slot, set()).add(self._of_study.get(id(study)))
        for slot, files in inventory.slot_files.items():
            found = owners.get(slot, set())
            if len(found) == 1 and counted[slot] == files and (owner := found.pop()) is not None:
                yield slot, owner


def _union(bits: Iterable[int]) -> int:
    whole = 0
    for one in bits:
        whole |= one
    return whole


def _person(number: int, draft: Draft) -> Person:
    days: dict[tuple[str, str], int] = {}
    for study in draft.studies:
        day = (study.study_date.strip()[:64], study.modality.strip()[:64])
        days[day] = days.get(day, 0) + study.files
    names = sorted(draft.names, key=fullness, reverse=True)
    return Person(
        id=str(number + 1),
        names=_cut(names),
        codes=_cut(draft.codes),
        numbers=_cut(draft.numbers),
        birth_dates=_cut(draft.births),
        files=sum(study.files for study in draft.studies),
        studies=len({study.study_uid or study.study_date for study in draft.studies}),
        days=tuple(Day(*day, files) for day, files in sorted(days.items())),
    )


def _cut(values: Iterable[str]) -> tuple[str, ...]:
    return tuple([value[:MAX_VALUE_LENGTH] for value in values][:MAX_VALUES])


def _identity(study: Study) -> _Identity:
    written = study.patient_name.strip(" ^=\0")
    code = written if written and stands_for_a_name(written) else ""
    number = study.patient_id.strip(" \0")
    birth = _day(study.birth_date.strip(" \0"))
    return _Identity(
        "" if code else written,
        code,
        "" if is_placeholder(number) else number,
        "" if is_placeholder(birth) else birth,
    )


def _drafts(studies: list[Study]) -> list[Draft]:
    """Persons by studies: the fullest names first, then what has only a code or a number."""
    order: dict[_Identity, list[tuple[int, Study]]] = {}
    for number, study in enumerate(studies):
        order.setdefault(_identity(study), []).append((number, study))
    index = _Index()
    for identity in sorted(order, key=lambda one: (not one.name, _emptiness(one.name))):
        draft = index.find(identity, order[identity][0][1].study_uid)
        if draft is None:
            if not any((identity.name, identity.code, identity.number, identity.birth)):
                continue
            draft = Draft(first=order[identity][0][0])
        draft.first = min(draft.first, order[identity][0][0])
        draft.studies.extend(study for _, study in order[identity])
        index.add(draft, identity)
    return sorted(index.drafts, key=lambda draft: draft.first)


def _emptiness(name: str) -> tuple[int, ...]:
    return tuple(-part for part in fullness(name)) if name else ()


class _Index:
    """Finds the person that an identity belongs to, without comparing it with everybody."""

    def __init__(self) -> None:
        self.drafts: dict[Draft, None] = {}
        self._by_number: dict[str, list[Draft]] = {}
        self._by_key: dict[str, dict[Draft, None]] = {}
        self._by_code: dict[str, Draft] = {}
        self._by_birth: dict[str, dict[Draft, None]] = {}
        self._by_study: dict[str, dict[Draft, None]] = {}

    def add(self, draft: Draft, identity: _Identity) -> None:
        """Note that an identity is a person's."""
        self.drafts.setdefault(draft)
        if identity.name:
            draft.names.setdefault(identity.name)
            for key in (*_keys(identity.name), *sounding_keys(identity.name)):
                self._by_key.setdefault(key, {}).setdefault(draft)
        if identity.code:
            draft.codes.setdefault(identity.code)
            if not identity.number:
                self._by_code.setdefault(_code_key(identity.code), draft)
        if identity.number:
            draft.numbers.setdefault(identity.number)
            self._by_number.setdefault(identity.number, []).append(draft)
        if identity.birth:
            draft.births.setdefault(identity.birth)
            self._by_birth.setdefault(identity.birth, {}).setdefault(draft)
        for study in draft.studies:
            if study.study_uid:
                self._by_study.setdefault(study.study_uid, {}).setdefault(draft)

    def find(self, identity: _Identity, study_uid: str) -> Draft | None:
        """The person of an identity; None where it is somebody new."""
        for draft in self._by_number.get(identity.number, ()):
            if _same_by_number(draft, identity):
                return draft
        if identity.name:
            return self._by_name(identity)
        others = self._by_study.get(study_uid, {})
        if len(others) == 1 and not _contradicts(draft := next(iter(others)), identity):
            return draft
        if identity.code and not identity.number:
            known = self._by_code.get(_code_key(identity.code))
            if known is not None and not _contradicts(known, identity):
                return known
        if identity.birth and not identity.number:
            born = self._by_birth.get(identity.birth, {})
            if len(born) == 1:
                return next(iter(born))
        return None

    def _by_name(self, identity: _Identity) -> Draft | None:
        candidates: dict[Draft, None] = {}
        for key in (*_keys(identity.name), *sounding_keys(identity.name, wanted=True)):
            for draft in self._by_key.get(key, ()):
                if len(candidates) >= _MOST_CANDIDATES:
                    break
                candidates.setdefault(draft)
        shortened = []
        for draft in candidates:
            if _contradicts(draft, identity):
                continue
            best = max(likeness(identity.name, name) for name in list(draft.names)[:MAX_VALUES])
            if best is Likeness.SAME:
                return draft
            if best is Likeness.SHORTENED:
                shortened.append(draft)
        # "Sommer" beside two persons of that name is neither of them for sure.
        if shortened:
            return shortened[0] if len(shortened) == 1 else None
        # Of one birth date, and in letters that cannot be compared: 王^小東 is Wang^Xiaodong.
        born = self._by_birth.get(identity.birth, {}) if identity.birth else {}
        alien = [
            draft
            for draft in born
            if not any(may_be_compared(identity.name, name) for name in draft.names)
        ]
        return alien[0] if len(alien) == len(born) == 1 and alien[0].names else None


def _keys(name: str) -> Iterator[str]:
    for one in read_name(name):
        yield f"={one.letters}"
        for part in one.parts:
            yield from keys(part)
    if not name.isascii():
        # The same bytes, read in two character sets, have as many letters.
        yield f"#{name.count('^')}"


def _code_key(code: str) -> str:
    """Dummies without a number are one; a code is itself."""
    return "" if is_placeholder(code) else code


def _same_by_number(draft: Draft, identity: _Identity) -> bool:
    if not _contradicts(draft, identity):
        return True
    if identity.name and draft.names:
        return any(likeness(identity.name, name) for name in draft.names)
    return len(identity.number) >= _LONG_NUMBER


def _contradicts(draft: Draft, identity: _Identity) -> bool:
    """Whether the birth date speaks against a person; a year alone is part of a date."""
    mine = identity.birth
    return bool(mine and draft.births) and not any(
        mine.startswith(known) or known.startswith(mine) for known in draft.births
    )


def _day(birth: str) -> str:
    """A birth date as DICOM writes it, or its year or month where that is all it says."""
    if (found := _YEAR_FIRST.fullmatch(birth)) or (found := _YEAR_LAST.fullmatch(birth)):
        return f"{found['y']}{found['m']}{found['d']}"
    if _TO_THE_YEAR.fullmatch(birth):
        return birth.removesuffix("00").removesuffix("00")
    return birth
