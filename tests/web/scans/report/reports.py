"""Made-up reports for the tests of the page that shows them."""

from __future__ import annotations

from typing import Any

from companion.scans.findings import Day, ElementRow, FileRecord, Finding, Person, Report


def make_finding(rule: str = "patient-name", **changes: Any) -> Finding:
    """A finding of a name in the header of 3 files; ``changes`` by field."""
    values = tuple(changes.pop("values", ("Doe^Jane",)))
    plain: dict[str, Any] = {
        "group": "who-you-are",
        "hipaa": "A",
        "certainty": "certain",
        "place": "header",
        "tag": "00100010",
        "path": "00100010",
        "name": "PatientName",
        "distinct": len(values),
        "files": 3,
        "example": "CD/IM0001",
    }
    return Finding(rule=rule, values=values, **{**plain, **changes})


def make_files(count: int = 3, **changes: Any) -> tuple[FileRecord, ...]:
    plain: dict[str, Any] = {"kind": "dicom", "status": "read", "modality": "CT"}
    return tuple(
        FileRecord(name=f"CD/IM{number:04d}", **{**plain, **changes}) for number in range(count)
    )


def make_row(name: str = "PatientName", **changes: Any) -> ElementRow:
    plain: dict[str, Any] = {
        "path": "00100010",
        "tag": "00100010",
        "vr": "PN",
        "place": "header",
        "values": ("Doe^Jane",),
        "distinct": 1,
        "files": 3,
    }
    return ElementRow(name=name, **{**plain, **changes})


def make_report(*findings: Finding, **changes: Any) -> Report:
    plain: dict[str, Any] = {"files": make_files(), "findings": findings or (make_finding(),)}
    return Report(**{**plain, **changes})


def make_person(id_: str = "1", **changes: Any) -> Person:
    """Jane Doe with one CT; ``days`` as pairs of date and modality."""
    days = changes.pop("days", (("20240115", "CT"),))
    plain: dict[str, Any] = {
        "names": ("Doe^Jane",),
        "codes": (),
        "numbers": ("MRN-1",),
        "birth_dates": ("19710304",),
        "files": 3,
        "studies": len(days),
        "days": tuple(Day(day, modality, 3) for day, modality in days),
    }
    return Person(id=id_, **{**plain, **changes})
