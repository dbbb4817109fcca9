"""The letter grammar: two constructs, and errors instead of blanks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.content.library import ContentError
from companion.letters.grammar import Answer, Block, Situation, Vocabulary, parse

VOCABULARY = Vocabulary(
    options={"name": (), "scans": (), "way": ("portal", "disc"), "past": ("yes", "no")},
    derived=frozenset({"today"}),
    jurisdictions=frozenset({"us", "us-ca", "eu"}),
    laws=frozenset({"us.access"}),
)


def fill(text: str, family: tuple[str, ...] = ("us",), **answers: Answer) -> tuple[Block, ...]:
    situation = Situation(
        family=family,
        answers=answers,
        shown={**answers, "today": "today"},
        citation=lambda name: f"<{name}>",
        gap="____",
    )
    return parse(text, VOCABULARY, file="letter/en.md", section="A").fill(situation)


def say(text: str, family: tuple[str, ...] = ("us",), **answers: Answer) -> str:
    """The filled text, blocks parted by a bar and items by a slash."""
    return "|".join(
        "/".join("".join(run.text for run in line) for line in block.lines)
        for block in fill(text, family, **answers)
    )


def refuse(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse(text, VOCABULARY, file="letter/en.md", section="A")
    assert caught.value.field == "A"
    return caught.value.why


def test_a_field_prints_what_was_typed() -> None:
    assert say("I am {name}.", name="Ana") == "I am Ana."


def test_a_field_without_an_answer_prints_a_gap_that_shows() -> None:
    (block,) = fill("I am {name}.")
    assert [run.text for run in block.lines[0] if run.gap] == ["____"]


def test_a_paragraph_that_is_only_an_unanswered_field_is_left_out() -> None:
    assert say("One.\n\n{scans}\n\nTwo.") == "One.|Two."


def test_lines_that_stand_alone_become_a_list() -> None:
    (first, second) = fill("These:\n\n{scans}", scans=("CT", "MR"))
    assert (first.kind, second.kind) == ("paragraph", "list")
    assert len(second.lines) == 2


def test_lines_within_a_sentence_are_joined() -> None:
    assert say("I mean {scans}.", scans=("CT", "MR")) == "I mean CT; MR."


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        ("us", {}, True),
        ("eu", {}, False),
        ("eu or us", {}, True),
        ("not eu", {}, True),
        ("not us", {}, False),
        ("us-ca", {}, False),
        ("has name", {"name": "x"}, True),
        ("has name", {}, False),
        ("no name", {}, True),
        ("way is disc", {"way": "disc"}, True),
        ("way is disc", {"way": ("portal", "disc")}, True),
        ("way is disc", {"way": "portal"}, False),
        ("way is not disc", {}, True),
        ("past is yes", {"past": "yes"}, True),
        ("past is no", {}, True),
        ("us, has name", {"name": "x"}, True),
        ("eu, has name", {"name": "x"}, False),
    ],
)
def test_a_condition_prints_its_text_only_when_it_holds(
    condition: str, answers: dict[str, Any], holds: bool
) -> None:
    assert say(f"[{condition}> yes]", **answers) == ("yes" if holds else "")


def test_a_place_counts_for_all_below_it() -> None:
    assert say("[us> yes]", family=("us-ca", "us")) == "yes"


def test_conditions_may_span_paragraphs_and_hold_conditions() -> None:
    text = "[us> One.\n\n[has name> Two {name}.]\n\nThree.]"
    assert say(text, name="Ana") == "One.|Two Ana.|Three."
    assert say(text) == "One.|Three."


def test_numbers_go_on_without_the_items_that_came_out_empty() -> None:
    (block,) = fill("1. [eu> One.]\n2. Two.\n3. [has name> Three.]\n4. Four.")
    assert (block.kind, block.start, len(block.lines)) == ("numbers", 1, 2)


def test_a_law_entry_prints_its_citation_and_is_named() -> None:
    (block,) = fill("I may ({law us.access}).")
    assert say("I may ({law us.access}).") == "I may (<us.access>)."
    assert list(block.laws()) == ["us.access"]


def test_links_are_not_conditions() -> None:
    assert say("See [the law](https://example.org).") == "See [the law](https://example.org)."


def test_bold_stays_bold_around_a_field() -> None:
    (block,) = fill("**Tell {name} now.** Thanks.", name="Ana")
    assert [(run.text, run.bold) for run in block.lines[0]] == [
        ("Tell ", True),
        ("Ana", True),
        (" now.", True),
        (" Thanks.", False),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{nome}", "there is no field 'nome'"),
        ("{law us.nothing}", "there is no law entry us.nothing"),
        ("[xx> text]", "there is no place 'xx'"),
        ("[has nome> text]", "there is no field 'nome'"),
        ("[way is boat> text]", "way has no option 'boat'"),
        ("[us eu> text]", "the condition 'us eu' is not understood"),
        ("[has today> text]", "there is no field 'today'"),
        ("[us> text", "a [condition> without its ]"),
        ("{name", "a { without its }"),
        ("name}", "a } without its {"),
    ],
)
def test_what_nobody_defined_is_an_error_and_not_a_blank(text: str, why: str) -> None:
    assert refuse(text) == why


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Co"]), min_size=1))
def test_what_a_person_types_is_never_read_as_grammar(typed: str) -> None:
    (block,) = fill("I say: {name}.", name=typed)
    assert "".join(run.text for run in block.lines[0]) == f"I say: {typed}."


@given(st.text(alphabet="{}[]<>- 1.*#us\n hasnme|", max_size=60))
def test_any_text_is_parsed_or_refused_and_never_breaks(text: str) -> None:
    try:
        template = parse(text, VOCABULARY, file="letter/en.md", section="A")
    except ContentError:
        return
    template.fill(Situation(("us",), {}, {}, str))
