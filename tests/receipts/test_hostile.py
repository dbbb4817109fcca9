"""Files made to harm: a receipt comes of them, and their neighbours' is as it was."""

from __future__ import annotations

import pytest

from companion.receipts import receipt
from tests.receipts.making import compared, make_slice, receipt_of
from tests.scans.hostile import (
    hostile_archives,
    hostile_documents,
    hostile_files,
    hostile_scans,
    hostile_values,
)

ONE, OTHER = make_slice(1), make_slice(2)
HARMFUL = {
    **{name: data for name, (data, *_) in {**hostile_scans(), **hostile_files()}.items()},
    **{name: data for name, (data, _) in hostile_archives().items()},
    **hostile_documents(),
    **hostile_values(),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_does_not_spoil_its_neighbours(name: str) -> None:
    alone = receipt_of({"one": ONE, "other": OTHER}).files
    made = receipt_of({"one": ONE, "x": HARMFUL[name], "other": OTHER}, details=True)
    known = {row.file for row in alone}
    assert tuple(row for row in made.files if row.file in known) == alone
    assert len(made.files) + made.not_read > len(alone)
    assert len(made.files) <= receipt.MOST_FILES


@pytest.mark.parametrize("name", hostile_scans())
def test_a_harmful_scan_is_the_same_as_itself_alone(name: str) -> None:
    """One byte more, and nobody says that all of it stayed the same unless all was read."""
    data = HARMFUL[name]
    changed = data[:-1] + bytes([data[-1] ^ 1])
    comparison = compared(data, changed)
    assert comparison.outcome != "same"
