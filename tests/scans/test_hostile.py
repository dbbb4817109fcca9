"""Files made to harm cost little, are recognised, and spoil nothing around them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from companion.scans.findings import FileRecord, Report
from companion.scans.isolation.sandbox import Sandbox, warm
from companion.scans.limits import Limits
from tests.builders import make_scan, make_zip
from tests.scans.hostile import (
    hostile_archives,
    hostile_documents,
    hostile_files,
    hostile_packings,
    hostile_scans,
    hostile_values,
)

SECONDS = 2.0
MEGABYTES = 150
SLACK = 1.5
"""What other programs on the same processors may add to processor time."""
HANGS = 30.0
"""Wall seconds that mean a hang; below that, waiting for a processor is no fault."""

SCANS = hostile_scans() | hostile_packings()
FILES, ARCHIVES = hostile_files(), hostile_archives()
LONG = hostile_documents() | hostile_values()
"""A file of which only part was read says so; which part, is told by each reader's own tests."""


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


@pytest.mark.parametrize("name", [*SCANS, *FILES])
def test_a_hostile_file_gets_a_note_in_time_and_its_neighbours_are_read(name: str) -> None:
    data, status, note = (SCANS | FILES)[name]

    record = _only(_inspect_between_good_ones(name, data), name)

    assert record.status == status
    assert note is None or note in record.notes
    assert status == "read" or record.notes


@pytest.mark.parametrize("name", list(LONG))
def test_a_document_or_value_beyond_measure_costs_little(name: str) -> None:
    record = _only(_inspect_between_good_ones(name, LONG[name]), name)

    assert record.status == "read" or record.notes


@pytest.mark.parametrize("name", list(ARCHIVES))
def test_a_hostile_archive_gets_a_note_in_time_and_its_neighbours_are_read(name: str) -> None:
    data, note = ARCHIVES[name]

    report = _inspect_between_good_ones(f"{name}.zip", data)

    notes = {note for record in report.files for note in record.notes}
    assert note is None or note in notes
    archive = _only(report, f"{name}.zip")
    assert archive.kind == "archive"


def test_an_encrypted_entry_does_not_hide_the_next() -> None:
    data, _ = ARCHIVES["encrypted"]

    report = _inspect_between_good_ones("x.zip", data)

    statuses = {record.name: record.status for record in report.files}
    assert statuses["x.zip/a.dcm"] == "not-read"
    assert statuses["x.zip/b.dcm"] == "read"


def test_entries_before_the_cut_of_a_truncated_zip_are_reported() -> None:
    whole = make_zip({"a.dcm": make_scan(), "b.dcm": make_scan(), "c.dcm": make_scan()})

    report = _inspect_between_good_ones("x.zip", whole[: len(whole) // 2])

    assert _only(report, "x.zip/a.dcm").status == "read"
    assert "zip-truncated" in _only(report, "x.zip").notes


def test_a_stored_stream_says_to_unzip_it() -> None:
    data, _ = ARCHIVES["stored-stream"]

    report = _inspect_between_good_ones("x.zip", data)

    assert _only(report, "x.zip").notes == ("zip-not-streamable",)


def _inspect_between_good_ones(name: str, data: bytes) -> Report:
    """Inspect ``data`` between two ordinary scans, within the bounds of one file."""
    good = make_scan(PatientName="Roe^Ann")
    with Sandbox(Limits()) as box:
        _give(box, "before", good)
        with _watching(box.pid) as (peak, used):
            start = time.perf_counter()
            _give(box, name, data)
            _give(box, "after", good)
            report = box.finish()
            seconds = time.perf_counter() - start
    assert used() < SECONDS * SLACK
    assert seconds < HANGS
    assert peak() < MEGABYTES
    assert _only(report, "before").status == "read"
    assert _only(report, "after").status == "read"
    assert "Roe^Ann" in _values(report, "PatientName")
    return report


def _give(box: Sandbox, name: str, data: bytes) -> None:
    box.begin(name)
    box.data(data)
    box.end()


def _only(report: Report, name: str) -> FileRecord:
    (record,) = [record for record in report.files if record.name == name]
    return record


def _values(report: Report, keyword: str) -> Iterable[str]:
    return {value for row in report.elements if row.name == keyword for value in row.values}


@contextmanager
def _watching(pid: int) -> Iterator[tuple[Callable[[], int], Callable[[], float]]]:
    """The growth of a process's peak memory, in megabytes, and its processor seconds."""
    seen, spent = [_peak(pid)], [_processor(pid)]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            try:
                seen.append(_peak(pid))
                spent.append(_processor(pid))
            except OSError:
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: max(seen) - seen[0], lambda: max(spent) - spent[0]
    finally:
        ended.set()
        watcher.join()


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    for line in status.splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0
