"""Values as a person writes them: ``19710304`` is March 4, 1971, ``052Y`` is 52 years.

Only forms that the standard defines (PS3.5 section 6.2: DA, TM, DT, AS, PN) are turned
into words, and only where such a value is expected; the value itself is always shown
with them, since it is what the file contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time

from django.utils.formats import time_format
from django.utils.translation import ngettext

from companion.content import identifiers, writing
from companion.scans.findings import ElementRow, Finding
from companion.web.dates import day_in_words
from companion.web.scans.report.coded import in_words, rule_of_keyword
from companion.web.scans.report.days import as_day, may_name_a_day
from companion.web.scans.report.labelled import RULES, labelled
from companion.web.scans.report.letter_facts import readable_name
from companion.web.words import page_language

_DAY = re.compile(r"\d{8}|\d{4}\.\d\d\.\d\d")
_PRIVATE_DAY = re.compile(r"(\d{4}-\d\d-\d\d) \(.*\)|\d{4}-\d\d-\d\d")
"""A day that a maker keeps as a number, with the number as written."""
_MOMENT = re.compile(r"(\d{8})(\d{4,6})(\.\d+)?([+-]\d{4})?")
_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d(\.\d+)?)?")
_AGE = re.compile(r"(\d{3})([DWMY])")
_NAME = re.compile(r"[^=^{}\[\]<>\":;|/]*(?:[=^][^=^{}\[\]<>\":;|/]*){0,14}", re.DOTALL)
"""Up to three groups of five parts; a line of a program or of a document is none."""
_IN_ROW = 3
"""Values that a row of the experts' table shows."""
_NAMED_IN = {"who-you-are", "other-people"}
_NAMED_BY = {"private-patient-name", "private-staff", "original-values"}


class Said(str):
    """A value exactly as in the file; ``readable`` is the same in words, or ``""``."""

    __slots__ = ("readable",)
    readable: str

    def __new__(cls, text: str, readable: str = "") -> Said:
        said = super().__new__(cls, text)
        said.readable = readable if readable != text else ""
        return said

    @classmethod
    def name(cls, text: str) -> Said:
        """A person's name as people write it: in Latin letters, then in their own."""
        return cls(text, _both_scripts(text))


def plain(values: Iterable[Said]) -> tuple[Said, ...]:
    """Values as people write them, each once: for where the form of the file would only be in
    the way, and stands elsewhere on the page."""
    return tuple(dict.fromkeys(Said(value.readable or value) for value in values))


def said(finding: Finding) -> tuple[Said, ...]:
    """The values of ``finding``, each with its words in the language of the page."""
    if finding.rule in RULES:  # lines of this program, and no value as it is in a file
        return tuple(Said(_words(value, finding)) for value in finding.values)
    return tuple(Said(value, _words(value, finding)) for value in finding.values)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the experts' table, the values as they are shown."""

    path: str
    vr: str
    name: str
    values: tuple[Said, ...] = field(repr=False)
    distinct: int
    files: int


def rows(elements: Iterable[ElementRow]) -> tuple[Row, ...]:
    """The experts' table, codes with their words."""
    return tuple(
        Row(
            row.path,
            row.vr,
            row.name,
            tuple(Said(value, in_words(row.name, value)) for value in row.values[:_IN_ROW]),
            row.distinct,
            row.files,
        )
        for row in elements
    )


def _words(value: str, finding: Finding) -> str:
    if finding.rule in RULES:
        colon = writing.colon(page_language())
        lines = (f"{line.label}{colon} {line.text}" for line in labelled((value,)))
        return writing.listed(lines, page_language())
    if finding.rule == "rare-combination":
        return _detail(value)
    if coded := in_words(finding.name, value):
        return coded
    parts = [_part(part.strip(), finding) for part in value.split("\\")]
    return writing.listed(parts, page_language()) if all(parts) else ""


def _detail(value: str) -> str:
    """A detail with the keyword of its element before it: the words for what that holds."""
    keyword, _, text = value.partition(": ")
    rule = rule_of_keyword().get(keyword)
    if rule is None:
        return ""
    language = page_language()
    label = f"{identifiers.words(language)[rule].title}{writing.colon(language)}"
    return f"{label} {in_words(keyword, text) or text}"


def _part(text: str, finding: Finding) -> str:
    if may_name_a_day(finding):
        if _DAY.fullmatch(text):
            day = as_day(text)
            return day_in_words(day) if day else ""
        if _PRIVATE_DAY.fullmatch(text):
            day = as_day(text)
            return day_in_words(day) if day else ""
        if moment := _MOMENT.fullmatch(text):
            day, clock = as_day(text), _time(moment[2])
            return f"{day_in_words(day)}, {clock}" if day and clock else ""
    if finding.group == "when" and finding.name.endswith("Time"):
        return _time(text)
    if age := _AGE.fullmatch(text):
        return _age(int(age[1]), age[2])
    if finding.rule == "patient-address":
        return ", ".join(part.strip() for part in text.split("^") if part.strip())
    if (
        "^" in text
        and _NAME.fullmatch(text)
        and (finding.group in _NAMED_IN or finding.rule in _NAMED_BY)
    ):
        return _both_scripts(text)
    return ""


def _both_scripts(name: str) -> str:
    """A name with its ideographic form, where it has one beside the alphabetic (PS3.5 section
    6.2.1.1)."""
    first = readable_name(name)
    own = readable_name(name.split("=")[1]) if "=" in name else ""
    return f"{first} ({own})" if own and own != first else first


def _time(text: str) -> str:
    match = _TIME.fullmatch(text)
    return time_format(time(int(match[1]), int(match[2]))) if match else ""


def _age(number: int, unit: str) -> str:
    words = {
        "D": ngettext("%(n)d day", "%(n)d days", number),
        "W": ngettext("%(n)d week", "%(n)d weeks", number),
        "M": ngettext("%(n)d month", "%(n)d months", number),
        "Y": ngettext("%(n)d year", "%(n)d years", number),
    }
    return words[unit] % {"n": number}
