"""The list of makers and products: read, checked, matched as whole words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from companion.content import ai_makers
from companion.content.library import ContentError

ENTRY = """[sources]
a = "b"
[[maker]]
name = "One"
forms = [{forms}]
checked = {day}
source = "a"
"""
PRODUCT = """[[product]]
name = "P"
maker = "M"
does = "result"
forms = ["ppp"]
checked = 2026-11-28
source = "a"
"""


@pytest.fixture
def make_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ai-makers.toml"
    monkeypatch.setattr(ai_makers, "FILE", path)
    return path


@pytest.mark.parametrize("name", ai_makers.names(), ids=lambda name: name.name)
def test_every_form_finds_its_name(name: ai_makers.Name) -> None:
    for form in name.forms:
        assert name in list(ai_makers.find(f"x {form.upper()}, y"))


@pytest.mark.parametrize("name", ai_makers.names(), ids=lambda name: name.name)
def test_no_form_counts_inside_a_word(name: ai_makers.Name) -> None:
    for form in name.forms:
        assert name not in list(ai_makers.find(f"x{form}y"))


def test_every_name_was_checked_on_a_day_against_a_source() -> None:
    assert all(name.checked >= date(2026, 11, 1) and name.source for name in ai_makers.names())


@pytest.mark.parametrize(
    ("forms", "day", "why"),
    [('"Lunit"', "2026-11-28", "lower case"), ('"ai"', "2026-11-28", "short"),
     ('"lunit"', '"soon"', "checked")],
)  # fmt: skip
def test_a_faulty_entry_is_refused(make_list: Path, forms: str, day: str, why: str) -> None:
    make_list.write_text(ENTRY.format(forms=forms, day=day) + PRODUCT, encoding="utf-8")

    with pytest.raises(ContentError, match=why):
        ai_makers.names.__wrapped__()


def test_one_form_for_two_names_is_refused(make_list: Path) -> None:
    entry = ENTRY.format(forms='"lunit"', day="2026-11-28")
    second = entry.split("\n", 2)[2].replace("One", "Two")
    make_list.write_text(f"{entry}{second}{PRODUCT}", encoding="utf-8")

    with pytest.raises(ContentError, match="shares the form"):
        ai_makers.names.__wrapped__()
