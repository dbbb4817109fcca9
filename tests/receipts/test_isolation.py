"""Receipts and comparisons made in a child process, and what the parent believes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from companion.receipts import Kind, Outcome, Receipt, WhyNot, make_receipt
from companion.receipts.isolation import protocol
from companion.receipts.isolation.protocol import Part, Refusal, RefusedError
from companion.receipts.isolation.sandbox import ReceiptSandbox
from companion.receipts.summing import Compared
from companion.scans.inspection import Entry
from companion.scans.isolation.servers import ChildStoppedError
from companion.scans.limits import Limits
from tests.builders import make_scan, make_zip

OLD, NEW = date(2026, 1, 15), date(2026, 11, 20)
Files = Mapping[str, bytes]


def receipt(files: Files, made_on: date = OLD, **options: Any) -> Receipt:
    entries = (Entry(name, [data]) for name, data in files.items())
    return make_receipt(entries, made_on=made_on, **options)


def give(box: ReceiptSandbox, part: Part, files: Files) -> None:
    for name, data in files.items():
        box.begin(protocol.name_of(part, name))
        box.data(data)
        box.end()


def made(files: Files) -> Receipt:
    with ReceiptSandbox(Limits(), today=NEW, compares=False) as box:
        give(box, Part.NEW, files)
        return box.made()


def compared(old: Files | bytes, new: Files) -> Compared:
    with ReceiptSandbox(Limits(), today=NEW, compares=True) as box:
        if isinstance(old, bytes):
            give(box, Part.RECEIPT, {"receipt.json": old})
        else:
            give(box, Part.OLD, old)
        give(box, Part.NEW, new)
        return box.compared()


def saved(files: Files) -> bytes:
    return json.dumps(receipt(files).to_json()).encode()


def test_the_child_makes_the_receipt_that_is_made_without_it() -> None:
    files = {"CD/a": make_scan(), "CD/b.zip": make_zip({"c": b"words"}), "d": b"more words"}
    assert made(files) == receipt(files, NEW)


def test_names_of_files_that_were_not_read_come_along_and_are_not_in_the_receipt() -> None:
    broken = b"PK\x03\x04" + bytes(40)
    found = made({"CD/broken.zip": broken, "CD/a": b"x"})
    assert [one.name for one in found.unread] == ["CD/broken.zip"]
    assert "broken" not in json.dumps(found.to_json())


def test_a_receipt_is_compared_with_files() -> None:
    old, new = make_scan(PatientName="Roe^Ann"), make_scan(PatientName="Roe^Anna")
    result = compared(saved({"a": old}), {"b": new})
    assert result.from_receipt
    assert result.summary.old_made_on == OLD
    [group] = result.summary.groups
    assert (group.kind, group.files, group.details) == (Kind.DETAILS, 1, ())
    assert not result.summary.both_at_hand


def test_two_sets_of_files_say_which_details_differ() -> None:
    old, new = make_scan(PatientName="Roe^Ann"), make_scan(PatientName="Roe^Anna")
    result = compared({"a": old}, {"b": new})
    assert not result.from_receipt
    [detail] = result.summary.groups[0].details
    assert (detail.name, detail.old, detail.new) == ("PatientName", "Roe^Ann", "Roe^Anna")


def test_the_same_files_are_the_same() -> None:
    files = {"a": make_scan(), "b": b"paper"}
    assert compared(saved(files), files).summary.outcome is Outcome.SAME


def edited(data: bytes) -> bytes:
    document = json.loads(data)
    document["made_on"] = "2020-01-01"
    return json.dumps(document).encode()


def newer(data: bytes) -> bytes:
    return json.dumps(json.loads(data) | {"version": 2}).encode()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (edited, WhyNot.EDITED),
        (newer, WhyNot.NEWER),
        (lambda data: data[:-5], WhyNot.NOT_JSON),
        (lambda data: b"{}", WhyNot.NOT_A_RECEIPT),
        (lambda data: data + b" " * 16_100_000, WhyNot.TOO_LARGE),
    ],
)
def test_a_receipt_that_is_none_is_refused_with_its_reason(spoil: Any, why: WhyNot) -> None:
    with pytest.raises(RefusedError) as refused:
        compared(spoil(saved({"a": b"x"})), {"a": b"x"})
    assert refused.value.why is why


def test_a_missing_part_is_named() -> None:
    with pytest.raises(RefusedError) as refused:
        compared(saved({"a": b"x"}), {})
    assert refused.value.why is Refusal.NOTHING_NEW
    with pytest.raises(RefusedError) as refused:
        compared({}, {"a": b"x"})
    assert refused.value.why is Refusal.NOTHING_OLD


def test_a_part_that_comes_twice_is_refused() -> None:
    with ReceiptSandbox(Limits(), today=NEW, compares=True) as box:
        for part in (Part.OLD, Part.NEW, Part.OLD):
            give(box, part, {"a": b"x"})
        with pytest.raises(RefusedError):
            box.compared()


def test_a_thousand_slices_that_changed_alike_are_one_group() -> None:
    def slices(name: str) -> dict[str, bytes]:
        return {
            f"IM{number}": make_scan(SOPInstanceUID=f"1.2.3.{number}", PatientName=name)
            for number in range(1, 301)
        }

    summary = compared(slices("Roe^Ann"), slices("Roe^Anna")).summary
    [group] = summary.groups
    assert group.files == 300
    assert [(one.name, one.files) for one in group.details] == [("PatientName", 300)]


def test_a_child_that_fails_says_where_and_no_value() -> None:
    with ReceiptSandbox(Limits(), today=NEW, compares=False) as box:
        box.begin("no-such-part/canary")
        box.end()
        with pytest.raises(ChildStoppedError) as stopped:
            box.made()
    assert "canary" not in str(stopped.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"receipt": {}, "unread": [], "signatures": [], "traces": []}',
        b'{"summary": {}, "signatures": [], "traces": [], "from_receipt": 1}',
        b"[" * 100_000,
    ],
)
def test_the_parent_believes_no_answer_of_another_form(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a|Expecting"):
        protocol.unpack_made(body)
    with pytest.raises(ValueError, match=r"not a|Expecting"):
        protocol.unpack_compared(body)


def test_what_is_packed_comes_out_alike() -> None:
    result = compared({"a": make_scan(PatientName="Roe^Ann")}, {"b": make_scan()})
    assert protocol.unpack_compared(protocol.pack_compared(result)) == result


def test_no_value_is_in_what_a_log_would_show() -> None:
    result = compared({"a": make_scan(PatientName="Canary^Ann")}, {"canary": make_scan()})
    assert "anary" not in repr(result)
    assert "anary" not in repr(result.summary.groups)
