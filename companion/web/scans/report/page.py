"""Joins a ``Report`` with the words of its rules into what the page and the PDF show.

Everything is bounded here, so that a report of ten thousand findings still is a page;
what a bound leaves out is counted, and the page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from companion.content import identifiers
from companion.content.identifiers import CERTAINTIES, GROUPS
from companion.scans.findings import ElementRow, Finding, Report
from companion.web.scans.report import story as stories
from companion.web.scans.report.days import Day, days
from companion.web.scans.report.file_list import FileLine, file_lines
from companion.web.scans.report.letter_facts import LetterFact, letter_facts
from companion.web.scans.report.next_steps import Step, letters, questions
from companion.web.scans.report.readable import Said, said
from companion.web.words import Prose, rule_words, screen

CARDS_AT_MOST = 150
CARDS_AT_ONCE = 2
PLACES_AT_MOST = 12
VALUES_AT_MOST = 5
ROWS_AT_MOST = 1_500
DAYS_AT_MOST = 40
_LETTERS_FOR_ALL = ("opt-out", "data-use-questions", "correct-my-record", "retention-and-deletion")


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a thing was found."""

    where: str
    name: str
    tag: str
    files: int
    example: str = field(repr=False)
    values: tuple[Said, ...] = field(repr=False)
    more_values: int


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

    @property
    def first(self) -> tuple[Card, ...]:
        """What the page shows at once; one card more than the fold is no fold."""
        at_once = 2 * CARDS_AT_ONCE if self.id == GROUPS[0] else CARDS_AT_ONCE
        return self.cards if len(self.cards) <= at_once + 1 else self.cards[:at_once]

    @property
    def rest(self) -> tuple[Card, ...]:
        return self.cards[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Page:
    """What the report page and the report's PDF show."""

    words: dict[str, dict[str, Prose]]
    story: list[SafeString]
    facets: tuple[stories.Facet, ...]
    groups: tuple[Group, ...]
    claims: Group | None
    days: tuple[Day, ...]
    more_days: int
    file_lines: tuple[FileLine, ...]
    more_files: int
    statuses: Counter[str]
    kinds: int
    """Kinds of identifiers found."""
    files: int
    scans: int
    unread: int
    """Files that were read in part or not at all."""
    legible: int
    """Files that were understood at least in part: read, or partly read and of a known kind."""
    more_cards: int
    rows: tuple[ElementRow, ...]
    more_rows: int
    names_are_values: bool
    """File names were findings themselves: they are hidden with the values."""
    letters: tuple[Step, ...]
    facts: tuple[LetterFact, ...]
    edition: str

    @property
    def found(self) -> bool:
        return self.kinds > 0

    @property
    def outcome(self) -> str:
        """``story``, ``hints``, or why there is no story: ``none``, ``none_partly``,
        ``unread`` or ``no_files``, whose words are under ``nothing``."""
        if not self.files and not self.found:
            return "no_files"
        if self.files and not self.legible:
            return "unread"
        if self.found:
            return "story" if self.story else "hints"
        return "none_partly" if self.unread else "none"

    @property
    def headline(self) -> str:
        """The title of a report without a story; ``""`` leaves the page its own."""
        return self.words["nothing"].get(f"{self.outcome}_title", Prose(""))

    @property
    def opening(self) -> list[str]:
        """The sentences under the headline; never "nothing" if a byte was left unread."""
        nothing = self.words["nothing"]
        if self.outcome == "story":
            return list(self.story)
        sentences: list[str] = [] if self.outcome == "hints" else [nothing[self.outcome]]
        if self.found:
            sentences += self.story or [gettext("We found hints only. They may mean nothing.")]
        if self.outcome == "hints" and self.unread:
            sentences.append(nothing["hints_partly"])
        return sentences

    @property
    def pictured(self) -> bool:
        """Whether to draw the picture. For files that nobody could read it would say "none
        found" seven times, which looks like an answer."""
        return self.outcome in {"story", "hints"}

    @property
    def has_values(self) -> bool:
        """Something on the page is hidden until the switch shows it."""
        cards = [card for group in self.groups for card in group.cards]
        return bool(
            any(card.values for card in cards)
            or self.days
            or self.facts
            or (self.names_are_values and self.files)
            or any(row.values for row in self.rows)
        )

    @property
    def filled_groups(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.cards)


def build(report: Report, language: str) -> Page:
    """The page of ``report`` in ``language``."""
    words = screen("report", language)
    rules = identifiers.words(language)
    cards = _cards(report.findings, words, rules, language)
    shown = cards[:CARDS_AT_MOST]
    groups = tuple(_group(name, shown, words) for name in GROUPS)
    found_days = days(report.findings, rules)
    lines, more_files = file_lines(report.files, words, language)
    statuses = Counter(record.status for record in report.files)
    return Page(
        words=words,
        story=stories.story(report.findings, words),
        facets=stories.facets(report.findings, words),
        groups=tuple(group for group in groups if group.id != "claims"),
        claims=next((g for g in groups if g.id == "claims" and g.cards), None),
        days=found_days[:DAYS_AT_MOST],
        more_days=max(0, len(found_days) - DAYS_AT_MOST),
        file_lines=lines,
        more_files=more_files,
        statuses=statuses,
        kinds=len({finding.rule for finding in stories.identifying(report.findings)}),
        files=len(report.files),
        scans=sum(record.kind == "dicom" for record in report.files),
        unread=statuses["partly-read"] + statuses["not-read"],
        legible=sum(
            record.status == "read" or (record.status == "partly-read" and record.kind != "other")
            for record in report.files
        ),
        more_cards=len(cards) - len(shown),
        rows=report.elements[:ROWS_AT_MOST],
        more_rows=max(0, len(report.elements) - ROWS_AT_MOST),
        names_are_values=any(finding.place == "file-name" for finding in report.findings),
        letters=letters(_LETTERS_FOR_ALL, language),
        facts=letter_facts(report),
        edition=report.edition,
    )


def _group(name: str, cards: Sequence[Card], words: Any) -> Group:
    """The cards of one group, with the advice that most of them share taken out of them."""
    own = tuple(card for card in cards if card.group == name)
    most = Counter(card.advice for card in own).most_common(1)
    common = most[0][0] if most and most[0][1] > 1 else None
    if common is not None:
        own = tuple(replace(card, advice=card.advice.beyond(common)) for card in own)
    return Group(name, words["groups"][_key(name)], words["group_notes"][_key(name)], own, common)


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


def _cards(findings: Sequence[Finding], words: Any, rules: Any, language: str) -> list[Card]:
    """One card per rule, in the order of groups, then of findings."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.group, finding.rule), []).append(finding)
    order = {group: number for number, group in enumerate(GROUPS)}
    pairs = sorted(by_rule.items(), key=lambda pair: order[pair[0][0]])
    known = identifiers.rules()
    cards = []
    for (group, rule), found in pairs:
        values = list(dict.fromkeys(value for f in found for value in said(f) if value))
        distinct = max(len(values), *(f.distinct for f in found))
        certainty = min((f.certainty for f in found), key=CERTAINTIES.index)
        own = rule_words(rules[rule]) if rule in rules else _unknown(found[0])
        cards.append(
            Card(
                id=rule,
                group=group,
                words=own,
                certainty=certainty,
                certainty_word=words["certainties"][certainty],
                certainty_note=words["certainty_notes"][certainty],
                identifying=any(f.hipaa for f in found),
                files=max(f.files for f in found),
                values=tuple(values[:VALUES_AT_MOST]),
                more_values=max(0, distinct - VALUES_AT_MOST),
                places=tuple(_place(f, words) for f in found[:PLACES_AT_MOST]),
                more_places=max(0, len(found) - PLACES_AT_MOST),
                advice=_advice(own["next"], known.get(rule), language),
            )
        )
    return cards


def _place(finding: Finding, words: Any) -> Place:
    tag = finding.tag or ""
    return Place(
        where=words["places"][_key(finding.place)],
        # A place without a tag only has our English name, which ``where`` says already.
        name=finding.name if tag else "",
        tag=f"({tag[:4]},{tag[4:]})" if len(tag) == 8 else tag,
        files=finding.files,
        example=finding.example,
        values=said(finding)[:VALUES_AT_MOST],
        more_values=max(0, finding.distinct - VALUES_AT_MOST),
    )


def _unknown(finding: Finding) -> dict[str, Prose]:
    """A rule of another version of this program, in a report that was reopened."""
    empty = dict.fromkeys(("what", "why", "standard", "next"), Prose(""))
    return {"title": Prose(finding.name or finding.rule), **empty}


def _key(name: str) -> str:
    return name.replace("-", "_")
