"""What a printed page holds, before it is a page."""

from __future__ import annotations

import pytest

from companion.checklists import paper, reading
from companion.checklists.answers import Answer, Notes

CATALOGUE = reading.load()


def test_a_sheet_holds_the_list_that_fits_the_patient() -> None:
    sheet = paper.sheet(CATALOGUE, "before", ["en"], {"body": ("head",)})
    assert "B22" in [row.id for row in sheet.rows]
    assert all(row.sides[0][2].count("☐") == 5 for row in sheet.rows)
    assert sheet.care_first.texts[0][1].startswith("Do not delay or skip a scan you need")


@pytest.mark.parametrize("slug", list(CATALOGUE.checklists))
def test_both_languages_stand_in_every_row(slug: str) -> None:
    sheet = paper.sheet(CATALOGUE, slug, ["es", "en"], everything=True)
    assert len(sheet.rows) >= len(CATALOGUE.checklists[slug].questions)
    for row in sheet.rows:
        assert [language for language, _ in row.texts] == ["es", "en"]
        assert row.texts[0][1] != row.texts[1][1]


def test_the_wallet_card_holds_the_five_and_the_consent_sentence() -> None:
    card = paper.card(CATALOGUE, "en")
    assert len(card.questions) == 5
    assert card.consent == (
        "I consent to the scan ordered for my care. I do not consent to sharing my images with "
        "external companies, or to their use for training AI products, research or commercial "
        "purposes. This does not limit use needed for my own treatment. Please keep this page "
        "with my record and give me a copy."
    )


def test_the_answer_sheet_holds_only_what_was_answered() -> None:
    notes = Notes(answers={"F7": Answer("clear", "Seven years"), "B1": Answer("no-answer")})
    rows = paper.answer_rows(CATALOGUE, notes, ["en"])
    assert [item.row.id for item in rows] == ["B1", "F7"]
    assert rows[1].note == "Seven years"
    assert "Seven" not in repr(rows)
