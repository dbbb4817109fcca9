"""What can only be searched for loose text never looks as if it had been read."""

from __future__ import annotations

import gzip
import random
import sqlite3
import time
from collections.abc import Iterable
from typing import Any

import pytest

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan, make_zip
from tests.scans.plants.files import make_pdf

NOISE = random.Random(5).randbytes(6_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCUMENT = "1.2.840.10008.5.1.4.1.1.104.1"


def look(**files: bytes) -> Report:
    return inspect(Entry(name, [data]) for name, data in files.items())


def make_enclosed(document: bytes, mime: str) -> bytes:
    return make_scan(
        SOPClassUID=DOCUMENT,
        Modality="DOC",
        MIMETypeOfEncapsulatedDocument=mime,
        EncapsulatedDocument=document + b"\0" * (len(document) % 2),
        Rows=None,
        Columns=None,
        PixelData=None,
    )


def make_database(*statements: str, values: Iterable[Any] = ()) -> bytes:
    database = sqlite3.connect(":memory:")
    for statement in statements:
        database.execute(statement)
    for table, row in values:
        marks = ", ".join("?" * len(row))
        database.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    database.commit()
    data = database.serialize()
    database.close()
    return data


def places_of(report: Report, text: str) -> set[str]:
    """Places of the findings that say ``text``."""
    return {
        finding.place
        for finding in report.findings
        if any(text.casefold() in value.casefold() for value in finding.values)
    }


@pytest.mark.parametrize(
    ("document", "mime"),
    [
        (NOISE[:3_000] + b"Patient name Quornley lives here" + NOISE[3_000:], "application/pdf"),
        (NOISE + b"Patient name Quornley lives here", "application/octet-stream"),
        (OLE + "Dear Mrs Quornley".encode("utf-16-le") + bytes(300), "application/msword"),
        (b"MZ\x90\0" + NOISE + b"Licensed to Quornley Clinic", "application/octet-stream"),
    ],
    ids=["no pdf", "binary", "ole", "program"],
)
def test_a_document_inside_that_cannot_be_read_is_said_and_searched(
    document: bytes, mime: str
) -> None:
    report = look(scan=make_enclosed(document, mime))

    assert report.files[0].status == "partly-read"
    assert "inside-unknown" in report.files[0].notes
    assert "document" in places_of(report, "Quornley")


@pytest.mark.parametrize(
    "document", [b"", make_pdf("Quornley"), b"solid x\nendsolid\n", b"<a>Quornley</a>"]
)
def test_a_document_inside_that_can_be_read_is_read(document: bytes) -> None:
    assert look(scan=make_enclosed(document, "application/pdf")).files[0].notes == ()


@pytest.mark.parametrize(
    "document",
    [
        gzip.compress(b"Patient name Quornley"),
        make_zip({"x.txt": b"Patient name Quornley"}),
        make_zip({"Quornley.txt": b"nothing"}),
    ],
    ids=["gzip", "zip", "zip name"],
)
def test_a_packed_document_inside_is_opened_and_read(document: bytes) -> None:
    report = look(scan=make_enclosed(document, "application/octet-stream"))

    assert (report.files[0].status, report.files[0].notes) == ("read", ())
    assert places_of(report, "Quornley") == {"document"}


def test_chance_writes_no_text() -> None:
    report = look(scan=make_enclosed(NOISE, "application/pdf"))

    (said,) = [finding for finding in report.findings if finding.place == "document"]
    assert said.values == ("other",)


def test_the_columns_of_a_database_are_told_apart() -> None:
    data = make_database(
        "CREATE TABLE patient (PatientName TEXT, PatientID TEXT, birth TEXT)",
        values=[("patient", ("QUORNLEY^BEATRIX", "4477123", "19610314"))],
    )

    report = look(scan=make_scan(), viewer_db=data)

    assert report.files[1].status == "read"
    (said,) = [finding for finding in report.findings if finding.rule == "other-file-details"]
    assert said.name == "database table patient"
    assert set(said.values) == {
        "PatientName: QUORNLEY^BEATRIX", "PatientID: 4477123", "birth: 19610314",
    }  # fmt: skip


def test_a_short_name_in_a_database_is_known_by_its_column() -> None:
    data = make_database("CREATE TABLE p (name TEXT, kind TEXT)", values=[("p", ("Li^Na", "CT"))])

    assert places_of(look(db=data), "Li^Na") == {"other-file"}
    assert not places_of(look(db=data), "CT")


def test_a_database_that_kept_a_journal_beside_it_is_read() -> None:
    data = bytearray(make_database("CREATE TABLE p (name)", values=[("p", ("Quornley",))]))
    data[18:20] = b"\2\2"

    report = look(db=bytes(data))

    assert report.files[0].status == "read"
    assert places_of(report, "name: Quornley")


@pytest.mark.parametrize(
    "data",
    [
        make_database("CREATE TABLE p (x)", values=[("p", (NOISE,))]),
        make_database("CREATE TABLE p (x)", values=[("p", ("Quornley",))] * 2_000)[:20_000],
        make_database("CREATE TABLE p (x)", values=[("p", ("x" * 5_000,))]),
    ],
    ids=["more than text", "cut", "long"],
)
def test_a_database_that_was_not_read_as_a_whole_says_so(data: bytes) -> None:
    assert look(db=data).files[0].status == "partly-read"


def test_an_endless_query_of_a_database_ends() -> None:
    data = make_database(
        "CREATE TABLE p (x)",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 15000)"
        " INSERT INTO p SELECT x FROM n",
        "ALTER TABLE p ADD COLUMN y AS (length(hex(zeroblob(7000000 + x))))",
    )

    start = time.process_time()
    report = look(db=data)

    assert report.files[0].status == "partly-read"
    assert time.process_time() - start < 20


def test_an_old_office_file_is_searched_and_says_so() -> None:
    letter = OLE + "Dear Mrs Quornley, born 14.03.1961".encode("utf-16-le") + bytes(600)

    report = inspect([Entry("letter.doc", [letter])])

    assert report.files[0].status == "partly-read"
    assert report.files[0].notes == ("text-only",)
    assert places_of(report, "Quornley") == {"other-file"}


def test_a_program_is_partly_read_and_a_plain_script_is_read() -> None:
    report = look(exe=b"MZ\x90\0" + NOISE, inf=b"#!/bin/sh\nopen=viewer.exe\n")

    assert [record.status for record in report.files] == ["partly-read", "read"]
    assert report.files[0].notes == ("text-only",)


def test_a_document_that_is_too_long_says_so() -> None:
    report = look(text=b"word word\n" * 250_000)

    assert report.files[0].status == "partly-read"
    assert "document-cut" in report.files[0].notes
