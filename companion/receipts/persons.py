"""Whether files are another person's than those of a set, by what the files at hand say.

Persons are told as everywhere (``scans.people``): one name in two spellings is one person, a
code in the place of a name is nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from companion.receipts.receipt import Identity
from companion.scans.findings import Certainty
from companion.scans.inventory import Inventory, Study
from companion.scans.people.persons import People
from companion.scans.people.placeholders import is_placeholder, stands_for_a_name


class Persons:
    """The persons of a set, to hold other files against."""

    def __init__(self, known: Iterable[Identity], others: Iterable[Identity]) -> None:
        self._known = {identity for identity in known if _has_name(identity)}
        everybody = {*self._known, *(identity for identity in others if _has_name(identity))}
        inventory = Inventory()
        studies: dict[Identity, Study | None] = {}
        for identity in sorted(everybody, key=lambda one: (one.name, one.number, one.birth_date)):
            inventory.begin("")
            key = (identity.number, identity.name, "", "", "", "", "")
            studies[identity] = inventory.add_study(key, identity.birth_date)
        people = People(inventory)
        self._ids = {identity: people.of_study(study) for identity, study in studies.items()}
        self._persons = {self._ids[identity] for identity in self._known} - {""}

    def is_other(self, identity: Identity | None) -> Certainty | None:
        """How certain it is that this is nobody of the set: where name, number and birth date
        all differ, it is; None where nothing says so."""
        if identity is None or not self._persons:
            return None
        person = self._ids.get(identity, "")
        if not person or person in self._persons:
            return None
        sure = all(_all_differ(identity, one) for one in self._known)
        return Certainty.CERTAIN if sure else Certainty.LIKELY


def _has_name(identity: Identity) -> bool:
    written = identity.name.strip(" ^=\0")
    return bool(written) and not stands_for_a_name(written)


def _all_differ(one: Identity, other: Identity) -> bool:
    return all(
        a and b and a != b and not is_placeholder(a) and not is_placeholder(b)
        for a, b in _pairs(one, other)
    )


def _pairs(one: Identity, other: Identity) -> Iterator[tuple[str, str]]:
    yield one.name.strip(" \0"), other.name.strip(" \0")
    yield one.number.strip(" \0"), other.number.strip(" \0")
    yield one.birth_date.strip(" \0"), other.birth_date.strip(" \0")
