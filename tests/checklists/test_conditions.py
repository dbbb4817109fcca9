"""The small grammar that decides when a question comes up."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.checklists.conditions import ConditionError, parse

KNOWN = {"body": ("head", "chest"), "worry": ("leaks", "companies"), "research": ("yes", "no")}


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("always", {}, True),
        ("body is head", {"body": ("head",)}, True),
        ("body is head", {"body": ("chest",)}, False),
        ("body is head", {}, False),
        ("worry is leaks", {"worry": ("companies", "leaks")}, True),
        ("not body is head", {}, True),
        ("body is head or worry is leaks", {"worry": ("leaks",)}, True),
        ("body is head and worry is leaks", {"worry": ("leaks",)}, False),
        # "and" binds closer than "or", "not" closer than both.
        ("body is head or body is chest and worry is leaks", {"body": ("head",)}, True),
        ("(body is head or body is chest) and worry is leaks", {"body": ("head",)}, False),
        ("not body is head and worry is leaks", {"worry": ("leaks",)}, True),
        ("not (body is head or worry is leaks)", {"worry": ("leaks",)}, False),
        ("not not always", {}, True),
    ],
)
def test_a_condition_holds(text: str, facts: dict[str, tuple[str, ...]], holds: bool) -> None:
    assert parse(text, KNOWN).holds(facts) is holds


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("mood is low", "'mood' is not a fact"),
        ("body is tail", "'tail' is not a value"),
        ("body head", "comes 'is'"),
        ("body is", "comes 'is'"),
        ("body is head and", "ends too early"),
        ("body is head worry is leaks", "'worry' is not expected"),
        ("(body is head", "is not closed"),
        ("body is head)", "')' is not expected"),
        ("body = head", "'=' has no meaning"),
        ("__import__('os')", "has no meaning"),
        ("not " * 300 + "always", "too long"),
        ("(" * 300 + "always" + ")" * 300, "too long"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(ConditionError, match=why.replace("(", r"\(").replace(")", r"\)")):
        parse(text, KNOWN)


@given(st.text(alphabet="abcdehiklnorsty ()=-", max_size=60))
def test_any_text_is_a_condition_or_is_refused(text: str) -> None:
    with suppress(ConditionError):
        assert parse(text, KNOWN).holds({}) in (True, False)


_leaves = st.sampled_from(["always", "body is head", "worry is leaks", "research is no"])
_conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
    ),
    max_leaves=8,
)


@given(_conditions, st.sets(st.sampled_from(["head", "leaks", "no"])))
def test_conditions_agree_with_python(text: str, told: set[str]) -> None:
    facts = {
        name: (value,)
        for name, value in (("body", "head"), ("worry", "leaks"), ("research", "no"))
        if value in told
    }
    python = text.replace("always", "True")
    for name, value in (("body", "head"), ("worry", "leaks"), ("research", "no")):
        python = python.replace(f"{name} is {value}", str(value in told))
    assert parse(text, KNOWN).holds(facts) is eval(python)
