"""Details of a report that a patient may carry into a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

from companion.scans.findings import Report
from companion.web.scans.report.days import as_day
from companion.web.scans.report.story import identifying
from companion.web.templatetags.values import is_unseen

_ENTRIES_AT_MOST = 30
"""Lines of the enclosed list: a page of a letter."""


@dataclass(frozen=True, slots=True)
class LetterFact:
    """A detail that the patient may tick to carry it into a letter."""

    name: str
    value: str = field(repr=False)


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
    """Names and tags of the entries that identify, without a value: enough for an office
    to find them, and nothing that need not be in a letter."""
    sure = [f for f in identifying(report.findings) if f.certainty != "possible" and f.tag]
    lines = (f"{f.name} ({(f.tag or '')[:4]},{(f.tag or '')[4:]})" for f in sure)
    return list(dict.fromkeys(map(_seen_only, lines)))[:_ENTRIES_AT_MOST]


def _seen_only(value: str) -> str:
    """Without the characters that act on text unseen: a letter is read by people."""
    return "".join(character for character in value if not is_unseen(character))


def readable_name(value: str) -> str:
    """``Doe^Jane^Q`` as a person writes it: Jane Q Doe (PS3.5 section 6.2, PN)."""
    parts = [part.strip() for part in value.split("=")[0].split("^")]
    family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)
