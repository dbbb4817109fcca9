"""Labels: words in front of a value that say it is a person's ("PatientName>", "dob =").

What stands behind one comes before all codes and numbers without a label, however many
there are: makers keep settings by the hundred in one block, and the name among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from companion.folding import fold_value
from companion.scans.findings import Certainty
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.seeds import dictionary_words, is_common

_WHOSE = r"(?:patients?|pat|pt|subjects?|persons?|pazient[ei]|pacientes?|patienten?)(?:['’]s?)?"
_PART = r"(?:full|first|last|family|given|sur|fore|middle)"
_BORN = r"birth[ _.-]?(?:date|day)|date[ _.-]?of[ _.-]?birth|dob"
_WHAT = (
    rf"(?P<name>{_PART}?[ _.-]?(?:name|nm|nombre|nom|nome|naam))"
    rf"|(?P<born>{_BORN}|birth|born)"
    r"|(?P<number>id|no|nr|num|number|mrn)"
)
_ALONE = (
    rf"(?P<name2>{_PART}[ _.-]?name|apellidos?|nachname|vorname)"
    rf"|(?P<born2>{_BORN}|geburtsdatum|geb\.?dat(?:um)?|fecha[ _.-]?de[ _.-]?nacimiento)"
    r"|(?P<number2>mrn|medical[ _.-]?record[ _.-]?(?:number|no)|ssn|patid|patno)"
)
# Possessive, and few: a megabyte of spaces behind a label is passed once.
_SPACE = r"\s{0,40}+"
_SEPARATOR = (
    rf"""(?:["'’]?{_SPACE}(?:=>|[:=>]){_SPACE}|["'’]?\s{{1,40}}+(?=["'])"""
    rf"""|[^\S\t]{{0,40}}+\t{_SPACE})(?:<!\[CDATA\[)?["'’]?{_SPACE}"""
)
_LABEL = re.compile(
    r"(?=[abdfglmnpsv])(?<![a-z])"  # how a label begins: most places are passed at one look
    rf"(?:{_WHOSE}[ _.-]{{0,2}}(?:{_WHAT})|{_ALONE}|(?P<bare>{_WHOSE}|name)){_SEPARATOR}"
    r"(?P<value>[^\x00-\x1f\"<>;|{}]{2,80})",
    re.IGNORECASE,
)
STEMS = (
    "pat", "pt", "subject", "person", "pazient", "pacient", "name", "apellido", "birth", "dob",
    "geb", "nacimiento", "mrn", "medical", "ssn",
)  # fmt: skip
"""Letters of which each label has some: a text without any need not be searched."""
_OF_OTHER_CASE = "\u0130\u0131\u017f\u212a"
"""Letters beyond ASCII that are an i, an s or a k to ``re.IGNORECASE``."""
_VALUE_BEHIND = re.compile(r"(?:\s*[^\x00-\x1f]{0,90}){3}")
_RULES = {
    "name": "private-patient-name", "name2": "private-patient-name",
    "born": "private-birth-date", "born2": "private-birth-date",
    "bare": "private-patient-name",
    "number": "private-patient-number", "number2": "private-patient-number",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"name=[\"']", re.IGNORECASE)
"""In mark-up, this names a part of a program."""
_MOST = 200
_NAME_WORD = r"(?:[^\W\d_a-z](?:[^\W\d_A-Z]+|[^\W\d_a-z]*))"
_WRITTEN_AS_A_NAME = re.compile(
    rf"(?=.{{4}}){_NAME_WORD}(?:['’-]{_NAME_WORD})?(?:(?:\^|, ?| ){_NAME_WORD}\.?){{0,3}}"
)
"""Capitalized words: behind a label that is everybody's ("name"), only those are a name."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled value in a text."""

    rule: str
    """The rule for it in a private element."""
    start: int
    """Where its label begins."""
    shown: str = field(repr=False)
    """Label and value as they stand."""
    certainty: Certainty


def labelled(text: str) -> Iterator[Labelled]:
    """Values behind a label of a person's name, number or birth date, at most 200."""
    count = 0
    for found in _found(text):
        value = found["value"].strip(" '\"\\^")
        what = next(name for name in _RULES if found[name])
        if what == "bare" and _ATTRIBUTE.match(found[0]):
            continue
        if not _is_value(what.rstrip("2"), value):
            continue
        sure = Certainty.POSSIBLE if what == "bare" else Certainty.LIKELY
        yield Labelled(_RULES[what], found.start(), found[0].strip(), sure)
        count += 1
        if count == _MOST:
            return


def _found(text: str) -> Iterator[re.Match[str]]:
    """Labels with what stands behind them, looked for only in lines that may have one:
    of a maker's protocol, hardly any."""
    if any(letter in text for letter in _OF_OTHER_CASE):
        yield from _LABEL.finditer(text)
        return
    low = text.lower()
    lines: dict[int, int] = {}
    for stem in STEMS:
        at = low.find(stem)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            lines[text.rfind("\n", 0, at) + 1] = end
            at = low.find(stem, end)
    after = 0
    for start in sorted(lines):
        value = _VALUE_BEHIND.match(text, lines[start])
        last = value.end() if value else lines[start]
        for found in _LABEL.finditer(text, max(start, after), last):
            if found.start() >= lines[start]:
                break  # the next line is searched as a whole, if it may have one
            after = found.end()
            yield found


def is_labelled(text: str) -> bool:
    """Whether a person's name, number or birth date stands in a text behind its label."""
    return next(labelled(text), None) is not None


def _is_value(what: str, value: str) -> bool:
    if stands_for_a_name(value) and what != "number" and not (what == "born" and _dated(value)):
        return False
    if what == "born":
        return _dated(value)
    if what == "number":
        first = re.split(r"[\s,;]", value, maxsplit=1)[0]
        return sum(char.isdigit() for char in first) >= 4 and len(set(first)) > 2
    if what == "bare" and not _WRITTEN_AS_A_NAME.fullmatch(value):
        return False
    words = [fold_value(word) for word in _WORD.findall(value)]
    return any(not is_common(word) and word not in dictionary_words() for word in words)


def _dated(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 6
