"""Which questions a patient is shown, and in which order."""

from __future__ import annotations

from companion.checklists.catalogue import Catalogue, Question
from companion.checklists.conditions import Facts

FEWEST = 5
MOST = 12


def every(catalogue: Catalogue, slug: str, facts: Facts | None = None) -> tuple[Question, ...]:
    """All questions that can stand on a checklist: the must-asks, then what goes first
    by what the patient said, then the visit's order."""
    found = [question for question in catalogue.questions.values() if slug in question.when]
    return _ordered(catalogue, slug, found, facts or {})


def choose(catalogue: Catalogue, slug: str, facts: Facts) -> tuple[Question, ...]:
    """Five to twelve questions of a checklist that fit what the patient said.

    A question comes up when its condition holds; where too many do, those of the
    greatest weight stay; where too few do, the weightiest others fill the list, its own
    before those of other checklists.
    """
    candidates = sorted(every(catalogue, slug), key=lambda question: -question.weight)
    chosen = [question for question in candidates if question.when[slug].holds(facts)][:MOST]
    for question in sorted(candidates, key=lambda question: question.checklist != slug):
        if len(chosen) >= FEWEST:
            break
        if question not in chosen:
            chosen.append(question)
    return _ordered(catalogue, slug, chosen, facts)


def _ordered(
    catalogue: Catalogue, slug: str, found: list[Question], facts: Facts
) -> tuple[Question, ...]:
    place = {question_id: number for number, question_id in enumerate(catalogue.questions)}
    # A question of another checklist (a face question asked at the desk) stands
    # before the visit's own steps, as it is asked while there is still a choice.
    return tuple(
        sorted(
            found,
            key=lambda question: (
                not question.must,
                -question.weight if question.must else 0,
                question.first is None or not question.first.holds(facts),
                question.checklist == slug,
                place[question.id],
            ),
        )
    )
