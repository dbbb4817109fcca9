"""What the files tell of a person's health, and the written reports in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from companion.content import identifiers
from companion.scans.findings import Finding
from companion.web.scans.report.chosen import Words, sure

_ALSO_HEALTH = (
    "smoking", "treatment-text", "contrast-or-drug", "specimen-text", "heart-or-brain-trace",
)  # fmt: skip
"""Rules that tell of health without being the first thing to say."""
_REPORTS = ("document-text",)
"""Rules of documents inside, besides those whose ``opening`` is ``report``."""

_BY_FIELD = {
    "PregnancyStatus": "pregnancy",
    "LastMenstrualDate": "cycle",
    "MedicalAlerts": "medical_alert",
    "Allergies": "allergy",
    "AdmittingDiagnosesDescription": "diagnosis",
    "AdmittingDiagnosesCodeSequence": "diagnosis",
    "DischargeDiagnosisDescription": "diagnosis",
    "InterpretationDiagnosisDescription": "diagnosis",
    "AdditionalPatientHistory": "history",
    "PriorTreatmentDoseDescription": "treatment_text",
    "PreMedication": "contrast_or_drug",
    "ReasonForVisitCodeSequence": "reason_and_history",
    "ReasonForRequestedProcedureCodeSequence": "reason_and_history",
}
"""Elements that tell more exactly than their rule what they are about: keyword and phrase."""
_NOT_PREGNANT = frozenset({"1", "4", "0001", "0004"})
"""Pregnancy Status (0010,21C0): 1 is not pregnant, 4 is unknown (PS3.3 C.7.1.3)."""
_SAYS_NOTHING = frozenset({"no", "none", "nil", "unknown", "n/a", "0", "nka", "nkda"})


def health(findings: Iterable[Finding], words: Words) -> list[str]:
    """Phrases for the health facts that the files are sure of, in the order of ``screens/report``:
    the weightiest first."""
    told = [finding for finding in sure(about_health(findings)) if tells(finding)]
    keys = {_BY_FIELD.get(f.name) or f.rule.replace("-", "_") for f in told}
    if "pregnancy" in keys:
        keys.discard("cycle")
    names = words["health"]
    return list(dict.fromkeys(phrase for key, phrase in names.items() if key in keys))


def about_health(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that tell of health, or may."""
    known = identifiers.rules()
    return [
        f
        for f in findings
        if f.rule in _ALSO_HEALTH or (f.rule in known and known[f.rule].opening == "health")
    ]


def maybe_health(findings: Iterable[Finding]) -> bool:
    """Whether some words may be about the person's health, as far as can be guessed."""
    return any(f.certainty == "possible" for f in about_health(findings))


def tells(finding: Finding) -> bool:
    """Whether a finding's values say that something is so: "not pregnant" does not."""
    if finding.name == "PregnancyStatus":
        return any(value.strip() not in _NOT_PREGNANT for value in finding.values)
    if finding.name == "SmokingStatus":
        return any(value.strip().upper() == "YES" for value in finding.values)
    values = [value.strip().lower() for value in finding.values]
    return not values or any(value not in _SAYS_NOTHING for value in values)


def written_reports(findings: Sequence[Finding]) -> list[Finding]:
    """Reports that a person wrote, as far as the files say. What a program wrote and nobody
    signed is no such report: where a program made a result, plain text of a structured report
    counts as the program's."""
    known = identifiers.rules()
    by_program = any(f.group == "ai" and f.rule == "ai-result" for f in findings)
    found = []
    for finding in sure(findings):
        rule = known.get(finding.rule)
        own = finding.rule in _REPORTS or (rule is not None and rule.opening == "report")
        if own and not (by_program and finding.rule == "report-text"):
            found.append(finding)
    return found
