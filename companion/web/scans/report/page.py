"""Joins a ``Report`` with the words of its rules into what the page and the PDF show.

Everything is bounded here, so that a report of ten thousand findings still is a page;
what a bound leaves out is counted, and the page says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from companion.content import identifiers
from companion.scans.findings import Report
from companion.web.scans.report import people, unread
from companion.web.scans.report.ai import AiPart, ai_part
from companion.web.scans.report.answers import Answer, answers
from companion.web.scans.report.cards import CARDS_AT_MOST, Group, cards_of, groups_of
from companion.web.scans.report.chosen import identifying, settled
from companion.web.scans.report.days import Day, days
from companion.web.scans.report.documents import Document, documents
from companion.web.scans.report.figure import Facet, body_part, facets
from companion.web.scans.report.file_list import FileLine, file_lines
from companion.web.scans.report.letter_facts import LetterFact, letter_facts
from companion.web.scans.report.next_steps import Step, letters
from companion.web.scans.report.opening import opening
from companion.web.scans.report.people import PersonReport
from companion.web.scans.report.pictures import PicturesPart, pictures_part
from companion.web.scans.report.readable import Row, rows
from companion.web.scans.report.unread import Share, Unread
from companion.web.words import Prose, screen

ROWS_AT_MOST = 160
"""Of the experts' table; a real disc has about 100, and the CSV has all."""
DAYS_AT_MOST = 40
_LETTERS_FOR_ALL = (
    "opt-out", "data-use-questions", "ai-in-my-care", "correct-my-record",
    "retention-and-deletion",
)  # fmt: skip
_EXITS_AT_MOST = 3
_ABOUT_THE_SCAN = {"name", "study_list", "accession", "recipient_name"}


