"""What stands behind a label in a document: a birth date, a record's number, a name.

A label ("born", "MRN", "Paciente") is what makes a text a person's; without one, the same
words may be a help page's. So a bare "Name:" counts only beside other signs of a patient.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.detectors.documents import RAW
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.formats.heads import BIRTH, PATIENT, RECORD
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.columns import cells
from companion.scans.rules.labels import Labelled, labelled
from companion.scans.rules.scene import Scene, Text, dictionary_words, is_common
from companion.scans.rules.text_findings import Gatherer

_PLACES = frozenset({Place.OTHER_FILE, Place.DOCUMENT, Place.REPORT_TEXT})
_MOST_CHARACTERS = 6_000_000
"""Characters that are searched of all documents together."""
_MOST_FINDS = 5_000
"""Of one kind in all documents together: more would say the same of them."""
_MOST_OF_PROGRAMS = 2_000
_IN_FRONT, _FEWEST_DIGITS, _TELLING_WORD = 80, 4, 4
_AROUND = 60
"""Characters of a long line that are shown in front of a name."""
_FILLED = r"[ \t\xa0]{0,4}(?:[ ]{1,40}(?=[:：=]))?"
"""Blanks in front of a colon, of which lists put one below the other have many."""
_BETWEEN = rf"[\"'\]]{{0,2}}{_FILLED}[:：=#|>\t.]{{0,2}}[ \t\xa0]{{0,4}}\n?[\"'\[]{{0,2}}"
_COLON = rf"[\"'\]]{{0,2}}{_FILLED}[:：=|\t]=?[ \t\xa0]{{0,4}}[\"'\[]{{0,2}}"
_OTHERS = re.compile(r"[^\W\d_] ")
_MONTH = r"[^\W\d_]{3,12}\.?"
_YEAR = r"(?:18|19|20)\d{2}"
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:18|19|20)?\d{{2}}|{_YEAR}[./:-]?[01]\d[./:-]?[0-3]\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|°)?[. -]{{1,2}}(?:de )?{_MONTH}[ -](?:del? )?{_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR}年\d{{1,2}}月\d{{1,2}}日?)(?!\d|T\d)"
)
_NEAR = 40
"""Characters within which two labels are one: "patient name" and "name"."""
_PATIENTS_NAME = "private-patient-name"
# Marks of Thai stand above and below its letters, and are none to the engine.
_WORD = r"(?:[^\W\d_][\w\u0e31-\u0e4e'’.-]{0,40})"
_TITLED = r"(?:[^\W\d_a-z](?:[\w'’-]{1,40}|\.))"
_BEFORE = re.compile(
    rf"(?<![\w'’-])(?P<value>{_TITLED}(?:(?:,? |\^)"
    rf"(?:(?:de|del|di|da|van|von|der|den|zu|el|al|la) ){{0,2}}{_TITLED})"
    r"{1,4})(?: \([^()\n]{0,20}\)?)?[,;]?[ \n]{0,2}[(\[*]{0,2}[ ]?\Z"
)
"""Words with capitals that end where something else begins."""
_FIRST_IDEOGRAPH = "\u3040"
"""In Chinese, Japanese and Korean, a label or a name of two characters says as much as two
words."""
_STAR = re.compile(rf"(?:(?<=[,;(] )|(?<=[,;(])|(?<=[^\W\d_] ))\*[ ]?(?P<value>{_DATE})")
"""How German letters write the day of birth."""
_BORN_AT = (
    r"[ ](?:a|à|in|en|em|w|te|at)[ ][^\W\d_][\w'’. -]{1,30}?,?[ ](?:il|el|le|am|on|op|em|dnia|a)[ ]"
)
"""Where somebody was born, in front of the day: "nata a Torino il 3 settembre 1978"."""
_DAY_FIRST = re.compile(rf"(?P<value>{_DATE}),?[ ](?:do[gğ]umlu)", re.IGNORECASE)
"""How Turkish letters tell the day of birth."""
_CALLED = frozenset(
    [
        "ihr", "ihre", "ihren", "ihrer", "ihrem", "unser", "unsere", "the", "my", "your", "our",
        "mr", "mrs", "ms", "herr", "herrn", "frau", "mme", "madame", "monsieur", "senor", "senora",
        "sr", "sra", "sig", "signor", "signora", "pan", "pani", "pana", "sayin", "ben", "ja", "eu",
        "io", "yo", "je", "ich", "i",
    ]
)  # fmt: skip
"""What stands in front of a name, with a capital, and is none of it."""
_TITLE = re.compile(
    r"(?:(?<![\w-])(?:Mrs?|Ms|Frau|Herrn?|Señora?|Sra|Mme|Madame|Monsieur|Mlle|Signora?"
    r"|Sr(?=\.)|Sig(?:\.ra|\.na)?(?=\.| )|Dña|Doña|Senhora?|Pan[ai]|Sayın|Mevr(?:ouw)?|[Dd]e heer"
    rf"|Dhr|Mw(?=\.))\.?|^(?:D|M|Pan|Dott)\.?(?=(?: {_TITLED}){{2,4}},?$)) "
    rf"(?P<value>(?!(?:Mrs?|Ms|Msc|Dr)\b\.?(?! [A-Z])){_TITLED}(?: {_TITLED}){{0,3}})",
    re.MULTILINE,
)
"""Somebody who is called by a title, as letters do."""
_OF_CODE = re.compile(r"\A\W{0,3}[$(_%\\{[]|\A[^ ]{0,60}[^\W\d_]\(|[a-z]\.[a-z]")
"""A variable, a call or a part of an object, and the address of a page."""
_OF_NOISE = re.compile(
    r"([^\W\d_])\1\1|[a-z][A-Z]{2}|(?:[A-Z][a-z]){3}[A-Z]|(?:[A-Z][a-z]){2}[A-Z](?![a-z])"
    r"|\^[A-Z]\d"
)
"""Letters as no name has them, but any packed data: three alike, one large one small in turn."""
_TITLES = (
    "Mr", "Ms", "Frau", "Herr", "Señor", "Sra", "Mme", "Madame", "Monsieur", "Mlle", "Signor",
    "Sr.", "Sig", "Dña", "Doña", "Senhor", "Pani", "Pana", "Sayın", "Mevr", "e heer", "Dhr", "Mw.",
    "D. ", "M. ", "Pan ", "Dott",
)  # fmt: skip
_CARETS = re.compile(
    r"(?<![^\s\"'>|:=,;(\[{~&#/\\\0])(?P<value>"
    r"(?:[^\W\d_a-z][\w'’-]{1,40}(?: [^\W\d_a-z][\w'’-]{1,40}){1,2}|[^\W\d_][\w'’-]{1,40})"
    r"\^[^\W\d_][\w'’ -]{0,40}"
    r"(?:\^[\w'’. -]{0,40}){0,3})"
    r"(?![^\s\"'<|,;:.)\]}=*!?~&#/\\\0])"
)
"""A name as DICOM and HL7 write it (PS3.5, 6.2.1)."""

_TAGS = {"0010": "name-in-text", "0020": "record-number-in-text", "0030": "birth-date-in-text"}
_DUMPED = re.compile(
    r"\(?\b0010[,:]?\s?(?P<tag>00[123]0)\b\)?[^\n\[':=\"]{0,60}[\[':=\"]{1,3}\s?'?(?=[^\]'\"\n#]{0,40}[\w])(?P<value>[^\]'\"\n#]{3,64})"
)
"""An element in the list of a scan's header that a program printed."""


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
            spelled.append("[ ._-]?")
        elif (bare := fold_value(letter)) != letter.lower() and len(bare) == 1:
            spelled.append(f"[{letter}{bare}]")
        else:
            spelled.append(re.escape(letter))
    return "".join(spelled)


