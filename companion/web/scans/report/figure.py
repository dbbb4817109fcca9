"""The picture of a report: the part of the body that was scanned, and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from companion.content import body_parts
from companion.scans.findings import Finding, Report
from companion.web.scans.report.chosen import Words, identifying

FACETS: Mapping[str, tuple[str, ...]] = {
    "who": ("who-you-are", "about-you"),
    "when": ("when",),
    "where": ("where",),
    "people": ("other-people",),
    "machine": ("machine",),
    "numbers": ("numbers",),
    "words": ("words",),
    "ai": ("ai",),
    "hidden": ("hidden", "picture"),
}
"""The sides of a person that the picture shows, and the groups of findings in each."""
LEFT = 5
"""Labels on the left of the film, from top to bottom; the others are on its right."""

_STRINGS = (
    ("M-60 36C20 36 60 66", (104, 108)),
    ("M-60 108C-10 108 40 116", (84, 144)),
    ("M-60 180C-10 180 40 180", (76, 180)),
    ("M-60 252C-10 252 40 244", (84, 216)),
    ("M-60 324C10 324 60 294", (108, 254)),
    ("M360 45C280 45 240 70", (196, 112)),
    ("M360 135C310 135 260 140", (216, 160)),
    ("M360 225C310 225 260 216", (212, 206)),
    ("M360 315C290 315 240 290", (192, 250)),
)
"""From the edge of the picture, where each label hangs, to a point on the film."""

_DESCRIBED = ("BodyPartExamined", "AnatomicRegion", "StudyDescription", "ProtocolName",
              "SeriesDescription", "RequestedProcedureDescription")  # fmt: skip
"""Elements that say what was scanned, the most reliable first."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a person, and how many kinds of details reveal it."""

    id: str
    title: str
    count: int
    group: str
    """The first group of this facet that has findings: the target of its link."""
    string: str
    """SVG path of the string that ties its label to the film, and where it ends."""
    end: tuple[int, int]

    @property
    def target(self) -> str:
        """The part of the page that says more; that about programs always says something."""
        if self.id == "ai":
            return "ai"
        return f"group-{self.group}" if self.group else ""

    @property
    def icon(self) -> str:
        return f"components/icons/{self.id}.html"


def facets(findings: Sequence[Finding], words: Words) -> tuple[Facet, ...]:
    """All facets, including those without findings (count 0)."""
    counted = [*identifying(findings), *(f for f in findings if f.group == "ai")]
    found = []
    for (facet, groups), (curve, end) in zip(FACETS.items(), _STRINGS, strict=True):
        rules = {f.rule for f in counted if f.group in groups}
        present = [g for g in groups if any(f.group == g for f in findings)]
        found.append(
            Facet(
                facet,
                words["facets"][facet],
                len(rules),
                present[0] if present else "",
                f"{curve} {end[0]} {end[1]}",
                end,
            )
        )
    return tuple(found)


def body_part(report: Report) -> str:
    """The drawing for what was scanned, a name of ``content/body-parts.toml``.

    ``whole`` where the files speak of several parts, ``""`` where none says so or none is known.
    """
    texts: dict[str, list[str]] = {}
    for row in report.elements:
        if row.name in _DESCRIBED:
            texts.setdefault(row.name, []).extend(row.values)
    for finding in report.findings:
        if finding.name in _DESCRIBED:
            texts.setdefault(finding.name, []).extend(finding.values)
    for name in _DESCRIBED:
        parts = {part for text in texts.get(name, ()) if (part := body_parts.part_of(text))}
        if len(parts) == 1:
            return parts.pop()
        if parts:
            return "whole"
    by_machine = {body_parts.of_modality(r.modality) for r in report.files if r.modality} - {""}
    return by_machine.pop() if len(by_machine) == 1 else ""
