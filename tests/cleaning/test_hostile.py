"""Hostile files: none is copied with what is hidden in it, and none spoils its neighbours."""

from __future__ import annotations

import pytest

from tests.builders import make_scan
from tests.cleaning.making import make_copy
from tests.scans.hostile import (
    hostile_archives,
    hostile_documents,
    hostile_files,
    hostile_packings,
    hostile_scans,
    hostile_values,
)

HOSTILE = {
    name: made[0]
    for made_files in (hostile_scans(), hostile_packings(), hostile_files(), hostile_archives())
    for name, made in made_files.items()
}
HOSTILE |= hostile_documents() | hostile_values()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_does_not_keep_a_neighbour_from_being_copied(name: str) -> None:
    before = make_scan(SOPInstanceUID="2.25.11", PatientID="NEIGHBOUR")
    behind = make_scan(SOPInstanceUID="2.25.12", PatientID="NEIGHBOUR")
    files = [("a.dcm", before), ("hostile", HOSTILE[name]), ("z.dcm", behind)]

    # Some of them name a person: then the neighbours' own is chosen, who came first.
    copy, account = make_copy(files, person="1")

    left_out = {one.name for one in account.withheld}
    assert account.refusal is None
    assert not left_out & {"a.dcm", "z.dcm"}
    assert len(copy) >= 2
    assert not any(b"NEIGHBOUR" in data for data in copy.values())
