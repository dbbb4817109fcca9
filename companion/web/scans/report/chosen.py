"""Which findings a sentence may rest on: identifying ones, sure ones, hidden ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from companion.scans.findings import Finding
from companion.web.words import Prose

Words = Mapping[str, Mapping[str, Prose]]
"""The passages of the report's screen, as ``companion.web.words.screen`` gives them."""

OUT_OF_SIGHT = frozenset({"private", "preamble", "trailing", "icon", "archive"})
"""Places that a viewer does not show. Every file has UIDs and opening lines, and a name in a
deeper layer or on a file is in plain view of whoever looks: none of those is hidden."""


def identifying(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that can lead to a person, as the letters of 45 CFR 164.514(b)(2)(i) say.

    What a file claims, a machine's model or a program on the disc are shown too, but they
    are no identifiers. What makes a claim untrue is counted under its own name already.
    """
    return [f for f in findings if f.hipaa is not None and f.group != "claims"]


def sure(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that may be told as known; a hint may not."""
    return [f for f in findings if f.certainty != "possible"]


def phrases(findings: Iterable[Finding], words: Words) -> list[str]:
    """What the findings give away, in a few words each, every phrase once."""
    known = words["phrases"]
    found = [known.get(finding.rule.replace("-", "_")) for finding in findings]
    named = list(dict.fromkeys(phrase for phrase in found if phrase))
    # The name leads, wherever it was found; a name that may be another person's comes last.
    leads, waits = known["patient_name"], known["second_person_name"]
    return sorted(named, key=lambda phrase: (phrase == waits, phrase != leads))


def listed(texts: Sequence[str], most: int = 5) -> SafeString:
    """``a, b and c`` in the language of the page, each phrase emphasised; what is more than
    ``most`` is counted."""
    shown, more = list(texts[:most]), len(texts) - most
    if more > 0:
        shown.append(ngettext("%(n)d more thing", "%(n)d more things", more) % {"n": more})
    strong = [format_html("<strong>{}</strong>", text) for text in shown]
    if len(strong) == 1:
        return strong[0]
    first = format_html_join(", ", "{}", ((text,) for text in strong[:-1]))
    return format_html(gettext("{} and {}"), first, strong[-1])
