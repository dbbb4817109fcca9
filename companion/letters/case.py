"""One patient's letter before it is written: which letter, where, with which answers.

A ``Case`` is what everything about a letter is asked of. What follows from it is worked
out once and kept, so that the form, its hints, the letter and the timeline of one page
cannot come to different answers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from companion.content import writing
from companion.content.law import DeadlineRule, Jurisdiction
from companion.content.untranslated import SOURCE, Untranslated, is_untranslated
from companion.letters import person, rights
from companion.letters.catalogue import Catalogue, Field, Spec
from companion.letters.facts import TEXT_LIMIT, Facts, check
from companion.letters.rights import Milestone


@dataclass(frozen=True, repr=False)
class Case:
    """A letter of the catalogue, for one jurisdiction, answers, language and day."""

    catalogue: Catalogue
    spec: Spec
    jurisdiction: Jurisdiction
    given: Mapping[str, object]
    """Answers as they came: from a form, a file or the command; not yet checked."""
    language: str
    """What the case is put into words in; nothing else follows from it."""
    today: date
    region: str = ""
    """The part of the jurisdiction whose holidays count, such as ``BY``; ``""`` for none."""
    text_limit: int = TEXT_LIMIT
    """Bytes of all answers together."""

    def __repr__(self) -> str:
        # No answers: what is printed for engineers may end in a log.
        return f"Case({self.spec.slug}, {self.jurisdiction.id}, {self.language})"

    def in_language(self, language: str) -> Case:
        """The same case in other words. What no language changes is not worked out again."""
        if language == self.language:
            return self
        other = dataclasses.replace(self, language=language)
        other.__dict__.update({name: getattr(self, name) for name in _IN_EVERY_LANGUAGE})
        return other

    @cached_property
    def shared(self) -> Mapping[str, Mapping[str, str]]:
        """The words that all letters share, in the language of the case."""
        shared = self.catalogue.shared[self.language]
        if self.language not in self.jurisdiction.spelling:
            return shared
        return {
            name: {part: self.spelled(text) for part, text in parts.items()}
            for name, parts in shared.items()
        }

    def spelled(self, text: str) -> str:
        """A text of ours as the recipient's country spells the case's language."""
        for letters, instead in self.jurisdiction.spelling.get(self.language, {}).items():
            text = text.replace(letters, instead)
        return text

    @cached_property
    def asked(self) -> tuple[Field, ...]:
        """The questions of this letter, in the form's order."""
        return self.spec.asked_in(self.jurisdiction, self.given)

    @cached_property
    def facts(self) -> Facts:
        """The answers that can be printed, and what is wrong with the others."""
        return check(
            self.spec, self.jurisdiction, self.given, today=self.today, limit=self.text_limit
        )

    @property
    def sent(self) -> date:
        """The day that the letter is dated."""
        return self.facts.date("sent_on") or self.today

    @cached_property
    def writer(self) -> person.Writer:
        """Who writes: the patient, or who for them."""
        facts = self.facts
        return person.writer_of(
            facts.text("relation"),
            facts.text("representative"),
            facts.date("birth_date"),
            self.sent,
        )

    @cached_property
    def first_letter(self) -> Spec | None:
        """The letter that a follow-up is about, if it asks for one and it exists here."""
        if not self.follows_up:
            return None
        first = self.catalogue.letters.get(self.facts.text("original"))
        return first if first and first.offered_in(self.jurisdiction) else None

    @property
    def follows_up(self) -> bool:
        """Whether this letter is about an earlier one."""
        return any(one.id == "original" for one in self.spec.fields)

    @property
    def names_regulator(self) -> bool:
        """Whether the recipient that was typed is the jurisdiction's regulator."""
        regulator = self.jurisdiction.regulator
        names = regulator.name.values() if regulator else ()
        return "".join(self.facts.lines("recipient_name")) in names

    @cached_property
    def addressee(self) -> str:
        """Who gets the letter, as named in the shared words (``recipient ...``).

        A letter about a first one, such as a reminder, goes to whoever got the first.
        """
        first = self.first_letter
        if first is None:
            return self.spec.default_addressee(self.jurisdiction, self.facts.answers)
        if self.names_regulator:
            return "regulator"
        return first.default_addressee(self.jurisdiction, self.facts.answers)

    @property
    def default_addressee(self) -> str:
        """Who gets the letter by its own file, whatever letter came before it."""
        return self.spec.default_addressee(self.jurisdiction, self.given)

    @cached_property
    def rule_id(self) -> str:
        """The rule for the answer to this letter; ``""`` where the law sets no day."""
        return self.rule_of(self.spec)

    def rule_of(self, spec: Spec) -> str:
        """The rule for an answer to a letter of this person to this recipient.

        A rule whose law ends with the patient's life times no letter about the dead.
        """
        name = spec.rule_for(self.jurisdiction, self.addressee)
        if name and self.writer == "survivor":
            law = self.jurisdiction.laws[self.jurisdiction.rules[name].law]
            return name if law.after_death else ""
        return name

    @property
    def rule(self) -> DeadlineRule | None:
        """The deadline rule of ``rule_id``."""
        return self.jurisdiction.rules[self.rule_id] if self.rule_id else None

    @property
    def learned_on(self) -> date | None:
        """The day from which a time limit of the patient's own runs."""
        return self.facts.date("event_date") or self.facts.date("notice_date")

    @cached_property
    def wait(self) -> tuple[DeadlineRule, date] | None:
        """The time that the organisation has before this letter, and the day it runs from."""
        name, start = self.jurisdiction.nearest(self.spec.wait), self.facts.date("original_date")
        return (self.jurisdiction.rules[name], start) if name and start else None

    @property
    def page(self) -> str:
        """The page that takes the letter, where its recipient has no other address; or ``""``."""
        address = self.facts.lines("recipient_address")
        return address[0] if address and all(map(is_page, address)) else ""

    @property
    def method(self) -> str:
        """How the letter is sent. What goes through a page is there the same day."""
        return "portal" if self.page else self.facts.text("method")

    @cached_property
    def milestones(self) -> tuple[Milestone, ...]:
        """The days of the letter. A slip is handed over the desk: nothing is due after it."""
        if self.spec.is_slip:
            return ()
        return rights.timeline(
            self.jurisdiction,
            self.rule,
            sent=self.sent,
            method=self.method,
            received=self.facts.date("received_on"),
            knew=self.learned_on,
            region=self.region,
            today=self.today,
            asked_days=self.spec.answer_days,
            wait=self.wait,
        )

    def in_person(self, text: str) -> str:
        """A text of the case's language, as this writer says it."""
        said = person.say(text, self.catalogue.persons, self.language, self.writer)
        return self.spelled(said)

    def say(self, day: date) -> str:
        """A date in words."""
        return say_date(self.catalogue, day, self.language, self.jurisdiction)

    def say_own_date(self, day: date) -> str:
        """A date that follows from when this letter is sent, as the letter prints it."""
        return self.say(day)


_IN_EVERY_LANGUAGE = (
    "asked", "facts", "writer", "first_letter", "addressee", "rule_id", "wait", "milestones",
)  # fmt: skip


def is_page(line: str) -> bool:
    """Whether a line of an address is a web address."""
    return "://" in line


def say_date(catalogue: Catalogue, day: date, language: str, jurisdiction: Jurisdiction) -> str:
    """A date in words, in the order in which the jurisdiction writes it."""
    months = catalogue.text(language, "months")
    pattern = catalogue.text(language, "dates", jurisdiction.dates)
    if language != SOURCE and (is_untranslated(months) or is_untranslated(pattern)):
        # A date half in one language is none: it is English as a whole.
        return Untranslated(say_date(catalogue, day, SOURCE, jurisdiction))
    number = writing.day_of_month(day.day, language)
    return pattern.format(day=number, month=months.split("\n")[day.month - 1], year=day.year)
