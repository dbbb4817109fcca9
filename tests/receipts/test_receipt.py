"""The receipt: what is in it, what never is, and how it is read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from companion.receipts import (
    FileKind,
    Lack,
    Outcome,
    Receipt,
    ReceiptError,
    WhyNot,
    compare,
    make_receipt,
    read_receipt,
)
from companion.receipts.code import code_svg, code_text
from companion.receipts.receipt import MOST_BYTES, check
from companion.scans.inspection import CutOff, Entry
from companion.scans.limits import Limits
from tests.builders import make_scan, make_zip
from tests.receipts.making import KEPT_ON, make_series, make_slice, receipt_of

TELLING: dict[str, Any] = {
    "PatientName": "Quillfeather^Ada",
    "InstitutionName": "Hollowmere Infirmary",
    "PatientComments": "afraid of the dark",
}


def test_a_receipt_holds_no_name_no_value_and_no_file_name() -> None:
    receipt = receipt_of({"Quillfeather/IM1": make_slice(**TELLING)}, details=True)
    text = json.dumps(receipt.to_json()) + repr(receipt) + str(receipt.files)
    for value in (
        "uillfeather",
        "QF-20417",
        "19710304",
        "20260220",
        "Hollowmere",
        "afraid",
        "Head",
    ):
        assert value not in text


def test_words_in_the_place_of_a_uid_stay_out() -> None:
    receipt = receipt_of(make_scan(StudyInstanceUID="Quillfeather.1", SeriesInstanceUID="1.2"))
    assert (receipt.files[0].study, receipt.files[0].series) == ("", "1.2")


def test_a_receipt_is_read_back_as_it_was() -> None:
    receipt = receipt_of({**make_series(), "a.txt": b"paper", "b": b""})
    again = read_receipt(json.dumps(receipt.to_json()))
    assert again == receipt
    assert again.made_on == KEPT_ON
    assert again.to_json() == receipt.to_json()


def test_the_one_hash_is_what_anybody_can_work_out() -> None:
    files = make_series()
    sums = sorted(hashlib.sha256(data).hexdigest() for data in files.values())
    lines = "".join(f"{one}\n" for one in sums)
    assert receipt_of(files).set_hash == hashlib.sha256(lines.encode()).hexdigest()


def test_the_one_hash_does_not_change_with_names_order_and_packing() -> None:
    files = make_series()
    renamed = {f"x{name}": data for name, data in reversed(files.items())}
    zipped = {"cd.zip": make_zip(files)}
    assert len({receipt_of(one).set_hash for one in (files, renamed, zipped)}) == 1


def test_the_code_holds_the_one_hash_and_nothing_else() -> None:
    receipt = receipt_of(make_series())
    assert code_text(receipt) == f"companion-receipt:1:{receipt.set_hash}"
    svg = code_svg(receipt, title="Fingerprint")
    assert svg.startswith("<svg")
    assert "<title>Fingerprint</title>" in svg
    assert "style=" not in svg
    assert "Quill" not in svg


def document(**changes: Any) -> dict[str, Any]:
    """A receipt as JSON, with fields set anew and ``check`` made to fit."""
    made = {**receipt_of(make_series(2)).to_json(), **changes}
    made["check"] = check(made)
    return made


def why_not(data: bytes | str) -> WhyNot:
    """Why something cannot be read as a receipt."""
    with pytest.raises(ReceiptError) as raised:
        read_receipt(data)
    assert str(raised.value) == raised.value.why
    return raised.value.why


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", WhyNot.NOT_JSON),
        (b"\xff\xfe", WhyNot.NOT_JSON),
        ("[" * 100_000, WhyNot.NOT_JSON),
        ('{"format": NaN}', WhyNot.NOT_JSON),
        ("[]", WhyNot.NOT_A_RECEIPT),
        ('{"format": "companion-report", "version": 1}', WhyNot.NOT_A_RECEIPT),
        (json.dumps(document(version=2)), WhyNot.NEWER),
        (json.dumps(document(version="1")), WhyNot.DAMAGED),
        (json.dumps(document(made_on="yesterday")), WhyNot.DAMAGED),
        (json.dumps(document(files={})), WhyNot.DAMAGED),
        (json.dumps(document(files=[{"file": "<b>"}])), WhyNot.DAMAGED),
        (json.dumps(document(counts=None)), WhyNot.DAMAGED),
        (json.dumps(document(set="0" * 64)), WhyNot.EDITED),
        (" " * (MOST_BYTES + 1), WhyNot.TOO_LARGE),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_receipt_is_refused_with_a_reason(data: bytes | str, why: WhyNot) -> None:
    assert why_not(data) is why


def set_day(receipt: dict[str, Any]) -> None:
    receipt["made_on"] = "2020-01-01"


def set_points(receipt: dict[str, Any]) -> None:
    receipt["files"][0]["points"] = "0" * 64


def leave_out_a_file(receipt: dict[str, Any]) -> None:
    receipt["files"].pop()


def add_a_key(receipt: dict[str, Any]) -> None:
    receipt["note"] = "seen"


@pytest.mark.parametrize("edit", [set_day, set_points, leave_out_a_file, add_a_key])
def test_a_receipt_that_was_edited_is_told(edit: Callable[[dict[str, Any]], None]) -> None:
    made = receipt_of(make_series(3)).to_json()
    edit(made)
    assert why_not(json.dumps(made)) is WhyNot.EDITED


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", -1), ("size", True), ("kind", "ghost"), ("study", "Quillfeather"),
        ("number", 1.5), ("header", "0"), ("lossy", 1), ("lacks", ["nothing"]), ("lacks", [[]]),
        ("program", "surely"), ("file", None), ("frames", 2**60),
    ],
)  # fmt: skip
def test_a_field_that_is_not_what_it_should_be_is_told(key: str, value: object) -> None:
    rows = receipt_of(make_series(1)).to_json()["files"]
    assert why_not(json.dumps(document(files=[{**rows[0], key: value}]))) is WhyNot.DAMAGED


def test_keys_of_a_later_receipt_are_passed_over() -> None:
    rows = receipt_of(make_series(1)).to_json()["files"]
    later = document(files=[{**rows[0], "colour": "blue"}], weather="fine")
    later["set"] = receipt_of(make_series(1)).set_hash
    later["check"] = check(later)
    assert len(read_receipt(json.dumps(later)).files) == 1


# --- files that are not as they should be -----------------------------------------------


def test_a_file_that_is_no_scan_has_its_own_fingerprint_only() -> None:
    (row,) = receipt_of({"a.pdf": b"%PDF-1.7 paper"}).files
    assert (row.kind, row.header, row.points) == (FileKind.OTHER, "", "")
    assert row.file == hashlib.sha256(b"%PDF-1.7 paper").hexdigest()


def entries_that_end(*chunks: bytes) -> list[Entry]:
    """A file whose upload broke off after these chunks."""

    def body() -> Any:
        yield from chunks
        raise CutOff

    return [Entry("cut", body())]


def make(entries: list[Entry], **options: Any) -> Receipt:
    """The receipt of entries."""
    return make_receipt(entries, made_on=KEPT_ON, **options)


def test_a_file_that_was_cut_off_says_so() -> None:
    data = make_slice()
    (row,) = make(entries_that_end(data[:900])).files
    assert Lack.FILE_CUT in row.lacks
    assert make(entries_that_end()).not_read == 1


def test_a_file_longer_than_what_is_held_has_its_own_fingerprint() -> None:
    data = make_slice()
    (row,) = receipt_of(data, held_bytes=500).files
    assert row.file == hashlib.sha256(data).hexdigest()
    assert (row.kind, row.lacks, row.header) == (FileKind.SCAN, (Lack.TOO_LARGE,), "")


def test_chunks_of_any_size_make_the_same_receipt() -> None:
    data = make_slice()
    pieces = [Entry("x", [data[at : at + 7] for at in range(0, len(data), 7)])]
    assert make(pieces) == receipt_of(data)


def test_an_archive_that_cannot_be_opened_is_named_and_counted() -> None:
    whole = make_zip(make_series(2))
    receipt = receipt_of({"cd.zip": whole[: len(whole) * 3 // 4]})
    assert "cd.zip" in {one.name for one in receipt.unread}
    assert receipt.not_read == len(receipt.unread)
    assert receipt.to_json()["counts"]["not_read"] == receipt.not_read
    assert "cd.zip" not in json.dumps(receipt.to_json())


def test_more_files_than_allowed_are_told() -> None:
    receipt = receipt_of(make_series(5), limits=Limits(files=3))
    assert (len(receipt.files), receipt.not_read) == (3, 1)


def test_the_day_is_that_of_whoever_makes_the_receipt() -> None:
    assert receipt_of(make_slice(), date(2031, 5, 6)).to_json()["made_on"] == "2031-05-06"


def test_nothing_and_nothing_are_not_called_the_same() -> None:
    nothing = Receipt(date(2026, 1, 1), ())
    assert compare(nothing, nothing).outcome is Outcome.NOT_ALL_COMPARED
