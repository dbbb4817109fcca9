"""How much work a file may take, where a processor is asked and where work is counted."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.scans import work
from companion.scans.findings import Note, Report
from companion.scans.formats import sqlite_tables
from companion.scans.inspection import Entry, Limits, inspect
from companion.scans.work import Work, did
from tests.builders import make_scan
from tests.scans.hostile import hostile_documents, hostile_scans
from tests.scans.plants.files import make_pdf

SCANS = Path(work.__file__).parent
ASKS_A_CLOCK = re.compile(r"\b(import time|from time import|process_time|perf_counter|monotonic)\b")
OTHER_PROCESSES = ("isolation", "pictures")
"""These run on a server alone, in processes of their own."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work is counted, and whoever asks for a time is refused."""

    def no_clock() -> float:
        raise AssertionError("a clock was asked")

    for name in ("process_time", "thread_time", "perf_counter", "monotonic"):
        monkeypatch.setattr(time, name, no_clock)
    work.count()
    yield
    work.count(counted=False)


def read(name: str, data: bytes, limits: Limits | None = None) -> Report:
    return inspect([Entry(name, [data])], limits)


def notes(report: Report) -> set[str]:
    return {note for record in report.files for note in record.notes}


def test_the_engine_asks_for_time_in_one_place() -> None:
    asking = {
        path.relative_to(SCANS).as_posix()
        for path in SCANS.rglob("*.py")
        if path.relative_to(SCANS).parts[0] not in OTHER_PROCESSES
        and ASKS_A_CLOCK.search(path.read_text("utf-8"))
    }

    assert asking == {"work.py"}


def test_every_kind_of_work_has_its_cost() -> None:
    assert set(work.SECONDS) == set(Work)
    assert min(work.SECONDS.values()) > 0


def test_a_server_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 7.0)

    did(Work.PART, 1_000_000)

    assert work.spent() == 7.0


@pytest.mark.usefixtures("counted")
def test_equal_files_take_equal_work() -> None:
    taken = []
    for _ in range(2):
        before = work.spent()
        read("a.dcm", make_scan(PatientName="Roe^Jo", StudyDescription="Knee"))
        taken.append(round(work.spent() - before, 9))

    assert taken[0] == taken[1] > 0


@pytest.mark.usefixtures("counted")
def test_elements_without_end_are_ended_by_their_number() -> None:
    endless, *_ = hostile_scans()["deflated-items"]

    assert Note.TOOK_TOO_LONG in notes(read("a.dcm", endless))


@pytest.mark.usefixtures("counted")
def test_new_elements_are_ended_by_their_number() -> None:
    many, *_ = hostile_scans()["private-100000"]

    report = read("a.dcm", many, Limits(file_seconds=0.1))

    assert Note.TOOK_TOO_LONG in notes(report)


@pytest.mark.usefixtures("counted")
def test_the_pages_of_a_document_are_ended_by_their_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = make_pdf("Reading of the knee")
    assert Note.DOCUMENT_CUT not in notes(read("a.pdf", page))

    monkeypatch.setitem(work.SECONDS, Work.DRAWN_LETTER, 1.0)

    assert Note.DOCUMENT_CUT in notes(read("a.pdf", page))


@pytest.mark.usefixtures("counted")
def test_a_database_that_never_ends_is_ended_by_its_steps() -> None:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE visits (name TEXT)")
    made.executemany("INSERT INTO visits VALUES (?)", [("Roe",)] * 19_000)
    data = made.serialize()
    assert list(sqlite_tables.read(data))

    with pytest.MonkeyPatch.context() as slow:
        slow.setitem(work.SECONDS, Work.STEP, 1.0)
        with pytest.raises(sqlite_tables.UnfinishedError):
            list(sqlite_tables.read(data))


@pytest.mark.parametrize("name", ["attached-to-itself.pdf", "labels-100000.txt", "deep.eml"])
def test_a_document_made_to_harm_is_read_alike_on_a_processor_and_by_count(name: str) -> None:
    data = hostile_documents()[name]
    asked = read(name, data)
    work.count()
    try:
        counted = read(name, data)
    finally:
        work.count(counted=False)

    assert counted == asked
