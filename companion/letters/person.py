"""Who writes a letter, and how it names the patient: "my scans", "the patient's scans".

One text serves everybody. Where it speaks of the patient, a word in braces stands for
what each writer says: ``{my}`` is looked up in ``content/letters/persons.toml``, and
``{I signed|The patient signed}`` holds the patient's own words and everybody else's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from companion.content.library import LANGUAGES, SOURCE, Fields, read_toml
from companion.content.untranslated import alike, is_untranslated

Writer = Literal["patient", "parent", "representative", "survivor"]

WRITERS: tuple[Writer, ...] = ("patient", "parent", "representative", "survivor")
"""A survivor writes for somebody who has died."""

RELATIONS: Mapping[str, Writer] = MappingProxyType(
    {"self": "patient", "child": "parent", "adult": "representative", "died": "survivor"}
)
"""The options of the question ``relation``, and who writes then."""

FULL_AGE = 18
"""Years. A child of this age writes alone, or gives the parent a paper; a few places set
another age, and none of them a higher one than 21."""

Said = Mapping[str, str]
"""What each writer says in one place of a text."""

Words = Mapping[str, Said]
"""The words of one language by the name that stands in braces."""

# A space inside the braces belongs to the word: it goes where the word is nothing.
_TOKEN = re.compile(r"\{( ?)([^{}\n]+)\}")


def read(file: Path) -> Mapping[str, Words]:
    """The words of every language from ``persons.toml``; each word says what all writers say."""
    fields = read_toml(file)
    found: dict[str, Words] = {}
    for language in fields.names():
        if language not in LANGUAGES:
            raise fields.error(language, "is the code of no language")
        table = fields.table(language)
        found[language] = MappingProxyType(
            {name: _said(table.table(name)) for name in table.names()}
        )
        table.done()
    fields.done()
    return MappingProxyType({one: found.get(one, found[SOURCE]) for one in LANGUAGES})


def _said(table: Fields) -> Said:
    # An empty text is one: Spanish says "mis imágenes", and "las imágenes del paciente".
    said: dict[str, str] = {}
    for writer in WRITERS:
        if writer not in table:
            raise table.error(writer, "is missing")
        said[writer] = table.text(writer, "")
    table.done()
    return MappingProxyType(said)


def token(text: str, words: Words) -> Said | None:
    """What the inside of a pair of braces says, by writer; ``None`` where it is no such word.

    ``{My}`` is ``{my}`` at the beginning of a sentence.
    """
    space, name = (" ", text[1:]) if text.startswith(" ") else ("", text)
    if "|" in text:
        own, _, others = text.partition("|")
        return {writer: own if writer == "patient" else others for writer in WRITERS}
    if said := words.get(name):
        return {writer: f"{space}{one}" if one else "" for writer, one in said.items()}
    if name[:1].isupper() and (said := words.get(name[0].lower() + name[1:])):
        return {writer: space + one[:1].upper() + one[1:] for writer, one in said.items()}
    return None


def say(text: str, persons: Mapping[str, Words], language: str, writer: str) -> str:
    """A text without grammar, such as an option's words, as this writer says it.

    Braces that are no word of ours are left for whoever fills them.
    """
    words = persons[SOURCE if is_untranslated(text) else language]

    def _one(match: re.Match[str]) -> str:
        said = token(match[1] + match[2], words)
        return match[0] if said is None else said[writer]

    return alike(_TOKEN.sub(_one, text), text)


def writer_of(relation: str, representative: str, born: date | None, on: date) -> Writer:
    """Who writes, by what was answered. Somebody named without a relation represents an adult.

    A parent of a grown child needs the child's word, as any other representative does.
    """
    if not relation or (relation == "self" and representative):
        return "representative" if representative else "patient"
    writer = RELATIONS.get(relation, "representative")
    if writer == "parent" and born and age(born, on) >= FULL_AGE:
        return "representative"
    return writer


def age(born: date, on: date) -> int:
    """Full years on a day; negative before birth."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
