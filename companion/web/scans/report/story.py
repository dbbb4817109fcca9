"""What a stranger would learn: the paragraph and the picture that open a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from companion.scans.findings import Finding
from companion.web.words import Prose

Words = Mapping[str, Mapping[str, Prose]]

FACETS: Mapping[str, tuple[str, ...]] = {
    "who": ("who-you-are", "about-you"),
    "when": ("when",),
    "where": ("where",),
    "people": ("other-people",),
    "machine": ("machine",),
    "numbers": ("numbers",),
    "words": ("words", "ai"),
    "hidden": ("hidden", "picture"),
}
"""The sides of a person that the picture shows, and the groups of findings in each."""

# From the edge of the picture, where each tag hangs, to a point on the film: four tags on
# the left from top to bottom, then four on the right.
_STRINGS = (
    ("M-60 45C20 45 60 70", (104, 112)),
    ("M-60 135C-10 135 40 140", (84, 160)),
    ("M-60 225C-10 225 40 216", (88, 206)),
    ("M-60 315C10 315 60 290", (108, 250)),
    ("M360 45C280 45 240 70", (196, 112)),
    ("M360 135C310 135 260 140", (216, 160)),
    ("M360 225C310 225 260 216", (212, 206)),
    ("M360 315C290 315 240 290", (192, 250)),
)

_NAMED_AT_MOST = 5
"""Phrases in the first sentence: more would make it a list."""
_OUT_OF_SIGHT = {
    "nested", "private", "file-meta", "uid", "preamble", "trailing", "overlay", "icon",
    "directory", "file-name", "archive", "other-file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a person, and how many kinds of details reveal it."""

    id: str
    title: str
    count: int
    group: str
    """The first group of this facet that has findings: the target of its link."""
    string: str
    """SVG path of the string that ties its tag to the film, and where it ends."""
    end: tuple[int, int]

    @property
    def icon(self) -> str:
        return f"components/icons/{self.id}.html"


def identifying(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that can lead to a person, as the letters of 45 CFR 164.514(b)(2)(i) say.

    What a file claims, a machine's model or a program on the disc are shown too, but they
    are no identifiers. What makes a claim untrue is counted under its own name already.
    """
    return [f for f in findings if f.hipaa is not None and f.group != "claims"]


def facets(findings: Sequence[Finding], words: Words) -> tuple[Facet, ...]:
    """All facets, including those without findings (count 0)."""
    found = []
    for (facet, groups), (curve, end) in zip(FACETS.items(), _STRINGS, strict=True):
        rules = {f.rule for f in identifying(findings) if f.group in groups}
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


def story(findings: Sequence[Finding], words: Words) -> list[SafeString]:
    """Two to four sentences on what a stranger could learn; empty if nothing was found."""
    sure = [f for f in identifying(findings) if f.certainty != "possible"]
    phrases = words["phrases"]
    names: list[str] = []
    for finding in sure:
        phrase = phrases.get(finding.rule.replace("-", "_"))
        if phrase and phrase not in names:
            names.append(phrase)
    also = [
        words["also"][facet]
        for facet, groups in FACETS.items()
        if facet in words["also"] and any(f.group in groups for f in sure)
    ]
    sentences = []
    if names:
        shown, rest = names[:_NAMED_AT_MOST], len(names) - _NAMED_AT_MOST
        if rest > 0:
            shown = [
                *shown,
                ngettext("%(n)d more thing", "%(n)d more things", rest) % {"n": rest},
            ]
        sentences.append(
            format_html(gettext("A stranger who opens these files could learn {}."), listed(shown))
        )
        if also:
            sentences.append(format_html(gettext("They could also tell {}."), listed(also)))
    elif also:
        sentences.append(
            format_html(gettext("A stranger who opens these files could tell {}."), listed(also))
        )
    if sentences and any(f.place in _OUT_OF_SIGHT for f in sure):
        sentences.append(
            format_html("{}", gettext("Some of it stands where most programs do not show it."))
        )
    return sentences


def listed(phrases: Sequence[str]) -> SafeString:
    """``a, b and c`` in the language of the page, each phrase emphasised."""
    strong = [format_html("<strong>{}</strong>", phrase) for phrase in phrases]
    if len(strong) == 1:
        return strong[0]
    first = format_html_join(", ", "{}", ((phrase,) for phrase in strong[:-1]))
    return format_html(gettext("{} and {}"), first, strong[-1])
