"""Details of a report that a patient may put into a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from companion.scans.findings import Finding, Person, Report
from companion.web.scans.report.chosen import identifying
from companion.web.scans.report.days import as_day, scan_days
from companion.web.templatetags.values import is_unseen

_ENTRIES_AT_MOST = 30
"""Lines of the enclosed list: a page of a letter."""
_STUDIES_AT_MOST = 10

_FAMILY_FIRST = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Hangul, kana and ideographs."""
_TITLES = frozenset({"dr", "dra", "prof"})

_LABELS = {
    "name": _("Your name"),
    "birth_date": _("Your date of birth"),
    "record_number": _("Your patient number"),
    "recipient_name": _("The hospital"),
    "study_list": _("The scans and their days"),
    "identifiers": _("The names of the entries found, without what they say"),
    "accession": _("The hospital's number for the scan"),
    "questions": _("A question about the programs that the files name"),
}


@dataclass(frozen=True, slots=True)
class LetterFact:
    """A detail that the patient may tick to put it into a letter."""

    name: str
    """The letter's field."""
    value: str = field(repr=False)

    @property
    def label(self) -> str:
        return str(_LABELS[self.name])

    @property
    def folded(self) -> bool:
        """The list of entries found is long, and shown in a fold beside its box. It holds the
        standard's names only, nothing of the patient's."""
        return self.name == "identifiers"


def letter_facts(
    report: Report, person: Person | None = None, *, carried: str = ""
) -> tuple[LetterFact, ...]:
    """Details for a letter, in the names of ``content/letters/fields.toml``.

    ``person``: the one who writes, where the set holds scans of several; nothing of the
    others goes in. A code that replaced a name signs no letter. ``carried``: questions about
    the programs that the files name.
    """
    only = person or (report.people[0] if len(report.people) == 1 else None)
    findings = [f for f in report.findings if person is None or f.person in (person.id, "")]
    first: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        if finding.place in {"header", "directory"} and finding.values:
            first.setdefault(finding.name, tuple(map(_seen_only, finding.values)))

    def one(name: str) -> str:
        return next((value.strip() for value in first.get(name, ()) if value.strip()), "")

    codes = {value for f in report.findings if f.rule == "placeholder" for value in f.values}
    if only is not None:
        name, number = _first(only.names), _first(only.numbers)
        birth = as_day(_first(only.birth_dates))
    else:
        name, number = one("PatientName"), one("PatientID")
        birth = as_day(one("PatientBirthDate"))
    studies = [
        f"{day.modality} {day.day.isoformat()}".strip()
        for day in scan_days(report, only)
        if day.day
    ]
    facts = [
        LetterFact("name", "" if name in codes else readable_name(_seen_only(name))),
        LetterFact("birth_date", birth.isoformat() if birth else ""),
        LetterFact("record_number", "" if number in codes else _seen_only(number)),
        LetterFact("recipient_name", one("InstitutionName")),
        LetterFact("study_list", "\n".join(dict.fromkeys(studies[:_STUDIES_AT_MOST]))),
        LetterFact("identifiers", "\n".join(_entries(findings))),
        LetterFact("accession", ", ".join(v for v in first.get("AccessionNumber", ())[:5] if v)),
        LetterFact("questions", carried),
    ]
    return tuple(fact for fact in facts if fact.value)


def _first(values: tuple[str, ...]) -> str:
    return values[0].strip() if values else ""


def _entries(findings: Sequence[Finding]) -> list[str]:
    """Names and tags of the identifying entries without their values: enough for an office
    to find them, and nothing more than a letter needs."""
    sure = [f for f in identifying(findings) if f.certainty != "possible" and f.tag]
    lines = (f"{f.name} ({(f.tag or '')[:4]},{(f.tag or '')[4:]})" for f in sure)
    return list(dict.fromkeys(map(_seen_only, lines)))[:_ENTRIES_AT_MOST]


def _seen_only(value: str) -> str:
    """Without invisible control characters: people read a letter, not programs."""
    return "".join(character for character in value if not is_unseen(character))


def readable_name(value: str) -> str:
    """``Doe^Jane^Q`` as a person writes it: Jane Q Doe (PS3.5 section 6.2, PN); in Chinese,
    Japanese and Korean letters the family's name leads. Without a first group, the next."""
    written = next((group for group in value.split("=") if group.strip("^ ")), "")
    parts = [part.strip() for part in written.split("^")]
    family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
    if given and family.lower().rstrip(".") in _TITLES:  # "DR^ROE", as some write it
        prefix, family, given = family, given, ""
    if _FAMILY_FIRST.search(written):
        return " ".join(part for part in (prefix, family, given, middle, suffix) if part)
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)
