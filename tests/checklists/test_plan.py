"""What follows from the answers."""

from __future__ import annotations

from companion.checklists import plan, reading
from companion.checklists.answers import Answer, Notes
from companion.checklists.choosing import choose

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
    assert first.carried.splitlines() == [
        CATALOGUE.questions[name].text("en").ask for name in ("B1", "B3", "B4")
    ]


def test_a_letter_carries_its_questions_in_the_page_s_language() -> None:
    made = make_plan("es", B3="unclear")
    assert letter(made, "data-use-questions").carried.startswith("¿Se compartirán")


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
    assert letter(made, "data-use-questions").carried == ""


def test_without_answers_there_is_only_what_to_ask() -> None:
    made = make_plan()
    assert not made.letters
    assert len(made.not_asked) == len(choose(CATALOGUE, "before", {}))


def test_no_answer_shows_in_a_traceback() -> None:
    assert "carried" not in repr(letter(make_plan(B1="no-answer"), "data-use-questions"))
