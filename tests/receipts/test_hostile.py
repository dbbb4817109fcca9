"""Files made to harm: a receipt comes of them, and their neighbours' is as it was."""

from __future__ import annotations

from functools import cache

import pytest

from companion.receipts import FileReceipt, receipt
from tests.receipts.making import compared, make_slice, receipt_of
from tests.scans.hostile import (
    hostile_archives,
    hostile_documents,
    hostile_files,
    hostile_scans,
    hostile_values,
)

ONE, OTHER = make_slice(1), make_slice(2)
SCANS = {name: data for name, (data, *_) in hostile_scans().items() if data}
HARMFUL = {
    **SCANS,
    **{name: data for name, (data, *_) in hostile_files().items()},
    **{f"archive {name}": data for name, (data, _) in hostile_archives().items()},
    **hostile_documents(),
    **hostile_values(),
}


@cache
def alone() -> tuple[FileReceipt, ...]:
    """What is said of the neighbours where there is no harmful file."""
    return receipt_of({"one": ONE, "other": OTHER}).files


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_does_not_spoil_its_neighbours(name: str) -> None:
    made = receipt_of({"one": ONE, "x": HARMFUL[name], "other": OTHER}, details=True)
    known = {row.file for row in alone()}
    assert tuple(row for row in made.files if row.file in known) == alone()
    assert len(made.files) + made.not_read > len(alone())
    assert len(made.files) <= receipt.MOST_FILES


@pytest.mark.parametrize("name", SCANS)
def test_a_harmful_scan_with_another_last_byte_is_not_called_the_same(name: str) -> None:
    data = SCANS[name]
    changed = data[:-1] + bytes([data[-1] ^ 1])
    comparison = compared(data, changed)
    assert comparison.outcome != "same"
