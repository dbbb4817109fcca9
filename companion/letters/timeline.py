"""The days of a letter in words, for the page, the patient's sheet and the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from companion.content.untranslated import alike
from companion.letters.case import Case
from companion.letters.rights import Milestone

_OWN_LIMIT = ("yours", "yours-passed", "yours-after")


@dataclass(frozen=True, slots=True)
class Point:
    """A day on the timeline, in words."""

    milestone: Milestone
    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points, in their order, and what to know about them."""

    points: tuple[Point, ...]
    note: str
    """A sentence about the deadline rule, or nothing."""
    date_words: tuple[str, ...]
    """Whether the days are an estimate, and what comes after them."""


def timeline(case: Case) -> Timeline:
    """The timeline in the language of the case; it has no points for a slip."""
    return Timeline(
        points=tuple(Point(one, _words(case, one), _when(case, one)) for one in case.milestones),
        note=_note(case),
        date_words=_date_words(case.shared["cover"], {one.kind for one in case.milestones}),
    )


def _words(case: Case, milestone: Milestone) -> str:
    words = case.shared["timeline"][milestone.kind]
    if milestone.kind != "yours-passed" or case.rule is None:
        return words
    return alike(f"{words} {case.rule.passed.get(case.language, '')}".strip(), words)


def _when(case: Case, milestone: Milestone) -> str:
    first = case.say(milestone.when.first)
    if milestone.when.exact:
        return first
    last = case.say(milestone.when.last)
    return case.shared["timeline"]["between"].format(**{"from": first, "to": last})


def _note(case: Case) -> str:
    """What to know about the rule; for a limit of the patient's own, once its day is known."""
    if case.rule is None:
        return ""
    if case.rule.yours and not any(one.kind in _OWN_LIMIT for one in case.milestones):
        return ""
    return case.rule.note.get(case.language, "")


def _date_words(cover: Mapping[str, str], kinds: set[str]) -> tuple[str, ...]:
    answers = [kind for kind in ("due", "due-ask", "confirm") if kind in kinds]
    found = [cover["estimate"]] if answers and "arrives" in kinds else []
    found += [cover[f"overdue-{kind}"] for kind in answers]
    if kinds & {"yours", "yours-after"}:
        found.append(cover["own-limit"])
    return tuple(found)
