"""The set as a whole: what several scans say together that none says alone."""

from __future__ import annotations

from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Finding
from companion.scans.rules.scene import Scene
from companion.scans.rules.table import is_placeholder, make_finding


@detector("set_as_a_whole")
def detect(scene: Scene) -> Iterator[Finding]:
    """Several study dates, several ages, one number over several studies or hospitals."""
    studies = scene.inventory.studies
    files = sum(study.files for study in studies)
    dates = sorted({study.study_date for study in studies if not is_placeholder(study.study_date)})
    if len(dates) > 1:
        yield _whole("set-dates", "00080020", "StudyDate", dates, files, scene)
    ages = sorted({text for text, _, element in scene.values("patient-age") if _top(element.path)})
    if len(ages) > 1:
        yield _whole("set-ages", "00101010", "PatientAge", ages, files, scene)
    yield from _numbers(scene, files)


def _numbers(scene: Scene, files: int) -> Iterator[Finding]:
    joined: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for study in scene.inventory.studies:
        where = (study.study_uid, study.institution)
        for tag, name, number in (
            ("00100020", "PatientID", study.patient_id),
            ("00200052", "FrameOfReferenceUID", study.frame_of_reference),
        ):
            if not is_placeholder(number):
                joined.setdefault((tag, name, number), set()).add(where)
    by_tag: dict[tuple[str, str], list[str]] = {}
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


def _whole(rule: str, tag: str, name: str, values: list[str], files: int, scene: Scene) -> Finding:
    example = scene.inventory.files[0].name if scene.inventory.files else ""
    return make_finding(
        rule, tag=tag, path=tag, name=name, values=tuple(values), files=files, example=example
    )
