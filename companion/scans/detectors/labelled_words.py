"""What stands behind a label in a document: a birth date, a record's number, a name.

A label ("born", "MRN", "Paciente") is what makes a text a person's; without one, the same
words may be a help page's. So a bare "Name:" counts only beside other signs of a patient.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.detectors.documents import RAW
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.labels import labelled
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.text_findings import Gatherer

_PLACES = frozenset({Place.OTHER_FILE, Place.DOCUMENT, Place.REPORT_TEXT})
_MOST_CHARACTERS = 6_000_000
"""Characters that are searched of all documents together."""
_MOST_FINDS = 5_000
"""Of one kind in all documents together: more would say the same of them."""
_FILLED = r"[ \t\xa0]{0,4}(?:[ ]{1,40}(?=[:=]))?"
"""Blanks in front of a colon, of which lists put one below the other have many."""
_BETWEEN = rf"[\"'\]]{{0,2}}{_FILLED}[:=#|>\t.]{{0,2}}[ \t\xa0]{{0,4}}\n?[\"'\[]{{0,2}}"
_COLON = rf"[\"'\]]{{0,2}}{_FILLED}[:=|\t]=?[ \t\xa0]{{0,4}}[\"'\[]{{0,2}}"
_OTHERS = re.compile(r"[^\W\d_] ")
_MONTH = r"[^\W\d_]{3,12}\.?"
_YEAR = r"(?:18|19|20)\d{2}"
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:18|19|20)?\d{{2}}|{_YEAR}[./:-]?[01]\d[./:-]?[0-3]\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[. -]{{1,2}}(?:de )?{_MONTH}[ -](?:del? )?{_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR})(?!\d|T\d)"
)
_NEAR = 40
"""Characters within which two labels are one: "patient name" and "name"."""
_PATIENTS_NAME = "private-patient-name"
_WORD = r"(?:[^\W\d_][\w'’.-]{0,40})"


@cache
def _pattern(what: str, group: str, behind: str) -> re.Pattern[str]:
    """Finds a label of ``labels.toml``, and what stands ``behind`` it as ``value``."""
    words = sorted(identifiers.labels()[what], key=len, reverse=True)
    alternatives = "|".join(map(_spelled, words))
    return re.compile(
        rf"(?<![^\W_])(?P<{group}>{alternatives}){behind}",
        re.IGNORECASE,
    )


def _spelled(label: str) -> str:
    """A label with or without accents, its words apart, joined or with a sign between."""
    spelled = []
    for letter in label:
        if letter == " ":
            spelled.append("[ _-]?")
        elif (bare := fold_value(letter)) != letter.lower() and len(bare) == 1:
            spelled.append(f"[{letter}{bare}]")
        else:
            spelled.append(re.escape(letter))
    return "".join(spelled)


def _birth() -> re.Pattern[str]:
    return _pattern("birth", "label", rf"{_BETWEEN}(?P<value>{_DATE})")


def _record() -> re.Pattern[str]:
    number = r"(?P<value>(?:[A-Z]{1,5}[-/ ]?)?\d[\dA-Z./-]{2,24})(?!\w)"
    return _pattern("record", "label", rf"(?:\.|°|º)?{_BETWEEN}{number}")


def _name(what: str) -> re.Pattern[str]:
    return _pattern(what, "label", rf"{_COLON}(?P<value>{_WORD}(?:[ ,^]{{1,2}}{_WORD}){{0,5}})")


@detector("labelled-words")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each place and kind of labelled words."""
    gatherer = Gatherer()
    left = _MOST_CHARACTERS
    counts: Counter[str] = Counter()
    for text in scene.texts:
        passage = text.passage
        if passage is None or passage.place not in _PLACES or passage.name in RAW:
            continue
        left -= len(text.original)
        if left < 0:
            break
        told: list[int] = []
        of_patients = False
        for found in _finds(_birth(), text.original, counts):
            gatherer.add("birth-date-in-text", text, found.start(), Certainty.LIKELY)
            of_patients = True
        for found in _finds(_record(), text.original, counts):
            if sum(char.isdigit() for char in found["value"]) >= 4:
                gatherer.add("record-number-in-text", text, found.start(), Certainty.LIKELY)
                of_patients = True
        for found in _finds(_name("patient-name"), text.original, counts):
            # "Patient: Select" is a program's; one word is enough where the label says "name".
            if _is_name(found["value"], alone=len(found["label"]) > len("paciente")):
                gatherer.add("name-in-text", text, found.start(), Certainty.LIKELY)
                told.append(found.start())
        for start, sure in _as_programs_write(text.original, of_patients=of_patients):
            if not any(abs(start - other) < _NEAR for other in told):
                gatherer.add("name-in-text", text, start, sure)
                told.append(start)
        if _pattern("signs", "label", "").search(text.original):
            for found in _finds(_name("name"), text.original, counts):
                # "Protocol name: ..." is not a person's.
                other = _OTHERS.match(text.original, max(0, found.start() - 2), found.start())
                near = any(abs(found.start() - start) < _NEAR for start in told)
                if not other and not near and _is_name(found["value"], alone=True):
                    gatherer.add("name-in-text", text, found.start(), Certainty.POSSIBLE)
    yield from gatherer.findings()


def _as_programs_write(text: str, *, of_patients: bool) -> Iterator[tuple[int, Certainty]]:
    """Where a label of a patient's name stands with its value, as in files of settings and
    columns; how sure it is.

    Files of programs have labels without anybody's value ("patientName: String"). Where nothing
    but blanks stand between, it has to be a document ``of_patients``.
    """
    for one in labelled(text):
        is_sure = one.certainty is Certainty.LIKELY
        if one.rule != _PATIENTS_NAME or not (one.of_patient or (one.by_shape and of_patients)):
            continue
        if (is_sure or one.by_shape) and _is_name(one.value, alone=True):
            yield one.start, one.certainty


def _finds(pattern: re.Pattern[str], text: str, counts: Counter[str]) -> Iterator[re.Match[str]]:
    """Matches in a text, as long as there were not too many of the pattern."""
    for found in pattern.finditer(text):
        counts[pattern.pattern] += 1
        if counts[pattern.pattern] > _MOST_FINDS:
            return
        yield found


def _is_name(value: str, *, alone: bool) -> bool:
    """Whether words may be a name: each begins with a capital, and not all are common words.

    ``alone``: whether one word is enough.
    """
    if stands_for_a_name(value):
        return False
    labels = identifiers.labels()
    words = [word for word in re.split(r"[ ,^]+", value) if word]
    kept: list[str] = []
    for word in words:
        if word[0].islower() and word not in labels["particles"]:
            break
        kept.append(word)
    names = [word for word in kept if word not in labels["particles"] and len(word.strip(".")) > 1]
    if not names or (len(names) < 2 and not (alone and len(kept) == len(words))):
        return False
    folded = [fold_value(word.strip(".'’-")) for word in names]
    if any(word in labels["no-names"] for word in folded):
        return False
    usual = dictionary_words()
    return any(not is_common(word) and word not in usual for word in folded)