@dataclass(frozen=True, slots=True)
class Page:
    """What the report page and the report's PDF show."""

    words: dict[str, dict[str, Prose]]
    story: list[SafeString]
    """The sentences that the findings bear out, the worst first."""
    answers: tuple[Answer, ...]
    """The short answers, where the set is one person's."""
    for_all: tuple[Answer, ...]
    """The answers about the whole set; whether it is fit to share is the last."""
    people: tuple[PersonReport, ...]
    """A short report for each, where there are several."""
    more_people: int
    body_part: str
    facets: tuple[Facet, ...]
    unread_files: tuple[Unread, ...]
    more_unread: int
    documents: tuple[Document, ...]
    ai: AiPart
    groups: tuple[Group, ...]
    claims: Group | None
    days: tuple[Day, ...]
    more_days: int
    file_lines: tuple[FileLine, ...]
    more_files: int
    statuses: Counter[str]
    kinds: int
    """Kinds of identifiers found."""
    share: Share
    scans: int
    legible: int
    """Files that were understood at least in part: read, or partly read and of a known kind."""
    pictures: PicturesPart
    more_cards: int
    rows: tuple[Row, ...]
    more_rows: int
    names_are_values: bool
    """File names were findings themselves: they are hidden with the values."""
    letters: tuple[Step, ...]
    facts: tuple[LetterFact, ...] = field(repr=False)
    edition: str

    @property
    def files(self) -> int:
        """Files chosen, without the ZIP around them."""
        return self.share.files

    @property
    def unread(self) -> int:
        """Files that were read in part or not at all."""
        return self.share.unread

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
        return "none" if self.share.whole else "none_partly"

    @property
    def headline(self) -> str:
        """The title of a report without a story; ``""`` leaves the page its own."""
        return self.words["nothing"].get(f"{self.outcome}_title", Prose(""))

    @property
    def opening(self) -> list[str]:
        """The sentences under the headline; never "nothing" if a byte was left unread."""
        nothing = self.words["nothing"]
        if self.outcome in ("story", "unread"):
            return [*self.story, *([nothing["unread"]] if self.outcome == "unread" else [])]
        if self.outcome == "hints":
            hints = [gettext("We found hints only. They may mean nothing.")]
            return hints if self.share.whole else [*hints, nothing["hints_partly"]]
        sentences: list[str] = [*self.story, nothing[self.outcome]]
        if self.pictures.told and not self.story:
            sentences.append(self.pictures.told)
        return sentences

    @property
    def letter_exits(self) -> tuple[tuple[str, str], ...]:
        """The first links to a letter, id and title: one each for two or three people, so that
        nobody looks for the right one."""
        writing = [person for person in self.people if person.facts]
        if len(self.people) > _EXITS_AT_MOST and writing:
            return (("people", gettext("Write a letter")),)
        if writing:
            text = gettext("Letter for person %(n)d")
            return tuple((f"letter-{one.number}", text % {"n": one.number}) for one in writing)
        return (("letter", gettext("Write a letter")),) if self.facts else ()

    @property
    def people_open(self) -> bool:
        """Whether the short reports are few enough to stand open."""
        return len(self.people) <= people.OPEN_AT_MOST

    @property
    def ai_facts(self) -> tuple[LetterFact, ...]:
        """What the letter about AI asks for and the files say."""
        return tuple(fact for fact in self.facts if fact.name in _ABOUT_THE_SCAN)

    @property
    def pictured(self) -> bool:
        """Whether to draw the picture. For files that nobody could read it would say "none
        found" seven times, which looks like an answer."""
        return self.outcome in {"story", "hints"}

    @property
    def drawing(self) -> str:
        """The template that draws the part of the body."""
        return f"scans/body/_{self.body_part}.html" if self.body_part else ""

    @property
    def has_values(self) -> bool:
        """Something on the page is hidden until the switch shows it."""
        cards = [card for group in self.groups for card in group.cards]
        return bool(
            any(card.values for card in cards)
            or self.days
            or self.facts
            or self.people
            or self.pictures.covered
            or self.ai.found
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
    report = replace(report, findings=settled(report.findings))
    share = unread.share(report)
    cards = cards_of(report.findings, words, rules, language, people.numbers(report))
    shown = cards[:CARDS_AT_MOST]
    groups = groups_of(shown, words)
    found_days = days(report.findings, rules)
    lines, more_files = file_lines(unread.without_boxes(report.files), words, language)
    unread_files, more_unread = unread.unread(report, words, language)
    person_reports, more_people = people.person_reports(report, share, words)
    programs = ai_part(report, words, rules, language, people.numbers(report))
    table = report.elements[:ROWS_AT_MOST]
    return Page(
        words=words,
        story=opening(report, share, words),
        answers=() if person_reports else answers(people.told_of(report, None, share), words),
        for_all=people.answers_for_all(report, share, words, person_reports),
        people=person_reports,
        more_people=more_people,
        body_part=body_part(report),
        facets=facets(report.findings, words),
        unread_files=unread_files,
        more_unread=more_unread,
        documents=documents(report, words, rules),
        ai=programs,
        groups=tuple(group for group in groups if group.id not in ("claims", "ai")),
        claims=next((g for g in groups if g.id == "claims" and g.cards), None),
        days=found_days[:DAYS_AT_MOST],
        more_days=max(0, len(found_days) - DAYS_AT_MOST),
        file_lines=lines,
        more_files=more_files,
        statuses=Counter(record.status for record in unread.without_boxes(report.files)),
        kinds=len({finding.rule for finding in identifying(report.findings)}),
        share=share,
        scans=unread.scans_of(report.files),
        legible=sum(
            record.status == "read" or (record.status == "partly-read" and record.kind != "other")
            for record in report.files
        ),
        pictures=pictures_part(report, share, words, rules, identifiers.notes(language)),
        more_cards=len(cards) - len(shown),
        rows=rows(table),
        more_rows=max(0, len(report.elements) - ROWS_AT_MOST),
        names_are_values=any(finding.place == "file-name" for finding in report.findings),
        letters=letters(_LETTERS_FOR_ALL, language),
        facts=letter_facts(report, carried=programs.carried) if not person_reports else (),
        edition=report.edition,
    )
