"""What a letter says in addition when somebody else writes it for the patient.

Who writes and why they may, the right in law that lets them, what is enclosed to show it.
The words are the shared section ``# writer``; every letter but the slip takes them over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from companion.content.law import Jurisdiction
from companion.content.library import SOURCE, ContentError, WordsFile
from companion.content.untranslated import is_untranslated
from companion.letters import person
from companion.letters.grammar import Block, Situation, Template, Vocabulary, parse
from companion.letters.questions import SharedField
from companion.letters.spec import FLAG, TO_HOSPITAL, WRITER_SECTIONS

SECTION = "writer"
BOUND = (*TO_HOSPITAL, "insurer", "regulator")
"""The recipients that the laws on representatives bind, or that watch over them. A company
behind an app is none: what may be asked of it is in the letter itself."""


def read(
    folder: Path,
    shared: Mapping[str, WordsFile],
    persons: Mapping[str, person.Words],
    common: Mapping[str, SharedField],
    jurisdictions: Mapping[str, Jurisdiction],
) -> Mapping[str, Mapping[str, Template]]:
    """The shared section in each language, parsed; ``ContentError`` names the first fault."""
    options = {name: one.field.options for name, one in common.items() if one.common}
    laws = frozenset(name for one in jurisdictions.values() for name in one.laws)
    found: dict[str, Mapping[str, Template]] = {}
    for language, words in shared.items():
        made: dict[str, Template] = {}
        for name in WRITER_SECTIONS:
            text = words[SECTION][name]
            source = is_untranslated(text)
            vocabulary = Vocabulary(
                options={**options, "writer": person.WRITERS, "asks_record": FLAG},
                derived=frozenset(),
                jurisdictions=frozenset(jurisdictions),
                laws=laws,
                persons=persons[SOURCE if source else language],
            )
            file = str(folder / f"{SOURCE if source else language}.md")
            template = parse(text, vocabulary, file=file, section=f"{SECTION}.{name}")
            made[name] = replace(template, untranslated=source)
        _check_rights(file, made["A"], jurisdictions)
        found[language] = MappingProxyType(made)
    return MappingProxyType(found)


def _check_rights(file: str, right: Template, jurisdictions: Mapping[str, Jurisdiction]) -> None:
    """Every line of block A names an entry of its place that holds for this writer."""
    for one in jurisdictions.values():
        for writer in person.WRITERS:
            answers = {"writer": writer, "asks_record": "yes"}
            situation = Situation(one.family, answers, {}, lambda name: name, writer=writer)
            for block in right.fill(situation):
                for line in block.lines:
                    cited = [run.law for run in line if run.law]
                    if not cited or not all(name in one.laws for name in cited):
                        raise ContentError(file, SECTION, f"{one.id}: a right without its law")
                    if writer == "survivor" and not all(one.laws[x].after_death for x in cited):
                        raise ContentError(file, SECTION, f"{one.id}: not a right after a death")


def added(
    templates: Mapping[str, Template], situation: Situation, addressee: str
) -> Mapping[str, tuple[Block, ...]]:
    """The shared section for one letter, by the section of the letter that it belongs to."""
    found = {name: template.fill(situation) for name, template in templates.items()}
    return found if addressee in BOUND else {**found, "A": ()}


def joined(own: Sequence[Block], added: Sequence[Block]) -> tuple[Block, ...]:
    """``added`` before ``own``: in one list where both are lists of the same kind."""
    if not added or not own:
        return (*added, *own)
    last, first = added[-1], own[0]
    if last.kind == first.kind != "paragraph":
        return (*added[:-1], replace(first, lines=(*last.lines, *first.lines)), *own[1:])
    if last.kind == "numbers":
        # A list of its own would be numbered beside the letter's.
        return (*added[:-1], *(Block("paragraph", (line,)) for line in last.lines), *own)
    return (*added, *own)


def still_given(blocks: Sequence[Block], jurisdiction: Jurisdiction) -> tuple[Block, ...]:
    """Block A for somebody who has died: the lines whose every law outlives the patient."""
    found = (
        replace(
            block,
            lines=tuple(
                line
                for line in block.lines
                if all(jurisdiction.laws[run.law].after_death for run in line if run.law)
            ),
        )
        for block in blocks
    )
    return tuple(block for block in found if block.lines)
