"""Values of which only a part is new: what is passed over is counted, nothing is missed."""

from __future__ import annotations

import gzip
import random

import pytest

from companion.scans.dicom.loose_text import LooseText
from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.bench.makers import MAKERS, make_series, make_unlike_study
from tests.builders import make_scan

SLICES = 8


def make_table(number: int, said: bytes = b"") -> bytes:
    """Settings with zeros between, every fourth the slice's own; one of them may be ``said``."""
    fields = [
        b"SliceGain%d = %d.%03d" % (at, at, (number if at % 4 == 0 else 7) * 13) for at in range(40)
    ]
    if said:
        fields.insert(20, said)
    return b"".join(field.ljust(64, b"\0") for field in fields)


def inspect_tables(*tables: bytes) -> Report:
    return inspect(
        Entry(f"IM{at:04}", [make_scan(private={(0x0029, "ACME TABLE", 0x10): ("OB", table)})])
        for at, table in enumerate(tables)
    )


def values_in(report: Report) -> dict[str, int]:
    """Values of private findings, and the files of the finding."""
    private = [one for one in report.findings if one.place == "private"]
    return {value: one.files for one in private for value in one.values}


@pytest.mark.parametrize("at", range(SLICES))
def test_a_name_in_one_slice_of_many_is_found(at: int) -> None:
    said = b"PatientName = Okonkwo"
    report = inspect_tables(*[make_table(n, said if n == at else b"") for n in range(SLICES)])

    # Lines that came together in the first slice are counted together.
    assert values_in(report)["PatientName = Okonkwo"] == (1 if at else SLICES)


@pytest.mark.parametrize(
    "said", ["PatientName = Okonkwo".encode("utf-16-le"), b"\x01\x02\x03PatientName = Okonkwo\xff"]
)
def test_what_all_slices_repeat_is_counted_in_each(said: bytes) -> None:
    report = inspect_tables(*[make_table(number, said) for number in range(SLICES)])

    assert values_in(report)["PatientName = Okonkwo"] == SLICES


def test_what_is_packed_behind_known_parts_is_opened() -> None:
    plain = [make_table(number) for number in range(SLICES)]
    noise = random.Random(4).randbytes(600).hex().encode()
    packed = gzip.compress(b"PatientName = Okonkwo\n" + bytes(500) + noise)

    report = inspect_tables(*plain, make_table(SLICES) + bytes(64) + packed)

    assert "PatientName = Okonkwo" in values_in(report)
    assert {record.status for record in report.files} == {"read"}


@pytest.mark.parametrize("maker", ["unlike", *MAKERS])
def test_a_report_is_the_same_as_if_every_value_was_read_whole(
    maker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices = make_unlike_study(12) if maker == "unlike" else make_series(maker, 12)
    files = list(slices)

    def report() -> Report:
        return inspect(Entry(name, [data]) for name, data in files)

    quick = report()
    monkeypatch.setattr(LooseText, "repeat", lambda *_: None)
    assert quick == report()
