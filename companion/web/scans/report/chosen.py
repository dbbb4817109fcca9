"""Which findings a sentence may rest on: identifying ones, sure ones, hidden ones."""

from __future__ import annotations

import re
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


_AGAIN = {
    "name_in_text": ("patient_name", "second_person_name"),
    "birth_date_in_text": ("birth_date",),
    "record_number_in_text": ("patient_id", "other_patient_ids"),
}
"""What a document says, and the phrases beside which it would only be said again."""
_TITLED = re.compile(r"(?i)(dr|dra|prof)[.^ ]")


def settled(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings as the page tells them: a name that the same files give as that of a doctor
    or of the staff is not told as a second patient's."""
    staff = {
        value
        for f in findings
        if f.group == "other-people" or f.rule == "private-staff"
        for value in f.values
    }
    return tuple(
        f
        for f in findings
        if f.rule != "second-person-name"
        or not f.values
        or not all(value in staff or _TITLED.match(value) for value in f.values)
    )


def phrases(findings: Iterable[Finding], words: Words) -> list[str]:
    """What the findings give away, in a few words each, every phrase once."""
    known = words["phrases"]
    named = once((known.get(finding.rule.replace("-", "_")) for finding in findings), words)
    # The name leads, wherever it was found; a name that may be another person's comes last.
    leads, waits = known["patient_name"], known["second_person_name"]
    return sorted(named, key=lambda phrase: (phrase == waits, phrase != leads))


def once(found: Iterable[str | None], words: Words) -> list[str]:
    """Phrases without those that only say another one again."""
    known = words["phrases"]
    named = list(dict.fromkeys(phrase for phrase in found if phrase))
    for again, others in _AGAIN.items():
        if known[again] in named and any(known[other] in named for other in others):
            named.remove(known[again])
    return named


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
