"""A report leaves the page and comes back: in its own field, as JSON, as CSV."""

from __future__ import annotations

import base64
import csv
import io
import json
import zlib
from dataclasses import asdict

import pytest
from pytest_django import Settings

from companion.scans.findings import (
    ReportError,
)
from companion.web.scans.report import keep
from tests.web.scans.report.reports import make_files, make_finding, make_report, make_row


def test_a_page_carries_its_whole_report() -> None:
    report = make_report(
        elements=(make_row(),), files=make_files(2, status="partly-read", notes=("truncated",))
    )
    assert keep.unpack(keep.pack(report)) == report


def test_a_page_that_was_open_before_a_renewal_still_opens() -> None:
    report = make_report(elements=(make_row(), make_row(path="00400275[0].00100010")))
    rows = [asdict(row) for row in report.elements]
    document = json.dumps({"report": report.to_json(), "elements": rows}).encode()
    assert keep.unpack(base64.urlsafe_b64encode(zlib.compress(document)).decode()) == report


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        ("", "damaged"),
        ("é", "damaged"),
        ("AAAA", "damaged"),
        ("QlpoOTFBWSZTWQ==", "damaged"),
        ("eJwDAAAAAAE=", "damaged"),
    ],
)
def test_what_is_not_ours_is_refused(packed: str, code: str) -> None:
    with pytest.raises(ReportError) as refused:
        keep.unpack(packed)
    assert refused.value.code == code


def test_a_small_text_that_unpacks_to_a_huge_one_is_refused(settings: Settings) -> None:
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "report_json_bytes": 10_000}
    report = make_report(*[make_finding(values=["A" * 200]) for _ in range(200)])
    with pytest.raises(ReportError) as refused:
        keep.unpack(keep.pack(report))
    assert refused.value.code == "too-large"


@pytest.mark.parametrize(
    "broken",
    [
        {"path": ["00100010"]},
        {"path": [1], "tag": [""], "vr": ["PN"], "name": ["x"], "values": [[]], "place": ["header"],
         "distinct": [1], "files": [1]},
        {"path": [], "tag": [""], "vr": ["PN"], "name": ["x"], "values": [[]], "place": ["header"],
         "distinct": [1], "files": [1]},
        [], 7, None,
    ],
)  # fmt: skip
def test_a_carried_table_with_other_columns_is_refused(broken: object) -> None:
    document = json.dumps({"report": make_report().to_json(), "columns": broken}).encode()
    with pytest.raises(ReportError):
        keep.unpack(base64.urlsafe_b64encode(zlib.compress(document)).decode())


def test_a_tag_that_is_not_the_end_of_its_path_is_carried_too() -> None:
    rows = (make_row(path="00020010", tag="00020016"), make_row(path="00400275[0].00100010"))
    assert keep.unpack(keep.pack(make_report(elements=rows))).elements == rows


def test_the_saved_json_is_the_contract_and_opens_again() -> None:
    report = make_report(make_finding(), make_finding("study-date", group="when"))
    saved = keep.as_json(report)
    assert json.loads(saved) == report.to_json()
    assert keep.open_saved(saved) == report


@pytest.mark.parametrize(
    "value", ["=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "%0A", "|x"]
)
def test_no_cell_of_the_csv_can_act_as_a_formula(value: str) -> None:
    text = keep.as_csv(make_report(make_finding(values=[value]))).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "|", "%")) for cell in cells)


def test_the_csv_holds_findings_and_elements_and_spells_out_unseen_characters() -> None:
    report = make_report(make_finding(values=["a\u202eb\nc"]), elements=(make_row("Station"),))
    rows = list(csv.DictReader(io.StringIO(keep.as_csv(report).decode("utf-8-sig"))))
    assert [row["table"] for row in rows] == ["finding", "element"]
    assert rows[0]["values"] == "a[U+202E]b[U+000A]c"
    assert rows[1]["name"] == "Station"
