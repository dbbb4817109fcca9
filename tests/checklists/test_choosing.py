"""Which questions come up for whom."""

from __future__ import annotations

import itertools

import pytest

from companion.checklists import reading
from companion.checklists.choosing import FEWEST, MOST, choose, every

CATALOGUE = reading.load()
SLUGS = tuple(CATALOGUE.checklists)
MUSTS = ["B1", "B3", "B11", "F7", "B8"]


def ids(slug: str, **facts: str) -> list[str]:
    told = {name: tuple(values.split()) for name, values in facts.items()}
    return [question.id for question in choose(CATALOGUE, slug, told)]


def test_before_the_scan_the_five_must_asks_come_first() -> None:
    assert ids("before")[:5] == MUSTS


def test_after_them_the_questions_stand_in_the_order_of_the_visit() -> None:
    rest = ids("before", worry="ai-training companies consent")[5:]
    places = [list(CATALOGUE.questions).index(name) for name in rest]
    assert places == sorted(places)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_list_is_five_to_twelve_questions_whatever_is_told(slug: str) -> None:
    facts = CATALOGUE.facts
    for scan, body, who, research in itertools.product(
        facts["scan"].values, facts["body"].values, facts["who"].values, facts["research"].values
    ):
        found = ids(slug, scan=scan, body=body, who=who, research=research)
        assert FEWEST <= len(found) <= MOST
        assert len(set(found)) == len(found)
    for worries in itertools.combinations(facts["worry"].values, 3):
        assert FEWEST <= len(ids(slug, worry=" ".join(worries))) <= MOST
    for wrong in itertools.combinations(facts["wrong"].values, 3):
        assert FEWEST <= len(ids(slug, wrong=" ".join(wrong))) <= MOST


@pytest.mark.parametrize("slug", ["before", "at-the-appointment"])
def test_the_kind_of_scan_brings_up_its_question(slug: str) -> None:
    everything_else = {"worry": "ai-training companies consent"}
    assert "B22" not in ids(slug)
    assert "B22" in ids(slug, body="head", **everything_else)
    assert "B24" not in ids(slug, who="me")
    assert "B24" in ids(slug, who="my-child", **everything_else)
    assert "B24" in ids(slug, who="someone-i-care-for", **everything_else)
    assert "F7" in ids(slug, scan="mammogram", **everything_else)
    assert "B11" in ids(slug, research="yes", **everything_else)


def test_research_brings_up_who_approved_it() -> None:
    assert "B21" not in ids("before")
    assert "B21" in ids("before", research="yes")
    assert "B21" in ids("before", research="not-sure")


def test_what_is_wrong_decides_what_to_do_first() -> None:
    assert {"W1", "W2", "W3"} <= set(ids("something-is-wrong", wrong="breach"))
    assert {"W4", "W5"} <= set(ids("something-is-wrong", wrong="tampering"))
    assert "W8" in ids("something-is-wrong", wrong="re-identified")


def test_what_is_wrong_stands_on_top_and_each_case_has_its_own_list() -> None:
    tops = {
        "breach": "W1", "mix-up": "W6", "snooping": "W7", "tampering": "W4",
        "re-identified": "W8", "refused": "W9", "no-answer": "F11", "fraud": "W10",
        "not-sure": "W6",
    }  # fmt: skip
    lists = {case: ids("something-is-wrong", wrong=case) for case in tops}
    assert {case: found[0] for case, found in lists.items()} == tops
    assert sorted(tops) == sorted(CATALOGUE.facts["wrong"].values)
    untold = set(ids("something-is-wrong"))
    assert [case for case, found in lists.items() if set(found) == untold] == []
    assert len({tuple(sorted(found)) for found in lists.values()}) == len(lists)


def test_who_was_refused_gets_who_to_ask_next_and_not_a_breach_list() -> None:
    assert ids("something-is-wrong", wrong="refused") == ["W9", "B13", "B18", "F10", "F11"]


@pytest.mark.parametrize("slug", SLUGS)
def test_show_all_holds_every_question_of_the_checklist(slug: str) -> None:
    shown = {question.id for question in every(CATALOGUE, slug)}
    assert {question.id for question in CATALOGUE.checklists[slug].questions} <= shown


def test_every_question_can_come_up_by_itself() -> None:
    """No condition of the files is one that never holds."""
    facts = CATALOGUE.facts
    single = [{fact.id: (value,)} for fact in facts.values() for value in fact.values]
    for question in CATALOGUE.questions.values():
        for slug, condition in question.when.items():
            assert any(condition.holds(told) for told in single), (
                question.id,
                slug,
            )
