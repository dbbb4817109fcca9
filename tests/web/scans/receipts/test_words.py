"""Every code that a comparison can bear has its words, in every language of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import pytest

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.receipts import (
    Kind,
    Mark,
    Outcome,
    Receipt,
    SignatureCheck,
    Trace,
    TraceKind,
    Trust,
    Verdict,
    WhyNot,
)
from companion.receipts.clinical import About
from companion.receipts.isolation.protocol import Refusal
from companion.scans.findings import Certainty
from companion.web.scans.receipts.page import Statement, receipt_context


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("passage", "codes", "endings"),
    [
        ("kinds", Kind, ("", "-one", "-many")),
        ("letter", Kind, ("",)),
        ("marks", Mark, ("",)),
        ("outcome", Outcome, ("", "-title", "-files")),
        ("about", About, ("",)),
        ("traces", TraceKind, ("",)),
        ("traces", Certainty, ("",)),
        ("signatures", Verdict, ("",)),
        ("errors", WhyNot, ("",)),
        ("errors", Refusal, ("",)),
    ],
)
def test_every_code_has_words(
    language: str, passage: str, codes: Iterable[StrEnum], endings: tuple[str, ...]
) -> None:
    words = screens.read("receipts", language)[passage]
    wanted = {f"{code}{ending}" for code in codes for ending in endings}
    assert wanted - set(words) == set()


def test_a_signature_says_over_what_by_whom_and_since_when() -> None:
    check = SignatureCheck(
        Verdict.VALID,
        Trust.ISSUED,
        signer="CN=Machine 7",
        issuer="CN=Authority",
        signed_on="20260102030405",
        valid_from=date(2025, 5, 1),
        valid_until=date(2027, 5, 1),
        covers_picture=True,
        elements=40,
        names=("PatientName",),
        unsigned=3,
        time_stamp=True,
    )
    said = sentences_of(check)
    receipt = Receipt(date(2026, 1, 1), (), signatures=(check,))
    assert statements(receipt, "signatures")[0].values == ("PatientName",)
    for words in (
        "It matches",
        "It covers the picture.",
        "It does not cover your name, number and birth date.",
        "It covers 40 entries and leaves out 3.",
        "By: CN=Machine 7",
        "Signed on Jan. 2, 2026",
        "The key was issued by CN=Authority. We did not check that.",
        "The key is valid from May 1, 2025 to May 1, 2027.",
        "We did not check that.",
    ):
        assert words in said


def test_a_signature_of_which_nothing_is_known_is_said_to_cover_nothing() -> None:
    said = sentences_of(SignatureCheck(Verdict.INCOMPLETE))
    assert "cover" not in said
    assert "A part of it is missing." in said


def test_missing_pictures_are_not_counted_as_files_that_are_there() -> None:
    receipt = Receipt(
        date(2026, 1, 1),
        (),
        traces=(Trace(TraceKind.NUMBER_GAP, Certainty.LIKELY, 3),),
    )
    assert "Missing: 3" in statements(receipt, "traces")[0].sentences[0]


def test_a_trace_says_its_days_as_people_write_them_and_names_a_file() -> None:
    trace = Trace(
        TraceKind.COERCED,
        Certainty.CERTAIN,
        1,
        ("20260102030405.000000", "ARCHIVE7"),
        example="CD/IM1",
    )
    said = statements(Receipt(date(2026, 1, 1), (), traces=(trace,)), "traces")[0]
    assert said.values == ("Jan. 2, 2026", "ARCHIVE7")
    assert said.example == "CD/IM1"


def sentences_of(check: SignatureCheck) -> str:
    """All that a page says of one signature."""
    receipt = Receipt(date(2026, 1, 1), (), signatures=(check,))
    return " ".join(statements(receipt, "signatures")[0].sentences)


def statements(receipt: Receipt, part: str) -> list[Statement]:
    """The statements in one part of a receipt's page."""
    found = receipt_context(receipt, "en")[part]
    assert isinstance(found, list)
    return found
