"""Public text elements outside the identifier table that hold a person all the same.

Table E.1-1 lists what is known to identify. Some makers and old programs put a name and a
birth date into an element that the standard retired or meant for something else, such as
(0020,1020), or words into one that holds numbers or codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from companion.folding import fold_value
from companion.scans.detectors import detector
from companion.scans.findings import Finding, Place
from companion.scans.inventory import Element, Seen
from companion.scans.people.companies import is_company
from companion.scans.people.placeholders import stands_for_a_name
from companion.scans.rules.labels import is_labelled
from companion.scans.rules.scene import Scene, dictionary_words, is_common
from companion.scans.rules.table import CODES, dictionary_vr, make_finding

_FORMS = {
    "DS": re.compile(r"[-+\d.eE ]*"), "IS": re.compile(r"[-+\d ]*"), "UI": re.compile(r"[\d. ]*"),
    "CS": re.compile(r"[A-Z\d_ ]{0,16}"),
}  # fmt: skip
"""What one value of a number, a UID or a code is made of (PS3.5, table 6.2-1)."""
_LEAST_LETTERS = 4
"""Of a word that stands where there should be none: shorter ones are units."""
_NO_NUMBERS = frozenset({"infinity", "qnan", "snan"})
"""How C writes what is no number."""
_OF_A_CALL = re.compile(r"(?:\d[ ()/+.-]{0,2}){7}")
_TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "UN"})
_PLACES = frozenset({Place.HEADER, Place.NESTED, Place.DIRECTORY, Place.ANNOTATION})
_BIRTH = re.compile(
    r"(?<![\d.])(?:(?:19|20)\d\d([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\2(?:19|20)?\d\d)(?![\d.])"
)
# From the beginning of a word on, all of it or nothing: linear in words of any length.
_CARET_NAME = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+\^[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"(?<![\w.])\d{6,12}(?![\w.])")
_LEAST_DIGITS = 3
"""Different digits of a number that may stand for somebody."""
_LEAST_WORDS = 2
"""Words of a name that not every scan has."""
_PLAIN = re.compile(r"[^\W\d_]*(?:[ ,.'’-]+[^\W\d_]*)*")
"""A text of words alone, as people write their names."""
_OF_PROGRAMS = ("CodingScheme", "DeidentificationMethod", "Manufacturer")
"""Beginnings of the names of elements that hold names of programs and companies."""


@detector("beyond_table")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each such element whose text names somebody or is labelled so."""
    for element in scene.inventory.elements:
        if not _may_hold_a_person(scene, element):
            continue
        tells = _test_of(element)
        held: dict[str, Seen] = {text: seen for text, seen in element.values.items() if tells(text)}
        if held:
            yield make_finding(
                "private-words" if element.place is Place.PRIVATE else "unknown-field",
                place=element.place,
                tag=element.tag,
                path=element.path,
                name=element.name,
                values=tuple(held),
                files=min(element.files, sum(seen.files for seen in held.values())),
                example=next(iter(held.values())).example,
            )


def _may_hold_a_person(scene: Scene, element: Element) -> bool:
    if element.vr in _FORMS:
        return id(element) not in scene.rule_of_element
    return (
        element.vr in _TEXTS
        and not element.creator
        and element.place in _PLACES
        and bool(dictionary_vr(element.tag))
        and id(element) not in scene.rule_of_element
    )


def _test_of(element: Element) -> Callable[[str], bool]:
    """What tells that a value of an element may be about somebody."""
    if element.vr in _FORMS:
        return partial(_is_out_of_place, _FORMS[element.vr])
    # Codes, and names of companies, are words that not every scan has. So are the names that
    # makers give to parts, which stand in short texts.
    if element.name in CODES or element.name.startswith(_OF_PROGRAMS):
        return _names_somebody
    return _has_number if element.vr == "SH" else _has_words


def _names_somebody(text: str) -> bool:
    """Whether a text has a name as scans write it, a label, or two words and a birth date."""
    if is_labelled(text):
        return True
    if (found := _CARET_NAME.search(text)) and not stands_for_a_name(found[0]):
        words = _WORD.findall(fold_value(found[0]))
        return not is_company(text) and not all(map(_is_usual, words))
    return bool(_BIRTH.search(text)) and len(_strange_words(text)) >= _LEAST_WORDS


def _has_number(text: str) -> bool:
    """The same, or whether it has a number that may stand for somebody."""
    if any(len(set(number)) >= _LEAST_DIGITS for number in _NUMBER.findall(text)):
        return True
    return _names_somebody(text)


def _has_words(text: str) -> bool:
    """The same, or whether it is words of which most are not those of scans."""
    if _has_number(text):
        return True
    strange = _strange_words(text)
    if len(strange) < _LEAST_WORDS or 2 * len(strange) <= len(set(_WORD.findall(text))):
        return False
    return bool(_PLAIN.fullmatch(text)) and not is_company(text)


def _is_out_of_place(form: re.Pattern[str], text: str) -> bool:
    """Whether words that not every scan has stand where a number, a UID or a code should."""
    if all(map(form.fullmatch, text.split("\\"))):
        return False
    words = _strange_words(text) - _NO_NUMBERS
    if any(len(word) >= _LEAST_LETTERS for word in words) or _has_number(text):
        return True
    return bool(_OF_A_CALL.search(text) and _WORD.search(text))


def _strange_words(text: str) -> set[str]:
    """Words, folded, that not every scan has."""
    return {word for word in map(fold_value, _WORD.findall(text)) if not _is_usual(word)}


def _is_usual(word: str) -> bool:
    return is_common(word) or word in dictionary_words()
