"""Findings as cards: one for each rule, in groups, each text said once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from companion.content import identifiers
from companion.content.identifiers import CERTAINTIES, GROUPS
from companion.content.library import SOURCE
from companion.scans.findings import Finding
from companion.web.scans.report.next_steps import Step, letters, questions
from companion.web.scans.report.readable import Said, said
from companion.web.words import Prose, rule_words

CARDS_AT_MOST = 150
CARDS_AT_ONCE = 1
"""Of a group, beside the short answers on top; twice as many of the first."""
PLACES_AT_MOST = 12
VALUES_AT_MOST = 5
_LONG = 24
"""Characters from which a value that a card above shows already is not shown again."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a thing was found, under one or more names."""

    where: str
    elements: tuple[tuple[str, str], ...]
    """Names and tags; no name on a page whose language is not the standard's own."""
    files: int
    example: str = field(repr=False)
    values: tuple[Said, ...] = field(repr=False)
    more_values: int
    person: str
    """Number of the person whose files these are, where the set holds several."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a finding, and the letters and questions that help."""

    next: Prose
    letters: tuple[Step, ...] = ()
    questions: tuple[Step, ...] = ()
    letter: Step | None = None
    """The one letter that paper has room for."""
    question: Step | None = None
    repeats: bool = False
    """Some of it was left out because the group says it for all of its cards."""

    def __bool__(self) -> bool:
        return bool(self.next or self.letters or self.questions or self.repeats)

    def beyond(self, common: Advice) -> Advice:
        """What this adds to the advice that its group gives already."""
        same_next = self.next == common.next
        same_letters = self.letters == common.letters
        same_questions = self.questions == common.questions
        return Advice(
            next=Prose("") if same_next else self.next,
            letters=() if same_letters else self.letters,
            questions=() if same_questions else self.questions,
            letter=None if self.letter == common.letter else self.letter,
            question=None if self.question == common.question else self.question,
            repeats=bool(self) and (same_next or same_letters or same_questions),
        )


@dataclass(frozen=True, slots=True)
class Card:
    """All findings of one rule."""

    id: str
    group: str
    words: dict[str, Prose]
    certainty: str
    certainty_word: str
    certainty_note: str
    identifying: bool
    files: int
    values: tuple[Said, ...] = field(repr=False)
    more_values: int
    said_above: str
    """Title of the card above that shows these values; ``""`` where this one shows them."""
    places: tuple[Place, ...]
    more_places: int
    advice: Advice

    @property
    def certain(self) -> bool:
        return self.certainty == "certain"

    @property
    def claim(self) -> bool:
        """It is what a file claims about itself, and hides nothing."""
        return self.group == "claims"

    @property
    def elsewhere(self) -> bool:
        """It was found in more than one place."""
        return len(self.places) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The findings about one side of a person."""

    id: str
    title: str
    note: str
    cards: tuple[Card, ...]
    """Each with the advice that it adds to the group's."""
    advice: Advice | None
    """What holds for most of the cards, given once below them. None for a lone card, and
    where each card has advice of its own."""
    standards: tuple[Prose, ...]
    """What the standard asks for, each sentence that no group above gave once."""

    @property
    def first(self) -> tuple[Card, ...]:
        """What the page shows at once; one card more than the fold is no fold."""
        at_once = 2 * CARDS_AT_ONCE if self.id == GROUPS[0] else CARDS_AT_ONCE
        return self.cards if len(self.cards) <= at_once + 1 else self.cards[:at_once]

    @property
    def rest(self) -> tuple[Card, ...]:
        return self.cards[len(self.first) :]


def groups_of(cards: Sequence[Card], words: Any) -> tuple[Group, ...]:
    """All groups, with and without cards, in the order of a report."""
    said_before: set[str] = set()
    found = []
    for name in GROUPS:
        own = tuple(card for card in cards if card.group == name)
        standards = [card.words["standard"] for card in own if card.words["standard"]]
        fresh = [text for text in dict.fromkeys(standards) if text not in said_before]
        said_before.update(fresh)
        found.append(_group(name, own, tuple(fresh), words))
    return tuple(found)


def _group(name: str, own: tuple[Card, ...], standards: tuple[Prose, ...], words: Any) -> Group:
    """The cards of one group, with the advice that most of them share taken out of them."""
    most = Counter(card.advice for card in own).most_common(1)
    common = most[0][0] if most and most[0][1] > 1 else None
    if common is not None:
        own = tuple(replace(card, advice=card.advice.beyond(common)) for card in own)
    title, note = words["groups"][_key(name)], words["group_notes"][_key(name)]
    return Group(name, title, note, own, common, standards)


