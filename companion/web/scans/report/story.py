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
    "words": ("words",),
    "hidden": ("hidden", "picture"),
}
"""The sides of a person that the picture shows, and the groups of findings in each."""

_NAMED_AT_MOST = 5
"""Phrases in the first sentence: more would be a list, not a sentence."""
_OUT_OF_SIGHT = {
    "nested", "private", "file-meta", "uid", "preamble", "trailing", "overlay", "icon",
    "directory", "file-name", "archive", "other-file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a person: how many kinds of details tell of it."""

    id: str
    title: str
    count: int
    group: str
    """The first group of this facet that has findings: where its link leads."""


def identifying(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that can lead to a person, as the letters of 45 CFR 164.514(b)(2)(i) say.

    What a file claims, a machine's model or a program beside the scan are shown too,
    but they are no identifiers. That a claim is untrue is told by what was found, each
    under its own name, so it does not count once more.
    """
    return [f for f in findings if f.hipaa is not None and f.group != "claims"]


def facets(findings: Sequence[Finding], words: Words) -> tuple[Facet, ...]:
    """All facets, also those of which nothing was found (count 0)."""
    found = []
    for facet, groups in FACETS.items():
        rules = {f.rule for f in identifying(findings) if f.group in groups}
        present = [g for g in groups if any(f.group == g for f in findings)]
        found.append(
            Facet(
                facet,
                words["facets"][facet],
                len(rules),
                present[0] if present else "",
            )
        )
    return tuple(found)


def story(findings: Sequence[Finding], words: Words) -> list[SafeString]:
    """Two to four sentences of what a stranger could learn; empty when nothing was found."""
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
