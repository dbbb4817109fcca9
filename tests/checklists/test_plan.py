"""What follows from the answers."""

from __future__ import annotations

import pytest

from companion.checklists import plan, reading
from companion.checklists.answers import Answer, Notes
from companion.checklists.choosing import choose
from companion.content.library import LANGUAGES

CATALOGUE = reading.load()


def make_plan(language: str = "en", **answers: str | Answer) -> plan.Plan:
    notes = Notes(
        answers={
            name: answer if isinstance(answer, Answer) else Answer(answer)
            for name, answer in answers.items()
        }
    )
    return plan.make(CATALOGUE, notes, choose(CATALOGUE, "before", {}), language)


def letter(made: plan.Plan, slug: str) -> plan.NextLetter:
    return next(one for one in made.letters if one.slug == slug)


def test_what_they_could_not_say_opens_the_letter_with_those_questions() -> None:
    made = make_plan(B1="no-answer", B3="unclear", B4="no-answer", F7="clear")
    first = made.letters[0]
    assert first.slug == "data-use-questions"
    assert first.first
    assert [question.id for question in first.questions] == ["B1", "B3", "B4"]
    assert first.questions_text.splitlines() == [
        CATALOGUE.questions[name].text("en").ask for name in ("B1", "B3", "B4")
    ]


def test_a_letter_carries_its_questions_in_the_language_it_is_written_in() -> None:
    made = make_plan("es", B3="unclear")
    assert letter(made, "data-use-questions").questions_text.startswith("¿Se compartirán")


def test_a_clear_answer_leads_to_a_letter_only_if_wished() -> None:
    made = make_plan(F7="clear")
    assert [question.id for question in made.answered] == ["F7"]
    assert not letter(made, "retention-and-deletion").first


def test_a_refusal_leads_to_every_letter_of_the_question() -> None:
    made = make_plan(B13="refused")
    assert {one.slug for one in made.letters if one.first} == {"opt-out", "care-made-conditional"}
    assert [question.id for question in made.warnings] == ["B13"]


def test_a_warning_sign_is_listed_even_with_a_clear_answer() -> None:
    made = make_plan(B4=Answer("clear", heard=True))
    assert [question.id for question in made.warnings] == ["B4"]
    assert letter(made, "get-my-images").first


def test_a_step_is_not_asked_in_writing() -> None:
    made = make_plan(F2="unclear")
    assert letter(made, "data-use-questions").questions_text == ""


def test_without_answers_there_is_only_what_to_ask() -> None:
    made = make_plan()
    assert not made.letters
    assert len(made.not_asked) == len(choose(CATALOGUE, "before", {}))


def test_no_answer_shows_in_a_traceback() -> None:
    assert "questions_text" not in repr(letter(make_plan(B1="no-answer"), "data-use-questions"))


def study(language: str = "en", **facts: str) -> str:
    notes = Notes(facts={name: (value,) for name, value in facts.items()})
    return plan.study(CATALOGUE, notes, language)


def test_a_letter_names_the_scan_as_people_do() -> None:
    assert study(scan="mri", body="head") == "MRI of the head"
    assert study("es", scan="mri", body="head") == "Resonancia magnética de la cabeza"
    assert study(scan="mammogram", body="chest") == "Mammogram"
    assert study(scan="ct") == "CT scan"
    assert study(scan="other", body="back") == "Scan of the back or neck"
    assert study(scan="other") == study() == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_scan_and_part_of_the_body_has_words_for_a_letter(language: str) -> None:
    for scan in CATALOGUE.facts["scan"].values:
        for body in CATALOGUE.facts["body"].values:
            found = study(language, scan=scan, body=body)
            assert "{" not in found
            assert bool(found) == (scan != "other" or body != "other")


def test_who_writes_for_a_patient_leaves_a_gap_for_the_name() -> None:
    def acts_for(who: str) -> str:
        return plan.acts_for(CATALOGUE, Notes(facts={"who": (who,)}), "en")

    assert acts_for("me") == plan.acts_for(CATALOGUE, Notes(), "en") == ""
    assert acts_for("my-child").startswith("_")
    assert acts_for("someone-i-care-for").endswith("for the patient")
