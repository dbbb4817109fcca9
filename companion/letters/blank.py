"""A letter to fill in by hand, as patient groups print it in their packs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property

from companion.content.law import Jurisdiction
from companion.letters.case import Case
from companion.letters.catalogue import Catalogue, Spec
from companion.letters.facts import Facts
from companion.letters.letter import Letter, compose

NAME_BLANK = "\u00a0" * 28
"""A blank to write on, as wide as a name; the print style underlines it."""


class DateBlank(str):
    """A date to write by hand: underscores in text, a ruled line in HTML."""

    __slots__ = ()

    def __html__(self) -> str:
        """What templates print (the protocol that Django and others escape by)."""
        return '<span class="blank-date">&nbsp;</span>'


DATE_BLANK = DateBlank("__________")


class BlankCase(Case):
    """Nobody's case: blanks in the place of names, and of all days that hang on its sending."""

    @cached_property
    def facts(self) -> Facts:
        return Facts(
            {
                "name": NAME_BLANK,
                "contact": (NAME_BLANK, NAME_BLANK),
                "recipient_name": NAME_BLANK,
                "recipient_address": (NAME_BLANK, NAME_BLANK),
            }
        )

    def say_own_date(self, day: date) -> str:  # noqa: ARG002  whichever day it is
        return DATE_BLANK


def blank_letter(
    catalogue: Catalogue, spec: Spec, jurisdiction: Jurisdiction, *, language: str, today: date
) -> Letter:
    """The letter without answers, dates or reference; its title is its name."""
    case = BlankCase(catalogue, spec, jurisdiction, {}, language, today)
    letter = compose(case, reference="")
    return replace(letter, title=letter.name)
