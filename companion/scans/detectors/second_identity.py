"""Second identity: a person's name inside that is in no name tag at the top.

An echo search cannot find it, because there is nothing to echo. Two different patients
in one upload are the same problem on a larger scale.
"""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Scene, name_parts
from companion.scans.rules.table import from_match, is_known_staff, is_placeholder, make_finding

_MAY_BE_A_PATIENT = (
    "patient-name", "other-patient-names", "person-in-report", "other-person-name",
    "private-patient-name", "private-staff",
)  # fmt: skip
_INSIDE = frozenset({Place.NESTED, Place.PRIVATE, Place.REPORT_TEXT, Place.DIRECTORY})


@detector("second_identity")
def detect(scene: Scene) -> Iterator[Finding]:
    """Names inside that share no part with any name at the top; several patients."""
    at_the_top = _parts_at_the_top(scene)
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
                if (groups := name_parts(text))
                and not any(part in at_the_top for group in groups for part in group)
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


def _parts_at_the_top(scene: Scene) -> set[str]:
    parts: set[str] = set()
    for match in scene.matches:
        if match.element.vr == "PN" and "." not in match.element.path:
            if match.element.place is Place.PRIVATE or match.element.creator:
                continue
            for text in match.values:
                for group in name_parts(text):
                    parts.update(group)
    return parts


def _is_written(one: set[str], two: set[str]) -> bool:
    """Whether one name is the other, shortened: parts left out, or cut to initials."""
    shorter, longer = sorted((one, two), key=len)
    return all(
        any(part == other or (len(part) == 1 and other.startswith(part)) for other in longer)
        or any(len(other) == 1 and part.startswith(other) for other in longer)
        for part in shorter
    )


def _two_patients(scene: Scene) -> Iterator[Finding]:
    people: dict[str, tuple[set[str], set[str]]] = {}
    for study in scene.inventory.studies:
        if study.patient_name and not is_placeholder(study.patient_name):
            parts = {part for group in name_parts(study.patient_name) for part in group}
            known = people.setdefault(study.patient_name, (parts, set()))
            known[1].add(study.patient_id.strip())
    different: list[str] = []
    kin = False
    for name, (parts, ids) in people.items():
        if not parts:
            continue
        others = [people[other] for other in different]
        if any(ids & known_ids - {""} or _is_written(parts, known) for known, known_ids in others):
            continue
        # A name in common, and all else apart: relatives, or one person with a new name.
        kin = kin or any(parts & known for known, _ in others)
        different.append(name)
    if len(different) > 1:
        match = next(iter(scene.by_rule.get("patient-name", ())), None)
        yield make_finding(
            "two-patients",
            place=Place.HEADER,
            tag=tags.digits(tags.PATIENT_NAME),
            path=tags.digits(tags.PATIENT_NAME),
            name="PatientName",
            values=tuple(different),
            certainty=Certainty.POSSIBLE if kin else None,
            files=sum(study.files for study in scene.inventory.studies),
            example=next(iter(match.values.values())).example if match else "",
        )
