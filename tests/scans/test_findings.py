"""The report's JSON: written and read back, and nothing taken on trust."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfWriter

from companion.scans import saved_report
from companion.scans.findings import (
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    FileRecord,
    Kind,
    Report,
    ReportError,
    Status,
    cut_values,
)
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan


def test_a_report_reads_back_as_it_was_written() -> None:
    report = _report()

    back = saved_report.read(json.dumps(report.to_json()))

    assert back.files == report.files
    assert back.findings == report.findings
    assert back.edition == report.edition


def test_how_much_was_looked_at_is_said_of_files_with_pictures_alone() -> None:
    plain = FileRecord("a", Kind.DICOM, Status.READ)
    seen = replace(plain, name="b", frames=40, frames_looked_at=3)

    document = Report(files=(plain, seen), findings=()).to_json()

    assert "frames" not in document["files"][0]
    assert document["files"][1]["frames_looked_at"] == 3
    assert saved_report.read(json.dumps(document)).files == (plain, seen)


def test_notes_are_sentences_in_json_and_codes_again_afterwards() -> None:
    report = _report()
    half = next(record for record in report.files if record.name == "half")

    written = json.dumps(report.to_json())

    assert "truncated" in half.notes
    assert '"truncated"' not in written
    assert half in saved_report.read(written).files


def test_a_scan_that_ends_early_says_how_much_of_it_is_there() -> None:
    whole = make_scan(Rows=64, Columns=64, PixelData=bytes(8_192))
    cut = whole[: len(whole) - 1_000]

    report = inspect([Entry("whole", [whole]), Entry("cut", [cut])])
    back = saved_report.read(json.dumps(report.to_json()))

    assert [(file.size, file.expected_size) for file in back.files] == [
        (0, 0),
        (len(cut), len(whole)),
    ]
    assert "expected_size" not in report.to_json()["files"][0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[]", "not-a-report"),
        (b'{"format": "other"}', "not-a-report"),
        (b'{"format": "companion-report", "version": 2}', "wrong-version"),
        (b'{"format": "companion-report", "version": 1}', "damaged"),
        (b" " * 2_000, "too-large"),
    ],
)
def test_what_is_no_report_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReportError) as refused:
        saved_report.read(data, max_bytes=200_000 if code == "not-json" else 1_000)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("findings", "group", "nonsense"),
        ("findings", "place", 7),
        ("findings", "certainty", None),
        ("findings", "hipaa", "AB"),
        ("findings", "values", "Doe"),
        ("findings", "values", ["x"] * (MAX_VALUES + 1)),
        ("findings", "values", ["x" * (MAX_VALUE_LENGTH + 1)]),
        ("findings", "distinct", -1),
        ("findings", "files", True),
        ("findings", "name", "x" * 2_000),
        ("findings", "tag", "00100010X"),
        ("files", "status", "fine"),
        ("files", "kind", "virus"),
        ("files", "notes", [1]),
        ("files", "name", None),
    ],
)
def test_a_report_that_somebody_changed_is_refused(where: str, key: str, value: object) -> None:
    document = _report().to_json()
    document[where][0][key] = value

    with pytest.raises(ReportError):
        saved_report.read(json.dumps(document))


def test_values_are_cut_in_number_and_length() -> None:
    cut = cut_values("x" * 500 for _ in range(50))

    assert len(cut) == MAX_VALUES
    assert {len(value) for value in cut} == {MAX_VALUE_LENGTH}


def test_no_value_is_in_a_report_s_repr() -> None:
    assert "Doe" not in repr(_report())


def _report() -> Report:
    scan = make_scan(PatientName="Doe^Jane")
    return inspect([Entry("Doe.dcm", [scan]), Entry("half", [scan[:-10]])])


def test_a_locked_document_says_that_it_has_a_password() -> None:
    file = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)

    report = inspect([Entry("locked.pdf", [file.getvalue()])])

    assert report.files[0].notes == ("password",)
    assert report.files[0].status == "not-read"
