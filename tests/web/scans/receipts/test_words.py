"""Every code that a comparison can bear has its words, in every language of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import pytest

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.receipts import Kind, Mark, Outcome, TraceKind, Verdict, WhyNot
from companion.receipts.clinical import About
from companion.receipts.isolation.protocol import Refusal
from companion.scans.findings import Certainty


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
