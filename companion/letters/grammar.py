"""The letter grammar: ``{field}``, ``{law id}``, ``{my}`` and ``[condition> text]``.

``parse`` turns a text of a letter file into a ``Template`` and refuses what
nobody defined; ``Template.fill`` turns it into blocks (paragraphs and lists)
for one person's answers. The whole grammar is on one page in
``content/README.md``.

What a person typed never meets the parser: it is put into the finished blocks,
so that markup in it is shown and not obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from companion.content.library import ContentError, Untranslated
from companion.letters import person

Answer = str | tuple[str, ...]
"""What a person answered: a text, or several lines or options."""

_OPENS = re.compile(r"\[([a-z][^\[\]<>\n]*)>[ \t]?")
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_LAW = re.compile(r"law ([a-z0-9.-]+)\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_ITEM = re.compile(r"(?:(-)|(\d+)\.)(?:[ \t]+|\Z)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# A value is a mark from Unicode's private area in the text until the blocks are made.
# `clean` in `letters.facts` takes such characters out of what people type.
_MARK = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text within a paragraph; ``law`` names the entry it cites.

    ``typed`` text is the person's own, and may run in another direction.
    """

    text: str = field(repr=False)
    bold: bool = False
    typed: bool = False
    gap: bool = False
    law: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line) or a list (one line for each item)."""

    kind: Literal["paragraph", "list", "numbers"]
    lines: tuple[Line, ...]
    start: int = 1

    def laws(self) -> Iterator[str]:
        """The law entries that each line names."""
        for line in self.lines:
            yield from (run.law for run in line if run.law)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a letter file may name: fields with their options, jurisdictions and their law.

    ``options`` is empty for a field that is not a choice. ``derived`` are names
    that print but are never asked.
    """

    options: Mapping[str, tuple[str, ...]]
    derived: frozenset[str]
    jurisdictions: frozenset[str]
    laws: frozenset[str]
    persons: person.Words = field(default_factory=dict)
    """The words of the text's language that each writer says otherwise."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One person's answers in one jurisdiction, ready to print.

    ``answers`` holds what was chosen or typed, by field; ``shown`` how a field
    prints (a choice prints its words); a field in neither prints as ``gap``.
    """

    family: tuple[str, ...]
    answers: Mapping[str, Answer] = field(repr=False)
    shown: Mapping[str, Answer] = field(repr=False)
    citation: Callable[[str], str]
    gap: str = ""
    required: frozenset[str] = frozenset()
    writer: str = "patient"
    spelled: Callable[[str], str] = str
    """How the recipient's country spells the template's own words; never what was typed."""


@dataclass(frozen=True, slots=True)
class _Clause:
    kind: Literal["jurisdiction", "has", "is"]
    wanted: bool
    name: str = ""
    options: tuple[str, ...] = ()

    def holds(self, situation: Situation) -> bool:
        if self.kind == "jurisdiction":
            found = any(jurisdiction in situation.family for jurisdiction in self.options)
        elif self.kind == "has":
            found = bool(situation.answers.get(self.name))
        else:
            answer = situation.answers.get(self.name, "")
            chosen = (answer,) if isinstance(answer, str) else answer
            found = self.options[0] in (chosen if any(chosen) else ("no",))
        return found is self.wanted


@dataclass(frozen=True, slots=True)
class _Field:
    name: str


@dataclass(frozen=True, slots=True)
class _Cite:
    law: str


@dataclass(frozen=True, slots=True)
class _Said:
    by: person.Said


@dataclass(frozen=True, slots=True)
class _When:
    clauses: tuple[_Clause, ...]
    nodes: tuple[_Node, ...]


_Node = str | _Field | _Cite | _Said | _When


