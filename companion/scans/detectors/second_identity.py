"""Second identity: a person's name inside that is in no name tag at the top.

An echo search cannot find it, because there is nothing to echo. Two different patients
in one upload are the same problem on a larger scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.inventory import Seen
from companion.scans.people.companies import is_company
from companion.scans.people.names import (
    Name,
    fullness,
    keys,
    likeness,
    may_be_compared,
    read_name,
    shares_a_part,
)
from companion.scans.people.persons import Draft
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.private_table import is_known_staff
from companion.scans.rules.scene import Scene, is_former_name
from companion.scans.rules.table import Match, from_match, make_finding

_MAY_BE_A_PATIENT = (
    "patient-name", "other-patient-names", "person-in-report", "other-person-name",
    "private-patient-name", "private-staff",
)  # fmt: skip
_INSIDE = frozenset({Place.NESTED, Place.PRIVATE, Place.REPORT_TEXT, Place.DIRECTORY})

_MOST_AT_THE_TOP = 20
"""Names that a stranger's is compared with beyond its parts: in another alphabet, cut off."""
MOST_COMPARED = 200
"""Persons of whom each is compared with each other one."""


@detector("second_identity")
def detect(scene: Scene) -> Iterator[Finding]:
    """Names inside that share no part with any name at the top; several patients."""
    at_the_top = _names_at_the_top(scene)
    known = {key for name in at_the_top for one in read_name(name) for key in _all_keys(one)}
    for rule in _MAY_BE_A_PATIENT:
        for match in scene.by_rule.get(rule, ()):
            plain = from_match(match)
            if plain.place not in _INSIDE or match.element.vr not in ("PN", "LO", "UN", "UT"):
                continue
            if plain.place is Place.DIRECTORY and not at_the_top:
                continue
            if rule == "private-staff" and is_known_staff(match.element):
                continue
            strangers = {
                text: seen
                for text, seen in match.values.items()
                if (names := read_name(text))
                and known.isdisjoint(key for one in names for key in _all_keys(one))
                and not is_company(text)
                and not any(likeness(text, one) for one in at_the_top[:_MOST_AT_THE_TOP])
                and not _is_patients_own(scene, match, seen)
            }
            if strangers:
                yield make_finding(
                    "second-person-name",
                    place=plain.place,
                    tag=plain.tag,
                    path=plain.path,
                    name=plain.name,
                    values=tuple(strangers),
                    files=min(match.element.files, sum(one.files for one in strangers.values())),
                    example=next(iter(strangers.values())).example,
                )
    yield from _two_patients(scene)


def _all_keys(name: Name) -> Iterator[str]:
    yield f"={name.letters}"
    for part in name.parts:
        yield from keys(part)


def _names_at_the_top(scene: Scene) -> list[str]:
    names: dict[str, None] = {}
    for match in scene.matches:
        if match.element.vr == "PN" and "." not in match.element.path:
            if match.element.place is Place.PRIVATE or match.element.creator:
                continue
            names.update(dict.fromkeys(match.values))
    return list(names)


def _is_patients_own(scene: Scene, match: Match, seen: Seen) -> bool:
    """Whether a former name is that of the one in whose files only a code stands."""
    person = scene.people.of_slots(seen.slots)
    return is_former_name(match) and bool(person) and _has_code_only(scene, person)


def _has_code_only(scene: Scene, person: str) -> bool:
    return all(
        not study.patient_name.strip(" ^=") or stands_for_a_name(study.patient_name)
        for study in scene.people.drafts[int(person) - 1].studies
    )


def _two_patients(scene: Scene) -> Iterator[Finding]:
    """Persons of different names; how sure it is that they are not one."""
    named = [draft for draft in scene.people.drafts if draft.names][:MOST_COMPARED]
    if len(named) < 2:
        return
    sure = Certainty.POSSIBLE
    for one, two in combinations(named, 2):
        if _differ(one, two):
            sure = Certainty.CERTAIN
            break
        # A name in common, and all else unknown: relatives, or one person with a new name.
        # In letters that cannot be compared, it may be one person as well.
        names = next(iter(one.names)), next(iter(two.names))
        if not shares_a_part(*names) and may_be_compared(*names):
            sure = Certainty.LIKELY
    files = [study for draft in named for study in draft.studies]
    match = next(iter(scene.by_rule.get("patient-name", ())), None)
    yield make_finding(
        "two-patients",
        place=Place.HEADER,
        tag=tags.digits(tags.PATIENT_NAME),
        path=tags.digits(tags.PATIENT_NAME),
        name="PatientName",
        values=tuple(max(draft.names, key=fullness) for draft in named),
        certainty=sure,
        files=sum(study.files for study in files),
        example=next(iter(match.values.values())).example if match else "",
    )


def _differ(one: Draft, two: Draft) -> bool:
    """Whether numbers and birth dates are known of both, and each differs, as the names do."""
    return all(
        mine and yours and mine.keys().isdisjoint(yours)
        for mine, yours in ((one.numbers, two.numbers), (one.births, two.births))
    ) and not any(likeness(mine, yours) for mine in one.names for yours in two.names)
