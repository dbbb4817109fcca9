"""What tells that a program was at work, and what must be kept apart because of it.

A program's words are no doctor's report, its number no machine's, its place no hospital: what
the standard's fields attribute to a program is taken out of the findings of the table, and
reported by the detectors ``ai`` and ``reports`` under rules of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from companion.content import ai_makers
from companion.folding import fold_value
from companion.scans.dicom import tags
from companion.scans.inventory import Fact, FactKind, Inventory
from companion.scans.labels import Label, read
from companion.scans.rules.table import Match

_AI_WORDS = re.compile(
    r"(?<![^\W_])(?:artificial intelligence|deep learning|machine learning|neural network"
    r"|ai[ -](?:generated|based|assisted|powered|result|results|report|summary|overlay|findings?"
    r"|analysis|heat ?map)|computer[ -]aided (?:detection|diagnosis)"
    r"|inteligencia artificial|aprendizaje profundo|kunstliche intelligenz|ki[ -](?:gestutzt"
    r"|basiert|analyse|befund)|intelligence artificielle|apprentissage profond)(?![^\W_])"
)
"""Words, folded, by which a computed picture says that AI made it."""
_WORD = re.compile(r"[^\W_]+")
_OF_PROGRAMS = frozenset(
    {
        "annotation-text",
        "device-serial",
        "machine-model",
        "report-author",
        "report-text",
        "software",
    }
)
"""Rules under which words of a program would be taken for a person's or a machine's."""
_WORDS_OF_PROGRAMS = frozenset(
    {FactKind.UNSIGNED_TEXT, FactKind.DEVICE_TEXT, FactKind.DEVICE_PLACE}
)
_NAMES = frozenset({Label.PROGRAM, Label.VERSION, Label.SERIAL, Label.WRITTEN})


def pairs(fact: Fact) -> list[tuple[Label, str]]:
    """The labelled lines of a fact."""
    return [(Label(label), text) for label, text in map(read, fact.detail.split("\n")) if label]


def context_of(inventory: Inventory) -> str:
    """The makers of all machines in the set, in lower case: what an ambiguous name needs."""
    manufacturer = tags.digits(tags.MANUFACTURER)
    return " ".join(
        text.casefold()
        for element in inventory.elements
        if element.tag == manufacturer
        for text in element.values
    )


def fits(name: ai_makers.Name, context: str) -> bool:
    """Whether the maker that an ambiguous name needs is named in ``context``."""
    words = f" {' '.join(_WORD.findall(context))} " if name.needs else ""
    return not name.needs or any(f" {need} " in words for need in name.needs)


def tells_of_ai(fact: Fact) -> list[str]:
    """The texts of a computed object, or of a device, that name AI or a maker known for it."""
    context = fact.detail.casefold()
    told = []
    for label, text in pairs(fact):
        if label in (Label.MADE, Label.SERIAL, Label.QUALITY, Label.HOW):
            continue
        named = any(
            name.does != "computed-view" and fits(name, context) for name in ai_makers.find(text)
        )
        if named or _AI_WORDS.search(fold_value(text)):
            told.append(text)
    return list(dict.fromkeys(told))


def without_programs(matches: Iterable[Match], inventory: Inventory) -> Iterator[Match]:
    """The matches without the values that only results of programs hold."""
    taken: dict[str, int] = {}
    for fact in inventory.facts:
        if fact.kind in _WORDS_OF_PROGRAMS:
            taken[fact.detail] = taken.get(fact.detail, 0) | fact.where
        elif fact.kind is FactKind.MADE_OBJECT and tells_of_ai(fact):
            for label, text in pairs(fact):
                if label in _NAMES:
                    taken[text] = taken.get(text, 0) | fact.where
    for match in matches:
        if not taken or match.rule.id not in _OF_PROGRAMS:
            yield match
            continue
        kept = {
            text: seen
            for text, seen in match.values.items()
            if taken.get(" ".join(text.split()), taken.get(text, 0)).bit_count() < seen.files
        }
        if kept:
            yield Match(match.element, match.rule, kept)