@dataclass(frozen=True, slots=True)
class _Value:
    """What a field or a citation came out as; ``many`` when it was answered in lines."""

    lines: tuple[Line, ...]
    many: bool = False
    left_out: bool = False
    """Nobody answered, and nobody has to: a paragraph of its own is left out."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text of a letter file."""

    nodes: tuple[_Node, ...]
    untranslated: bool = False
    """It is in English because the letter's language lacks it: its words come out marked."""

    def fill(self, situation: Situation) -> tuple[Block, ...]:
        """The blocks for one situation; what came out empty is left out."""
        values: list[_Value] = []
        text = "".join(_flatten(self.nodes, situation, values))
        blocks = tuple(_blocks(text, values))
        return tuple(map(_marked, blocks)) if self.untranslated else blocks

    def fill_line(self, situation: Situation) -> str:
        """The whole as one line of plain text, for subjects and titles."""
        blocks = self.fill(situation)
        text = " ".join(
            "".join("____" if run.gap else run.text for run in line)
            for block in blocks
            for line in block.lines
        )
        return Untranslated(text) if self.untranslated else text

    def fields(self) -> frozenset[str]:
        """The names of all fields that it prints or asks about."""
        return frozenset(_names(self.nodes))


def _marked(block: Block) -> Block:
    """The block of a template that is not translated.

    What a person typed, and the citation of a law, is in no language of ours.
    """
    return replace(
        block,
        lines=tuple(
            tuple(
                run
                if run.typed or run.gap or run.law
                else replace(run, text=Untranslated(run.text))
                for run in line
            )
            for line in block.lines
        ),
    )


def parse(text: str, vocabulary: Vocabulary, *, file: str, section: str) -> Template:
    """Read one text; ``ContentError`` names what is unknown or not closed."""
    return Template(_Reader(text, vocabulary, file, section).nodes(closed_by_bracket=False))


class _Reader:
    def __init__(self, text: str, vocabulary: Vocabulary, file: str, section: str) -> None:
        self.text = text
        self.at = 0
        self.vocabulary = vocabulary
        self.file = file
        self.section = section

    def error(self, why: str) -> ContentError:
        return ContentError(self.file, self.section, why)

    def nodes(self, *, closed_by_bracket: bool) -> tuple[_Node, ...]:
        found: list[_Node] = []
        plain: list[str] = []
        depth = 0  # of brackets that are only text, as in a Markdown link

        def flush() -> None:
            if plain:
                found.append("".join(plain))
                plain.clear()

        while self.at < len(self.text):
            here = self.text[self.at]
            if here == "{":
                flush()
                found.append(self._braces())
            elif here == "}":
                raise self.error("a } without its {")
            elif opens := _OPENS.match(self.text, self.at):
                flush()
                self.at = opens.end()
                clauses = tuple(self._clause(part.strip()) for part in opens[1].split(","))
                found.append(_When(clauses, self.nodes(closed_by_bracket=True)))
            elif here == "]" and not depth and closed_by_bracket:
                self.at += 1
                flush()
                return tuple(found)
            else:
                depth += (here == "[") - (here == "]" and depth > 0)
                plain.append(here)
                self.at += 1
        if closed_by_bracket:
            raise self.error("a [condition> without its ]")
        flush()
        return tuple(found)

    def _braces(self) -> _Node:
        match = _FIELD.match(self.text, self.at)
        if not match:
            raise self.error("a { without its }")
        self.at = match.end()
        name = match[1]
        if law := _LAW.match(name):
            if law[1] not in self.vocabulary.laws:
                raise self.error(f"there is no law entry {law[1]}")
            return _Cite(law[1])
        if said := person.token(name, self.vocabulary.persons):
            return _Said(said)
        self._known_field(name, printing=True)
        return _Field(name)

    def _known_field(self, name: str, *, printing: bool = False) -> None:
        known = name in self.vocabulary.options
        if not known and not (printing and name in self.vocabulary.derived):
            raise self.error(f"there is no field {name!r}")

    def _clause(self, text: str) -> _Clause:
        match text.split():
            case ["has" | "no" as word, name]:
                self._known_field(name)
                return _Clause("has", word == "has", name)
            case [name, "is", option]:
                return self._is(name, option, wanted=True)
            case [name, "is", "not", option]:
                return self._is(name, option, wanted=False)
            case ["not", *jurisdictions] if jurisdictions:
                return self._jurisdictions(jurisdictions, wanted=False)
            case jurisdictions if jurisdictions:
                return self._jurisdictions(jurisdictions, wanted=True)
        raise self.error(f"the condition {text!r} is not understood")

    def _is(self, name: str, option: str, *, wanted: bool) -> _Clause:
        self._known_field(name)
        options = self.vocabulary.options[name]
        if option not in options:
            raise self.error(f"{name} has no option {option!r}")
        return _Clause("is", wanted, name, (option,))

    def _jurisdictions(self, tokens: Sequence[str], *, wanted: bool) -> _Clause:
        names, joins = tokens[::2], tokens[1::2]
        if any(join != "or" for join in joins) or len(names) != len(joins) + 1:
            raise self.error(f"the condition {' '.join(tokens)!r} is not understood")
        for name in names:
            if name not in self.vocabulary.jurisdictions:
                raise self.error(f"there is no place {name!r}")
        return _Clause("jurisdiction", wanted, options=tuple(names))


