"""A letter to fill in by hand: blanks for names and dates in every form that it is printed in."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import pytest
from django.template.loader import render_to_string

from companion.content import law
from companion.letters import samples
from companion.letters.blank import DATE_BLANK, blank_letter
from companion.letters.catalogue import catalogue
from companion.letters.letter import Letter
from companion.letters.text import to_text
from companion.letters.word import to_docx
from tests.letters.builders import TODAY, make_letter, make_spec

RULED = '<span class="blank-date">&nbsp;</span>'


def make_blank(
    slug: str = "get-my-images",
    jurisdiction: str = "us",
    language: str = "en",
    today: date = TODAY,
) -> Letter:
    home = law.jurisdiction(jurisdiction)
    return blank_letter(catalogue(), make_spec(slug), home, language=language, today=today)


def page_of(letter: Letter) -> str:
    if letter.is_slip:
        return render_to_string("letters/_slip.html", {"letter": letter, "level": 1})
    return render_to_string("letters/_letter.html", {"letter": letter, "level": 1})


def test_its_dates_are_lines_to_write_on_in_every_output() -> None:
    letter = make_blank()
    page = page_of(letter)
    assert f'<p class="dated">{RULED}</p>' in page
    assert f'<p class="lead">Please answer by {RULED} and tell me:</p>' in page
    word = [one.text for one in docx.Document(io.BytesIO(to_docx(letter))).paragraphs]
    for said in (to_text(letter).splitlines(), word):
        assert DATE_BLANK in said
        assert f"Please answer by {DATE_BLANK} and tell me:" in said


def test_a_date_of_the_law_is_printed() -> None:
    """When the law was checked does not follow from when the letter is sent."""
    assert make_blank().marks == make_letter().marks


def test_a_blank_letter_reads_the_same_whatever_the_day_is() -> None:
    later = TODAY + timedelta(days=45)
    for spec, jurisdiction, language, _ in samples.every(catalogue(), ("patient",)):
        texts = {
            to_text(make_blank(spec.slug, jurisdiction.id, language, today))
            for today in (TODAY, later)
        }
        assert len(texts) == 1, (spec.slug, jurisdiction.id, language)


def test_its_title_is_its_name_and_it_has_no_reference() -> None:
    letter = make_blank("opt-out")
    assert letter.title == letter.name
    assert letter.reference == ""


@pytest.mark.parametrize("slug", ["get-my-images", "consent-addendum"])
def test_nothing_in_it_was_typed_by_anybody(slug: str) -> None:
    assert make_blank(slug).identifiers == ()
    assert RULED in page_of(make_blank(slug))