def _birth() -> re.Pattern[str]:
    return _pattern("birth", "label", rf"(?:{_BORN_AT})?{_BETWEEN}(?P<value>{_DATE})")


def _record() -> re.Pattern[str]:
    number = r"(?P<value>(?:[A-Z]{1,5}[-/ ]?)?\d[\dA-Z./-]{2,24})(?!\w)"
    return _pattern("record", "label", rf"(?![^\W\d_])(?:\.|°|º)?{_BETWEEN}{number}")


def _name(what: str) -> re.Pattern[str]:
    return _pattern(what, "label", rf"{_COLON}(?P<value>{_WORD}(?:[ ,^]{{1,2}}{_WORD}){{0,5}})")


@cache
def _stems(what: str) -> tuple[str, ...]:
    """What a text with a label of ``what`` has some of, folded: most texts have none."""
    stems: set[str] = set()
    for label in identifiers.labels()[what]:
        words = fold_value(label).split(" ")
        longest = max(words, key=len)
        alone = len(longest) >= _TELLING_WORD
        stems.update([longest] if alone else (sign.join(words) for sign in ("", *" ._-")))
    return tuple(
        stem for stem in sorted(stems) if not any(one != stem and one in stem for one in stems)
    )


class _Words:
    """Takes documents one by one and gathers what stands behind labels in them."""

    def __init__(self) -> None:
        self.gatherer = Gatherer()
        self._counts: Counter[str] = Counter()
        self._labelled: set[str] = set()
        self._of_programs = 0
        self._written: list[tuple[str, Text]] = []

    def _finds(self, what: str, pattern: re.Pattern[str], text: Text) -> Iterator[re.Match[str]]:
        """Matches in a text, as long as there were not too many of the pattern."""
        if what and not self._may_have(what, text):
            return
        for found in pattern.finditer(text.original):
            self._counts[pattern.pattern] += 1
            if self._counts[pattern.pattern] > _MOST_FINDS:
                return
            yield found

    @staticmethod
    def _may_have(what: str, text: Text) -> bool:
        return any(stem in text.folded for stem in _stems(what))

    def _has(self, what: str, text: Text) -> bool:
        return self._may_have(what, text) and bool(
            _pattern(what, "label", "").search(text.original)
        )

    def take(self, text: Text) -> None:
        """Look at one text."""
        add = self.gatherer.add
        told: set[int] = set()
        of_patients = False
        for found in chain(
            self._finds("birth", _birth(), text),
            self._finds("", _DAY_FIRST, text) if "umlu" in text.folded else (),
        ):
            of_patients = True
            add("birth-date-in-text", text, found.start(), Certainty.LIKELY)
            # "Mrs Ada Okonkwo, born 21.08.1973": who is born then stands in front.
            first = max(0, found.start() - _IN_FRONT)
            before = _BEFORE.search(text.original, first, found.start())
            if before and is_name(_without_address(before["value"]), alone=False):
                add("name-in-text", text, before.start("value"), Certainty.LIKELY)
        for found in self._finds("record", _record(), text):
            if sum(char.isdigit() for char in found["value"]) >= _FEWEST_DIGITS:
                of_patients = True
                add("record-number-in-text", text, found.start(), Certainty.LIKELY)
        for found in self._finds("patient-name", _name("patient-name"), text):
            self._labelled.add(fold_value(found["value"]))
            # "Patient: Select" is a program's; one word is enough where the label says "name".
            tells = len(found["label"]) > len("paciente") or found["label"] > _FIRST_IDEOGRAPH
            if is_name(found["value"], alone=tells):
                add("name-in-text", text, found.start(), Certainty.LIKELY)
                told.add(found.start() // _NEAR)
        for one in self._as_programs_write(text.original, of_patients=of_patients):
            if not _is_near(one.start, told):
                self._labelled.add(fold_value(one.value))
                add("name-in-text", text, one.start, one.certainty)
                told.add(one.start // _NEAR)
        self._take_by_shape(text)
        signs = self._has("signs", text)
        if signs or self._has("record", text):
            self._take_cells(text)
        if signs or self._has("birth", text):
            for found in self._finds("name", _name("name"), text):
                # "Protocol name: ..." is not a person's.
                other = _OTHERS.match(text.original, max(0, found.start() - 2), found.start())
                near = _is_near(found.start(), told)
                if not other and not near and is_name(found["value"], alone=True):
                    add("name-in-text", text, found.start(), Certainty.POSSIBLE)

    def _as_programs_write(self, text: str, *, of_patients: bool) -> Iterator[Labelled]:
        """Labels of a patient's name with their values, as in files of settings and columns.

        Files of programs have labels without anybody's value ("patientName: String"). Where
        nothing but blanks stand between, it has to be a document ``of_patients``.
        """
        if self._of_programs >= _MOST_OF_PROGRAMS:
            return
        for one in labelled(text):
            self._of_programs += 1
            is_sure = one.certainty is Certainty.LIKELY
            if one.rule != _PATIENTS_NAME or not (one.of_patient or (one.by_shape and of_patients)):
                continue
            if (is_sure or one.by_shape) and is_name(one.value, alone=True):
                yield one

    def _take_by_shape(self, text: Text) -> None:
        """What is a person's by how it is written."""
        if "0010" in text.original:
            for found in self._finds("", _DUMPED, text):
                line = replace(text, original=_line(text.original, found.start()))
                self.gatherer.add(_TAGS[found["tag"]], line, 0, Certainty.LIKELY)
        if "*" in text.original:
            for found in self._finds("", _STAR, text):
                self.gatherer.add("birth-date-in-text", text, found.start(), Certainty.LIKELY)
        for sign, pattern in (("^", _CARETS), *((title, _TITLE) for title in _TITLES)):
            if sign not in text.original:
                continue
            for found in self._finds("", pattern, text):
                value = found["value"]
                if pattern is _CARETS and _OF_NOISE.search(value):
                    continue
                if is_name(value, alone=pattern is _TITLE):
                    line = replace(text, original=_line(text.original, found.start()))
                    self._written.append((fold_value(value), line))
            if pattern is _TITLE:
                return

    def _take_cells(self, text: Text) -> None:
        for cell in islice(cells(text.original), _MOST_FINDS):
            if cell.what == BIRTH:
                self.gatherer.add("birth-date-in-text", text, cell.start, Certainty.LIKELY)
            elif cell.what == RECORD:
                if sum(map(str.isdigit, cell.value)) >= _FEWEST_DIGITS:
                    self.gatherer.add("record-number-in-text", text, cell.start, Certainty.LIKELY)
            elif is_name(cell.value, alone=True):
                sure = Certainty.LIKELY if cell.what == PATIENT else Certainty.POSSIBLE
                self.gatherer.add("name-in-text", text, cell.start, sure)

    def findings(self) -> Iterator[Finding]:
        """One finding for each place and kind; a name once, by its label if it has one."""
        for name, line in self._written:
            if name not in self._labelled:
                self.gatherer.add("name-in-text", line, 0, Certainty.POSSIBLE)
        yield from self.gatherer.findings()


@detector("labelled-words")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each place and kind of labelled words."""
    words = _Words()
    left = _MOST_CHARACTERS
    for text in scene.texts:
        passage = text.passage
        if passage is None or passage.place not in _PLACES or passage.name in RAW:
            continue
        left -= len(text.original)
        if left < 0:
            scene.unsearched.add(passage.example)
        else:
            words.take(text)
    yield from words.findings()


def _without_address(value: str) -> str:
    """Words with capitals without those that only call somebody: "Ihre Patientin"."""
    words = value.split(" ")
    called = {fold_value(one) for one in identifiers.labels()["patient-name"]} | _CALLED
    while words and (words[0][:1].islower() or fold_value(words[0].strip(".,")) in called):
        words.pop(0)
    return " ".join(words)


def _line(text: str, at: int) -> str:
    """The line that an offset is in, or so much of it as is in front of and behind it."""
    end = text.find("\n", at)
    first = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    return text[first : min(len(text) if end < 0 else end, at + 2 * _AROUND)]


def _is_near(start: int, told: set[int]) -> bool:
    """Whether another label begins nearly there; ``told``: offsets, in steps of ``_NEAR``."""
    step = start // _NEAR
    return not told.isdisjoint((step - 1, step, step + 1))


def is_name(value: str, *, alone: bool) -> bool:
    """Whether words may be a name: each begins with a capital, and not all are common words.

    ``alone``: whether one word is enough.
    """
    if stands_for_a_name(value) or _OF_CODE.search(value):
        return False
    labels = identifiers.labels()
    words = [word for word in re.split(r"[ ,^]+", value) if word]
    kept: list[str] = []
    for word in words:
        if word[0].islower() and word not in labels["particles"]:
            break
        kept.append(word)
    names = [
        word
        for word in kept
        # A family of China, Japan and Korea is often of one letter.
        if word not in labels["particles"]
        and (len(word.strip(".")) > 1 or word >= _FIRST_IDEOGRAPH)
    ]
    if not names or (len(names) < 2 and not (alone and len(kept) == len(words))):
        return False
    folded = [fold_value(word.strip(".'’-")) for word in names]
    if any(word in labels["no-names"] for word in folded):
        return False
    usual = dictionary_words()
    return any(not is_common(word) and word not in usual for word in folded)