def cards_of(
    findings: Sequence[Finding],
    words: Any,
    rules: Any,
    language: str,
    people: Mapping[str, str] | None = None,
) -> list[Card]:
    """One card per rule, in the order of groups, then of findings. ``people``: the number of
    each person of the set by id, where there are several."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.group, finding.rule), []).append(finding)
    order = {group: number for number, group in enumerate(GROUPS)}
    pairs = sorted(by_rule.items(), key=lambda pair: order[pair[0][0]])
    shown_in: dict[str, str] = {}
    return [
        _card(rule, group, found, words, rules, language, people or {}, shown_in)
        for (group, rule), found in pairs
    ]


def _card(
    rule: str,
    group: str,
    found: Sequence[Finding],
    words: Any,
    rules: Any,
    language: str,
    people: Mapping[str, str],
    shown_in: dict[str, str],
) -> Card:
    """``shown_in``: long values that cards above show, each with that card's title."""
    own = rule_words(rules[rule]) if rule in rules else _unknown(found[0])
    values = list(dict.fromkeys(value for f in found for value in said(f) if value))
    distinct = max(len(values), *(f.distinct for f in found))
    above = [shown_in[value] for value in values if value in shown_in]
    fresh = [value for value in values if value not in shown_in]
    for value in fresh[:VALUES_AT_MOST]:
        if len(value) >= _LONG:
            shown_in[value] = own["title"]
    certainty = min((f.certainty for f in found), key=CERTAINTIES.index)
    places = _places(found, words, people, language)
    return Card(
        id=rule,
        group=group,
        words=own,
        certainty=certainty,
        certainty_word=words["certainties"][certainty],
        certainty_note=words["certainty_notes"][certainty],
        identifying=any(f.hipaa for f in found),
        files=_files(found),
        values=tuple(fresh[:VALUES_AT_MOST]),
        more_values=max(0, distinct - len(above) - VALUES_AT_MOST),
        said_above=above[0] if above else "",
        places=places[:PLACES_AT_MOST],
        more_places=max(0, len(places) - PLACES_AT_MOST),
        advice=_advice(own["next"], identifiers.rules().get(rule), language),
    )


def _files(found: Iterable[Finding]) -> int:
    """In how many files the findings are: those of one person may share files, those of two
    people do not."""
    most: dict[str, int] = {}
    for finding in found:
        most[finding.person] = max(most.get(finding.person, 0), finding.files)
    shared = most.pop("", 0)
    return max(shared, sum(most.values()))


def _places(
    found: Iterable[Finding], words: Any, people: Mapping[str, str], language: str
) -> tuple[Place, ...]:
    """The places of findings; one that holds the same under two names is one place."""
    merged: dict[tuple[Any, ...], Place] = {}
    for number, finding in enumerate(found):
        tag = finding.tag or ""
        written = f"({tag[:4]},{tag[4:]})" if len(tag) == 8 else tag
        # A place without a tag only has our English name, which ``where`` says already.
        elements = ((finding.name if language == SOURCE else "", written),) if tag else ()
        key = (finding.place, finding.files, finding.person, finding.values or number)
        if key in merged:
            both = dict.fromkeys((*merged[key].elements, *elements))
            merged[key] = replace(merged[key], elements=tuple(both))
            continue
        merged[key] = Place(
            where=words["places"][_key(finding.place)],
            elements=elements,
            files=finding.files,
            example=finding.example,
            values=said(finding)[:VALUES_AT_MOST],
            more_values=max(0, finding.distinct - VALUES_AT_MOST),
            person=people.get(finding.person, ""),
        )
    return tuple(merged.values())


def _advice(following: Prose, rule: identifiers.IdentifierRule | None, language: str) -> Advice:
    helpful = letters(rule.letters, language) if rule else ()
    to_ask = questions(rule.questions, language) if rule else ()
    return Advice(
        next=following,
        letters=helpful,
        questions=to_ask,
        letter=helpful[0] if helpful else None,
        question=to_ask[0] if to_ask else None,
    )


def _unknown(finding: Finding) -> dict[str, Prose]:
    """A rule of another version of this program, in a report that was reopened."""
    empty = dict.fromkeys(("what", "why", "standard", "next"), Prose(""))
    return {"title": Prose(finding.name or finding.rule), **empty}


def _key(name: str) -> str:
    return name.replace("-", "_")
