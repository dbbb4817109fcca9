"""Written reports and other documents inside the files, each as what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from companion.scans.findings import Finding, Kind, Report, Status
from companion.web.scans.report.chosen import Words, once
from companion.web.scans.report.health import written_reports
from companion.web.scans.report.labelled import RULES, Labelled, labelled

DOCUMENTS_AT_MOST = 12
TYPED_AT_MOST = 8
_LINES_AT_MOST = 8

_NO_DOCUMENT_FINDING = {
    "document-text",
    "written-report",
    "other-file",
    "other-file-details",
    "file-name-words",
    "file-name-echo",
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document, with the kinds of details that were found in it."""

    kind: str
    """What it is, in a few words."""
    name: str = field(repr=False)
    """Of the file that is or holds it."""
    files: int
    lines: tuple[Labelled, ...] = field(repr=False)
    """What a report's own finding says of it: title, pages, day, signed or not."""
    inside: tuple[str, ...]
    """What was found in it, in a few words each."""
    read: bool


def documents(report: Report, words: Any, rules: Any) -> tuple[Document, ...]:
    """Reports that the findings name, then loose documents beside the scans."""
    by_file: dict[str, dict[str, None]] = {}
    for finding in report.findings:
        if finding.rule not in _NO_DOCUMENT_FINDING and finding.certainty != "possible":
            by_file.setdefault(finding.example, {})[finding.rule] = None
    in_documents = [f for f in report.findings if f.place in ("document", "other-file")]
    found: dict[str, Document] = {}
    for finding in written_reports(report.findings):
        inside = {f.rule for f in in_documents if f.example == finding.example}
        found.setdefault(
            finding.example,
            Document(
                kind=words["documents"][_kind(finding)],
                name=finding.example,
                files=finding.files,
                lines=labelled(finding.values[:_LINES_AT_MOST]) if finding.rule in RULES else (),
                inside=_held(inside - _NO_DOCUMENT_FINDING, words, rules),
                read=True,
            ),
        )
    for record in report.files:
        if record.kind in (Kind.PDF, Kind.DOCUMENT) and record.name not in found:
            inside = set(by_file.get(record.name, ()))
            if inside:
                found[record.name] = Document(
                    kind=words["kinds"][record.kind],
                    name=record.name,
                    files=1,
                    lines=(),
                    inside=_held(inside, words, rules),
                    read=record.status is Status.READ,
                )
    return tuple(list(found.values())[:DOCUMENTS_AT_MOST])


def _kind(finding: Finding) -> str:
    if finding.rule == "report-text":
        return "structured"
    return "written" if finding.rule == "written-report" else "inside"


def _held(inside: set[str], words: Words, rules: Any) -> tuple[str, ...]:
    """What was found in a document, in a few words each and each once."""
    known = {**words["phrases"], **words["inside"]}
    ordered = [rule for rule in rules if rule in inside]
    phrases = (known.get(rule.replace("-", "_")) or rules[rule].title for rule in ordered)
    return tuple(once(phrases, words)[:TYPED_AT_MOST])
