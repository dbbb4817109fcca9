"""What stands below a greeting goes on from it, as the language and the country have it."""

from __future__ import annotations

from typing import Any

import pytest

from companion.content import law
from companion.letters.catalogue import catalogue
from companion.letters.grammar import Block, Run
from companion.letters.greeting import after_greeting
from companion.letters.letter import Letter, compose
from companion.letters.text import to_text
from tests.letters.builders import REFERENCE, make_case, make_letter

WRITERS: list[dict[str, Any]] = [
    {},
    {"relation": "child", "representative": "Eva Roth, Mutter", "birth_date": "2019-01-02"},
    {"relation": "adult", "representative": "Eva Roth, Betreuerin"},
    {"relation": "died", "representative": "Eva Roth, Tochter"},
]

# Nouns and the formal address: capital also after a comma.
CAPITAL_ANYWHERE = {"Sie", "Ihr", "Ihre", "Aufnahmen", "Patienten"}


def first_word(letter: Letter) -> str:
    run = letter.opening[0].lines[0][0]
    return run.text.split(maxsplit=1)[0]


@pytest.mark.parametrize("place", ["eu-de", "eu-at", "us", "uk-eng"])
@pytest.mark.parametrize("slug", sorted(catalogue().letters))
def test_every_german_letter_goes_on_in_small_letters_after_the_comma(
    slug: str, place: str
) -> None:
    if not catalogue().letters[slug].offered_in(law.jurisdiction(place)):
        pytest.skip("not offered there")
    for writer in WRITERS:
        letter = compose(make_case(slug, place, "de", **writer), REFERENCE)
        if letter.is_slip or not letter.opening:
            continue
        assert letter.frame["dear"].endswith(",")
        word = first_word(letter)
        assert word[0].islower() or word in CAPITAL_ANYWHERE, word


def test_a_swiss_letter_has_no_comma_and_begins_with_a_capital() -> None:
    text = to_text(make_letter("get-my-images", "ch", "de"))
    assert "\n\nSehr geehrte Damen und Herren\n\nIch bitte um eine Kopie" in text


def test_a_slip_greets_nobody_and_begins_with_a_capital() -> None:
    slip = make_letter("consent-addendum", "eu-de", "de", recipient_address=None)
    assert slip.is_slip
    assert slip.opening[0].lines[0][0].text.startswith("Ich willige in die Untersuchung ein")


def test_other_languages_begin_with_a_capital() -> None:
    for language, begins in (("fr", "Je "), ("en", "I "), ("es", "Solicito")):
        letter = make_letter("get-my-images", "eu", language)
        assert letter.opening[0].lines[0][0].text.startswith(begins)


def test_what_a_person_typed_stays_as_it_is() -> None:
    typed = (Block("paragraph", ((Run("Ich", typed=True),),)),)
    assert after_greeting("Guten Tag,", typed, "de") == typed


def test_a_list_or_nothing_below_a_greeting_stays_as_it_is() -> None:
    blocks = (Block("list", ((Run("Ich bitte"),),)),)
    assert after_greeting("Guten Tag,", blocks, "de") == blocks
    assert after_greeting("Guten Tag,", (), "de") == ()


def test_the_sentence_of_a_reminder_in_the_calendar_goes_on_from_its_greeting_too() -> None:
    german = make_letter("get-my-images", "eu-de", "de").timeline_words["ics-reminder"]
    assert german.startswith("Sehr geehrte Damen und Herren,\n\nich habe")
    swiss = make_letter("get-my-images", "ch", "de").timeline_words["ics-reminder"]
    assert swiss.startswith("Sehr geehrte Damen und Herren\n\nIch habe")
