"""Details of a report that a patient may put into a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from companion.scans.findings import Report
from companion.web.scans.report.days import as_day
from companion.web.scans.report.story import identifying
from companion.web.templatetags.values import is_unseen

_ENTRIES_AT_MOST = 30
"""Lines of the enclosed list: a page of a letter."""

_LABELS = {
    "name": _("Your name"),
    "birth_date": _("Your date of birth"),
    "record_number": _("Your patient number"),
    "recipient_name": _("The hospital"),
    "study_list": _("The scans and their days"),
    "identifiers": _("The names of the entries found, without what they say"),
    "accession": _("The hospital's number for the scan"),
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
    def shows_value(self) -> bool:
        """The list of entries found is too long to show beside its box."""
        return self.name != "identifiers"


def letter_facts(report: Report) -> tuple[LetterFact, ...]:
    """Details for a letter, in the names of ``content/letters/fields.toml``."""
    first: dict[str, tuple[str, ...]] = {}
    for finding in report.findings:
        if finding.place in {"header", "directory"} and finding.values:
            first.setdefault(finding.name, tuple(map(_seen_only, finding.values)))

    def one(name: str) -> str:
        return next((value.strip() for value in first.get(name, ()) if value.strip()), "")

    birth = as_day(one("PatientBirthDate"))
    days = sorted({day for value in first.get("StudyDate", ()) if (day := as_day(value))})
    modalities = sorted({r.modality for r in report.files if r.modality and r.kind == "dicom"})
    kind = "/".join(modalities[:3])
    studies = "\n".join(f"{kind} {day.isoformat()}".strip() for day in days[:10])
    facts = [
        LetterFact("name", readable_name(one("PatientName"))),
        LetterFact("birth_date", birth.isoformat() if birth else ""),
        LetterFact("record_number", one("PatientID")),
        LetterFact("recipient_name", one("InstitutionName")),
        LetterFact("study_list", studies),
        LetterFact("identifiers", "\n".join(_entries(report))),
        LetterFact("accession", ", ".join(v for v in first.get("AccessionNumber", ())[:5] if v)),
    ]
    return tuple(fact for fact in facts if fact.value)


def _entries(report: Report) -> list[str]:
    """Names and tags of the identifying entries without their values: enough for an office
    to find them, and nothing more than a letter needs."""
    sure = [f for f in identifying(report.findings) if f.certainty != "possible" and f.tag]
    lines = (f"{f.name} ({(f.tag or '')[:4]},{(f.tag or '')[4:]})" for f in sure)
    return list(dict.fromkeys(map(_seen_only, lines)))[:_ENTRIES_AT_MOST]


def _seen_only(value: str) -> str:
    """Without invisible control characters: people read a letter, not programs."""
    return "".join(character for character in value if not is_unseen(character))


def readable_name(value: str) -> str:
    """``Doe^Jane^Q`` as a person writes it: Jane Q Doe (PS3.5 section 6.2, PN)."""
    parts = [part.strip() for part in value.split("=")[0].split("^")]
    family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)
