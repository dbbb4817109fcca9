"""Labels: words in front of a value that say it is a person's ("PatientName>", "dob =").

What stands behind one comes before all codes and numbers without a label, however many
there are: makers keep settings by the hundred in one block, and the name among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from companion.folding import fold_value
from companion.scans.findings import Certainty
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.seeds import dictionary_words, is_common

_WHOSE = (
    r"(?:patient(?:s|in(?:nen)?|en|e)?|pati[eë]nt|pat|pt|subjects?|persons?|pazient[ei]|pacientes?"
    r"|pasient(?:en)?|pacjent(?:a|ka)?|pacienta?)(?:['’]s?)?"
)
_PART = r"(?:full|first|last|family|given|sur|fore|middle|birth|maiden)"
_BORN = r"birth[ _.-]?(?:date|day)|date[ _.-]?of[ _.-]?birth|dob"
_NAMED = (
    rf"{_PART}?[ _.-]?(?:name|nm|nombre|nom|nome|naam|namn|navn)"
    rf"|name[ _.-]?{_PART}"
)
_WHAT = (
    rf"(?P<name>{_NAMED})"
    rf"|(?P<born>{_BORN}|birth|born)"
    r"|(?P<number>id|no|nr|num|number|mrn)"
)
_OF = r"(?:of[ _.-]?(?:the)?|de[srl]|du|de|do|da|de[ _.-]la|de[ _.-]l['’])?"
_TURNED = (
    rf"(?:full|last|first)?[ _.-]?(?:name|nombre|nom|nome|naam|ime|nume|jm[eé]no|imi[eę])"
    rf"[ _.-]?{_OF}[ _.-]?{_WHOSE}"
)
"""The same the other way round: "Name des Patienten", "NomPatient", "nombre_paciente"."""
_OF_FAMILIES = (
    r"apellidos?(?: y nombres?)?|nachname|vorname|familienname|geburtsname"
    r"|nom de (?:famille|naissance)|nom et pr[eé]noms?|pr[eé]noms?|nombre y apellidos?"
    r"|nome e cognome|cognome(?: e nome)?|achternaam|voornaam|efternamn|f[oö]rnamn|etternavn"
    r"|fornavn|nazwisko|imi[eę] i nazwisko|p[rř][ií]jmen[ií]|ad[iı] soyad[iı]|soyad[iı]?"
    r"|hasta ad[iı]|beteg neve|potilaan nimi|sukunimi|ime i prezime|prezime"
)
_ALONE = (
    rf"(?P<name6>{_TURNED})|(?P<name2>{_PART}[ _.-]?name|(?:patient)?pname|{_OF_FAMILIES})"
    rf"|(?P<born2>{_BORN}|geburtsdatum|geb\.?dat(?:um)?|fecha[ _.-]?de[ _.-]?nacimiento)"
    r"|(?P<number2>mrn|medical[ _.-]?record[ _.-]?(?:number|no)|ssn|patid|patno)"
)
_BARE = (
    rf"(?P<bare>{_WHOSE}|nombre|nome?|naam|na(?:vn|mn)|jm[eé]no|n[eé]v"
    # Not where it names the thing whose value comes next.
    r"|name(?!=[\"']|[\"'\s:=>]{1,6}(?:patient|pat|pt)[ _-]?s?_?name))"
)
# Possessive, and few: a megabyte of spaces behind a label is passed once.
_SPACE = r"\s{0,40}+"
_COUNTED = r"(?:\[\d{0,3}\]|\(\w{0,3}\)|%|_?utf-?8)?"
_SEPARATOR = (
    rf"""(?:{_COUNTED}(?:["'’]?{_SPACE}(?:=>|[:=>：]){_SPACE}|["'’]?\s{{1,40}}+(?=["'])"""
    rf"""|["']{_SPACE},{_SPACE}["']value["']{_SPACE}:{_SPACE}"""
    rf"""|["']?\s{{1,9}}+(?:\w{{1,12}}=["'][^"'<>]{{0,40}}["']\s{{1,9}}+){{0,2}}"""
    rf"""value{_SPACE}={_SPACE}"""
    rf"""|{_SPACE}</[\w:]{{1,20}}>{_SPACE}<[\w:]{{1,20}}>|\s?\.{{3,60}}+:?\s{{0,9}}+"""
    rf"""|[^\S\t]{{0,40}}+\t{_SPACE}))(?:<!\[CDATA\[)?(?:["'’]|""(?=\w))?{_SPACE}"""
)
_BEGINS = (
    r"(?=[abcdefghijlmnpsv])"  # most places are passed at one look
    # What stands before a capital in small letters is the type of a variable: tPatientName.
    r"(?:(?<![a-z])|(?-i:(?=[A-Z])(?:(?<=[a-z])(?<![A-Za-z].)|(?<=sz)(?<![A-Za-z]sz)"
    r"|(?<=str)(?<![A-Za-z]str)|(?<=lpsz)(?<![A-Za-z]lpsz))))"
)
_DAY = (
    r"(?:(?:18|19|20)\d\d[./-]?(?:0[1-9]|1[0-2])[./-]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])[./-](?:18|19|20)\d\d)(?!\w)"
)
_CAPITAL = r"(?-i:[A-ZÀ-Þ])[^\W\d_'’-]{1,40}"
# With nothing but blanks or a list's comma behind a label, the value's own shape has to tell, a
# day, a name with a caret or of two words: "birth date format" and "patient name field" are
# words of programs.
_BY_SHAPE = (
    rf"(?:{_WHOSE}[ _.-]?)?(?:{_BORN}|geburtsdatum)\s{{1,40}}+(?P<born3>{_DAY})"
    rf"|{_WHOSE}[ _.-]?name(?:[ ]is[ ]|[ ][–—-][ ]|\s{{1,40}}+|[,;|]|[\"'][,;][ ]?[\"'])"
    r"(?P<name3>[^\W\d_]{2,40}(?:\^[^\W\d_]{1,40}){1,4})"
    rf"|{_WHOSE}[ _.-]?name(?:[ ]is[ ]|[ ]{{1,40}}+(?:[–—-][ ])?|[,;|]|[\"'][,;][ ]?[\"'])"
    rf"(?P<shaped>{_CAPITAL}(?:['’-]{_CAPITAL})?(?:,?[ ]{_CAPITAL}){{1,3}}"
    r"|(?-i:[A-Z]{2,30},?[ ][A-Z]{2,30}))(?![\w^])"
)
_TAGGED = (
    r"\(?0010[, ]{0,2}0010\)?(?:\W{1,6}(?:vr|PN|Value|Alphabetic|Patients?Name)\b){0,5}\W{1,8}"
    r"(?P<name4>[^\W\d_]{2,40}(?:[ ^][^\W\d_]{1,40}){1,4})"
    r"|(?<!\w)PID\|(?:[^|\n]{0,60}\|){4}(?P<name5>[^\W\d_]{2,40}(?:[ ^][^\W\d_]{1,40}){0,4})"
)
"""A dump of a header, and the line of HL7 that is the patient's."""
_LABEL = re.compile(
    rf"(?:{_BEGINS}(?:"
    rf"(?:{_WHOSE}[ _.-]{{0,2}}(?:{_WHAT})|{_ALONE}|{_BARE}){_SEPARATOR}"
    rf"(?P<value>[^\x00-\x1f\"<>;|{{}}]{{2,80}})|{_BY_SHAPE})|{_TAGGED})",
    re.IGNORECASE,
)
STEMS = (
    "pat", "pt", "subject", "person", "pazient", "pacient", "name", "apellido", "birth", "dob",
    "geb", "nacimiento", "mrn", "medical", "ssn",
)  # fmt: skip
"""Letters of which most labels have some."""
_ALL_STEMS = (
    *STEMS, "nom", "0010", "pid|", "soyad", "jmen", "jmén", "név", "naam", "namn", "navn",
    "nazwisk", "pasient", "pacjent", "hasta ad", "beteg", "potilaan", "sukunimi",
    "prezime",
)  # fmt: skip
"""Letters of which each label has some: a text without any need not be searched."""
_OTHER_ALPHABETS = re.compile(
    r"(?:(?P<name>(?:имя|фамилия) пациент(?:а|ки)|ф\.?и\.?о\.?|фамилия|пациент(?:ка)?|επώνυμο"
    r"|όνομα ασθενούς|ονοματεπώνυμο|ασθενής|(?:患者|病人)?(?:氏名|姓名)|患者(?:さん)?の?名前?|患者"
    r"|환자(?: ?이름|명| ?성명)?|성명|성함|اسم المريض|שם (?:ה?מטופלת?|החולה|משפחה|פרטי|מלא))"
    r"|(?P<bare>имя|όνομα|이름|الاسم|שם))\s{0,9}[\"'”]?\s{0,9}[:：=>]\s{0,9}[\"'“]?"
    r"(?P<value>[^\x00-\x1f\"<>;|{}]{2,80})",
    re.IGNORECASE,
)
_FOREIGN_WORD = re.compile(r"[^\W\d_\x00-\x7f]{1,40}")
_OF_OTHER_CASE = "\u0130\u0131\u017f\u212a"
"""Letters beyond ASCII that are an i, an s or a k to ``re.IGNORECASE``."""
_VALUE_BEHIND = re.compile(r"(?:\s*[^\x00-\x1f]{0,90}){3}")
_RULES = {
    "name": "private-patient-name", "name2": "private-patient-name",
    "name3": "private-patient-name", "name4": "private-patient-name",
    "name5": "private-patient-name", "name6": "private-patient-name",
    "shaped": "private-patient-name",
    "born": "private-birth-date", "born2": "private-birth-date", "born3": "private-birth-date",
    "bare": "private-patient-name",
    "number": "private-patient-number", "number2": "private-patient-number",
}  # fmt: skip
_PATIENTS = frozenset({"name", "name3", "name4", "name5", "name6", "born", "number"})
_MOST = 200
_NAME_WORD = r"(?:[^\W\d_a-z](?:[^\W\d_A-Z]+|[^\W\d_a-z]*))"
_WRITTEN_AS_A_NAME = re.compile(
    rf"(?=.{{4}}|[^\x00-\x7f]{{2}}){_NAME_WORD}(?:['’-]{_NAME_WORD})?"
    rf"(?:(?:\^|, ?| ){_NAME_WORD}\.?){{0,3}}+"
    r"(?=\s*(?:$|[(/,\\]))"
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
    value: str = field(repr=False)
    of_patient: bool
    """Whether the label says that it is a patient's."""
    by_shape: bool = False
    """Whether nothing but blanks or a list's comma stand between label and value."""


def labelled(text: str) -> Iterator[Labelled]:
    """Values behind a label of a person's name, number or birth date, at most 200."""
    count = 0
    if not text.isascii():
        for other in _of_other_alphabets(text):
            yield other
            count += 1
    for found in _found(text):
        what = next(name for name in _RULES if found[name])
        value = (found["value"] or found[what]).strip(" '\"\\^")
        if not _is_value(what.rstrip("23456"), value):
            continue
        sure = Certainty.POSSIBLE if what in ("bare", "shaped") else Certainty.LIKELY
        yield Labelled(
            _RULES[what], found.start(), found[0].strip(), sure, value,
            of_patient=what in _PATIENTS, by_shape=what == "shaped",
        )  # fmt: skip
        count += 1
        if count >= _MOST:
            return


def _of_other_alphabets(text: str) -> Iterator[Labelled]:
    for found in islice(_OTHER_ALPHABETS.finditer(text), _MOST):
        value = found["value"].strip(" '\"\\^")
        if not _FOREIGN_WORD.match(value) or stands_for_a_name(value):
            continue
        sure = Certainty.LIKELY if found["name"] else Certainty.POSSIBLE
        yield Labelled(
            _RULES["name"], found.start(), found[0].strip(), sure, value,
            of_patient=bool(found["name"]),
        )  # fmt: skip


def _found(text: str) -> Iterator[re.Match[str]]:
    """Labels with what stands behind them, looked for only in lines that may have one:
    of a maker's protocol, hardly any."""
    if any(letter in text for letter in _OF_OTHER_CASE):
        yield from _LABEL.finditer(text)
        return
    low = text.lower()
    lines: dict[int, int] = {}
    for stem in _ALL_STEMS:
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
    if what == "bare":
        written = _WRITTEN_AS_A_NAME.match(value)
        value = written[0] if written else ""
    if stands_for_a_name(value) and what != "number" and not (what == "born" and _dated(value)):
        return False
    if what == "born":
        return _dated(value)
    if what == "number":
        first = re.split(r"[\s,;]", value, maxsplit=1)[0]
        return sum(char.isdigit() for char in first) >= 4 and len(set(first)) > 2
    words = [fold_value(word) for word in _WORD.findall(value)]
    if what == "shaped":
        return not any(is_common(word) or word in dictionary_words() for word in words)
    return any(not is_common(word) and word not in dictionary_words() for word in words)


def _dated(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 6