def _flatten(nodes: Sequence[_Node], situation: Situation, values: list[_Value]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield situation.spelled(node)
        elif isinstance(node, _Said):
            yield situation.spelled(node.by[situation.writer])
        elif isinstance(node, _When):
            if all(clause.holds(situation) for clause in node.clauses):
                yield from _flatten(node.nodes, situation, values)
        else:
            values.append(_value(node, situation))
            yield f"\ue000{len(values) - 1}\ue001"


def _value(node: _Field | _Cite, situation: Situation) -> _Value:
    if isinstance(node, _Cite):
        return _Value(((Run(situation.citation(node.law), law=node.law),),))
    answer = situation.shown.get(node.name, "")
    if not answer:
        gap = ((Run(situation.gap, gap=True),),)
        return _Value(gap, left_out=node.name not in situation.required)
    if isinstance(answer, tuple):
        return _Value(tuple((Run(line, typed=True),) for line in answer), many=True)
    return _Value(((Run(answer, typed=True),),))


def _blocks(text: str, values: Sequence[_Value]) -> Iterator[Block]:
    for part in re.split(r"\n[ \t]*\n", text):
        kind: Literal["paragraph", "list", "numbers"] = "paragraph"
        start = 1
        lines: list[list[str]] = []
        for row in filter(None, map(str.strip, part.split("\n"))):
            item = _ITEM.match(row)
            if item:
                if lines and kind == "paragraph":
                    yield from _block(kind, lines, values, start)
                    lines = []
                if not lines:
                    kind = "list" if item[1] else "numbers"
                    start = int(item[2] or 1)
                rest = row[item.end() :].strip()
                lines.append([rest] if rest else [])
            elif lines:
                lines[-1].append(row)
            else:
                lines.append([row])
        yield from _block(kind, lines, values, start)


def _block(
    kind: Literal["paragraph", "list", "numbers"],
    lines: Sequence[Sequence[str]],
    values: Sequence[_Value],
    start: int,
) -> Iterator[Block]:
    made: list[Line] = []
    for line in filter(any, lines):
        text = " ".join(line)
        alone = _MARK.fullmatch(text)
        if alone and values[int(alone[1])].left_out:
            continue
        if alone and values[int(alone[1])].many:
            # A field of several lines that stands alone: one item for each line.
            made.extend(values[int(alone[1])].lines)
            kind = "list" if kind == "paragraph" else kind
        else:
            made.append(tuple(_runs(text, values)))
    if made:
        yield Block(kind, tuple(made), start)


def _runs(text: str, values: Sequence[_Value]) -> Iterator[Run]:
    for index, piece in enumerate(_BOLD.split(text)):
        bold = index % 2 == 1
        for position, part in enumerate(_MARK.split(piece)):
            if position % 2 == 0:
                if part:
                    yield Run(part, bold=bold)
                continue
            for position, line in enumerate(values[int(part)].lines):
                if position:
                    yield Run("; ", bold=bold)
                for run in line:
                    yield replace(run, bold=bold or run.bold)


def _names(nodes: Sequence[_Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, _Field):
            yield node.name
        elif isinstance(node, _When):
            yield from (clause.name for clause in node.clauses if clause.name)
            yield from _names(node.nodes)
