"""A short, seeded run of the fuzzer; the long one is ``python -m tests.bench.fuzz``."""

from __future__ import annotations

import warnings

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.scans.inspection import Entry, inspect
from tests.bench.fuzz import BATCH, run
from tests.builders import make_raw_scan


def test_mutants_of_real_files_never_raise_and_always_give_a_reason() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parsers of documents warn of what is broken
        outcome = run(20 * BATCH, seed=7)

    assert outcome.failures == []
    assert outcome.mutants == 20 * BATCH
    assert outcome.slowest < 2


@settings(max_examples=60)
@given(body=st.binary(max_size=400), scan=st.booleans())
def test_any_bytes_are_listed_with_a_status(body: bytes, scan: bool) -> None:
    data = make_raw_scan(body) if scan else body

    report = inspect([Entry("x", [data])])

    record = next(record for record in report.files if record.name == "x")
    assert record.status == "read" or record.notes
