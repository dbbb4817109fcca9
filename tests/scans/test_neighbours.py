"""What one file holds takes no room from the files after it, and costs little."""

from __future__ import annotations

import struct
import time

import pytest

from companion.scans.findings import FileRecord, Place, Report
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits
from tests.builders import make_element, make_raw_scan, make_scan

GOOD = make_scan(
    PatientName="Doe^Jane",
    PatientID="MRN-5538201",
    RequestAttributesSequence={"RequestedProcedureDescription": "CT for Jane Doe"},
)
SAID_OF_GOOD = {"Doe^Jane", "MRN-5538201", "CT for Jane Doe"}
# A slow machine takes two; what grows with the square of its elements takes minutes.
SECONDS = 20.0


def make_private(count: int) -> bytes:
    """That many different private elements, then a name after them."""
    blocks = [make_element(0x00090010, "LO", b"NOISE ")]
    blocks += [
        make_element(
            (0x0009 + 2 * (number // 0xF00)) << 16 | (0x1000 + number % 0xF00),
            "LO",
            b"v%07d" % number,
        )
        for number in range(count)
    ]
    return b"".join(blocks)


def make_sequences(count: int) -> bytes:
    """That many different sequences, each with an item."""
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 16) + make_element(0x00080100, "SH", b"CODE-123")
    return b"".join(
        make_element((0x0009 + 2 * (n // 0xF00)) << 16 | (0x1000 + n % 0xF00), "SQ", item)
        for n in range(count)
    )


def look(*files: bytes) -> Report:
    """The report, on a machine that is never too slow: these files are about room."""
    entries = (Entry(f"{number}.dcm", [data]) for number, data in enumerate(files))
    return inspect(entries, Limits(file_seconds=60))


def values(report: Report) -> set[str]:
    return {value for finding in report.findings for value in finding.values}


def last(report: Report) -> FileRecord:
    return report.files[-1]


@pytest.mark.timed
def test_a_file_of_endless_private_elements_takes_nothing_from_its_neighbour() -> None:
    hostile = make_raw_scan(make_private(100_000))

    start = time.process_time()
    report = look(hostile, GOOD)

    assert time.process_time() - start < SECONDS
    assert report.files[0].status == "partly-read"
    assert "too-many-elements" in report.files[0].notes
    assert last(report).status == "read"
    assert values(report) >= SAID_OF_GOOD


def test_a_name_after_endless_private_elements_is_found() -> None:
    block = make_element(0x00410010, "LO", b"ACME")
    name = make_element(0x00440010, "LO", b"x ") + make_element(0x40080010, "PN", b"Doe^Jane")
    hostile = make_raw_scan(make_private(50_000) + block + name)

    report = look(hostile)

    assert "Doe^Jane" in values(report)
    assert last(report).status == "partly-read"


def test_many_such_files_leave_room_for_what_the_standard_defines() -> None:
    hostile = [
        make_raw_scan(make_private(30_000).replace(b"NOISE ", b"NOISE%d" % number))
        for number in range(6)
    ]

    report = look(*hostile, GOOD)

    assert values(report) >= {"Doe^Jane", "MRN-5538201"}


def test_endless_different_sequences_take_nothing_from_a_neighbour() -> None:
    report = look(make_raw_scan(make_sequences(25_000)), GOOD)

    assert report.files[0].status == "partly-read"
    assert last(report).status == "read"
    assert values(report) >= SAID_OF_GOOD


def test_endless_long_values_take_nothing_from_a_neighbour() -> None:
    inventory = Inventory(max_text=100_000)
    inventory.begin("hostile")
    for number in range(50):
        element = inventory.element(f"0009{number:04X}", Place.PRIVATE, "", "", "UT", "")
        assert element is not None
        inventory.observe(element, f"{number:09}" * 1_000)
    cut = inventory.incomplete()
    inventory.begin("good")
    name = inventory.element("00100010", Place.HEADER, "00100010", "00100010", "PN", "PatientName")
    assert name is not None
    inventory.observe(name, "Doe^Jane")

    assert cut
    assert inventory.incomplete() == cut
    assert list(name.values) == ["Doe^Jane"]


def test_a_value_of_the_scan_itself_finds_room_where_there_is_none() -> None:
    inventory = Inventory(max_values=0)
    inventory.begin("good")
    name = inventory.element("00100010", Place.HEADER, "00100010", "00100010", "PN", "PatientName")
    assert name is not None
    inventory.observe(name, "Doe^Jane")

    assert list(name.values) == ["Doe^Jane"]


def test_text_found_in_one_file_leaves_room_for_the_text_of_the_next() -> None:
    inventory = Inventory(max_text=10_000, max_passages=100)
    for name in ("many", "long"):
        inventory.begin(name)
        for number in range(100):
            inventory.add_text(
                Place.OTHER_FILE, "text", f"{number} {name}" * (name == "long" or 50)
            )
    inventory.begin("good")

    assert inventory.add_text(Place.OTHER_FILE, "text", "Report for Kovalenko Anna")


def test_a_place_counts_each_file_once_however_often_it_says_so() -> None:
    private = b"\0\0".join(b"name%d KOVALENKO x" % number for number in range(12))
    data = make_scan(
        PatientName="KOVALENKO^ANNA",
    )
    at = data.index(struct.pack("<HH", 0x0010, 0x0010) + b"PN")
    before = make_element(0x00090010, "LO", b"ACME")
    before += make_element(0x00091001, "OB", private + b"\0" * (len(private) % 2))
    data = data[:at] + before + data[at:]

    findings = look(data).findings

    assert any(finding.rule == "echo-name" for finding in findings)
    assert {finding.files for finding in findings} == {1}, findings


def test_files_are_counted_over_equal_and_different_texts() -> None:
    files = [f"Kovalenko Anna, visit {number // 2}".encode() for number in range(10)]
    scan = make_scan(PatientName="KOVALENKO^ANNA")

    report = inspect(Entry(f"{number}", [data]) for number, data in enumerate([scan, *files]))

    (echo,) = [finding for finding in report.findings if finding.rule == "echo-name"]
    assert (echo.distinct, echo.files) == (5, 10)
