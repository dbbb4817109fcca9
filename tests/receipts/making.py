"""A made-up series to keep, to change and to compare, and other programs that write scans."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from companion.receipts import Change, Comparison, Receipt, compare, make_receipt
from companion.receipts.decoding import points_of
from companion.scans.inspection import Entry
from tests.builders import ROOT, make_scan

KEPT_ON = date(2026, 3, 2)
NOW = date(2026, 9, 14)
ROWS = COLUMNS = 16


def make_slice(number: int = 1, /, **elements: Any) -> bytes:
    """A slice of a made-up head, whose points follow from its number."""
    pixels = bytes(
        byte
        for point in range(ROWS * COLUMNS)
        for byte in ((point * 7 + number * 13) % 4096).to_bytes(2, "little")
    )
    plain: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 100",
        "StudyDate": "20260220",
        "AcquisitionDate": "20260220",
        "Manufacturer": "Made-up Machines",
        "StudyDescription": "Head",
        "PatientName": "Quillfeather^Ada",
        "PatientID": "QF-20417",
        "PatientBirthDate": "19710304",
        "StudyInstanceUID": f"{ROOT}.10",
        "SeriesInstanceUID": f"{ROOT}.10.1",
        "SOPInstanceUID": f"{ROOT}.10.1.{number}",
        "FrameOfReferenceUID": f"{ROOT}.10.9",
        "InstanceNumber": number,
        "ImagePositionPatient": [0, 0, number],
        "ImageLaterality": "L",
        "WindowCenter": 40,
        "WindowWidth": 80,
        "Rows": ROWS,
        "Columns": COLUMNS,
        "PixelData": pixels,
    }
    return make_scan(**{**plain, **elements})


def make_series(slices: int = 6) -> dict[str, bytes]:
    """Slices 1 to n, by a name."""
    return {f"IM{number:04d}": make_slice(number) for number in range(1, slices + 1)}


def receipt_of(
    files: Mapping[str, bytes] | bytes, made_on: date = KEPT_ON, **options: Any
) -> Receipt:
    """The receipt of files in memory; compressed pictures are decoded in this process."""
    if isinstance(files, bytes):
        files = {"IM0001": files}
    entries = (Entry(name, [data]) for name, data in files.items())
    return make_receipt(entries, made_on=made_on, **{"decode": points_of, **options})


def compared(
    old: Mapping[str, bytes] | bytes, new: Mapping[str, bytes] | bytes, *, at_hand: bool = True
) -> Comparison:
    """What changed from one set of files to another, with both at hand or the old as a receipt."""
    return compare(receipt_of(old, details=at_hand), receipt_of(new, NOW, details=True))


def the_change(comparison: Comparison) -> Change:
    """The only file that did not stay the same."""
    (change,) = (change for change in comparison.changes if change.kind != "same")
    return change


def rewritten(data: bytes, folder: Path, program: str, *options: str) -> bytes:
    """A scan as one of DCMTK's programs writes it anew."""
    before, after = folder / "before.dcm", folder / "after.dcm"
    before.write_bytes(data)
    subprocess.run([program, *options, str(before), str(after)], check=True, capture_output=True)
    return after.read_bytes()
