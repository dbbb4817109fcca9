"""What a jurisdiction is made of: its law, its deadline rules, its offices and its letters.

``companion.content.law`` reads them; this module only says what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from companion.content.library import Words

FOLLOW_UP = 3
"""Working days after a due date until a friendly reminder is due (R2)."""

Unit = Literal["days", "months", "years", "working-days"]

Roll = Literal["none", "next-working-day", "next-open-day"]
"""Where a last day goes on which offices are shut: it stays, it moves on past weekends and
holidays, or (Ontario's Legislation Act) past Sundays and holidays, while a Saturday counts."""


@dataclass(frozen=True, slots=True)
class Law:
    """One thing the law says, who held it against the text, and when."""

    id: str
    citation: Words
    plain: Words
    applies_to: Words
    """Whom this law binds."""
    checked_on: date
    checked_by: str
    source: str
    confidence: Literal["sure", "verified"]
    deadline: str
    after_death: bool = False
    """Whether somebody may use it for a patient who has died."""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How long an answer may take, or how long the patient has (``yours``).

    ``count`` and ``extended`` are in ``unit`` and both run from receipt;
    ``extended`` is 0 where no extension exists.
    """

    id: str
    count: int
    unit: Unit
    extended: int
    roll: Roll
    yours: bool
    warn: tuple[int, ...]
    law: str
    note: Words
    confirms: bool = False
    """What is due is a note that they got the letter; the answer itself has no day."""
    passed: Words = field(default_factory=lambda: MappingProxyType({}))
    """What can be said when the patient's own limit has passed; empty where nothing is sure."""
    follow_up: int = FOLLOW_UP
    """A friendly reminder is due this many working days after the due date."""

    @property
    def rolls(self) -> bool:
        """Whether a day on which offices are shut moves at all."""
        return self.roll != "none"


@dataclass(frozen=True, slots=True)
class Regulator:
    name: Words
    contact: str
    """Its postal address in lines, or the address of the page that takes letters."""
    url: str
    checked_on: date
    source: str
    is_list: bool = False
    """Several offices, of which ``contact`` is the list: the person finds and names theirs."""

    @property
    def contact_line(self) -> str:
        """The contact as part of a sentence."""
        return ", ".join(self.contact.split("\n"))


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where a recipient is: what is asked there, on which paper, under which law."""

    id: str
    parent: str
    family: tuple[str, ...]
    """The jurisdiction itself and all above it, nearest first."""
    offered: bool
    stands_for_it: str
    """The part that is meant where a family that is not offered is named; ``""`` for none."""
    name: Words
    short: Words
    """Its name where it includes everything below it."""
    languages: tuple[str, ...]
    paper: Literal["letter", "a4"]
    window: Literal["left", "right", "left-din", "right-france", "right-switzerland"]
    """Where the window of its envelopes is: on either side as most countries agree, or as
    one has it (see ``print.css``)."""
    dates: Literal["month-first", "day-first"]
    holidays: str
    region: str
    also_closed: tuple[str, ...]
    """Days that its law counts as holidays while its calendar keeps them in a list of their
    own, by their English names in the ``holidays`` package."""
    spelling: Mapping[str, Mapping[str, str]]
    """Letters or words that it writes otherwise in a language: no ß in Swiss German."""
    same_holidays: Mapping[str, str]
    """Other codes of its regions, each with the region whose holidays count."""
    postcode: str
    office: Words
    post: Words
    after_death: Words
    """Whose rights pass to others when a patient has died, and whose do not."""
    regulator: Regulator | None
    agencies: Mapping[str, Regulator]
    """Other offices that letters go to, by the recipient's name in ``letter.toml``."""
    laws: Mapping[str, Law]
    rules: Mapping[str, DeadlineRule]

    def within(self, other: str) -> bool:
        """Whether this is ``other`` or lies below it."""
        return other in self.family

    def calendar(self, region: str = "") -> tuple[str, ...]:
        """Whose holidays count, for ``letters.rights``: country, region, days besides.

        ``region`` is a subdivision, if it is not the jurisdiction's own.
        """
        chosen = region or self.region
        return (self.holidays, self.same_holidays.get(chosen, chosen), *self.also_closed)

    def nearest(self, table: Mapping[str, str]) -> str:
        """The entry of ``table`` for this jurisdiction or the nearest above it, else ``""``."""
        return next(
            (table[jurisdiction] for jurisdiction in self.family if jurisdiction in table), ""
        )
