"""Traces of editing: told where they are, and not where machines have their habits."""

from __future__ import annotations

from typing import Any

import pytest

from companion.receipts import Trace, TraceKind
from companion.receipts.traces import root_of
from tests.receipts.making import make_slice, receipt_of


def traces_of(*slices: dict[str, Any]) -> list[Trace]:
    """Those of slices 1 to n with these elements set."""
    files = {str(n): make_slice(n, **one) for n, one in enumerate(slices, start=1)}
    return list(receipt_of(files).traces)


def kinds_of(*slices: dict[str, Any]) -> list[TraceKind]:
    return [trace.kind for trace in traces_of(*slices)]


def series(count: int, **odd: dict[int, Any]) -> list[dict[str, Any]]:
    """``count`` slices with UIDs of one organisation; ``odd`` by keyword: which slice has what."""
    plain: list[dict[str, Any]] = [
        {"SOPInstanceUID": f"1.2.840.77777.3.{n}", "SeriesInstanceUID": "1.2.840.77777.3"}
        for n in range(1, count + 1)
    ]
    for keyword, values in odd.items():
        for number, value in values.items():
            plain[number - 1][keyword] = value
    return plain


def test_an_ordinary_series_bears_none() -> None:
    assert kinds_of(*series(12)) == []


def test_what_stood_there_before_is_told_with_day_and_system() -> None:
    item = {
        "AttributeModificationDateTime": "20260401",
        "ModifyingSystem": "PACS 4",
        "ModifiedAttributesSequence": [{"PatientName": "Quillfether^Ada"}],
    }
    (trace,) = traces_of({"OriginalAttributesSequence": [item]})
    assert (trace.kind, trace.certainty) == (TraceKind.ORIGINAL_ATTRIBUTES, "certain")
    assert trace.values == ("20260401", "PACS 4")
    assert "PACS" not in repr(trace)


def test_another_machine_that_had_a_part_is_told() -> None:
    item = {"Manufacturer": "Other Works", "ContributionDescription": "smoothed"}
    (trace,) = traces_of({"ContributingEquipmentSequence": [item]})
    assert (trace.kind, trace.values) == (
        TraceKind.CONTRIBUTING_EQUIPMENT,
        ("Other Works", "smoothed"),
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("20260220", False),
        ("20260221", False),
        ("20260301", True),
        ("20250101", False),
        ("x", False),
    ],
)
def test_a_file_written_days_after_the_scan_is_possible_only(written: str, told: bool) -> None:
    found = traces_of({"InstanceCreationDate": written})
    assert [(one.kind, one.certainty) for one in found] == (
        [(TraceKind.WRITTEN_LATER, "possible")] if told else []
    )


def test_two_makers_in_one_series_are_told_and_two_spellings_are_not() -> None:
    assert kinds_of(*series(6, Manufacturer={3: "Other Works"})) == [TraceKind.TWO_MAKERS]
    assert kinds_of(*series(6, Manufacturer={3: "MADE-UP MACHINES Inc."})) == []


def test_two_makers_in_two_series_are_no_trace() -> None:
    one, other = {"SeriesInstanceUID": "1.2.3"}, {"SeriesInstanceUID": "1.2.4"}
    assert kinds_of(one, {**other, "Manufacturer": "Other Works"}) == []


def test_a_gap_in_the_numbers_is_told() -> None:
    plain = series(14)
    kept = plain[:6] + plain[8:]
    files = {str(n): make_slice(n, **one) for n, one in enumerate(plain, start=1) if one in kept}
    (trace,) = receipt_of(files).traces
    assert (trace.kind, trace.certainty, trace.files) == (TraceKind.NUMBER_GAP, "likely", 2)


def test_a_number_twice_is_told_and_numbers_that_all_come_twice_are_not() -> None:
    assert kinds_of(*series(6, InstanceNumber={6: 5})) == [TraceKind.NUMBER_TWICE]
    twice = series(6, InstanceNumber={4: 1, 5: 2, 6: 3})
    assert kinds_of(*twice) == []


def test_the_same_file_twice_is_no_number_twice() -> None:
    data = {str(n): make_slice(n, **one) for n, one in enumerate(series(6), start=1)}
    assert receipt_of({**data, "copy": data["1"]}).traces == ()


def test_a_slice_with_a_number_of_another_organisation_is_told() -> None:
    odd = series(8, SOPInstanceUID={5: "1.3.6.1.4.1.99999.5.1"})
    (trace,) = traces_of(*odd)
    assert (trace.kind, trace.files, trace.example) == (TraceKind.OTHER_ROOT, 1, "5")
    half = series(8, SOPInstanceUID={n: f"1.3.6.1.4.1.99999.5.{n}" for n in (1, 2, 3, 4)})
    assert kinds_of(*half) == []


def test_who_gave_a_number_is_told_by_its_beginning() -> None:
    assert root_of("2.25.123456") == "2.25"
    assert root_of("1.2.840.113619.2.55.3") == "1.2.840.113619.2"
    assert root_of("1.2.3") == ""
