"""What stands around packed data is searched too, however little of a file it is."""

from __future__ import annotations

import random
import struct
import time
import zlib

import pytest

from companion.scans.findings import Finding
from companion.scans.formats.hdf5 import attributes
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan

SLICES = tuple(zlib.compress(random.Random(seed).randbytes(4_000)) for seed in range(10))


def make_hdf5(*said: tuple[str, str]) -> bytes:
    """Like a volume in MINC 2: attributes of text as HDF5 writes them, and packed slices."""
    body = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + bytes(72)
    for name, value in said:
        label = name.encode() + b"\0"
        attribute = struct.pack("<BBHHH", 1, 0, len(label), 8, 8)
        attribute += label.ljust(-(-len(label) // 8) * 8, b"\0")
        attribute += struct.pack("<BBBBI", 0x13, 0, 0, 0, len(value)) + b"\1" + bytes(7)
        attribute += value.encode()
        body += struct.pack("<HHBxxx", 12, len(attribute), 0) + attribute
    return body + b"".join(SLICES)


def make_hdf5_of_any_length(name: str, value: str) -> bytes:
    """Like ``make_hdf5``, with the text of the attribute in the heap of the file."""
    front = make_hdf5()[:96]
    label = name.encode() + b"\0"
    attribute = struct.pack("<BBHHH", 1, 0, len(label), 20, 8)
    attribute += label.ljust(-(-len(label) // 8) * 8, b"\0")
    attribute += bytes.fromhex("19010100 10000000 10000000 01000000 00000800 00000000")
    attribute += b"\1" + bytes(7)
    heap = len(front) + len(attribute) + 16
    attribute += struct.pack("<IQI", len(value), heap, 2)
    objects = struct.pack("<H6xQ", 1, 3) + b"one\0\0\0\0\0"
    objects += struct.pack("<H6xQ", 2, len(value)) + value.encode().ljust(80, b"\0")[:80]
    return front + attribute + b"GCOL\1\0\0\0" + struct.pack("<Q", 16 + len(objects)) + objects


def look(name: str, data: bytes) -> tuple[tuple[str, ...], list[Finding]]:
    scan = make_scan(PatientName="Quillbrooke^Tamsin", PatientID="5583-PAT")
    report = inspect([Entry("IM1", [scan]), Entry(name, [data])])
    return report.files[1].notes, [one for one in report.findings if one.example == name]


def test_a_name_in_a_volume_of_packed_slices_is_found_and_the_file_says_what_was_read() -> None:
    data = make_hdf5(("full_name", "Tamsin Quillbrooke"), ("identification", "5583-PAT"))

    notes, found = look("head.mnc", data)

    assert notes == ("unknown-format",)
    assert {"echo-name", "echo-number"} <= {one.rule for one in found}


@pytest.mark.parametrize(
    "data",
    [
        make_hdf5(("full_name", "Zavodila^Orla"), ("birthdate", "19610407")),
        make_hdf5_of_any_length("full_name", "Zavodila^Orla"),
    ],
    ids=["fixed length", "any length"],
)
def test_a_name_that_no_scan_has_is_found_by_what_minc_calls_it(data: bytes) -> None:
    notes, found = look("head.mnc", data)

    assert notes == ("unknown-format",)
    (name,) = (one for one in found if one.rule == "name-in-text")
    assert "patient full name: Zavodila^Orla" in name.values[0]


@pytest.mark.parametrize("damage", [0, 4, 8, 12])
def test_a_damaged_reference_to_a_text_is_passed_over(damage: int) -> None:
    data = bytearray(make_hdf5_of_any_length("full_name", "Zavodila^Orla"))
    at = data.index(b"GCOL") - 16 + damage
    data[at : at + 4] = b"\0\0\0\0" if damage == 0 else b"\xff\xff\xff\xff"

    assert not [line for _, line in attributes(bytes(data)) if "Zavodila" in line]


def test_a_heap_that_thousands_of_attributes_point_to_is_walked_once() -> None:
    one = make_hdf5_of_any_length("full_name", "Zavodila^Orla")[96:]
    many = make_hdf5()[:96] + one * 20_000
    start = time.process_time()

    attributes(many)

    assert time.process_time() - start < 2


def test_a_volume_of_packed_slices_without_a_name_has_none() -> None:
    notes, found = look("head.mnc", make_hdf5(("history", "mnc2mnc -resample 1x1x1")))

    assert notes == ("unknown-format",)
    assert not [one for one in found if one.rule.startswith("echo-")]


@pytest.mark.parametrize("clean", [False, True])
def test_so_is_what_stands_in_front_of_a_packed_private_value(clean: bool) -> None:
    before = b"made by a filter\0\0\0\0" if clean else b"Tamsin Quillbrooke\0\0"
    scan = make_scan(
        PatientName="Quillbrooke^Tamsin",
        private={(0x0099, "TUNING 3", 0x10): ("OB", before + b"".join(SLICES))},
    )
    report = inspect([Entry("IM1", [scan])])

    assert any(one.rule == "echo-name" for one in report.findings) is not clean
