"""A letter about an earlier one: who gets it, and what may be said of the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from companion.content.law import DeadlineRule, Jurisdiction
from companion.letters import rights
from companion.letters.catalogue import Catalogue, Spec
from companion.letters.facts import Facts
from companion.letters.grammar import Answer
from companion.letters.spec import TO_HOSPITAL


def addressee(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, answers: Mapping[str, object]
) -> str:
    """Who gets a letter, as named in the shared words.

    A letter about a first one, such as a reminder, goes to whoever got the first.
    """
    first = _first(catalogue, spec, jurisdiction, answers)
    if first is None:
        return spec.goes_to(jurisdiction, answers)
    return (
        "regulator" if is_regulator(jurisdiction, answers) else first.goes_to(jurisdiction, answers)
    )


def is_regulator(jurisdiction: Jurisdiction, answers: Mapping[str, object]) -> bool:
    """Whether the recipient named is the place's regulator."""
    names = jurisdiction.regulator.name.values() if jurisdiction.regulator else ()
    return _text(answers.get("recipient_name")) in names


def _text(answer: object) -> str:
    return answer if isinstance(answer, str) else "".join(map(str, answer or ()))  # type: ignore[call-overload]


def _first(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, answers: Mapping[str, object]
) -> Spec | None:
    """The letter that a follow-up names, if it asks for one and there is one in the place."""
    if "original" not in {one.id for one in spec.fields}:
        return None
    first = catalogue.letters.get(_text(answers.get("original")))
    return first if first and first.offered_in(jurisdiction) else None


def wait_of(
    spec: Spec, jurisdiction: Jurisdiction, facts: Facts
) -> tuple[DeadlineRule, date] | None:
    """The time that the organisation has first, and the day from which it counts."""
    name, start = jurisdiction.nearest(spec.wait), facts.date("original_date")
    return (jurisdiction.rules[name], start) if name and start else None


def with_first_letter(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, facts: Facts, sent: date
) -> Mapping[str, Answer]:
    """The answers, with what follows for this letter from the one before.

    A reminder may state only what is true of the first letter: which rule timed it, if
    any, and if the day has passed when the reminder goes out.
    """
    answers = dict(facts.answers)
    if wait := wait_of(spec, jurisdiction, facts):
        answers["waited"] = "yes" if rights.due(*wait, jurisdiction).due < sent else "no"
    if "original" not in {one.id for one in spec.fields}:
        return MappingProxyType(answers)
    first, due = _first(catalogue, spec, jurisdiction, answers), facts.date("original_due")
    if first is None:
        answers.pop("original", None)
        answers.update({"first_due": "asked"} if due else {})
        who = "" if is_regulator(jurisdiction, answers) else "hospital"
        return MappingProxyType({**answers, "first_to": who})
    who = addressee(catalogue, spec, jurisdiction, answers)
    name = first.rule_for(jurisdiction, who)
    rule = jurisdiction.rules[name] if name else None
    answers["first_to"] = "hospital" if who in TO_HOSPITAL else who
    if rule and not rule.yours:
        answers["first_rule"] = name
    if due and (rule is None or rule.yours):
        answers["first_due"] = "asked"
    elif due and rule:
        state = "passed" if due < sent else "ahead"
        answers["first_due"] = f"confirm-{state}" if rule.confirms else state
    return MappingProxyType(answers)
