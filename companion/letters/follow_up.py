"""A letter about an earlier one: what may be said of the first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from companion.letters import rights
from companion.letters.case import Case
from companion.letters.grammar import Answer
from companion.letters.spec import TO_HOSPITAL


def with_first_letter(case: Case) -> Mapping[str, Answer]:
    """The answers, with what follows for this letter from the one before.

    The names are those of ``spec.DERIVED_CHOICES``, which conditions ask about. A
    reminder may state only what is true of the first letter: which rule timed it, if
    any, and whether the day has passed when the reminder goes out.
    """
    answers = dict(case.facts.answers)
    if case.wait:
        over = rights.due(*case.wait, case.jurisdiction).due < case.sent
        answers["waited"] = "yes" if over else "no"
    if case.follows_up:
        answers |= _of_first_letter(case)
        if case.first_letter is None:
            answers.pop("original", None)
    return MappingProxyType(answers)


def _of_first_letter(case: Case) -> dict[str, Answer]:
    first, due = case.first_letter, case.facts.date("original_due")
    if first is None:
        known: dict[str, Answer] = {"first_due": "asked"} if due else {}
        return {**known, "first_to": "" if case.names_regulator else "hospital"}
    found: dict[str, Answer] = {
        "first_to": "hospital" if case.addressee in TO_HOSPITAL else case.addressee
    }
    name = case.rule_of(first)
    rule = case.jurisdiction.rules[name] if name else None
    if rule is None or rule.yours:
        return {**found, "first_due": "asked"} if due else found
    found["first_rule"] = name
    if due:
        state = "passed" if due < case.sent else "ahead"
        found["first_due"] = f"confirm-{state}" if rule.confirms else state
    return found
