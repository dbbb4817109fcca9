"""The set as a whole: what several scans say together that none says alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from companion.scans.detectors import detector
from companion.scans.dicom import tags
from companion.scans.findings import Finding
from companion.scans.inventory import Study
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import is_placeholder, make_finding


@detector("set_as_a_whole")
def detect(scene: Scene) -> Iterator[Finding]:
    """Several study dates, ages, one number over several studies or hospitals: of each person."""
    of_person: dict[str, list[Study]] = {}
    for study in scene.inventory.studies:
        of_person.setdefault(scene.people.of_study(study), []).append(study)
    for person, studies in of_person.items():
        for finding in _of_one(person, studies, scene):
            yield replace(finding, person=person)


def _of_one(person: str, studies: list[Study], scene: Scene) -> Iterator[Finding]:
    files = sum(study.files for study in studies)
    dates = sorted({study.study_date for study in studies if not is_placeholder(study.study_date)})
    if len(dates) > 1:
        yield _whole("set-dates", tags.STUDY_DATE, "StudyDate", dates, files, scene)
    ages = sorted(
        {
            text
            for text, seen, element in scene.values("patient-age")
            if _top(element.path)
            and (len(scene.people.drafts) < 2 or scene.people.of_slots(seen.slots) == person)
        }
    )
    if len(ages) > 1:
        yield _whole("set-ages", tags.PATIENT_AGE, "PatientAge", ages, files, scene)
    yield from _numbers(studies, files, scene)


def _numbers(studies: list[Study], files: int, scene: Scene) -> Iterator[Finding]:
    joined: dict[tuple[int, str, str], set[tuple[str, str]]] = {}
    for study in studies:
        where = (study.study_uid, study.institution)
        for tag, name, number in (
            (tags.PATIENT_ID, "PatientID", study.patient_id),
            (tags.FRAME_OF_REFERENCE_UID, "FrameOfReferenceUID", study.frame_of_reference),
        ):
            if not is_placeholder(number):
                joined.setdefault((tag, name, number), set()).add(where)
    by_tag: dict[tuple[int, str], list[str]] = {}
    for (tag, name, number), places in joined.items():
        if (
            len({study for study, _ in places if study}) > 1
            or len({hospital for _, hospital in places if hospital}) > 1
        ):
            by_tag.setdefault((tag, name), []).append(number)
    for (tag, name), numbers in by_tag.items():
        yield _whole("set-one-number", tag, name, numbers, files, scene)


def _top(path: str) -> bool:
    return "." not in path


def _whole(rule: str, tag: int, name: str, values: list[str], files: int, scene: Scene) -> Finding:
    example = scene.inventory.files[0].name if scene.inventory.files else ""
    digits = tags.digits(tag)
    return make_finding(
        rule, tag=digits, path=digits, name=name, values=tuple(values), files=files, example=example
    )
